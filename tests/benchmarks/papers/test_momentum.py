"""The cosine against closed forms, and the benchmark at toy size."""

import json

import keras
import numpy as np
import pytest

from benchmarks.papers import momentum


class SGD(momentum.StepCosine, keras.optimizers.SGD):
    pass


def steps(optimizer, gradients):
    """(cosine, share of negative ones) after each of the gradients (2,) on two variables of one number."""
    variables = [keras.Variable([0.0]), keras.Variable([0.0])]
    optimizer.build(variables)
    read = []
    for gradient in gradients:
        optimizer.apply([np.float32([g]) for g in gradient], variables)
        read.append(optimizer.read())
    return read


def test_plain_descent_goes_against_the_gradient():
    for cosine, negative in steps(SGD(0.1), [(3.0, 4.0), (-1.0, 2.0)]):
        assert cosine == pytest.approx(1) and negative == 0


def test_momentum_goes_on_when_the_gradient_turns():
    # The velocity after g is -0.1 g, after -g/2 it is -0.1 (0.9 - 0.5) g: still along -g.
    read = steps(SGD(0.1, momentum=0.9), [(3.0, 4.0), (-1.5, -2.0)])
    assert read[0] == pytest.approx((1, 0))
    assert read[1] == pytest.approx((-1, 1))


def test_adams_first_step_is_the_sign_of_the_gradient():
    read = steps(momentum.Adam(0.1, 0.9), [(3.0, 4.0)])
    assert read[0][0] == pytest.approx((3 + 4) / (5 * np.sqrt(2)), rel=1e-5)


@pytest.mark.long
def test_at_toy_size_nothing_without_momentum_turns(without_xla, monkeypatch):
    names = ("RMSprop", "Adam, beta1 0")
    monkeypatch.setattr(momentum, "OPTIMIZERS", {name: momentum.OPTIMIZERS[name] for name in names})
    monkeypatch.setattr(momentum, "RATES", (1e-4, 1e-2))
    settings = momentum.Settings(iterations=2, interval=1, units=8, batch_size=8, samples=20, seeds=1)
    (record,) = json.loads(json.dumps(list(momentum.train([0], settings))))  # as it is kept
    for table in record.values():
        cosine, negative, estimate, _ = np.moveaxis(table, -1, 0)  # (rates, looks) each
        assert negative.max() == 0 and cosine.min() > 0
        assert estimate[0, -1] != estimate[1, -1]  # one traced game, two learning rates


def test_within_a_run_the_turns_go_with_the_rise_of_the_distance():
    w1 = np.array([[[1.0, 2.0, 2.5, 5.0], [5.0, 4.0, 2.0, 1.0]]])  # rises 1, 0.5, 2.5 and -1, -2, -1
    negative = np.array([[[0.9, 0.2, 0.1, 0.3], [0.0, 0.0, 0.0, 0.0]]])  # the first look is none between two
    np.testing.assert_allclose(momentum.within_runs(negative, w1), [[1, 0]])


def test_the_verdicts_of_known_runs():
    ones = np.ones((5, len(momentum.RATES), 4))
    turns, worse = 0.1 * np.arange(4) * ones, np.array([1, 1.5, 2.5, 4.0]) * ones
    runs = {
        "cosine": dict.fromkeys(momentum.OPTIMIZERS, ones),
        "negative": {name: turns if name == "Adam, beta1 0.9" else 0 * ones for name in momentum.OPTIMIZERS},
        "w1": {name: worse if name == "Adam, beta1 0.9" else ones for name in momentum.OPTIMIZERS},
    }
    found = momentum.claims(runs)
    assert [claim.estimate.value for claim in found] == pytest.approx([0, 0.15, 1, 3.25, 1])
    assert [claim.verdict for claim in found] == ["held", "held", "held", "held", "not held"]
