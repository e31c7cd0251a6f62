"""A Gaussian fitted to two bumps by KL in either direction and by JS: it covers both, or seeks one.

    python -m benchmarks.papers.kl_direction

Source: Xu's lecture, "Performance of GAN", after Huszar 2015, arXiv 1511.05101, section 2: with a model of one mode and
data of several, minimizing KL(P_r || P_g) matches moments and generates implausible samples; minimizing KL(P_g || P_r)
concentrates around the largest mode and ignores the rest; JS interpolates between the two. Here P_r is
0.6 N(-2, 0.5^2) + 0.4 N(2, 0.5^2), P_g is N(m, s^2), and the integrals are sums on a grid. A minimum is the best of
several starts. It takes seconds.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import minimize
from scipy.stats import norm

from benchmarks.papers import report, sources
from wgan_keras import divergences

SOURCE = f"{sources.LECTURE}, Performance of GAN; {sources.HUSZAR}, section 2"
SHARES, MEANS, STD = (0.6, 0.4), (-2.0, 2.0), 0.5
STARTS = ((-2, 0.5), (2, 0.5), (0, 1), (0, 2))  # m, s
IMPLAUSIBLE = 0.05  # of the data's highest density: where samples are less plausible than that


class Settings(NamedTuple):
    cells: int  # of the grid on [-12, 12]


REDUCED = Settings(cells=2_401)
FULL = Settings(cells=24_001)


def data(x):
    """Density of P_r."""
    return sum(share * norm.pdf(x, mean, STD) for share, mean in zip(SHARES, MEANS, strict=True))


OBJECTIVES = {
    "KL(P_r || P_g)": divergences.kullback_leibler,
    "JS": divergences.jensen_shannon,
    "KL(P_g || P_r)": lambda p, q: divergences.kullback_leibler(q, p),
}


def fit(objective, x):
    """(m, s) of the Gaussian with the smallest objective."""
    p = _probabilities(data(x))

    def value(parameters):
        return objective(p, _probabilities(norm.pdf(x, parameters[0], np.exp(parameters[1]))))

    options = {"xatol": 1e-8, "fatol": 1e-12, "maxiter": 2_000}
    found = [minimize(value, (m, np.log(s)), method="Nelder-Mead", options=options) for m, s in STARTS]
    m, log_s = min(found, key=lambda each: each.fun).x
    return float(m), float(np.exp(log_s))


def _probabilities(density):
    return density / density.sum()


def implausible(density, x):
    """The mass that the density has where the data's is less than a share `IMPLAUSIBLE` of its highest."""
    p = data(x)
    return float(_probabilities(density)[p < IMPLAUSIBLE * p.max()].sum())


def moments():
    """Mean and standard deviation of P_r."""
    mean = np.dot(SHARES, MEANS)
    return mean, np.sqrt(STD**2 + np.dot(SHARES, np.square(MEANS)) - mean**2)


def run(settings):
    x = np.linspace(-12, 12, settings.cells)
    fits = {name: fit(objective, x) for name, objective in OBJECTIVES.items()}
    numbers = {
        name: {
            "mean": m,
            "std": s,
            "implausible": implausible(norm.pdf(x, m, s), x),
            "on_the_right": float(norm.sf(0, m, s)),  # where the smaller mode is
        }
        for name, (m, s) in fits.items()
    }
    numbers["data"] = {"implausible": implausible(data(x), x)}
    return report.Result(claims(numbers), {"fits": draw(fits)}, [], numbers)


def claims(numbers):
    covering, between, seeking = (numbers[name] for name in OBJECTIVES)
    mean, std = moments()
    return [
        report.Claim(
            SOURCE,
            "The minimum of KL(P_r || P_g) has the data's mean and standard deviation",
            "larger of the two errors",
            max(abs(covering["mean"] - mean), abs(covering["std"] - std)),
            at_most=1e-4,
        ),
        report.Claim(
            SOURCE,
            "It generates implausible samples",
            f"share of its samples where the data have less than {IMPLAUSIBLE:.0%} of their highest density",
            covering["implausible"],
            at_least=0.25,
            note=f"Of the data themselves: {numbers['data']['implausible']:.3f}. At the minimum of KL(P_g || P_r): "
            f"{seeking['implausible']:.3f}.",
        ),
        report.Claim(
            SOURCE,
            "The minimum of KL(P_g || P_r) concentrates around the largest mode",
            "larger of the errors of its mean and standard deviation against that mode's",
            max(abs(seeking["mean"] - MEANS[0]), abs(seeking["std"] - STD)),
            at_most=0.05,
        ),
        report.Claim(
            SOURCE,
            "It ignores the rest",
            f"share of its samples on the smaller mode's side, where the data have {SHARES[1]}",
            seeking["on_the_right"],
            at_most=0.01,
        ),
        report.Claim(
            SOURCE,
            "JS lies between the two",
            "standard deviation at its minimum, as a share of the way from that of KL(P_g || P_r) to that of "
            "KL(P_r || P_g)",
            (between["std"] - seeking["std"]) / (covering["std"] - seeking["std"]),
            at_least=0,
            at_most=1,
            note=f"m = {between['mean']:.3f}, s = {between['std']:.3f}: at this mixture it seeks a mode.",
        ),
    ]


def draw(fits):
    figure = Figure(figsize=(6.5, 3.4), layout="constrained")
    axes = figure.subplots()
    x = np.linspace(-6, 6, 601)
    axes.fill_between(x, data(x), alpha=0.25, label="data")
    for name, (m, s) in fits.items():
        hides_another = {"linestyle": "--", "zorder": 3} if name == "JS" else {}
        axes.plot(x, norm.pdf(x, m, s), label=f"minimum of {name}", **hides_another)
    axes.set(xlabel="x", ylabel="density")
    axes.legend(fontsize="small")
    return figure


if __name__ == "__main__":
    report.main("kl_direction", __doc__, run, REDUCED, FULL)
