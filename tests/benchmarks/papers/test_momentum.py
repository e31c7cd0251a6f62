"""The cosine against closed forms, and the benchmark at toy size."""

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


def test_at_toy_size_nothing_without_momentum_turns(without_xla, monkeypatch):
    names = ("RMSprop", "Adam, beta1 0")
    monkeypatch.setattr(momentum, "OPTIMIZERS", {name: momentum.OPTIMIZERS[name] for name in names})
    monkeypatch.setattr(momentum, "RATES", (1e-4, 1e-2))
    settings = momentum.Settings(iterations=2, interval=1, units=8, batch_size=8, samples=20, seeds=2)
    runs = momentum.train_all(settings)
    assert len(runs) == 4
    for each in runs.values():
        assert each.negative.max() == 0 and each.cosine.min() > 0
    slow, fast = (runs["RMSprop", rate].estimate[0, -1] for rate in (momentum.RATES[0], momentum.RATES[-1]))
    assert slow != fast  # one traced game, two learning rates


def test_the_verdicts_of_known_runs():
    ones = np.ones((2, 4))
    good = momentum.Runs(cosine=ones, negative=0 * ones, estimate=ones, w1=ones)
    runs = {(name, rate): good for name in momentum.OPTIMIZERS for rate in momentum.RATES}
    turns = np.array([[0, 0.1, 0.2, 0.5], [0.1, 0.1, 0.1, 0.5]])
    for i, rate in enumerate(momentum.RATES):  # within a run W1 rises with the turns; over the rates it falls
        runs["Adam, beta1 0.9", rate] = good._replace(negative=turns, w1=(4 - i) * (1 + turns))
    numbers = [claim.number for claim in momentum.claims(runs)]
    worse = np.exp(np.mean(np.log((1 + turns)[:, 2:].mean(axis=1)))) * 24 ** (1 / 3)
    assert numbers == pytest.approx([0, turns.mean(), 1, worse, 1])
    never = {**runs, **{("Adam, beta1 0.9", rate): good for rate in momentum.RATES}}
    assert [claim.held for claim in momentum.claims(never)] == [True, False, False, False, False]
