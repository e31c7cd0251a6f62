"""Adam with momentum on a WGAN's critic: when its step turns against the gradient, and what becomes of the training.

    python -m benchmarks.papers.momentum

Source: 001_8049a02488e81b49.txt, section 4.3, last paragraph: WGAN is unstable at times with Adam with beta1 > 0 on the
critic or with high learning rates; when the loss blew up, the cosine between Adam's step and the gradient had
usually turned negative; RMSprop does better. The paper trained on images; here it is a WGAN with clip value 0.1 on
the ring of 8 Gaussians, whose samples have an exact distance to the data. Only the critic's optimizer differs between
the runs. Whether negative cosines come with bad samples is asked within each run, over its looks. Reduced: 3 seeds,
1,000 iterations of 3 x 64 units each, about five minutes on one core; `--full`: 20,000 of 3 x 512.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure
from scipy.stats import spearmanr

import wgan_keras as wk
from benchmarks.papers import plane, report
from wgan_keras import metrics
from wgan_keras.data import toys
from wgan_keras.models.wgan import RMSPROP_EPSILON, rmsprop

OBSERVATION = "001_8049a02488e81b49.txt, section 4.3, last paragraph"
SET = "eight_gaussians"
CLIP = 0.1
RATES = (1e-4, 1e-3, 1e-2)
GENERATOR_RATE = 5e-4


class Settings(NamedTuple):
    iterations: int
    interval: int  # iterations between two looks
    units: int
    batch_size: int
    samples: int  # of which W1 is computed at each look
    seeds: int


REDUCED = Settings(iterations=1_000, interval=50, units=64, batch_size=128, samples=500, seeds=3)
FULL = Settings(iterations=20_000, interval=500, units=512, batch_size=256, samples=1_000, seeds=3)


class StepCosine:
    """Mixin for a Keras optimizer: the cosine between each whole step and the direction of descent, -gradient.

    The step is the optimizer's own, before any constraint. `read()` gives the mean since the last `read()` and the
    share of negative ones.
    """

    def build(self, variables):
        super().build(variables)
        self.products = self.add_variable((3,), name="products")  # step . -gradient, |step|^2, |gradient|^2
        self.seen = self.add_variable((3,), name="seen")  # steps, their cosines' sum, negative ones

    def update_step(self, gradient, variable, learning_rate):
        before = ops.copy(ops.convert_to_tensor(variable))
        super().update_step(gradient, variable, learning_rate)
        step = variable - before
        pairs = ((step, -gradient), (step, step), (gradient, gradient))
        self.products.assign_add(ops.stack([ops.sum(a * b) for a, b in pairs]))

    def apply(self, grads, trainable_variables=None):
        self.products.assign(ops.zeros(3))
        super().apply(grads, trainable_variables)
        product, step, gradient = ops.unstack(self.products.value)
        cosine = product / ops.sqrt(step * gradient + 1e-30)
        self.seen.assign_add(ops.stack([1.0, cosine, ops.cast(cosine < 0, "float32")]))

    def read(self):
        steps, total, negative = self.seen.numpy()
        self.seen.assign(ops.zeros(3))
        return float(total / steps), float(negative / steps)


class Adam(StepCosine, keras.optimizers.Adam):
    pass


class RMSprop(StepCosine, keras.optimizers.RMSprop):
    pass


OPTIMIZERS = {
    "Adam, beta1 0.9": lambda rate: Adam(rate, 0.9),
    "Adam, beta1 0.5": lambda rate: Adam(rate, 0.5),
    "Adam, beta1 0": lambda rate: Adam(rate, 0.0),
    "RMSprop": lambda rate: RMSprop(rate, epsilon=RMSPROP_EPSILON),
}


class Runs(NamedTuple):
    """(seeds, looks): mean cosine, share of negative cosines, the training's estimate, exact W1 of samples."""

    cosine: np.ndarray
    negative: np.ndarray
    estimate: np.ndarray
    w1: np.ndarray


def build(name, rate, seed, settings):
    model = wk.WGAN(**plane.mlps(settings.units, 3, 2, seed), clip_value=CLIP, seed=seed)
    generator_optimizer = rmsprop(GENERATOR_RATE)
    model.compile(generator_optimizer, OPTIMIZERS[name](rate), jit_compile=True, steps_per_execution=settings.interval)
    return model


def train(model, seed, settings):
    """One row a look."""
    points = toys.sample(SET, settings.interval * model.n_critic * settings.batch_size, seed)
    real = toys.split_points(SET, "test")[: settings.samples]
    rows = []
    for _ in range(settings.iterations // settings.interval):
        logs = model.fit(points, batch_size=settings.batch_size, verbose=0).history
        w1 = metrics.exact_wasserstein(real, model.sample(settings.samples, seed=0))
        rows.append((*model.critic_optimizer.read(), logs["wasserstein_estimate"][0], w1))
    return rows


def train_all(settings):
    """{(optimizer, learning rate): Runs}; the rate is part of the state that `restart` sets."""
    runs = {}
    for name in OPTIMIZERS:
        model = build(name, RATES[0], 0, settings)
        for rate in RATES:
            rows = []
            for seed in range(settings.seeds):
                plane.restart(model, build(name, rate, seed, settings))
                rows.append(train(model, seed, settings))
            runs[name, rate] = Runs(*np.moveaxis(rows, -1, 0))
    return runs


def later(values):
    """(seeds,): means over the second half of the looks."""
    return values[:, values.shape[1] // 2 :].mean(axis=1)


def run(settings):
    runs = train_all(settings)
    figures = {"cosine": draw(runs, settings)}
    numbers = {
        "runs": [
            {
                "optimizer": name,
                "learning_rate": rate,
                "smallest_mean_cosine": float(each.cosine.min()),
                "share_of_negative_cosines": float(each.negative.mean()),
                "w1_second_half_of_each_seed": later(each.w1).tolist(),
            }
            for (name, rate), each in runs.items()
        ]
    }
    return report.Result(claims(runs), figures, list(range(settings.seeds)), numbers)


def within_runs(runs):
    """Rank correlations of the share of negative cosines and W1 over the looks, of each seed in which both vary."""
    pairs = [pair for each in runs for pair in zip(each.negative, each.w1, strict=True)]
    return [float(spearmanr(*pair).statistic) for pair in pairs if all(np.ptp(values) > 0 for values in pair)]


def claims(runs):
    negative = {name: np.mean([runs[name, rate].negative for rate in RATES]) for name in OPTIMIZERS}
    distance = {key: later(each.w1) for key, each in runs.items()}
    together = within_runs([runs["Adam, beta1 0.9", rate] for rate in RATES])
    slow, high = RATES[-2:]

    def ratio(one, other):
        """(geometric mean over the seeds, each seed's in words) of the ratio of W1."""
        each = distance[one] / distance[other]
        return float(np.exp(np.log(each).mean())), ", ".join(f"{x:.2f}" for x in each)

    ratios = {rate: ratio(("Adam, beta1 0.9", rate), ("RMSprop", rate)) for rate in RATES}
    higher, of_seeds = ratio(("RMSprop", high), ("RMSprop", slow))
    return [
        report.Claim(
            OBSERVATION,
            "Without momentum (RMSprop, beta1 = 0) the cosine is never negative",
            "share of critic updates with a negative cosine",
            max(negative["RMSprop"], negative["Adam, beta1 0"]),
            at_most=0,
            note="By definition: such a step has the gradient's sign in every weight. A check of the measure.",
        ),
        report.Claim(
            OBSERVATION,
            "With beta1 = 0.9 the cosine turns negative",
            "share of critic updates with a negative cosine, mean of the learning rates",
            negative["Adam, beta1 0.9"],
            at_least=0.01,
            note=f"beta1 = 0.5: {negative['Adam, beta1 0.5']:.4f}.",
        ),
        report.Claim(
            OBSERVATION,
            "Negative cosines come where the samples are bad",
            "rank correlation of the share of negative cosines and W1 over the looks of a run with beta1 = 0.9, median",
            np.median(together) if together else np.nan,
            at_least=0.5,
            note=f"{len(together)} runs with negative cosines, {min(together, default=0):.2f} to "
            f"{max(together, default=0):.2f}.",
        ),
        report.Claim(
            OBSERVATION,
            "WGAN trains worse with beta1 = 0.9 than with RMSprop",
            "geometric mean over learning rates and seeds of the ratio of exact W1, second half of training",
            float(np.exp(np.mean([np.log(mean) for mean, _ in ratios.values()]))),
            at_least=1.1,
            note="Ratios of the seeds: " + "; ".join(f"{each} at {r:g}" for r, (_, each) in ratios.items()) + ".",
        ),
        report.Claim(
            OBSERVATION,
            f"WGAN trains worse at a high learning rate ({high:g} instead of {slow:g}), also with RMSprop",
            "geometric mean over the seeds of the ratio of exact W1, second half of training",
            higher,
            at_least=1.1,
            note=f"Ratios of the seeds: {of_seeds}.",
        ),
    ]


def draw(runs, settings):
    figure = Figure(figsize=(11, 9), layout="constrained")
    panels = figure.subplots(4, len(RATES), sharex=True, sharey="row")
    looks = settings.interval * np.arange(1, settings.iterations // settings.interval + 1)
    for (name, rate), each in runs.items():
        cosine, negative, estimate, distance = panels[:, RATES.index(rate)]
        cosine.plot(looks, each.cosine.mean(axis=0), label=name)
        negative.plot(looks, each.negative.mean(axis=0), label=name)
        estimate.plot(looks, each.estimate.mean(axis=0), label=name)
        distance.plot(looks, each.w1.mean(axis=0), label=name)
        cosine.set_title(f"critic's learning rate {rate:g}")
        distance.set_xlabel("generator iteration")
    for axes in panels[0]:
        axes.axhline(0, color="black", linewidth=0.6)
    rows = ("cosine of step and descent", "share of negative cosines", "Wasserstein estimate", "exact W1")
    for axes, text in zip(panels[:, 0], rows, strict=True):
        axes.set_ylabel(text)
    panels[0, 0].legend(fontsize="x-small")
    return figure


if __name__ == "__main__":
    report.main("momentum", __doc__, run, REDUCED, FULL)
