"""The measures on critics known in closed form, and the benchmark at toy size."""

import numpy as np
import pytest

import wgan_keras as wk
from benchmarks.papers import clipping


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
    corner = clipping.weights(critic)
    assert clipping.share_at_the_edge(0 * corner, corner) == (1, 1)
    first = np.float32([0, 0, 0, 0.005, 0.002, 0])
    assert clipping.share_at_the_edge(first, np.float32([0.01, -0.01, 0.004, 0.005, 0.002, 0])) == (2 / 6, 2 / 3)


def test_weights_that_start_inside_the_box_are_not_at_its_edge():
    critic = wk.networks.mlp_critic((2,), units=64, depth=3)
    clipping.put_inside_the_box(critic, 0.01)
    size = np.abs(clipping.weights(critic))
    assert np.mean(size >= 0.0099) < 0.01 < np.mean(size >= 0.005)


def test_no_critic_attains_more_than_the_distance():
    for seed in range(5):
        keras_critic = wk.networks.mlp_critic((2,), units=8, depth=2)
        random = np.random.default_rng(seed)
        keras_critic.set_weights([random.normal(size=w.shape) for w in keras_critic.get_weights()])
        assert abs(clipping.share_of_distance(keras_critic, "swiss_roll", n=200)) <= 1


def test_at_toy_size_the_clip_value_decides_whether_gradients_vanish_or_explode(without_xla, monkeypatch):
    monkeypatch.setattr(clipping, "CLIP_VALUES", (0.001, 1.0))
    settings = clipping.Settings(updates=4, deep_updates=4, units=8, depth=4, batch_size=16, points=200)
    critics = clipping.train_deep(settings)
    points = clipping.pair("swiss_roll", 50, seed=1)[0]
    gained = {clip: clipping.orders_gained(clipping.gradient_norms(critic, points)) for clip, critic in critics.items()}
    assert gained[0.001] < -3  # layers of 8 weights of 0.001: at least two powers of ten each
    assert gained[1.0] > gained[0.001] + 3
    assert np.abs(clipping.weights(critics[0.001])).max() == np.float32(0.001)


def test_the_verdicts_of_known_critics():
    edges, gained = {clipping.CLIP: (0.4, 0.9), None: (0.0, 0.0)}, {0.001: -5.0, 0.01: 0.0, 0.1: 5.0, None: -0.5}
    attained = {(name, clip): 0.5 if clip else 0.75 for name in clipping.toys.NAMES for clip in (clipping.CLIP, None)}
    found = clipping.claims(edges, gained, attained)
    assert [claim.number for claim in found] == [0.9, 0.0, -5.0, 5.0, 0.5, 1.5]
    assert all(claim.held for claim in found)
