"""Every game has the same losses on TensorFlow and JAX, with the same gradients."""

import pathlib
import runpy

import numpy as np
import pytest

from wgan_keras.games import GAMES

LOSSES = pathlib.Path(__file__).with_name("losses.py")
losses = runpy.run_path(str(LOSSES))["losses"]


@pytest.fixture(scope="module")
def on_jax(tmp_path_factory, in_jax):
    folder = tmp_path_factory.mktemp("losses")
    in_jax(LOSSES, folder)
    return folder


@pytest.mark.parametrize("name", GAMES)
def test_a_games_losses_are_the_same_on_both_to_their_gradients(name, on_jax):
    here, there = losses(name), dict(np.load(on_jax / f"{name}.npz"))
    assert here.keys() == there.keys() and np.abs(here["its gradient"]).max() > 1e-3
    for what, value in here.items():
        np.testing.assert_allclose(there[what], value, atol=1e-5, rtol=1e-4, err_msg=what)
