"""The generator's gradient under -log D when the discriminator is near perfect and noisy: Cauchy, without a mean.

    python -m benchmarks.papers.heavy_tails

Source: Arjovsky and Bottou 2017, arXiv 1701.04862, section 2.2.2, Theorem 2.6. At samples that a perfect discriminator
tells apart, D = epsilon and grad D = r: noise alone, assumed Gaussian and independent. Then

    grad_theta -log D(g_theta(z)) = -J(z)^T r / epsilon

is a ratio of two normal numbers in every coordinate: Cauchy with the scale |J_k(z)| std(r) / std(epsilon), where J_k is
the column of the Jacobian for the coordinate theta_k. A mean over a batch of Cauchy numbers is Cauchy with the mean of
their scales: a larger batch helps nothing. Under log(1 - D) the same noise gives J(z)^T r / (1 - epsilon), whose tails
are light. Here g is a perceptron of the library as it is built, and theta the weights of its last layer, whose Jacobian
is the activations of the layer before. It takes seconds.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure
from scipy.stats import cauchy, kstest

import wgan_keras as wk
from benchmarks.papers import report, sources

THEOREM_2_6 = f"{sources.PRINCIPLED}, section 2.2.2, Theorem 2.6"
NOISE = {"epsilon": 0.01, "r": 0.05}  # standard deviations
LATENT_DIM, UNITS = 2, 64


class Settings(NamedTuple):
    batch_size: int
    draws: int  # of the noise


REDUCED = Settings(batch_size=64, draws=20_000)
FULL = Settings(batch_size=64, draws=1_000_000)


def activations(n):
    """(n, units): what the last layer of a new generator gets for n latents."""
    keras.utils.set_random_seed(0)
    generator = wk.networks.mlp_generator((2,), LATENT_DIM, units=UNITS, depth=2)
    dense = [layer for layer in generator.layers if isinstance(layer, keras.layers.Dense)]
    before = keras.Model(generator.input, dense[-1].input)
    return np.asarray(before(np.random.default_rng(0).standard_normal((n, LATENT_DIM)).astype("float32")), "float64")


def gradients(jacobian, draws):
    """{loss: (draws,)}: the gradient's coordinate whose Jacobian at each of the batch's latents is given (batch,)."""
    random = np.random.default_rng(1)
    epsilon = NOISE["epsilon"] * random.standard_normal((draws, len(jacobian)))
    r = NOISE["r"] * random.standard_normal((draws, len(jacobian)))
    return {
        "-log D": np.mean(-jacobian * r / epsilon, axis=1),
        "log(1 - D)": np.mean(-jacobian * r / (1 - epsilon), axis=1),
    }


def spread(values):
    """Half the distance between the quartiles: the scale of a Cauchy distribution."""
    return float(np.diff(np.quantile(values, [0.25, 0.75]))[0] / 2)


def run(settings):
    jacobian = np.abs(activations(settings.batch_size))
    column = jacobian[:, jacobian.mean(axis=0).argmax()]  # of a unit that is active
    scale = column.mean() * NOISE["r"] / NOISE["epsilon"]
    found = gradients(column, settings.draws)
    single = gradients(column.mean(keepdims=True), settings.draws)
    numbers = {
        "scale": float(scale),
        "distance_from_cauchy": {
            name: float(kstest(values, cauchy(scale=spread(values)).cdf).statistic) for name, values in found.items()
        },
        "distance_from_the_closed_form": float(kstest(found["-log D"], cauchy(scale=scale).cdf).statistic),
        "batch_over_single": {name: spread(found[name]) / spread(single[name]) for name in found},
        "largest_over_spread": {name: float(np.abs(v).max() / spread(v)) for name, v in found.items()},
    }
    return report.Result(claims(numbers, settings), {"tails": draw(found)}, [0, 1], numbers)


def claims(numbers, settings):
    light = "log(1 - D)"
    return [
        report.Claim(
            THEOREM_2_6,
            "A coordinate of the gradient under -log D is Cauchy",
            f"Kolmogorov distance of {settings.draws:,} gradients from the Cauchy distribution of closed form",
            numbers["distance_from_the_closed_form"],
            at_most=0.02,
            note=f"Of {light} from the Cauchy distribution with its quartiles: "
            f"{numbers['distance_from_cauchy'][light]:.3f}.",
        ),
        report.Claim(
            THEOREM_2_6,
            "It has no variance: a larger batch does not make it steadier",
            f"distance between the quartiles with a batch of {settings.batch_size} over that with a batch of 1",
            numbers["batch_over_single"]["-log D"],
            at_least=0.95,
            at_most=1.05,
            note=f"Under {light}: {numbers['batch_over_single'][light]:.3f}.",
        ),
        report.Claim(
            THEOREM_2_6,
            "Single updates are far larger than the others",
            "largest gradient over half the distance between the quartiles",
            numbers["largest_over_spread"]["-log D"],
            at_least=1_000,
            note=f"Under {light}: {numbers['largest_over_spread'][light]:.3g}.",
        ),
    ]


def draw(found):
    """How often a gradient is larger than so many spreads, beside the closed form."""
    figure = Figure(figsize=(6.5, 3.4), layout="constrained")
    axes = figure.subplots()
    for name, values in found.items():
        sizes = np.sort(np.abs(values) / spread(values))
        axes.plot(sizes, 1 - np.arange(len(sizes)) / len(sizes), label=name)
    x = np.logspace(-1, 4, 200)
    axes.plot(x, 2 * cauchy.sf(x), "k:", label="Cauchy")
    axes.set(xlabel="size of the gradient, in spreads", ylabel="share that is larger", xscale="log", yscale="log")
    axes.set(xlim=(0.1, 1e4), ylim=(1 / len(sizes), 1.2))
    axes.legend(fontsize="small")
    return figure


if __name__ == "__main__":
    report.main("heavy_tails", __doc__, run, REDUCED, FULL)
