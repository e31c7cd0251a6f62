"""Every game has the same losses on TensorFlow and JAX, with the same gradients."""

import pathlib
import runpy

import numpy as np
import pytest

from wgan_keras.games import GAMES

LOSSES = pathlib.Path(__file__).with_name("losses.py")
losses = runpy.run_path(str(LOSSES))["losses"]


# The others are sums of means of the same operations.
QUICK = ("gan", "wgan_gp", "relativistic_gan", "f_gan", "mmd_gan", "semi_supervised_gan")


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in QUICK else pytest.mark.long) for n in GAMES])
def test_a_games_losses_are_the_same_on_both_to_their_gradients(name, in_jax, tmp_path):
    in_jax(LOSSES, name, tmp_path / "losses.npz")
    here, there = losses(name), dict(np.load(tmp_path / "losses.npz"))
    assert here.keys() == there.keys() and np.abs(here["its gradient"]).max() > 1e-3
    for what, value in here.items():
        np.testing.assert_allclose(there[what], value, atol=1e-5, rtol=1e-4, err_msg=what)
