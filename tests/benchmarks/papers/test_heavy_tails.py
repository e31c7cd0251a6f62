"""The gradient against autodiff, and its spread where it is known."""

import keras
import numpy as np
import pytest

from benchmarks.papers import heavy_tails as benchmark
from benchmarks.papers.vanishing_gradient import GradientNorm
from wgan_keras import backend


def test_the_column_of_the_jacobian_is_the_activation_before_the_last_layer():
    """|d mean (r . g(z)) / d w| of the last layer's weights w, by autodiff and by the activations."""
    hidden = benchmark.activations(8)
    keras.utils.set_random_seed(0)
    generator = benchmark.wk.networks.mlp_generator((2,), benchmark.LATENT_DIM, units=benchmark.UNITS, depth=2)
    latents = np.random.default_rng(0).standard_normal((8, benchmark.LATENT_DIM)).astype("float32")
    r = np.random.default_rng(1).standard_normal((8, 2)).astype("float32")
    last = [layer for layer in generator.layers if isinstance(layer, keras.layers.Dense)][-1]
    probe = GradientNorm()
    product = lambda: (keras.ops.mean(keras.ops.sum(r * generator(latents), axis=1)), None)  # noqa: E731
    backend.minimize(product, [last.kernel], probe)
    assert probe.norm == pytest.approx(np.linalg.norm(hidden.T @ r / 8), rel=1e-4)


def test_a_ratio_of_normals_has_the_closed_forms_spread_at_any_batch():
    for batch in (1, 16):
        found = benchmark.gradients(np.linspace(0.5, 1.5, batch) if batch > 1 else np.ones(1), 20_000)
        assert benchmark.spread(found["-log D"]) == pytest.approx(0.05 / 0.01, rel=0.05)
        # A normal's quartiles are 0.6745 standard deviations from its mean.
        expected = 0.6745 * 0.05 * np.sqrt(np.mean(np.linspace(0.5, 1.5, batch) ** 2) if batch > 1 else 1) / batch**0.5
        assert benchmark.spread(found["log(1 - D)"]) == pytest.approx(expected, rel=0.05)
