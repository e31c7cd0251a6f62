"""The recipes of the zoo's trainings, from one place.

    python -m tools.zoo.recipes runs/recipes
    wgan-keras train runs/recipes/wgan_gp_fashion_mnist.json --out runs/wgan_gp_fashion_mnist

writes NAME.json for each preset. A GAN and a WGAN have the optimizers of their papers; WGAN-GP's learning rates fall
linearly to zero. All generators are averaged.
"""

import dataclasses
import pathlib

from benchmarks import command_line
from wgan_keras import data
from wgan_keras.recipes import Recipe, standard

GAMES = ("wgan_gp", "wgan", "gan")
EVERY = 1_000  # iterations between evaluations
GARMENTS = {"name": "fashion_mnist"}, (28, 28, 1)
AVERAGED = {"ema_decay": 0.999, "seed": 0}
EVALUATION = {"protocol": "fid_fashion_mnist_classifier_10k", "every": EVERY}
# The generators of the WGAN paper's Figures 6 to 8 for 28x28, and how long they train. The critic is always the DCGAN.
GENERATORS = {
    "": ({}, 20_000),
    "plain_": ({"normalization": None, "growth": 1, "width": 64}, 10_000),
    "mlp_": (
        {"name": "mlp_generator", "output_shape": [28, 28, 1], "latent_dim": 128, "units": 512, "depth": 4},
        10_000,
    ),
}


def decaying_adam(learning_rate, updates, beta_1):
    """Adam whose learning rate falls linearly to zero at its last update."""
    schedule = {
        "name": "polynomial_decay",
        "initial_learning_rate": learning_rate,
        "decay_steps": updates,
        "end_learning_rate": 0.0,
    }
    return {"name": "adam", "learning_rate": schedule, "beta_1": beta_1, "beta_2": 0.9}


def optimizers(game, learning_rate, iterations, beta_1):
    """Fields of a recipe; none for the games that have their paper's."""
    if game != "wgan_gp":
        return {}
    updates = {"generator": iterations, "critic": 5 * iterations}
    return {f"{role}_optimizer": decaying_adam(learning_rate, n, beta_1) for role, n in updates.items()}


def changed(network, change):
    """A network as recipes have it, with other arguments; a change that has a name of its own takes its place."""
    return change if "name" in change else {**network, **change}


def fashion_mnist(game, generator, iterations, **fields):
    recipe = standard(
        {"name": game, **AVERAGED},
        *GARMENTS,
        width=32,
        iterations=iterations,
        evaluation=EVALUATION,
        **optimizers(game, 4e-4, iterations, beta_1=0.0),
        **fields,
    )
    return dataclasses.replace(recipe, generator=changed(recipe.generator, generator))


def wide(iterations=36_000):
    """A WGAN of twice the width, for a GPU."""
    game = {"name": "wgan", **AVERAGED}
    return standard(game, *GARMENTS, iterations=iterations, evaluation=EVALUATION, dtype_policy="mixed_bfloat16")


def fashion_mnist_labels(iterations=20_000):
    """By projection; in bfloat16, which two cores do faster."""
    names = data.class_names("fashion_mnist")
    fields = {"class_names": names, "conditioning": "projection", "dtype_policy": "mixed_bfloat16"}
    return fashion_mnist("wgan_gp", {}, iterations, **fields)


def points(game, name, iterations=20_000, protocol="w1_pixels_2000"):
    return standard(
        {"name": game, **AVERAGED},
        {"name": name},
        (2,),
        width=32,
        batch_size=256,
        iterations=iterations,
        evaluation={"protocol": protocol, "every": EVERY},
        **optimizers(game, 1e-3, iterations, beta_1=0.5),
    )


def two_rates(generator, critic):
    """Fields of a recipe: Adam for each player, the critic's at a faster pace, for one critic update an iteration."""
    rates = {"generator": generator, "critic": critic}
    adam = {"name": "adam", "beta_1": 0.0, "beta_2": 0.9}
    return {f"{role}_optimizer": {**adam, "learning_rate": rate} for role, rate in rates.items()}


def hinge(iterations=30_000):
    """A spectrally normalized critic, with the rates of Zhang et al., 2019, arXiv 1805.08318."""
    recipe = standard(
        {"name": "hinge_gan", "n_critic": 1, **AVERAGED},
        *GARMENTS,
        width=32,
        iterations=iterations,
        evaluation=EVALUATION,
        dtype_policy="mixed_bfloat16",
        **two_rates(1e-4, 4e-4),
    )
    return dataclasses.replace(recipe, critic={**recipe.critic, "normalization": "spectral"})


def residual(of, shape, width, iterations, evaluation, **labels):
    """WGAN-GP by residual networks, for a GPU.

    Heusel et al., 2017, arXiv 1706.08500, trained WGAN-GP by two time scales in this way, with these rates.
    """
    return standard(
        {"name": "wgan_gp", "n_critic": 1, **AVERAGED},
        of,
        shape,
        network="resnet",
        width=width,
        batch_size=64,
        iterations=iterations,
        evaluation=evaluation,
        dtype_policy="mixed_bfloat16",
        **two_rates(1e-4, 3e-4),
        **labels,
    )


def color(name, width, iterations, every=EVERY, labels=False):
    """At 64x64 in color."""
    evaluation = {"protocol": "fid_emoji_classifier_1k", "every": every}
    known = {"class_names": data.class_names(name), "conditioning": "projection"} if labels else {}
    return residual({"name": name}, (64, 64, 3), width, iterations, evaluation, **known)


def cells() -> dict[str, Recipe]:
    """{name of the preset: its recipe} of every game on each of GENERATORS."""
    return {
        f"{game}_{cell}fashion_mnist": fashion_mnist(game, generator, iterations)
        for cell, (generator, iterations) in GENERATORS.items()
        for game in GAMES
    }


def recipes() -> dict[str, Recipe]:
    """{name of the preset: its recipe}."""
    toys = {f"{game}_{name}": points(game, name) for name in data.toys.NAMES for game in GAMES}
    # Distances of samples cannot tell 91% near a mode from 96%: both are as near to the data as other data are.
    grid = points("wgan_gp", "twenty_five_gaussians", 28_000, protocol="modes_twenty_five_gaussians_10k")
    others = {
        "wgan_gp_twenty_five_gaussians": grid,
        "wgan_gp_fashion_mnist_labels": fashion_mnist_labels(),
        "wgan_wide_fashion_mnist": wide(),
        "hinge_gan_fashion_mnist": hinge(),
        "wgan_gp_resnet_fashion_mnist": residual(*GARMENTS, 32, 26_000, EVALUATION),
        "wgan_gp_emoji": color("emoji_families", 32, 18_000),
        "wgan_gp_avatars": color("avatars", 32, 14_000, every=500),
        "wgan_gp_emoji_labels": color("emoji_families", 24, 14_000, every=500, labels=True),
    }
    return cells() | toys | others


def main():
    parser = command_line.parser("tools.zoo.recipes", __doc__)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    for name, recipe in recipes().items():
        recipe.save(folder / f"{name}.json")
        print(folder / f"{name}.json")


if __name__ == "__main__":
    main()
