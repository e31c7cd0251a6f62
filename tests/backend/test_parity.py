"""TensorFlow and JAX take the same steps, and each reads what the other wrote."""

import pathlib
import runpy

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import load_model

STEPS = pathlib.Path(__file__).with_name("steps.py")
steps = runpy.run_path(str(STEPS))


def labeled(game, conditioning):
    """The game on networks that take labels, in place of those it is given."""

    def make(generator, critic, **arguments):
        generator = wk.networks.mlp_generator((2,), 2, units=8, depth=1, classes=3)
        critic = wk.networks.mlp_critic((2,), units=8, depth=1, classes=3, conditioning=conditioning)
        return game(generator, critic, **arguments)

    return make


GAMES = {
    "gan": (wk.GAN, {}),
    "wgan": (wk.WGAN, {"clip_value": 0.3}),  # some of the first weights are larger
    "wgan_gp": (wk.WGANGP, {"critic_normalization": False}),
    "lsgan": (wk.LSGAN, {}),
    "hinge_gan": (wk.HingeGAN, {}),
    "relativistic_gan": (wk.RelativisticGAN, {}),
    "f_gan": (wk.FGAN, {"divergence": "squared_hellinger"}),
    "ebgan": (wk.EBGAN, {"critic_outputs": 2}),
    "mmd_gan": (wk.MMDGAN, {"critic_normalization": False, "critic_outputs": 3}),
    "parts": (
        wk.GAN,
        {
            "critic_normalization": False,
            "penalties": [
                wk.penalties.R1(),
                wk.penalties.R2(),
                wk.penalties.DRAGAN(),
                wk.penalties.HistoricalAveraging(),
            ],
            "views": [wk.views.InstanceNoise(0.3, until=3)],
            "objective": wk.objectives.FeatureMatching(),
        },
    ),
    "projection": (labeled(wk.WGANGP, "projection"), {}),
    "classifier": (labeled(wk.GAN, "classifier"), {}),
    "unrolled": (wk.WGAN, {"critic_normalization": False, "clip_value": 0.3, "objective": wk.objectives.Unrolled(1)}),
}


def build(name, with_everything):
    """A game with normalization in both networks, an average, and one step behind it."""
    game, arguments = GAMES[name]
    model = with_everything(game, dropout=0.0, **arguments)
    # Where a gradient is rounding noise, a smaller epsilon would make a step of it.
    model.compile(*(keras.optimizers.Adam(1e-3, 0.5, epsilon=1e-3) for _ in range(2)))
    model.train_on_batch(*steps["data"](model, 8, 0))
    return model


# The others differ from these in their losses, which test_losses.py compares, in a head or in an objective.
QUICK = ("parts", "projection")
HELD_OUT = {"projection": 6}  # a batch and a smaller one


@pytest.fixture(scope="module", params=[pytest.param(n, marks=[] if n in QUICK else pytest.mark.long) for n in GAMES])
def both(request, tmp_path_factory, in_jax, with_everything):
    """(arrays of a game on TensorFlow, the same on JAX, the model as JAX saved it)."""
    folder = tmp_path_factory.mktemp(request.param)
    build(request.param, with_everything).save(folder / "game.keras")
    held_out = HELD_OUT.get(request.param, 4)
    in_jax(STEPS, folder, held_out)
    here, _ = steps["train"](folder / "game.keras", held_out)
    return here, dict(np.load(folder / "game_on_jax.npz")), load_model(folder / "game_on_jax.keras")


def test_a_game_is_the_same_on_both_before_and_after_two_steps(both):
    """Numbers of the file to the bit; losses, penalty, weights, statistics, average, samples within 1e-5.

    Moments are gradients, some of them through a penalty's second derivative, which amplifies rounding: within 1e-4 of
    an array's largest number, where that is more.
    """
    here, there, model = both
    moments = {f"trained_{i}" for i in range(len(model.variables), len(steps["state_of"](model)))}
    assert here.keys() == there.keys()
    for name, value in here.items():
        if name.startswith("loaded"):
            np.testing.assert_array_equal(there[name], value, err_msg=name)
        else:
            atol = max(1e-5, 1e-4 * np.abs(value).max() if name in moments else 0)
            np.testing.assert_allclose(there[name], value, atol=atol, rtol=1e-5, err_msg=name)
    before, after = ([v for name, v in there.items() if name.startswith(when)] for when in ("loaded", "trained"))
    moved = [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
    assert np.sum(moved) > 30


def test_what_jax_saved_is_whole_here(both):
    _, there, loaded = both
    for i, value in enumerate(steps["state_of"](loaded)):
        np.testing.assert_array_equal(value, there[f"trained_{i}"])
