"""Which distance follows from which: Theorem 2 on sequences of discrete distributions and on random pairs.

    python -m benchmarks.papers.topologies

Source: the WGAN paper, arXiv 1701.07875, section 2, Theorem 2 and Appendix C: KL is the strongest, then JS and TV,
which are equivalent, then EM. An implication is shown by the inequality that its proof uses, on random pairs of
distributions; that it cannot be turned around, by a sequence that converges under one distance and not under the other:

    shift       P_n is at 1/n, P at 0: EM goes to 0; TV, JS and KL do not
    leak        P has mass 2^-k at 1/k; P_n lacks the mass at 1/n, and has some at -1: TV and JS go to 0, both KLs are
                infinite
    grid        P_n has n equal atoms in the middles of n cells, P is even over [0, 1]: EM goes to 0, and so do the
                differences of expectations; TV, JS and KL do not

JS is the one with halves. Everything is exact; it takes seconds.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from benchmarks.papers import report, sources
from wgan_keras import divergences

THEOREM_2 = f"{sources.WGAN}, Theorem 2"
LOG2 = np.log(2)
EXACT = 1e-9  # what rounding may leave
STEPS = (1, 2, 4, 8, 16, 32)  # n
NAMES = ("EM", "TV", "JS", "KL(P_n || P)", "KL(P || P_n)")


class Settings(NamedTuple):
    pairs: int  # of random distributions
    fine: int  # atoms of the distribution that stands for the even one; an even multiple of each n


REDUCED = Settings(pairs=1_000, fine=6_400)
FULL = Settings(pairs=100_000, fine=64_000)


def distances(points, p_n, p):
    """{name: distance} of two arrays of probabilities at the same points on the line."""
    return {
        "EM": divergences.wasserstein(points, points, x_weights=p_n, y_weights=p),
        "TV": divergences.total_variation(p_n, p),
        "JS": divergences.jensen_shannon(p_n, p),
        "KL(P_n || P)": divergences.kullback_leibler(p_n, p),
        "KL(P || P_n)": divergences.kullback_leibler(p, p_n),
    }


def shift(n):
    return np.array([0, 1 / n]), np.array([0.0, 1.0]), np.array([1.0, 0.0])


def leak(n, atoms=48):
    """Beyond 48 atoms the next mass would not change the sum in float64."""
    k = np.arange(1, atoms + 1)
    masses = 0.5**k / np.sum(0.5**k)
    without = np.where(k == n, 0, masses)
    p_n = np.concatenate([[masses[n - 1]], without])
    return np.concatenate([[-1], 1 / k]), p_n, np.concatenate([[0], masses])


def grid(n, fine):
    """P_n's atoms lie between those of the fine grid that stands for P: they share no point."""
    points = np.concatenate([(np.arange(n) + 0.5) / n, (np.arange(fine) + 0.5) / fine])
    p_n = np.concatenate([np.full(n, 1 / n), np.zeros(fine)])
    return points, p_n, np.concatenate([np.zeros(n), np.full(fine, 1 / fine)])


def random_pairs(n):
    """(points, p, q), n times: of the points in [0, 1] a fifth has no mass in p."""
    random = np.random.default_rng(0)
    for _ in range(n):
        size = random.integers(3, 20)
        p, q = random.dirichlet(np.full(size, random.uniform(0.2, 2)), 2)
        p[1:][random.random(size - 1) < 0.2] = 0
        yield random.random(size), p / p.sum(), q


def violations(pairs):
    """{inequality: by how much it was violated at most} over (points, p, q)."""
    found = []
    for points, p, q in pairs:
        d = distances(points, p, q)
        found.append(
            {
                "TV^2 / 2 <= JS": d["TV"] ** 2 / 2 - d["JS"],
                "JS <= log 2 TV": d["JS"] - LOG2 * d["TV"],
                "TV <= sqrt(KL / 2)": max(d["TV"] - np.sqrt(d[kl] / 2) for kl in NAMES[3:]),
                "EM <= diameter TV": d["EM"] - np.ptp(points) * d["TV"],
            }
        )
    return {name: max(each[name] for each in found) for name in found[0]}


def largest_wave(points, p_n, p):
    """The largest difference of the expectations of ten waves cos(k pi x) / (k pi), which are 1-Lipschitz."""
    slopes = np.pi * np.arange(1, 11)[:, None]
    return float(np.max(np.abs((np.cos(slopes * points) / slopes) @ (p_n - p))))


def run(settings):
    sequences = {
        "shift": [shift(n) for n in STEPS],
        "leak": [leak(n) for n in STEPS],
        "grid": [grid(n, settings.fine) for n in STEPS],
    }
    found = {name: [distances(*each) for each in sequence] for name, sequence in sequences.items()}
    curves = {
        name: {distance: np.array([each[distance] for each in found[name]]) for distance in NAMES} for name in found
    }
    waves = np.array([largest_wave(*each) for each in sequences["grid"]])
    worst = violations(random_pairs(settings.pairs))
    numbers = {
        name: {distance: [str(x) if np.isinf(x) else x for x in values] for distance, values in each.items()}
        for name, each in curves.items()
    }
    numbers |= {"violations": worst, "waves": waves.tolist()}
    return report.Result(claims(curves, waves, worst), {"sequences": draw(curves)}, [], numbers)


def stays(curve):
    """By how much TV, JS and KL differ from what they are between distributions that share no point."""
    errors = [np.abs(curve["TV"] - 1), np.abs(curve["JS"] - LOG2)]
    return np.max(errors) if all(np.isinf(curve[kl]).all() for kl in NAMES[3:]) else np.inf


def claims(curves, waves, worst):
    n = np.array(STEPS)
    violated = "largest violation over random pairs; below 0 there is none"
    shifted, leaked, gridded = (curves[name] for name in ("shift", "leak", "grid"))
    both_infinite = all(np.isinf(leaked[kl]).all() for kl in NAMES[3:])
    return [
        report.Claim(
            f"{THEOREM_2}, 1",
            "TV and JS go to 0 together: TV^2 / 2 <= JS <= log 2 TV",
            violated,
            max(worst["TV^2 / 2 <= JS"], worst["JS <= log 2 TV"]),
            at_most=EXACT,
        ),
        report.Claim(
            f"{THEOREM_2}, 2",
            "Where EM goes to 0, so do differences of the expectations of Lipschitz functions",
            "largest difference of ten waves over EM, sequence grid",
            np.max(waves / gridded["EM"]),
            at_most=1 + EXACT,
        ),
        report.Claim(
            f"{THEOREM_2}, 3",
            "Where KL goes to 0 in either direction, so do TV and JS: TV <= sqrt(KL / 2)",
            violated,
            worst["TV <= sqrt(KL / 2)"],
            at_most=EXACT,
        ),
        report.Claim(
            f"{THEOREM_2}, 3",
            "It cannot be turned around: TV and JS go to 0 and KL is infinite in both directions",
            f"TV at n = {n[-1]}, sequence leak; inf unless KL is infinite all along",
            leaked["TV"][-1] if both_infinite else np.inf,
            at_most=EXACT,
        ),
        report.Claim(
            f"{THEOREM_2}, 4",
            "Where TV goes to 0, so does EM: EM <= diameter of the space times TV",
            violated,
            worst["EM <= diameter TV"],
            at_most=EXACT,
        ),
        report.Claim(
            f"{THEOREM_2}, 4",
            "It cannot be turned around: EM is 1 / n, and TV stays 1, JS log 2, KL infinite",
            "largest error, sequence shift",
            max(np.max(np.abs(shifted["EM"] - 1 / n)), stays(shifted)),
            at_most=EXACT,
        ),
        report.Claim(
            f"{THEOREM_2}, 4",
            "Nor where a discrete distribution approaches a continuous one: EM is 1 / (4 n), and the others stay",
            "largest error, sequence grid",
            max(np.max(np.abs(gridded["EM"] - 1 / (4 * n))), stays(gridded)),
            at_most=EXACT,
        ),
    ]


def draw(curves):
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    for axes, (name, each) in zip(figure.subplots(1, 3, sharey=True), curves.items(), strict=True):
        for distance in NAMES[:3]:
            axes.plot(STEPS, each[distance], marker=".", label=distance)
        axes.set(title=f"{name}: KL infinite", xlabel="n", xscale="log", yscale="log", xticks=STEPS)
        axes.set_xticklabels(STEPS)
    axes.legend(fontsize="small")
    return figure


if __name__ == "__main__":
    report.main("topologies", __doc__, run, REDUCED, FULL)
