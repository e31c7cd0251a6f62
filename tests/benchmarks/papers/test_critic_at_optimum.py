"""The closed forms between the two Gaussians, and a short training on its way to them."""

import numpy as np
import pytest

from benchmarks.papers import critic_at_optimum as benchmark

LINE = benchmark.LINE


def test_the_optimal_discriminator_is_a_sigmoid_of_slope_six():
    np.testing.assert_allclose(benchmark.optimal_discriminator(LINE), 1 / (1 + np.exp(6 * LINE)), atol=1e-12)


def test_its_gradient_vanishes_where_cosh_of_3x_exceeds_10():
    gradient = 1 / np.cosh(3 * LINE) ** 2
    assert benchmark.vanished_share(gradient) == pytest.approx(1 - np.arccosh(10) / 3 / 8, abs=2e-3)


def test_a_line_is_linear_and_its_gradient_nowhere_vanishes():
    assert benchmark.linearity(3 - 2 * LINE) == pytest.approx(1)
    assert benchmark.vanished_share(np.full_like(LINE, -2.0)) == 0


@pytest.mark.long
def test_after_a_short_training_the_discriminator_is_near_its_optimum(without_xla):
    settings = benchmark.Settings(seeds=1, updates=200, points=1_000, units=16, batch_size=64)
    (curves,) = benchmark.train([0], settings)
    assert benchmark.measured(curves)["error"] < 0.1
    assert benchmark.exact_wasserstein() == pytest.approx(6, abs=1e-3)


def test_closed_forms_meet_all_criteria():
    """D* itself, a line for the clipped critic, and the soft penalty's best line."""
    d, slope = benchmark.optimal_discriminator(LINE), 1 + 6 / (2 * benchmark.PENALTY_WEIGHT)
    curves = {
        "discriminator": {"values": d, "gradients": -6 * d * (1 - d)},
        "clipped critic": {"values": -LINE, "gradients": -np.ones_like(LINE)},
        "penalty critic": {"values": -slope * LINE, "gradients": np.full_like(LINE, -slope)},
    }
    found = benchmark.claims([benchmark.measured(curves)] * 5)
    assert [claim.verdict for claim in found] == ["held"] * 7
    assert {claim.verdict for claim in benchmark.claims([benchmark.measured(curves)] * 4)} == {"undecided"}
