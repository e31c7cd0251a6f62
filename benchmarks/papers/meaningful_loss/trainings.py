"""The games and networks whose losses are watched, and the curves of their trainings."""

import dataclasses
from typing import NamedTuple

import wgan_keras as wk
from wgan_keras import data, recipes, scoring

DATA = {"name": "fashion_mnist"}
SHAPE = (28, 28, 1)
FAILING_RATE = 0.05
SCORES = ("val_fid", "val_inception_score")


class Settings(NamedTuple):
    seeds: int  # at most
    width: int  # of the DCGANs
    units: int  # of the perceptrons' four layers
    rates: dict  # learning rate by game
    iterations: int
    interval: int  # iterations between two looks
    warm_up: int  # first iterations, in which the critic is new and its estimate none yet: no number counts them
    held_out: int  # images for the held-out estimates
    samples: int  # of each score


REDUCED = Settings(
    seeds=5,
    width=16,
    units=256,
    rates={"gan": 2e-4, "wgan": 2e-4, "wgan_gp": 4e-4},
    iterations=1_000,
    interval=50,
    warm_up=100,
    held_out=1_000,
    samples=2_000,
)
FULL = Settings(
    seeds=5,
    width=64,
    units=512,
    rates={"gan": 2e-4, "wgan": 5e-5, "wgan_gp": 1e-4},
    iterations=20_000,
    interval=500,
    warm_up=1_000,
    held_out=10_000,
    samples=10_000,
)


class Training(NamedTuple):
    """One panel: a game between two kinds of networks; `rate` takes the place of the settings' learning rate."""

    game: str
    generator: str
    critic: str = "dcgan"
    rate: float | None = None


TRAININGS = {
    "WGAN, DCGAN": Training("wgan", "dcgan"),
    "WGAN, MLP": Training("wgan", "mlp"),
    "WGAN, both MLP, failing": Training("wgan", "mlp", "mlp", FAILING_RATE),
    "WGAN-GP, DCGAN": Training("wgan_gp", "dcgan"),
    "WGAN-GP, MLP": Training("wgan_gp", "mlp"),
    "GAN, DCGAN": Training("gan", "dcgan"),
    "GAN, MLP": Training("gan", "mlp"),
    "GAN, both MLP": Training("gan", "mlp", "mlp"),
}
# A row of the picture: game, label of the axis, {logged curve: its name in words}.
ROWS = (
    ("wgan", "Wasserstein estimate", {"wasserstein_estimate": "training"}),
    ("wgan_gp", "Wasserstein estimate", {"wasserstein_estimate": "training", "val_wasserstein_estimate": "held out"}),
    ("gan", "JS estimate, nats", {"js_estimate": "training"}),
    ("gan", "generator's loss", {"generator_loss": "training"}),
)
# {game: its curves}
CURVES = {game: [c for each, _, curves in ROWS if each == game for c in curves] for game, _, _ in ROWS}


def recipe(training, seed, settings):
    """The library's usual networks for each kind, and the game's own optimizer at its rate."""
    rate = training.rate or settings.rates[training.game]
    made = {
        kind: recipes.standard(
            {"name": training.game, "seed": seed},
            DATA,
            SHAPE,
            network=kind,
            width=width,
            iterations=settings.iterations,
            **recipes.optimizers_at(training.game, rate),
        )
        for kind, width in (("dcgan", settings.width), ("mlp", settings.units // 8))
    }
    return dataclasses.replace(made[training.critic], generator=made[training.generator].generator)


def watch(recipe, images, held_out, evaluations, interval):
    """{log: its values, one a look}: means since the look before; `val_` ones and the `SCORES` at the look."""
    model = recipe.compile(recipe.build())
    logs = model.fit(
        data.stream(images, recipe.batch_size, recipe.seed),
        epochs=recipe.iterations // interval,
        steps_per_epoch=interval,
        validation_data=held_out,
        validation_batch_size=256,
        callbacks=[wk.callbacks.Evaluate(each) for each in evaluations],
        verbose=0,
    )
    return logs.history


def train(seeds, settings):
    """A record a seed: {training: {score or curve of the game: its values, one a look}}."""
    images = data.load_raw("fashion_mnist", "train")
    held_out = data.load_arrays("fashion_mnist", "test")[: settings.held_out]
    evaluations = [
        scoring.reference(f"{metric}_fashion_mnist_classifier_{settings.samples}") for metric in ("fid", "is")
    ]
    for seed in seeds:
        record = {}
        for name, training in TRAININGS.items():
            logs = watch(recipe(training, seed, settings), images, held_out, evaluations, settings.interval)
            record[name] = {curve: logs[curve] for curve in (*SCORES, *CURVES[training.game])}
        yield record
