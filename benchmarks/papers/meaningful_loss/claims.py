"""What the curves say: which follows the samples' quality, and the paper's claims about each."""

import math

import numpy as np
from scipy.stats import spearmanr

from benchmarks.papers import estimates, report, sources
from benchmarks.papers.meaningful_loss.trainings import SCORES

SECTION = f"{sources.WGAN}, section 4.3"
FOLLOWS = 0.5  # the rank correlation from which a curve counts as following the score


def correlation(curve, score):
    """Spearman's: 1 when the curve falls whenever the score gets better; 0 for a curve that is constant."""
    return 0.0 if np.ptp(curve) == 0 or np.ptp(score) == 0 else float(spearmanr(curve, score).statistic)


def first_and_last(values):
    """Medians of the first and of the last quarter."""
    quarter = max(1, len(values) // 4)
    return [float(np.median(each)) for each in (values[:quarter], values[-quarter:])]


def last_over_first(first, last):
    """1 of a curve that stays where it is, as at 0 where the critic died."""
    if first == last:
        return 1.0
    return last / first if first else math.inf


def measured(logs, skipped):
    """The numbers of one training; correlations with the score and quarters are of the looks past the `skipped`."""
    fid, inception_score = (np.array(logs[score]) for score in SCORES)
    found = {}
    for curve, values in logs.items():
        values = np.array(values)
        found[curve] = {
            "values": values.tolist(),
            "correlation": correlation(values[skipped:], fid[skipped:]),
            "correlation_of_all_looks": correlation(values, fid),
            "agreement": correlation(values[skipped:], -inception_score[skipped:]),
            "quarters": first_and_last(values[skipped:]),
        }
    return found


def claims(numbers):
    """Of a list of `measured` trainings by name, a seed each."""

    def over_seeds(value):
        return estimates.median([value(each) for each in numbers])

    def of_generators(choose, game, curve, number):
        """Of the smaller or larger of the two generators' numbers."""
        return over_seeds(lambda each: choose(number(each[f"{game}, {kind}"][curve]) for kind in ("DCGAN", "MLP")))

    def follows(choose, game, curve, judge="correlation"):
        return of_generators(choose, game, curve, lambda found: found[judge])

    def note(game, curve):
        def median(kind, field):
            return np.median([each[f"{game}, {kind}"][curve][field] for each in numbers])

        return "; ".join(
            f"{kind} {median(kind, 'correlation'):.2f}, counting the warm-up "
            f"{median(kind, 'correlation_of_all_looks'):.2f}"
            for kind in ("DCGAN", "MLP")
        )

    def rise(found):
        first, last = found["quarters"]
        return last - first

    def failing_ratio(curve):
        return over_seeds(lambda each: last_over_first(*each["WGAN, both MLP, failing"][curve]["quarters"]))

    ranks = "rank correlation with the Fréchet distance past the warm-up, {} of the two generators; median over seeds"
    agreement = (
        "rank correlation of the curve and minus the inception score, {} of the two generators; median over seeds"
    )
    successor = "The paper's statement, for its successor. "
    return [
        report.Claim(
            f"{SECTION}, Figure 4",
            "WGAN's estimate falls as the samples get better",
            ranks.format("smaller"),
            follows(min, "WGAN", "wasserstein_estimate"),
            at_least=FOLLOWS,
            note=f"{note('WGAN', 'wasserstein_estimate')}.",
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "WGAN-GP's estimate in training follows the samples as well",
            ranks.format("smaller"),
            follows(min, "WGAN-GP", "wasserstein_estimate"),
            at_least=FOLLOWS,
            note=f"{successor}{note('WGAN-GP', 'wasserstein_estimate')}.",
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "WGAN-GP's estimate on held-out images follows the samples as well",
            ranks.format("smaller"),
            follows(min, "WGAN-GP", "val_wasserstein_estimate"),
            at_least=FOLLOWS,
            note=f"{successor}{note('WGAN-GP', 'val_wasserstein_estimate')}.",
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "Where training fails (high learning rate) the samples do not get better",
            "median Fréchet distance of the last quarter over that of the first; median over seeds",
            failing_ratio("val_fid"),
            at_least=0.9,
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "Where training fails WGAN's estimate does not fall",
            "median estimate of the last quarter over that of the first; median over seeds",
            failing_ratio("wasserstein_estimate"),
            at_least=0.9,
        ),
        report.Claim(
            f"{SECTION}, Figure 5",
            "The GAN's JS estimate does not follow the samples",
            ranks.format("larger"),
            follows(max, "GAN", "js_estimate"),
            at_most=FOLLOWS,
            note=f"{note('GAN', 'js_estimate')}.",
        ),
        report.Claim(
            f"{SECTION}, Figure 5",
            "The JS estimate stays or goes up instead of going down",
            "median of the last quarter less that of the first, in nats, smaller of the two generators; median over "
            "seeds",
            of_generators(min, "GAN", "js_estimate", rise),
            at_least=0,
        ),
        report.Claim(
            f"{SECTION}, Figure 5",
            "With perceptrons on both sides the JS estimate goes up and down regardless of the samples",
            "rank correlation with the Fréchet distance of the samples; median over seeds",
            over_seeds(lambda each: each["GAN, both MLP"]["js_estimate"]["correlation"]),
            at_least=-FOLLOWS,
            at_most=FOLLOWS,
        ),
        report.Claim(
            f"{SECTION}, Figure 9",
            "Nor does the GAN's generator loss follow the samples",
            ranks.format("larger"),
            follows(max, "GAN", "generator_loss"),
            at_most=FOLLOWS,
            note=f"{note('GAN', 'generator_loss')}.",
        ),
        *(
            report.Claim(
                f"{sources.GUIDE}, week {week}",
                f"A classifier ranks {game}'s samples as its estimate does",
                agreement.format("smaller"),
                follows(min, game, "wasserstein_estimate", "agreement"),
                at_least=FOLLOWS,
            )
            for game, week in (("WGAN", "4, question 4"), ("WGAN-GP", "5, question 3"))
        ),
        report.Claim(
            f"{sources.GUIDE}, week 3, question 4, and week 5, question 2",
            "It ranks the GAN's samples otherwise than its estimate does",
            agreement.format("larger"),
            follows(max, "GAN", "js_estimate", "agreement"),
            at_most=FOLLOWS,
        ),
    ]
