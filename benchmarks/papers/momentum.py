"""Adam with momentum on a WGAN's critic: when its step turns against the gradient, and what becomes of the training.

    python -m benchmarks.papers.momentum

Source: the WGAN paper, arXiv 1701.07875, section 4.3, last paragraph: WGAN is unstable at times with Adam with beta1 >
0 on the critic or with high learning rates; as the loss blew up and samples got worse, the cosine between Adam's step
and the gradient had usually turned negative; RMSprop does better. The paper trained on images; here it is a WGAN with
clip value 0.1 on the ring of 8 Gaussians, whose samples have an exact distance to the data. Only the critic's optimizer
differs between the runs. Whether the cosine is negative as samples get worse is asked within each run, between looks.
Reduced: 1,000 iterations of 3 x 64 units, two minutes a seed on one core; `--full`: 20,000 of 3 x 512.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure
from scipy.stats import spearmanr

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources
from benchmarks.papers.restart import restart
from wgan_keras import metrics
from wgan_keras.data import toys
from wgan_keras.models.wgan import RMSPROP_EPSILON, rmsprop

OBSERVATION = f"{sources.WGAN}, section 4.3, last paragraph"
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
    seeds: int  # at most


REDUCED = Settings(iterations=1_000, interval=50, units=64, batch_size=128, samples=500, seeds=10)
FULL = Settings(iterations=20_000, interval=500, units=512, batch_size=256, samples=1_000, seeds=10)


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


# Of each look: mean cosine, share of negative ones, the game's estimate, exact W1.
LOOKED_AT = ("cosine", "negative", "estimate", "w1")


def build(name, rate, seed, settings):
    model = wk.WGAN(**plane.mlps(settings.units, 3, 2, seed), clip_value=CLIP, seed=seed)
    generator_optimizer = rmsprop(GENERATOR_RATE)
    model.compile(generator_optimizer, OPTIMIZERS[name](rate), jit_compile=True, steps_per_execution=settings.interval)
    return model


def watch(model, seed, settings):
    """(looks, 4): a row a look, its columns `LOOKED_AT`."""
    points = toys.sample(SET, settings.interval * model.n_critic * settings.batch_size, seed)
    real = toys.split_points(SET, "test")[: settings.samples]
    rows = []
    for _ in range(settings.iterations // settings.interval):
        logs = model.fit(points, batch_size=settings.batch_size, verbose=0).history
        w1 = metrics.exact_wasserstein(real, model.sample(settings.samples, seed=0))
        rows.append((*model.critic_optimizer.read(), logs["wasserstein_estimate"][0], w1))
    return rows


def train(seeds, settings):
    """A record a seed: {optimizer: a table for each learning rate}; the rate is part of what `restart` sets."""
    models = {name: build(name, RATES[0], 0, settings) for name in OPTIMIZERS}
    for seed in seeds:
        record = {name: [] for name in OPTIMIZERS}
        for name, model in models.items():
            for rate in RATES:
                restart(model, build(name, rate, seed, settings))
                record[name].append(watch(model, seed, settings))
        yield record


def later(values):
    """Means over the second half of the looks, the last axis."""
    return values[..., values.shape[-1] // 2 :].mean(axis=-1)


def within_runs(negative, w1):
    """Of each run's looks, the rank correlation of the share of negative cosines and the rise of W1 since the look
    before; 0 where no share differs from another: (seeds, rates).
    """
    pairs = zip(negative.reshape(-1, negative.shape[-1])[:, 1:], np.diff(w1.reshape(-1, w1.shape[-1])), strict=True)
    found = [0.0 if np.ptp(shares) == 0 else spearmanr(shares, rise).statistic for shares, rise in pairs]
    return np.reshape(found, negative.shape[:-1])


def conclude(records, settings):
    # {what: {optimizer: (seeds, rates, looks)}}
    tables = {name: np.array([record[name] for record in records]) for name in OPTIMIZERS}
    runs = {what: {name: table[..., i] for name, table in tables.items()} for i, what in enumerate(LOOKED_AT)}
    numbers = {
        "runs": [
            {
                "optimizer": name,
                "learning_rate": rate,
                "smallest_mean_cosine": float(runs["cosine"][name][:, i].min()),
                "share_of_negative_cosines": runs["negative"][name][:, i].mean(axis=-1).tolist(),
                "w1_second_half": later(runs["w1"][name][:, i]).tolist(),
            }
            for name in OPTIMIZERS
            for i, rate in enumerate(RATES)
        ]
    }
    return report.Result(claims(runs), {"cosine": draw(runs, settings)}, [], numbers)


def run(settings):
    return repeats.until_decided("momentum", train, conclude, settings)


def claims(runs):
    """Of {what: {optimizer: (seeds, rates, looks)}}."""
    negative = {name: each.mean(axis=(1, 2)) for name, each in runs["negative"].items()}
    w1 = {name: later(each) for name, each in runs["w1"].items()}  # (seeds, rates)
    ratios = w1["Adam, beta1 0.9"] / w1["RMSprop"]
    together = within_runs(runs["negative"]["Adam, beta1 0.9"], runs["w1"]["Adam, beta1 0.9"])
    slow, high = RATES[-2:]
    each = ", ".join(f"{ratio:.2f} at {rate:g}" for ratio, rate in zip(np.median(ratios, axis=0), RATES, strict=True))
    return [
        report.Claim(
            OBSERVATION,
            "Without momentum (RMSprop, beta1 = 0) the cosine is never negative",
            "share of critic updates with a negative cosine, largest over seeds and optimizers",
            max(negative["RMSprop"].max(), negative["Adam, beta1 0"].max()),
            at_most=0,
            note="By definition: such a step has the gradient's sign in every weight. A check of the measure.",
        ),
        report.Claim(
            OBSERVATION,
            "With beta1 = 0.9 the cosine turns negative",
            "share of critic updates with a negative cosine, mean of the learning rates; median over seeds",
            estimates.median(negative["Adam, beta1 0.9"]),
            at_least=0.01,
            note=f"beta1 = 0.5: {np.median(negative['Adam, beta1 0.5']):.4f}.",
        ),
        report.Claim(
            OBSERVATION,
            "The cosine turns negative as the samples get worse",
            "rank correlation, over the looks of a run with beta1 = 0.9, of the share of negative cosines and the rise "
            "of W1 since the look before, median of the learning rates; median over seeds",
            estimates.median(np.median(together, axis=1)),
            at_least=0.5,
            note=f"Of single runs {together.min():.2f} to {together.max():.2f}.",
        ),
        report.Claim(
            OBSERVATION,
            "WGAN trains worse with beta1 = 0.9 than with RMSprop",
            "ratio of exact W1, second half of training, geometric mean of the learning rates; median over seeds",
            estimates.median(np.exp(np.log(ratios).mean(axis=1))),
            at_least=1.1,
            note=f"Medians over seeds: {each}.",
        ),
        report.Claim(
            OBSERVATION,
            f"WGAN trains worse at a high learning rate ({high:g} instead of {slow:g}), also with RMSprop",
            "ratio of exact W1, second half of training; median over seeds",
            estimates.median(w1["RMSprop"][:, -1] / w1["RMSprop"][:, -2]),
            at_least=1.1,
        ),
    ]


def draw(runs, settings):
    figure = Figure(figsize=(11, 9), layout="constrained")
    panels = figure.subplots(4, len(RATES), sharex=True, sharey="row")
    looks = settings.interval * np.arange(1, settings.iterations // settings.interval + 1)
    titles = ("cosine of step and descent", "share of negative cosines", "Wasserstein estimate", "exact W1")
    for row, what, title in zip(panels, LOOKED_AT, titles, strict=True):
        row[0].set_ylabel(title)
        for name, values in runs[what].items():
            for axes, curve in zip(row, values.mean(axis=0), strict=True):
                axes.plot(looks, curve, label=name)
    for axes, rate in zip(panels[0], RATES, strict=True):
        axes.set_title(f"critic's learning rate {rate:g}")
        axes.axhline(0, color="black", linewidth=0.6)
    for axes in panels[-1]:
        axes.set_xlabel("generator iteration")
    panels[0, 0].legend(fontsize="x-small")
    return figure


if __name__ == "__main__":
    report.main("momentum", __doc__, run, REDUCED, FULL)
