"""Critics whose numbers are known in closed form."""

import numpy as np
import pytest

import wgan_keras as wk
from benchmarks.papers import critic_numbers


def scaled_critic(scale, depth):
    """f(x) of positive points: every hidden layer is `scale` times the identity."""
    critic = wk.networks.mlp_critic((2,), units=2, depth=depth)
    critic.set_weights([*[scale * np.eye(2), np.zeros(2)] * depth, np.ones((2, 1)), np.zeros(1)])
    return critic


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_gradients_are_multiplied_by_every_layer_on_their_way_back(scale):
    norms = critic_numbers.gradient_norms(scaled_critic(scale, 5), np.ones((3, 2), "float32"))
    np.testing.assert_allclose(norms, np.sqrt(2) * scale ** np.arange(4, -1, -1), rtol=1e-5)
    assert critic_numbers.orders_gained(norms) == pytest.approx(4 * np.log10(scale))


def test_all_weights_of_a_critic_at_the_corners_of_its_box_are_at_the_edge():
    critic = scaled_critic(1.0, 1)
    critic.set_weights([np.sign(w - 0.5) * 0.01 for w in critic.get_weights()])
    corner = critic_numbers.weights(critic)
    assert critic_numbers.share_at_the_edge(0 * corner, corner) == (1, 1)
    first = np.float32([0, 0, 0, 0.005, 0.002, 0])
    assert critic_numbers.share_at_the_edge(first, np.float32([0.01, -0.01, 0.004, 0.005, 0.002, 0])) == (2 / 6, 2 / 3)


def test_a_cone_is_beyond_a_quadratic_and_a_paraboloid_is_not():
    points = np.random.default_rng(0).normal(size=(500, 2)).astype("float32")
    paraboloid = critic_numbers.complexity(lambda x: (x**2).sum(axis=1, keepdims=True) - x[:, :1], points)
    wave = critic_numbers.complexity(lambda x: np.sin(9 * x[:, :1]), points)
    assert paraboloid == pytest.approx(0, abs=1e-6)
    assert wave > 0.9
