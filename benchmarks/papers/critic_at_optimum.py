"""A discriminator and two critics trained to optimality between two Gaussians on a line: who still has a gradient.

    python -m benchmarks.papers.critic_at_optimum

Source: the WGAN paper, arXiv 1701.07875, section 3 and Figure 3. It does not print the two Gaussians; here they are
N(-3, 1) real and N(3, 1) fake, between which the optimal discriminator is sigmoid(-6 x) and the Wasserstein distance 6.
Networks are ReLU perceptrons. Reduced: 2,000 updates of each, twenty seconds a seed on one core; `--full`: 20,000.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure
from scipy.special import expit
from scipy.stats import norm

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources
from wgan_keras import backend, divergences
from wgan_keras.models.wgan import rmsprop

FIGURE_3 = f"{sources.WGAN}, section 3, Figure 3"
REAL, FAKE = norm(-3, 1), norm(3, 1)
LINE = np.linspace(-8, 8, 1601)
PENALTY_WEIGHT = 10.0  # lambda
KINDS = ("values", "gradients")
VANISHED = 0.01  # a gradient below this share of the largest on the line


class Settings(NamedTuple):
    seeds: int  # at most
    updates: int
    points: int  # of each Gaussian
    units: int
    batch_size: int


REDUCED = Settings(seeds=15, updates=2_000, points=100_000, units=64, batch_size=256)
FULL = Settings(seeds=15, updates=20_000, points=1_000_000, units=512, batch_size=256)


def optimal_discriminator(x):
    """D* = P_r / (P_r + P_g)."""
    return expit(REAL.logpdf(x) - FAKE.logpdf(x))


def train_critics(seed, settings):
    """{name: critic} after `updates` of its game against the fixed fake Gaussian."""
    random = np.random.default_rng(seed)
    real, fake = (each.rvs((settings.points, 1), random_state=random).astype("float32") for each in (REAL, FAKE))
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
        keras.utils.set_random_seed(seed)
        critic = wk.networks.mlp_critic((1,), units=settings.units, depth=3)
        plane.train_critic(
            game, real, fake, critic, settings.updates, settings.batch_size, optimizer, seed=seed, **arguments
        )
        critics[name] = critic
    return critics


def along_the_line(critics):
    """{name: {"values", "gradients"}} on `LINE`; the discriminator's are of D, the critics' of f."""
    x = keras.ops.convert_to_tensor(LINE[:, None], "float32")
    curves = {}
    for name, critic in critics.items():
        values = np.asarray(critic(x), float)[:, 0]
        gradients = np.asarray(backend.input_gradient(critic, x), float)[:, 0]
        if name == "discriminator":
            values, gradients = expit(values), gradients * expit(values) * expit(-values)
        curves[name] = {"values": values.tolist(), "gradients": gradients.tolist()}
    return curves


def vanished_share(gradients):
    """The share of the line with a gradient below `VANISHED` of the largest."""
    size = np.abs(gradients)
    return float(np.mean(size < VANISHED * size.max()))


def linearity(values):
    """R^2 of the straight line through the values on `LINE`."""
    return float(np.corrcoef(LINE, values)[0, 1] ** 2)


def train(seeds, settings):
    """A record a seed: values and gradients of each critic."""
    for seed in seeds:
        yield along_the_line(train_critics(seed, settings))


def measured(curves):
    """The numbers of one seed: shares of the line with a vanished gradient by critic, and what the claims ask."""
    values, gradients = ({name: np.array(each[kind]) for name, each in curves.items()} for kind in KINDS)
    density = (REAL.pdf(LINE) + FAKE.pdf(LINE)) / 2
    penalized = values["penalty critic"]
    estimate = np.average(penalized, weights=REAL.pdf(LINE)) - np.average(penalized, weights=FAKE.pdf(LINE))
    return {
        "vanished": {name: vanished_share(each) for name, each in gradients.items()},
        "linearity": linearity(values["clipped critic"]),
        "error": np.average(np.abs(values["discriminator"] - optimal_discriminator(LINE)), weights=density),
        "slope": np.abs(gradients["penalty critic"])[np.abs(LINE) <= 2].mean(),
        "estimate": estimate,
    }


def conclude(records, settings):
    found = [measured(curves) for curves in records]
    numbers = {
        "exact_wasserstein": exact_wasserstein(),
        "of_each_seed": [{k: v if isinstance(v, dict) else float(v) for k, v in each.items()} for each in found],
    }
    return report.Result(claims(found), {"line": draw(records[0])}, [], numbers)


def run(settings):
    return repeats.until_decided("critic_at_optimum", train, conclude, settings)


def exact_wasserstein():
    weights = [gaussian.pdf(LINE) / gaussian.pdf(LINE).sum() for gaussian in (REAL, FAKE)]
    return divergences.wasserstein(LINE, LINE, x_weights=weights[0], y_weights=weights[1])


def claims(found):
    exact = exact_wasserstein()
    expected_slope = 1 + exact / (2 * PENALTY_WEIGHT)
    closed_form = vanished_share(np.gradient(optimal_discriminator(LINE), LINE))
    measure = f"share of [-8, 8] with a gradient below {VANISHED:.0%} of the largest; median over seeds"

    def vanished(name):
        return estimates.median([each["vanished"][name] for each in found])

    def median(value):
        return estimates.median([value(each) for each in found])

    return [
        report.Claim(
            FIGURE_3,
            "The discriminator saturates: its gradient vanishes on most of the line",
            measure,
            vanished("discriminator"),
            at_least=0.5,
            note=f"The optimal discriminator's share is {closed_form:.3f}.",
        ),
        report.Claim(
            FIGURE_3,
            "The clipped critic has a usable gradient everywhere",
            measure,
            vanished("clipped critic"),
            at_most=0.05,
        ),
        report.Claim(
            FIGURE_3,
            "The clipped critic is close to linear",
            "R^2 of a line through its values; median over seeds",
            median(lambda each: each["linearity"]),
            at_least=0.95,
        ),
        report.Claim(
            f"{FIGURE_3}; {sources.WGAN_GP}, section 4",
            "The critic under the penalty has a usable gradient everywhere",
            measure,
            vanished("penalty critic"),
            at_most=0.05,
        ),
        report.Claim(
            f"{sources.GAN}, Proposition 1",
            "The discriminator is at its optimum P_r / (P_r + P_g)",
            "mean |D - D*| under (P_r + P_g) / 2; median over seeds",
            median(lambda each: each["error"]),
            at_most=0.01,
        ),
        report.Claim(
            f"{sources.WGAN}, equations 2 and 3",
            "The estimate of the critic under the penalty is K times the Wasserstein distance, K its slope",
            "estimate over the exact distance and the mean slope over [-2, 2]; median over seeds",
            median(lambda each: each["estimate"] / (exact * each["slope"])),
            at_least=0.9,
            at_most=1.1,
            note="The penalty is soft: between the Gaussians a slope s gives s W - lambda (s - 1)^2, largest at "
            f"s = 1 + W / (2 lambda) = {expected_slope:.2f}.",
        ),
        report.Claim(
            f"{sources.WGAN_GP}, section 4, equation 3",
            "The slope of the critic under the penalty is 1 + W / (2 lambda) between the Gaussians",
            "mean slope over [-2, 2] over the expected one; median over seeds",
            median(lambda each: each["slope"] / expected_slope),
            at_least=0.95,
            at_most=1.05,
        ),
    ]


def draw(curves):
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for gaussian, name in ((REAL, "real"), (FAKE, "fake")):
        left.fill_between(LINE, gaussian.pdf(LINE), alpha=0.25, label=f"density, {name}")
    for name, curve in curves.items():
        values, gradients = (np.array(curve[kind]) for kind in KINDS)
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
