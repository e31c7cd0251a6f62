"""The distances between distributions on the examples of the papers, each against its closed form.

    python -m benchmarks.papers.distances

Sources: the WGAN paper, arXiv 1701.07875, section 2 (definitions, Example 1, Figure 1) and section 4.3; Goodfellow et
al. 2014, arXiv 1406.2661, section 4.1; Xu's lecture, "Vanishing Gradient"; the study guide of Depth First Learning,
week 4, question 3, and week 1, exercise 1.30 of PRML; Weng 2019, arXiv 1904.08994, the piles of dirt and the figure of
two Gaussians. The library is `wgan_keras.divergences`. It takes seconds.

Two conventions of the Jensen-Shannon divergence meet in these sources: with the halves, 1/2 KL(P || M) + 1/2 KL(Q ||
M) in [0, log 2], and without them, in [0, 2 log 2].
"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import norm

from benchmarks.papers import report, sources
from wgan_keras import divergences

LOG2 = np.log(2)
EXACT = 1e-9  # what rounding may leave


class Settings(NamedTuple):
    thetas: int  # values of theta in [-1, 1], an odd number so that 0 is among them
    points: int  # on each line of Example 1
    grid: int  # cells for the densities of two Gaussians


REDUCED = Settings(thetas=41, points=50, grid=20_001)
FULL = Settings(thetas=201, points=500, grid=200_001)

# The study guide, week 4, question 3: the distributions on 0, 1, 2, ... by the number of the sub-question.
EXERCISES = {
    1: {"P": (1 / 2, 1 / 2), "Q": (3 / 4, 1 / 4), "R": (1 / 4, 3 / 4)},
    2: {
        "P": (1 / 2, 1 / 2, 0),
        "Q": (1 / 3, 1 / 3, 1 / 3),
        "R": (1 / 2, 1 / 2, 0, 0),
        "S": (0, 0, 1 / 2, 1 / 2),
    },
    3: {
        "P": (1 / 4, 3 / 4, 0, 0),
        "Q": (0, 3 / 4, 1 / 4, 0),
        "R": (0, 1 / 4, 3 / 4, 0),
        "S": (0, 0, 1 / 4, 3 / 4),
    },
}
# (sub-question, pair, KL, EMD), worked out by hand; sub-question 3 asks for the EMD only.
ANSWERS = [
    (1, "PQ", np.log(4 / 3) / 2, 1 / 4),
    (1, "QP", 3 / 4 * np.log(3) - LOG2, 1 / 4),
    (1, "PP", 0.0, 0.0),
    (1, "PR", np.log(4 / 3) / 2, 1 / 4),
    (1, "QR", np.log(3) / 2, 1 / 2),
    (2, "PQ", np.log(3 / 2), 1 / 2),
    (2, "QP", np.inf, 1 / 2),
    (2, "RS", np.inf, 2.0),
    (3, "PQ", None, 1 / 2),
    (3, "PR", None, 1.0),
    (3, "QR", None, 1 / 2),
    (3, "PS", None, 2.0),
    (3, "RS", None, 1.0),
]
PILES = np.array([3, 2, 1, 4]), np.array([1, 2, 4, 3])  # the blog's P and Q, in shovelfuls


def parallel_lines(theta, n):
    """(0, z) and (theta, z) for n values of z in [0, 1]: Example 1."""
    z = np.linspace(0, 1, n)
    return np.stack([np.zeros(n), z], axis=1), np.stack([np.full(n, theta), z], axis=1)


def example_1(thetas, points):
    """Each distance between P_0 and P_theta, a list over theta."""
    curves = {name: [] for name in ("W1", "W2", "W3", "JS", "JS without halves", "TV", "KL")}
    for theta in thetas:
        x, y = parallel_lines(theta, points)
        _, p, q = divergences.empirical(x, y)
        for power in (1, 2, 3):
            curves[f"W{power}"].append(divergences.wasserstein(x, y, p=power))
        curves["JS"].append(divergences.jensen_shannon(p, q))
        curves["JS without halves"].append(divergences.jensen_shannon(p, q, halves=False))
        curves["TV"].append(divergences.total_variation(p, q))
        curves["KL"].append(divergences.kullback_leibler(p, q))
    return {name: np.array(values) for name, values in curves.items()}


def exercise(question, pair):
    """(KL, EMD) of two distributions of the study guide, named by their letters."""
    p, q = (EXERCISES[question][letter] for letter in pair)
    emd = divergences.wasserstein(np.arange(len(p)), np.arange(len(q)), x_weights=p, y_weights=q)
    return divergences.kullback_leibler(p, q) if len(p) == len(q) else None, emd


def _difference(value, expected):
    """0 for two infinities."""
    return 0.0 if value == expected else abs(value - expected)


def claims_of_example_1(thetas, curves):
    source = f"{sources.WGAN}, section 2, Example 1 and Figure 1"
    apart = thetas != 0
    wasserstein = max(np.max(np.abs(curves[f"W{power}"] - np.abs(thetas))) for power in (1, 2, 3))
    steps = {name: np.max(np.abs(np.diff(curves[name]))) for name in ("W1", "JS")}
    kl_as_stated = np.where(apart, np.isinf(curves["KL"]), np.abs(curves["KL"]) <= EXACT)
    return [
        report.Claim(
            source,
            "W(P_0, P_theta) = |theta|, also for W_2 and W_3",
            "largest error, the points' unit",
            wasserstein,
            at_most=EXACT,
        ),
        report.Claim(
            source,
            "JS is log 2 for theta other than 0 and 0 there (convention with halves)",
            "largest error, nats",
            np.max(np.abs(curves["JS"] - LOG2 * apart)),
            at_most=EXACT,
        ),
        report.Claim(
            source,
            "JS is log 2 under the definition that section 2 prints (convention without halves)",
            "largest error, nats",
            np.max(np.abs(curves["JS without halves"] - LOG2 * apart)),
            at_most=EXACT,
            note="That definition gives 2 log 2: Example 1 and section 4.3 use the halves, section 2 leaves them out.",
        ),
        report.Claim(
            f"{sources.LECTURE}, Vanishing Gradient",
            "JS of disjoint supports is 2 ln 2 (convention without halves)",
            "largest error, nats",
            np.max(np.abs(curves["JS without halves"] - 2 * LOG2 * apart)),
            at_most=EXACT,
        ),
        report.Claim(
            source,
            "KL is infinite for theta other than 0 and 0 there",
            "share of the values of theta",
            np.mean(kl_as_stated),
            at_least=1,
        ),
        report.Claim(
            source,
            "TV is 1 for theta other than 0 and 0 there",
            "largest error",
            np.max(np.abs(curves["TV"] - apart)),
            at_most=EXACT,
        ),
        report.Claim(
            source,
            "EM is continuous in theta and JS is not",
            "largest jump of JS over the largest jump of EM between neighboring theta",
            steps["JS"] / steps["W1"],
            at_least=10,
        ),
    ]


def claims_of_exercises():
    source = f"{sources.GUIDE}, week 4, question 3"
    answers = [(exercise(question, pair), kl, emd) for question, pair, kl, emd in ANSWERS]
    kl_errors = [_difference(found[0], kl) for found, kl, _ in answers if kl is not None]
    emd_errors = [_difference(found[1], emd) for found, _, emd in answers]
    forward, backward = exercise(1, "PQ")[0], exercise(1, "QP")[0]
    return [
        report.Claim(source, "KL of the eight pairs", "largest error, nats", max(kl_errors), at_most=EXACT),
        report.Claim(source, "EMD of the thirteen pairs", "largest error, steps", max(emd_errors), at_most=EXACT),
        report.Claim(
            source,
            "KL is no metric: KL(P || Q) differs from KL(Q || P)",
            "difference, nats",
            abs(forward - backward),
            at_least=1e-3,
        ),
    ]


def claims_of_gaussians(cells):
    """Densities on a fine grid as discrete distributions, against the closed form of the KL divergence."""
    x = np.linspace(-30, 30, cells)

    def density(mean, std):
        weights = norm.pdf(x, mean, std)
        return weights / weights.sum()

    def closed_form(m1, s1, m2, s2):
        return np.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 1 / 2

    pairs = [((0, 1), (1, 1)), ((0, 1), (1, 2)), ((1, 2), (0, 1)), ((-1, 0.5), (1, 3))]
    errors = [abs(divergences.kullback_leibler(density(*p), density(*q)) / closed_form(*p, *q) - 1) for p, q in pairs]
    p, q = density(0, 1), density(1, 1)
    asymmetry = abs(divergences.kullback_leibler(p, q) - divergences.kullback_leibler(q, p))
    wide = density(1, 2)
    both = divergences.kullback_leibler(p, wide), divergences.kullback_leibler(wide, p)
    best = p / (p + q)  # the optimal discriminator
    value = np.sum(p * np.log(best)) + np.sum(q * np.log(1 - best))
    return [
        report.Claim(
            f"{sources.GUIDE}, week 1, question 3 (PRML 1.30)",
            "KL of two Gaussians is log(s2 / s1) + (s1^2 + (m1 - m2)^2) / (2 s2^2) - 1/2",
            "largest relative error over four pairs",
            max(errors),
            at_most=1e-6,
        ),
        report.Claim(
            f"{sources.BLOG}, figure of N(0, 1) and N(1, 1)",
            "KL between the two Gaussians of the figure is asymmetric",
            "|KL(p || q) - KL(q || p)|, nats",
            asymmetry,
            at_least=1e-3,
            note="With equal variances both directions are (m1 - m2)^2 / (2 s^2) = 1/2: only the integrands differ. "
            f"With N(1, 2^2) in place of N(1, 1) the two are {both[0]:.3f} and {both[1]:.3f}.",
        ),
        report.Claim(
            f"{sources.GAN}, Theorem 1; {sources.LECTURE}, Objective of GAN",
            "The value at the optimal discriminator is 2 JS - 2 log 2 (with halves), JS - 2 log 2 (without)",
            "largest error of the two, nats",
            max(
                abs(value - (2 * divergences.jensen_shannon(p, q) - 2 * LOG2)),
                abs(value - (divergences.jensen_shannon(p, q, halves=False) - 2 * LOG2)),
            ),
            at_most=EXACT,
        ),
    ]


def move_piles():
    """(work in shovelfuls times piles, plan in shovelfuls) of the blog's example."""
    p, q = PILES
    places, total = np.arange(len(p)), p.sum()
    transport = divergences.optimal_transport(places, places, x_weights=p / total, y_weights=q / total)
    return transport.distance * total, transport.plan * total


def run(settings):
    thetas = np.linspace(-1, 1, settings.thetas)
    curves = example_1(thetas, settings.points)
    work, plan = move_piles()
    piles = report.Claim(
        f"{sources.BLOG}, What is Wasserstein distance, Figure 7",
        "Moving the piles (3, 2, 1, 4) to (1, 2, 4, 3) costs 5",
        "work, shovelfuls times piles",
        work,
        at_least=5 - EXACT,
        at_most=5 + EXACT,
    )
    claims = [*claims_of_example_1(thetas, curves), *claims_of_exercises(), *claims_of_gaussians(settings.grid), piles]
    exercises = [
        {"question": question, "pair": pair, "kl": "inf" if kl == np.inf else kl, "emd": emd}
        for question, pair, _, _ in ANSWERS
        for kl, emd in [exercise(question, pair)]
    ]
    figures = {"figure_1": draw_figure_1(thetas, curves), "piles": draw_piles(plan)}
    return report.Result(claims, figures, [], {"exercises": exercises, "plan": plan.round(6).tolist()})


def draw_figure_1(thetas, curves):
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(thetas, curves["W1"], marker=".", label="EM")
    left.set(title="earth mover's distance", xlabel="θ", ylabel="W(P₀, P_θ)")
    right.plot(thetas, curves["JS"], ".", label="with halves")
    right.plot(thetas, curves["JS without halves"], ".", label="without halves")
    right.axhline(LOG2, color="gray", linestyle=":", linewidth=1)
    right.set(title="Jensen-Shannon divergence", xlabel="θ", ylabel="JS(P₀, P_θ), nats")
    right.legend(fontsize="small")
    for axes in (left, right):
        axes.set_xticks([-1, -0.5, 0, 0.5, 1])
    return figure


def draw_piles(plan):
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    piles, moves = figure.subplots(1, 2)
    places = np.arange(1, len(plan) + 1)
    piles.bar(places - 0.2, PILES[0], width=0.4, label="P")
    piles.bar(places + 0.2, PILES[1], width=0.4, label="Q")
    piles.set(title="the piles", xlabel="pile", ylabel="shovelfuls", xticks=places)
    piles.legend(fontsize="small")
    moves.imshow(plan, cmap="Blues")
    for (i, j), amount in np.ndenumerate(plan):
        if amount > EXACT:
            moves.text(j, i, f"{amount:g}", ha="center", va="center", color="black" if amount < 2.5 else "white")
    moves.set(title="the optimal plan, shovelfuls", xlabel="to pile of Q", ylabel="from pile of P")
    moves.set_xticks(places - 1, places)
    moves.set_yticks(places - 1, places)
    return figure


if __name__ == "__main__":
    report.main("distances", __doc__, run, REDUCED, FULL)
