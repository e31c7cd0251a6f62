"""Do the games' losses follow the quality of the samples: rank correlation of each curve with the score in training.

    python -m benchmarks.meaningful_loss

Source: 001_8049a02488e81b49.txt, section 4.3: Figure 4 (WGAN's estimate falls as the samples get better; constant
where training fails), Figure 5 (the GAN's estimate of the JS divergence does not follow them), Figure 9 (nor does its
generator's loss). The paper judges bedrooms by eye; here they are Fashion-MNIST's garments and the judge is the
Frechet distance under a classifier's features, low when the samples are good. A curve follows quality when its
rank correlation with that score is high. WGAN-GP, in training and on held-out images, stands beside the paper's games.
The failing run's learning rate, which the paper does not print, is 0.05. Reduced: 500 iterations, DCGAN of width 16,
perceptrons of 4 x 256, Wasserstein games at four times the papers' rates, about eight minutes on two cores; `--full`:
20,000 iterations, width 64, 4 x 512, the papers' rates.
"""

import dataclasses
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from scipy.ndimage import median_filter
from scipy.stats import spearmanr

import wgan_keras as wk
from benchmarks import report
from wgan_keras import data, recipes, scoring

SECTION = "001_8049a02488e81b49.txt, section 4.3"
SHAPE = (28, 28, 1)
DATA = {"name": "fashion_mnist"}
FAILING_RATE = 0.05
FOLLOWS = 0.5  # the rank correlation from which a curve counts as following the score
WINDOW = 3  # looks, of the picture's median filter


class Settings(NamedTuple):
    width: int  # of the DCGANs
    units: int  # of the perceptrons' four layers
    rates: dict  # learning rate by game
    iterations: int
    interval: int  # iterations between two looks
    held_out: int  # images for the held-out estimates
    protocol: str  # of the score


REDUCED = Settings(
    width=16,
    units=256,
    rates={"gan": 2e-4, "wgan": 2e-4, "wgan_gp": 4e-4},
    iterations=500,
    interval=25,
    held_out=1_000,
    protocol="fid_fashion_mnist_classifier_2k",
)
FULL = Settings(
    width=64,
    units=512,
    rates={"gan": 2e-4, "wgan": 5e-5, "wgan_gp": 1e-4},
    iterations=20_000,
    interval=500,
    held_out=10_000,
    protocol="fid_fashion_mnist_classifier_10k",
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
# The logged curves of each game, with their names in words.
CURVES = {
    "wgan": {"wasserstein_estimate": "Wasserstein estimate"},
    "wgan_gp": {"wasserstein_estimate": "Wasserstein estimate", "val_wasserstein_estimate": "the same, held out"},
    "gan": {"js_estimate": "JS estimate", "generator_loss": "generator's loss"},
}


def recipe(training, settings):
    """The library's usual networks for each kind, and the game's own optimizer at its rate."""
    rate = training.rate or settings.rates[training.game]
    made = {
        kind: recipes.standard(
            {"name": training.game, "seed": 0},
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


def train(recipe, images, held_out, evaluation, interval):
    """{log: its values, one a look}: means since the look before; `val_` ones and the score `val_fid` at the look."""
    model = recipe.compile(recipe.build())
    logs = model.fit(
        data.stream(images, recipe.batch_size, recipe.seed),
        epochs=recipe.iterations // interval,
        steps_per_epoch=interval,
        validation_data=held_out,
        validation_batch_size=256,
        callbacks=[wk.callbacks.Evaluate(evaluation)],
        verbose=0,
    )
    return {name: np.array(values) for name, values in logs.history.items()}


def correlation(curve, score):
    """Spearman's: 1 when the curve falls whenever the score gets better; 0 for a curve that is constant."""
    return 0.0 if np.ptp(curve) == 0 or np.ptp(score) == 0 else float(spearmanr(curve, score).statistic)


def change(values):
    """Median of the last quarter over that of the first: below 1 what falls."""
    quarter = max(1, len(values) // 4)
    return float(np.median(values[-quarter:]) / np.median(values[:quarter]))


def run(settings):
    images = data.load_raw("fashion_mnist", "train")
    held_out = data.load_arrays("fashion_mnist", "test")[: settings.held_out]
    evaluation = scoring.reference(settings.protocol)
    logs = {
        name: train(recipe(training, settings), images, held_out, evaluation, settings.interval)
        for name, training in TRAININGS.items()
    }
    numbers = {name: measured(TRAININGS[name], each) for name, each in logs.items()}
    return report.Result(claims(numbers), {"curves": draw(logs, settings)}, [0], numbers)


def measured(training, logs):
    """The numbers of one training: its curves, each with its correlation with the score and its change."""
    score = logs["val_fid"]
    curves = {
        curve: {
            "correlation_with_fid": correlation(logs[curve], score),
            "change": change(logs[curve]),
            "values": logs[curve].tolist(),
        }
        for curve in CURVES[training.game]
    }
    return {"fid": {"change": change(score), "values": score.tolist()}, **curves}


def claims(numbers):
    def follows(training, curve):
        return numbers[training][curve]["correlation_with_fid"]

    def by_generator(game, curve):
        return {kind: follows(f"{game}, {kind}", curve) for kind in ("DCGAN", "MLP")}

    ranks = "rank correlation with the Frechet distance of the samples over training"
    failing = numbers["WGAN, both MLP, failing"]
    wgan, penalty, held_out = (
        by_generator(*each)
        for each in (
            ("WGAN", "wasserstein_estimate"),
            ("WGAN-GP", "wasserstein_estimate"),
            ("WGAN-GP", "val_wasserstein_estimate"),
        )
    )
    js, generator_loss = (by_generator("GAN", curve) for curve in ("js_estimate", "generator_loss"))
    js_change = [numbers[f"GAN, {kind}"]["js_estimate"]["change"] for kind in ("DCGAN", "MLP")]
    both = ranks + ", {} of the two generators"
    return [
        report.Claim(
            f"{SECTION}, Figure 4",
            "WGAN's estimate falls as the samples get better, with the DCGAN generator",
            ranks,
            wgan["DCGAN"],
            at_least=FOLLOWS,
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "WGAN's estimate falls as the samples get better, with the MLP generator",
            ranks,
            wgan["MLP"],
            at_least=FOLLOWS,
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "WGAN-GP's estimate in training follows the samples as well",
            both.format("smaller"),
            min(penalty.values()),
            at_least=FOLLOWS,
            note=f"The paper's statement, for its successor. {_each(penalty)}",
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "WGAN-GP's estimate on held-out images follows the samples as well",
            both.format("smaller"),
            min(held_out.values()),
            at_least=FOLLOWS,
            note=f"The paper's statement, for its successor. {_each(held_out)}",
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "Where training fails (high learning rate) the samples do not get better",
            "median Frechet distance of the last quarter over that of the first",
            failing["fid"]["change"],
            at_least=0.9,
        ),
        report.Claim(
            f"{SECTION}, Figure 4",
            "and WGAN's estimate does not fall",
            "median estimate of the last quarter over that of the first",
            failing["wasserstein_estimate"]["change"],
            at_least=0.9,
        ),
        report.Claim(
            f"{SECTION}, Figure 5",
            "The GAN's JS estimate does not follow the samples",
            both.format("larger"),
            max(js.values()),
            at_most=0,
            note=_each(js),
        ),
        report.Claim(
            f"{SECTION}, Figure 5",
            "The JS estimate stays or goes up instead of going down",
            "median of the last quarter over that of the first, smaller of the two generators",
            min(js_change),
            at_least=1,
        ),
        report.Claim(
            f"{SECTION}, Figure 5",
            "With perceptrons on both sides the JS estimate goes up and down regardless of the samples",
            ranks,
            follows("GAN, both MLP", "js_estimate"),
            at_least=-FOLLOWS,
            at_most=FOLLOWS,
        ),
        report.Claim(
            f"{SECTION}, Figure 9",
            "Nor does the GAN's generator loss follow the samples",
            both.format("larger"),
            max(generator_loss.values()),
            at_most=0,
            note=_each(generator_loss),
        ),
    ]


def _each(correlations):
    return ", ".join(f"{kind} {value:.2f}" for kind, value in correlations.items()) + "."


def draw(logs, settings):
    """A panel a training: its curves on the left axis, the score on the right; all through a median filter."""
    figure = Figure(figsize=(13, 9), layout="constrained")
    looks = settings.interval * np.arange(1, settings.iterations // settings.interval + 1)
    panels = figure.subplots(3, 3)
    for axes, (name, each) in zip(panels.flat, logs.items(), strict=False):
        for curve, label in CURVES[TRAININGS[name].game].items():
            axes.plot(looks, smooth(each[curve]), label=label)
        score = axes.twinx()
        axes.plot([], [], color="black", linestyle=":", label="Frechet distance (right)")
        score.plot(looks, smooth(each["val_fid"]), color="black", linestyle=":")
        score.set_ylim(bottom=0)
        axes.set_title(name)
        axes.legend(fontsize="x-small")
    for axes in panels.flat[len(logs) :]:
        axes.set_axis_off()
    figure.supxlabel("generator iteration")
    return figure


def smooth(values):
    return median_filter(values, WINDOW, mode="nearest")


if __name__ == "__main__":
    report.main("meaningful_loss", __doc__, run, REDUCED, FULL)
