"""A discriminator and two critics trained to optimality between two Gaussians on a line: who still has a gradient.

    python -m benchmarks.papers.critic_at_optimum

Source: 001_8049a02488e81b49.txt, section 3 and Figure 3; 002_0e7c56bf96b42f19.txt, Figure 2. The sources do not print
the two Gaussians; here they are N(-3, 1) real and N(3, 1) fake, between which the optimal discriminator is
sigmoid(-6 x) and the Wasserstein distance 6. Networks are ReLU perceptrons. Reduced: 2,000 updates of each, under a
minute on one core; `--full`: 20,000.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure
from scipy.special import expit
from scipy.stats import norm

import wgan_keras as wk
from benchmarks.papers import plane, report
from wgan_keras import backend, divergences
from wgan_keras.models.wgan import rmsprop

FIGURE_3 = "001_8049a02488e81b49.txt, section 3, Figure 3"
REAL, FAKE = norm(-3, 1), norm(3, 1)
LINE = np.linspace(-8, 8, 1601)
PENALTY_WEIGHT = 10.0  # lambda
VANISHED = 0.01  # a gradient below this share of the largest on the line


class Settings(NamedTuple):
    updates: int
    points: int  # of each Gaussian
    units: int
    batch_size: int


REDUCED = Settings(updates=2_000, points=100_000, units=64, batch_size=256)
FULL = Settings(updates=20_000, points=1_000_000, units=512, batch_size=256)


def optimal_discriminator(x):
    """D* = P_r / (P_r + P_g)."""
    return expit(REAL.logpdf(x) - FAKE.logpdf(x))


def train(settings):
    """{name: critic} after `updates` of its game against the fixed fake Gaussian."""
    seeds = np.random.default_rng(0)
    real, fake = (each.rvs((settings.points, 1), random_state=seeds).astype("float32") for each in (REAL, FAKE))
    games = {
        "discriminator": (wk.GAN, keras.optimizers.Adam(1e-3), {}),
        "clipped critic": (wk.WGAN, rmsprop(1e-3), {"clip_value": 0.1}),
        "penalty critic": (
            wk.WGANGP,
            keras.optimizers.Adam(1e-3, 0.0, 0.9),
            {"gradient_penalty_weight": PENALTY_WEIGHT},
        ),
    }
    critics = {}
    for name, (game, optimizer, arguments) in games.items():
        keras.utils.set_random_seed(0)
        critic = wk.networks.mlp_critic((1,), units=settings.units, depth=3)
        plane.train_critic(
            game, real, fake, critic, settings.updates, settings.batch_size, optimizer, seed=0, **arguments
        )
        critics[name] = critic
    return critics


def along_the_line(critics):
    """{name: (values, gradients)} on `LINE`; the discriminator's are of D, the critics' of f."""
    x = keras.ops.convert_to_tensor(LINE[:, None], "float32")
    curves = {}
    for name, critic in critics.items():
        values = np.asarray(critic(x), float)[:, 0]
        gradients = np.asarray(backend.input_gradient(critic, x), float)[:, 0]
        if name == "discriminator":
            values, gradients = expit(values), gradients * expit(values) * expit(-values)
        curves[name] = values, gradients
    return curves


def vanished_share(gradients):
    """The share of the line with a gradient below `VANISHED` of the largest."""
    size = np.abs(gradients)
    return float(np.mean(size < VANISHED * size.max()))


def linearity(values):
    """R^2 of the straight line through the values on `LINE`."""
    return float(np.corrcoef(LINE, values)[0, 1] ** 2)


def run(settings):
    curves = along_the_line(train(settings))
    shares = {name: vanished_share(gradients) for name, (_, gradients) in curves.items()}
    density = (REAL.pdf(LINE) + FAKE.pdf(LINE)) / 2
    error = np.average(np.abs(curves["discriminator"][0] - optimal_discriminator(LINE)), weights=density)
    penalized = curves["penalty critic"][0]
    estimate = np.average(penalized, weights=REAL.pdf(LINE)) - np.average(penalized, weights=FAKE.pdf(LINE))
    exact = divergences.wasserstein(LINE, LINE, x_weights=_weights(REAL), y_weights=_weights(FAKE))
    slope = float(np.abs(curves["penalty critic"][1])[np.abs(LINE) <= 2].mean())
    expected_slope = 1 + exact / (2 * PENALTY_WEIGHT)
    measure = f"share of [-8, 8] with a gradient below {VANISHED:.0%} of the largest"
    closed_form = vanished_share(np.gradient(optimal_discriminator(LINE), LINE))
    claims = [
        report.Claim(
            FIGURE_3,
            "The discriminator saturates: its gradient vanishes on most of the line",
            measure,
            shares["discriminator"],
            at_least=0.5,
            note=f"The optimal discriminator's share is {closed_form:.3f}.",
        ),
        report.Claim(
            FIGURE_3,
            "The clipped critic has a usable gradient everywhere",
            measure,
            shares["clipped critic"],
            at_most=0.05,
        ),
        report.Claim(
            FIGURE_3,
            "The clipped critic is close to linear",
            "R^2 of a line",
            linearity(curves["clipped critic"][0]),
            at_least=0.95,
        ),
        report.Claim(
            FIGURE_3 + "; 000_3fe11159c7cf6ad0.txt, gradient penalty",
            "The critic under the penalty has a usable gradient everywhere",
            measure,
            shares["penalty critic"],
            at_most=0.05,
        ),
        report.Claim(
            "002_0e7c56bf96b42f19.txt and 004_6486c79b6c4ddef4.txt, optimal D",
            "The discriminator is at its optimum P_r / (P_r + P_g)",
            "mean |D - D*| under (P_r + P_g) / 2",
            error,
            at_most=0.01,
        ),
        report.Claim(
            "001_8049a02488e81b49.txt, equations 2 and 3",
            "The estimate of the critic under the penalty is K times the Wasserstein distance, K its slope",
            "estimate over the exact distance and the mean slope over [-2, 2]",
            estimate / (exact * slope),
            at_least=0.9,
            at_most=1.1,
            note=f"Over the distance alone: {estimate / exact:.3f}. The penalty is soft: between the Gaussians a slope "
            f"s gives s W - lambda (s - 1)^2, largest at s = 1 + W / (2 lambda) = {expected_slope:.2f}.",
        ),
        report.Claim(
            "000_3fe11159c7cf6ad0.txt, gradient penalty",
            "The slope of the critic under the penalty is 1 + W / (2 lambda) between the Gaussians",
            "mean slope over [-2, 2] over the expected one",
            slope / expected_slope,
            at_least=0.95,
            at_most=1.05,
        ),
    ]
    numbers = {"vanished_share": shares, "estimate": float(estimate), "exact_wasserstein": exact}
    return report.Result(claims, {"line": draw(curves)}, [0], numbers)


def _weights(gaussian):
    weights = gaussian.pdf(LINE)
    return weights / weights.sum()


def draw(curves):
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for gaussian, name in ((REAL, "real"), (FAKE, "fake")):
        left.fill_between(LINE, gaussian.pdf(LINE), alpha=0.25, label=f"density, {name}")
    for name, (values, gradients) in curves.items():
        span = np.ptp(values)
        shown = values if name == "discriminator" else (values - values.min()) / span
        left.plot(LINE, shown, label=name)
        right.plot(LINE, np.maximum(np.abs(gradients) / np.abs(gradients).max(), 1e-9), label=name)
    left.set(title="values (critics scaled to [0, 1])", xlabel="x", ylabel="D(x), f(x)")
    right.axhline(VANISHED, color="gray", linestyle=":", linewidth=1, label="counted as vanished below")
    right.set(title="gradient over its largest (cut at 1e-9)", xlabel="x", ylabel="share of the largest", yscale="log")
    left.legend(fontsize="x-small")
    right.legend(fontsize="x-small", loc="lower center")
    return figure


if __name__ == "__main__":
    report.main("critic_at_optimum", __doc__, run, REDUCED, FULL)
