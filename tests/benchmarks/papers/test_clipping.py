"""Where weights start, the benchmark at toy size, and the verdicts of known critics."""

import numpy as np
import pytest

import wgan_keras as wk
from benchmarks.papers import clipping, critic_numbers


def test_weights_that_start_inside_the_box_are_not_at_its_edge():
    critic = wk.networks.mlp_critic((2,), units=64, depth=3)
    clipping.put_inside_the_box(critic, 0.01)
    size = np.abs(critic_numbers.weights(critic))
    assert np.mean(size >= 0.0099) < 0.01 < np.mean(size >= 0.005)


@pytest.mark.long
def test_at_toy_size_the_clip_value_decides_whether_gradients_vanish_or_explode(eagerly, monkeypatch):
    monkeypatch.setattr(clipping, "CLIP_VALUES", (0.001, 1.0))
    settings = clipping.Settings(seeds=1, updates=4, deep_updates=4, units=8, depth=4, batch_size=16, points=200)
    critics = clipping.train_deep(0, settings)
    points = clipping.pair("swiss_roll", 50, seed=1)[0]
    gained = {
        clip: critic_numbers.orders_gained(critic_numbers.gradient_norms(critic, points))
        for clip, critic in critics.items()
    }
    assert gained[0.001] < -3  # layers of 8 weights of 0.001: at least two powers of ten each
    assert gained[1.0] > gained[0.001] + 3
    assert np.abs(critic_numbers.weights(critics[0.001])).max() == np.float32(0.001)


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
