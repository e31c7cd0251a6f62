"""The measures on critics known in closed form, and the benchmark at toy size."""

import numpy as np
import pytest

import wgan_keras as wk
from benchmarks import clipping


def scaled_critic(scale, depth):
    """f(x) of positive points: every hidden layer is `scale` times the identity."""
    critic = wk.networks.mlp_critic((2,), units=2, depth=depth)
    critic.set_weights([*[scale * np.eye(2), np.zeros(2)] * depth, np.ones((2, 1)), np.zeros(1)])
    return critic


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_gradients_are_multiplied_by_every_layer_on_their_way_back(scale):
    norms = clipping.gradient_norms(scaled_critic(scale, 5), np.ones((3, 2), "float32"))
    np.testing.assert_allclose(norms, np.sqrt(2) * scale ** np.arange(4, -1, -1), rtol=1e-5)
    assert clipping.orders_gained(norms) == pytest.approx(4 * np.log10(scale))


def test_all_weights_of_a_critic_at_the_corners_of_its_box_are_at_the_edge():
    critic = scaled_critic(1.0, 1)
    critic.set_weights([np.sign(w - 0.5) * 0.01 for w in critic.get_weights()])
    assert clipping.share_at_the_edge(critic) == 1
    kernel = critic.layers[2].kernel
    kernel.assign(0.5 * kernel)
    assert clipping.share_at_the_edge(critic) == pytest.approx(5 / 9)


def test_no_critic_attains_more_than_the_distance():
    for seed in range(5):
        keras_critic = wk.networks.mlp_critic((2,), units=8, depth=2)
        random = np.random.default_rng(seed)
        keras_critic.set_weights([random.normal(size=w.shape) for w in keras_critic.get_weights()])
        assert abs(clipping.share_of_distance(keras_critic, "swiss_roll", n=200)) <= 1


def test_at_toy_size_every_critic_is_trained_and_measured(eagerly):
    settings = clipping.Settings(updates=4, units=8, depth=4, batch_size=16, points=200)
    result = clipping.run(settings)
    assert [len(norms) for norms in result.numbers["gradient_norms"].values()] == [4] * 4
    gained = {c.claim: c.number for c in result.claims if "radients" in c.claim}
    vanish, explode, _ = gained.values()
    assert vanish < explode
