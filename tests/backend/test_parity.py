"""TensorFlow and JAX take the same steps, and each reads what the other wrote."""

import pathlib
import runpy

import keras
import numpy as np
import pytest

import wgan_keras as wk
from tools.zoo import golden
from wgan_keras import load_model, presets
from wgan_keras.presets import files, store

STEPS = pathlib.Path(__file__).with_name("steps.py")
steps = runpy.run_path(str(STEPS))


def labeled(game, conditioning):
    """The game on networks that take labels, in place of those it is given."""

    def make(generator, critic, **arguments):
        generator = wk.networks.mlp_generator((2,), 2, units=8, depth=3, classes=3)
        critic = wk.networks.mlp_critic((2,), units=8, depth=3, classes=3, conditioning=conditioning)
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory, with_everything, run_on_jax):
    """Games and a preset written here, and all that steps.py makes of them on JAX."""
    folder = tmp_path_factory.mktemp("parity")
    for name in GAMES:
        build(name, with_everything).save(folder / f"{name}.keras")
    steps["save_preset"](folder / "preset_of_tensorflow")
    done = run_on_jax(STEPS, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module", params=GAMES)
def both(request, folder):
    """(arrays of a game on TensorFlow, the same on JAX, the model as JAX saved it)."""
    here, _ = steps["train"](folder / f"{request.param}.keras")
    there = dict(np.load(folder / f"{request.param}_on_jax.npz"))
    return here, there, load_model(folder / f"{request.param}_on_jax.keras")


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


def test_a_preset_samples_identically_on_both(folder):
    here = np.load(folder / "preset_of_tensorflow.npy")
    np.testing.assert_allclose(np.load(folder / "preset_of_tensorflow_on_jax.npy"), here, atol=1e-5)
    there = np.load(folder / "preset_of_jax.npy")
    assert not np.allclose(here, there, atol=0.1)
    samples = presets.from_preset(folder / "preset_of_jax").sample(5, seed=0)
    np.testing.assert_allclose(samples, there, atol=1e-5)


def test_pictures_are_augmented_and_packed_alike(folder):
    here = steps["augmented"]()
    assert here.shape == (3, 16, 24, 4)
    np.testing.assert_allclose(np.load(folder / "augmented_on_jax.npy"), here, atol=1e-5)


@pytest.mark.parametrize("name", steps["presets_to_sample"]())
def test_a_built_in_preset_makes_its_samples_on_jax(name, folder):
    kept = files.read_metadata(store.ZOO / name)["golden"]["samples"]
    np.testing.assert_allclose(np.load(folder / f"{name}_on_jax.npy"), kept, atol=golden.CLOSE, rtol=0)
