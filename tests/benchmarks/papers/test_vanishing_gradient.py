"""The gradient norms against their closed form, and what a fixed generator is."""

import keras
import numpy as np
import pytest

from benchmarks.papers import vanishing_gradient as benchmark


@pytest.mark.parametrize("score", [-20.0, -5.0, 0.0, 3.0])
def test_both_gradients_are_sigmoids_of_the_score(score):
    # x = w z with z = 1, D = sigmoid(x): d log(1 - D) / dw = -D and d(-log D) / dw = D - 1.
    generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    generator.set_weights([np.full((1, 1), score)])
    latents = keras.ops.ones((4, 1))
    d = 1 / (1 + np.exp(-score))
    expected = {"log(1 - D)": d, "-log D": 1 - d}
    for name, loss in benchmark.LOSSES.items():
        norm = benchmark.gradient_norm(loss, generator, lambda x: x, latents)
        assert norm == pytest.approx(expected[name], rel=1e-5)
    assert generator.get_weights()[0].item() == pytest.approx(score)


def test_orders_lost():
    assert benchmark.orders_lost(np.array([1.0, 1e-2, 1e-4, 1e-3])) == pytest.approx(4)


def test_the_generator_stays_while_the_discriminator_learns():
    images = np.random.default_rng(0).uniform(-1, 1, (128, 28, 28, 1)).astype("float32")
    keras.utils.set_random_seed(0)
    generator = benchmark.wk.networks.dcgan_generator((28, 28, 1), latent_dim=2, width=2)
    before = [v.numpy() for v in generator.trainable_variables]
    settings = benchmark.Settings(seeds=1, images=128, width=2, updates=4, interval=2)
    norms = benchmark.watch(generator, images, 0, settings)
    for a, b in zip(before, generator.trainable_variables, strict=True):
        np.testing.assert_array_equal(a, b.numpy())
    assert all(len(each) == 3 and min(each) > 0 for each in norms.values())
    assert norms["log(1 - D)"][0] != norms["log(1 - D)"][-1]


def test_the_verdicts_of_known_norms():
    def record(lost):
        falling, rising = [1.0, 10.0**-lost], [1.0, 10.0]
        return {str(epochs): {"log(1 - D)": falling, "-log D": rising} for epochs in benchmark.EPOCHS}

    assert [claim.verdict for claim in benchmark.claims([record(5.5)] * 5, 100)] == ["held"] * 3
    found = benchmark.claims([record(lost) for lost in (0.5, 3, 3, 3, 6)], 100)
    assert [claim.verdict for claim in found] == ["undecided", "undecided", "held"]
