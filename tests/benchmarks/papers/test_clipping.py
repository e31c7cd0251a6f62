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


def test_a_cone_is_beyond_a_quadratic_and_a_paraboloid_is_not():
    points = np.random.default_rng(0).normal(size=(500, 2)).astype("float32")
    paraboloid = clipping.complexity(lambda x: (x**2).sum(axis=1, keepdims=True) - x[:, :1], points)
    wave = clipping.complexity(lambda x: np.sin(9 * x[:, :1]), points)
    assert paraboloid == pytest.approx(0, abs=1e-6)
    assert wave > 0.9


def test_at_toy_size_the_clip_value_decides_whether_gradients_vanish_or_explode(without_xla, monkeypatch):
    monkeypatch.setattr(clipping, "CLIP_VALUES", (0.001, 1.0))
    settings = clipping.Settings(seeds=1, updates=4, deep_updates=4, units=8, depth=4, batch_size=16, points=200)
    critics = clipping.train_deep(0, settings)
    points = clipping.pair("swiss_roll", 50, seed=1)[0]
    gained = {clip: clipping.orders_gained(clipping.gradient_norms(critic, points)) for clip, critic in critics.items()}
    assert gained[0.001] < -3  # layers of 8 weights of 0.001: at least two powers of ten each
    assert gained[1.0] > gained[0.001] + 3
    assert np.abs(clipping.weights(critics[0.001])).max() == np.float32(0.001)


def test_the_verdicts_of_known_critics():
    clipped, penalty = clipping.label(clipping.CLIP), clipping.label(None)
    gained = dict(zip(map(clipping.label, clipping.CLIP_VALUES), (-5.0, 0.0, 5.0), strict=True)) | {penalty: -0.5}
    record = {
        "edges": {clipped: (0.4, 0.9), penalty: (0.0, 0.0)},
        "gradient_norms": {name: [10**orders, 1.0] for name, orders in gained.items()},
        "complexity": {
            clipped: dict.fromkeys(clipping.toys.NAMES, 0.1),
            penalty: dict.fromkeys(clipping.toys.NAMES, 0.2),
        },
    }
    found = clipping.claims([record] * 5)
    assert [claim.estimate.value for claim in found] == pytest.approx([0.9, 0.0, -5.0, 5.0, 0.5, 0.5])
    assert [claim.verdict for claim in found] == ["held"] * 6
