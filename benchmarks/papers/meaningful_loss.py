"""Do the games' losses follow the quality of the samples: rank correlation of each curve with the score in training.

    python -m benchmarks.papers.meaningful_loss

Source: the WGAN paper, arXiv 1701.07875, section 4.3: Figure 4 (WGAN's estimate falls as the samples get better;
constant where training fails), Figure 5 (the GAN's estimate of the JS divergence does not follow them), Figure 9 (nor
does its generator's loss). The paper judges bedrooms by eye; here they are Fashion-MNIST's garments and the judge is
the Frechet distance under a classifier's features, low when the samples are good. A curve follows quality when its rank
correlation with that score is high. A new critic's estimate first rises from nothing, whatever the samples do: the
numbers leave this warm-up out, which was decided after a first run, and the notes give the correlations with it.
WGAN-GP, in training and on held-out images, stands beside the paper's games. The failing run's learning rate, which the
paper does not print, is 0.05. Reduced: 1,000 iterations, DCGAN of width 16, perceptrons of 4 x 256, both Wasserstein
GANs at four times their papers' rates, a quarter of an hour a seed on one core; `--full`: 20,000 iterations, width 64,
4 x 512. Tried: at 500 iterations and the paper's rate WGAN's samples had hardly begun to get better, and its estimate
followed them with DCGAN (0.98) and not with perceptrons (0.03).
"""

import dataclasses
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from scipy.ndimage import median_filter
from scipy.stats import spearmanr

import wgan_keras as wk
from benchmarks.papers import estimates, repeats, report, sources
from wgan_keras import data, recipes, scoring

SECTION = f"{sources.WGAN}, section 4.3"
SHAPE = (28, 28, 1)
DATA = {"name": "fashion_mnist"}
FAILING_RATE = 0.05
SCORES = ("val_fid", "val_inception_score")
FOLLOWS = 0.5  # the rank correlation from which a curve counts as following the score
WINDOW = 3  # looks, of the picture's median filter


class Settings(NamedTuple):
    seeds: int  # at most
    width: int  # of the DCGANs
    units: int  # of the perceptrons' four layers
    rates: dict  # learning rate by game
    iterations: int
    interval: int  # iterations between two looks
    warm_up: int  # first iterations, in which the critic is new and its estimate none yet: no number counts them
    held_out: int  # images for the held-out estimates
    samples: int  # of each score


REDUCED = Settings(
    seeds=5,
    width=16,
    units=256,
    rates={"gan": 2e-4, "wgan": 2e-4, "wgan_gp": 4e-4},
    iterations=1_000,
    interval=50,
    warm_up=100,
    held_out=1_000,
    samples=2_000,
)
FULL = Settings(
    seeds=5,
    width=64,
    units=512,
    rates={"gan": 2e-4, "wgan": 5e-5, "wgan_gp": 1e-4},
    iterations=20_000,
    interval=500,
    warm_up=1_000,
    held_out=10_000,
    samples=10_000,
)


class Training(NamedTuple):
    """One panel: a game between two kinds of networks; `rate` takes the place of the settings' learning rate."""

    game: str
    generator: str
    critic: str = "dcgan"
    rate: float | None = None


TRAININGS = {
    "WGAN, DCGAN": Training("wgan", "dcgan"),
    "WGAN, MLP": Training("wgan", "mlp"),
    "WGAN, both MLP, failing": Training("wgan", "mlp", "mlp", FAILING_RATE),
    "WGAN-GP, DCGAN": Training("wgan_gp", "dcgan"),
    "WGAN-GP, MLP": Training("wgan_gp", "mlp"),
    "GAN, DCGAN": Training("gan", "dcgan"),
    "GAN, MLP": Training("gan", "mlp"),
    "GAN, both MLP": Training("gan", "mlp", "mlp"),
}
# A row of the picture: game, label of the axis, {logged curve: its name in words}.
ROWS = (
    ("wgan", "Wasserstein estimate", {"wasserstein_estimate": "training"}),
    ("wgan_gp", "Wasserstein estimate", {"wasserstein_estimate": "training", "val_wasserstein_estimate": "held out"}),
    ("gan", "JS estimate, nats", {"js_estimate": "training"}),
    ("gan", "generator's loss", {"generator_loss": "training"}),
)
# {game: its curves}
CURVES = {game: [c for each, _, curves in ROWS if each == game for c in curves] for game, _, _ in ROWS}


def recipe(training, seed, settings):
    """The library's usual networks for each kind, and the game's own optimizer at its rate."""
    rate = training.rate or settings.rates[training.game]
    made = {
        kind: recipes.standard(
            {"name": training.game, "seed": seed},
            DATA,
            SHAPE,
            network=kind,
            width=width,
            iterations=settings.iterations,
            **recipes.optimizers_at(training.game, rate),
        )
        for kind, width in (("dcgan", settings.width), ("mlp", settings.units // 8))
    }
    return dataclasses.replace(made[training.critic], generator=made[training.generator].generator)


def watch(recipe, images, held_out, evaluations, interval):
    """{log: its values, one a look}: means since the look before; `val_` ones and the `SCORES` at the look."""
    model = recipe.compile(recipe.build())
    logs = model.fit(
        data.stream(images, recipe.batch_size, recipe.seed),
        epochs=recipe.iterations // interval,
        steps_per_epoch=interval,
        validation_data=held_out,
        validation_batch_size=256,
        callbacks=[wk.callbacks.Evaluate(each) for each in evaluations],
        verbose=0,
    )
    return logs.history


def correlation(curve, score):
    """Spearman's: 1 when the curve falls whenever the score gets better; 0 for a curve that is constant."""
    return 0.0 if np.ptp(curve) == 0 or np.ptp(score) == 0 else float(spearmanr(curve, score).statistic)


def first_and_last(values):
    """Medians of the first and of the last quarter."""
    quarter = max(1, len(values) // 4)
    return [float(np.median(each)) for each in (values[:quarter], values[-quarter:])]


def train(seeds, settings):
    """A record a seed: {training: {score or curve of the game: its values, one a look}}."""
    images = data.load_raw("fashion_mnist", "train")
    held_out = data.load_arrays("fashion_mnist", "test")[: settings.held_out]
    evaluations = [
        scoring.reference(f"{metric}_fashion_mnist_classifier_{settings.samples}") for metric in ("fid", "is")
    ]
    for seed in seeds:
        record = {}
        for name, training in TRAININGS.items():
            logs = watch(recipe(training, seed, settings), images, held_out, evaluations, settings.interval)
            record[name] = {curve: logs[curve] for curve in (*SCORES, *CURVES[training.game])}
        yield record


def conclude(records, settings):
    skipped = settings.warm_up // settings.interval
    numbers = [{name: measured(logs, skipped) for name, logs in record.items()} for record in records]
    figures = {"curves": draw(records[0], settings)}
    return report.Result(claims(numbers), figures, [], {"of_each_seed": numbers})


def run(settings):
    return repeats.until_decided("meaningful_loss", train, conclude, settings, repeats.RECORDS)


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
        def ratio(each):
            first, last = each["WGAN, both MLP, failing"][curve]["quarters"]
            return last / first

        return over_seeds(ratio)

    ranks = "rank correlation with the Frechet distance past the warm-up, {} of the two generators; median over seeds"
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
            "median Frechet distance of the last quarter over that of the first; median over seeds",
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
            "rank correlation with the Frechet distance of the samples; median over seeds",
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


def draw(logs, settings):
    """A panel a training: curves on the left axis, score on the right, through a median filter.

    The left axis is that of the looks past the warm-up, in which a curve may be of another size.
    """
    figure = Figure(figsize=(13, 11), layout="constrained")
    looks = settings.interval * np.arange(1, settings.iterations // settings.interval + 1)
    settled = looks > settings.warm_up
    for row, (game, label, curves) in zip(figure.subplots(len(ROWS), 3), ROWS, strict=True):
        names = [name for name, training in TRAININGS.items() if training.game == game]
        for axes, name in zip(row, names, strict=False):
            shown = {curve: smooth(np.array(logs[name][curve])) for curve in curves}
            for curve, words in curves.items():
                axes.plot(looks, shown[curve], label=words)
            after = np.concatenate([values[settled] for values in shown.values()])
            margin = 0.1 * np.ptp(after) or 0.1
            axes.set_ylim(after.min() - margin, after.max() + margin)
            axes.axvspan(0, settings.warm_up, color="black", alpha=0.06, linewidth=0)
            score = axes.twinx()
            score.plot(looks, smooth(np.array(logs[name]["val_fid"])), color="black", linestyle=":")
            score.set_ylim(bottom=0)
            axes.set_title(name)
        for axes in row[len(names) :]:
            axes.set_axis_off()
        row[0].set_ylabel(label)
    figure.supxlabel("generator iteration; shaded: warm-up; dotted, right axis: Frechet distance")
    figure.legend(*figure.axes[3].get_legend_handles_labels(), loc="outside upper right", fontsize="small")
    return figure


def smooth(values):
    return median_filter(values, WINDOW, mode="nearest")


if __name__ == "__main__":
    report.main("meaningful_loss", __doc__, run, REDUCED, FULL)
