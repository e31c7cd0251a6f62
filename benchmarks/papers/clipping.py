"""What weight clipping does to a critic, beside the gradient penalty: its weights, its gradients, its values.

    python -m benchmarks.papers.clipping

Source: the WGAN-GP paper, arXiv 1704.00028, section 3 and Figure 1. All critics are trained against fixed fake points:
the real ones plus noise of standard deviation 1, as in that paper's toy code.

- values: on three toy sets, a critic under c = 0.01, whose weights start inside of the box, and one under the penalty;
- weights: of the two on the Swiss roll;
- gradients: at every layer of 12-layer critics on the Swiss roll, for c = 0.001, 0.01, 0.1 and for the penalty. Their
  weights start as he_normal ones, most of which the first clipping puts to the edge of the box: from inside of a small
  box no gradient would reach the first of 12 layers at all.

The paper says that a clipped critic is too simple and ignores higher moments of the data. So each critic's values are
fitted by quadratic polynomials, which see no moment beyond the second: what they leave unexplained is its complexity.
Reduced: 3,000 updates (1,000 of the deep critics), layers of 64 units, two minutes a seed on one core; `--full`: 20,000
updates, 512 units.
"""

import functools
from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, plane, repeats, report, sources
from benchmarks.papers.critic_numbers import complexity, gradient_norms, orders_gained, share_at_the_edge, weights
from wgan_keras.data import toys
from wgan_keras.models.wgan import rmsprop

CAPACITY = f"{sources.WGAN_GP}, section 3.1, Figure 1a"
GRADIENTS = f"{sources.WGAN_GP}, section 3.2, Figure 1b"
FRESH = 1_000  # added to a training's seed for that of fresh points
CLIP_VALUES = (0.001, 0.01, 0.1)
CLIP = 0.01  # the paper's
GRID = np.stack(np.meshgrid(*[np.linspace(-2, 2, 80)] * 2), axis=-1).astype("float32")  # (80, 80, 2)


class Settings(NamedTuple):
    seeds: int  # at most
    updates: int
    deep_updates: int  # of the critics whose gradients are measured
    units: int
    depth: int  # their hidden layers
    batch_size: int
    points: int


REDUCED = Settings(seeds=10, updates=3_000, deep_updates=1_000, units=64, depth=12, batch_size=256, points=20_000)
FULL = Settings(seeds=10, updates=20_000, deep_updates=20_000, units=512, depth=12, batch_size=256, points=100_000)


def pair(name, n, seed):
    """(real, fake), float32 (n, 2) each; fake is other real points plus noise."""
    random = np.random.default_rng(seed)
    noise = random.standard_normal((n, 2)).astype("float32")
    return toys.sample(name, n, random), toys.sample(name, n, random) + noise


def put_inside_the_box(critic, clip_value):
    """Kernels get the standard deviation c / 3: of a critic's first weights nearly none is at the edge."""
    for layer in critic.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.kernel.assign(layer.kernel * (clip_value / 3 / float(keras.ops.std(layer.kernel))))


def train_clipped(critic, arguments, clip_value):
    optimizer = rmsprop(clip_value / 50)  # 100 updates cross the box
    plane.train_critic(wk.WGAN, **arguments, critic=critic, optimizer=optimizer, clip_value=clip_value)
    return critic


def train_penalized(critic, arguments, learning_rate):
    optimizer = keras.optimizers.Adam(learning_rate, 0.5, 0.9)
    plane.train_critic(wk.WGANGP, **arguments, critic=critic, optimizer=optimizer)
    return critic


def _start(name, depth, updates, seed, settings):
    """A new critic, and the other arguments of `plane.train_critic` that all critics share."""
    real, fake = pair(name, settings.points, seed)
    keras.utils.set_random_seed(seed)
    critic = wk.networks.mlp_critic((2,), units=settings.units, depth=depth)
    return critic, {"real": real, "fake": fake, "updates": updates, "batch_size": settings.batch_size, "seed": seed}


def start_shallow(name, clip, seed, settings):
    """As `_start` has it, of three hidden layers; inside of the box where there is one."""
    critic, arguments = _start(name, 3, settings.updates, seed, settings)
    if clip is not None:
        put_inside_the_box(critic, clip)
    return critic, arguments


def train_shallow(seed, settings):
    """{(set, c or None for the penalty): critic} of three hidden layers."""
    critics = {}
    for name in toys.NAMES:
        critics[name, CLIP] = train_clipped(*start_shallow(name, CLIP, seed, settings), CLIP)
        critics[name, None] = train_penalized(*start_shallow(name, None, seed, settings), 1e-3)
    return critics


def train_deep(seed, settings):
    """{c or None for the penalty: critic} of `depth` hidden layers on the Swiss roll."""
    start = functools.partial(_start, "swiss_roll", settings.depth, settings.deep_updates, seed, settings)
    critics = {clip: train_clipped(*start(), clip) for clip in CLIP_VALUES}
    return {**critics, None: train_penalized(*start(), 1e-4)}


def measure(seed, settings):
    """The record of one seed; what is drawn is of the first alone."""
    shallow, deep = train_shallow(seed, settings), train_deep(seed, settings)
    fresh = {name: np.concatenate(pair(name, 2_000, FRESH + seed)) for name in toys.NAMES}
    edges = {
        label(clip): share_at_the_edge(
            weights(start_shallow("swiss_roll", clip, seed, settings)[0]), weights(shallow["swiss_roll", clip])
        )
        for clip in (CLIP, None)
    }
    points = pair("swiss_roll", 1_000, FRESH + seed)[0]
    return {
        "edges": edges,
        "gradient_norms": {label(clip): gradient_norms(critic, points) for clip, critic in deep.items()},
        "complexity": {
            label(clip): {name: complexity(shallow[name, clip], fresh[name]) for name in toys.NAMES}
            for clip in (CLIP, None)
        },
        "shown": shown(shallow) if seed == 0 else None,
    }


def shown(shallow):
    """What is drawn of the critics of three layers: values on the grid, weights on the Swiss roll."""
    flat = GRID.reshape(-1, 2)
    return {
        "values": [
            {"set": name, "critic": label(clip), "values": np.asarray(critic(flat))[:, 0].tolist()}
            for (name, clip), critic in shallow.items()
        ],
        "weights": {label(clip): weights(shallow["swiss_roll", clip]).tolist() for clip in (CLIP, None)},
    }


def train(seeds, settings):
    return (measure(seed, settings) for seed in seeds)


def conclude(records, settings):
    drawn = records[0]["shown"]
    figures = {
        "values": draw_values(drawn["values"]),
        "weights": draw_weights(drawn["weights"]),
        "gradients": draw_gradients(records[0]["gradient_norms"]),
    }
    numbers = {name: [each[name] for each in records] for name in ("edges", "gradient_norms", "complexity")}
    return report.Result(claims(records), figures, [], numbers)


def run(settings):
    return repeats.until_decided("clipping", train, conclude, settings)


def claims(records):
    def moved_to_the_edge(clip):
        return estimates.median([each["edges"][label(clip)][1] for each in records])

    def gained(clip, size=float):
        return estimates.median([size(orders_gained(each["gradient_norms"][label(clip)])) for each in records])

    orders = "powers of ten that the gradient gains from the last hidden layer to the first; median over seeds"
    ratios = [
        [each["complexity"][label(CLIP)][name] / each["complexity"][label(None)][name] for name in toys.NAMES]
        for each in records
    ]
    of_sets = ", ".join(f"{r:.2f} on {name}" for r, name in zip(np.median(ratios, axis=0), toys.NAMES, strict=True))
    all_weights = np.median([each["edges"][label(CLIP)][0] for each in records])
    return [
        report.Claim(
            GRADIENTS,
            "Clipping pushes the weights to the clip value",
            f"share of the weights that training moved, within 1% of c = {CLIP}; they start inside of the box; median "
            "over seeds",
            moved_to_the_edge(CLIP),
            at_least=0.5,
            note=f"Of all weights {all_weights:.2f}; at first 0.003, as a normal distribution has beyond 3 standard "
            "deviations. Many of the others are of units that no point activates any more.",
        ),
        report.Claim(
            GRADIENTS,
            "Under the gradient penalty they do not pile up",
            "share of the weights that training moved, within 1% of the largest; median over seeds",
            moved_to_the_edge(None),
            at_most=0.01,
        ),
        report.Claim(
            GRADIENTS,
            f"Gradients vanish for a small clip value, c = {CLIP_VALUES[0]}",
            orders,
            gained(CLIP_VALUES[0]),
            at_most=-1,
        ),
        report.Claim(
            GRADIENTS,
            f"Gradients explode for a large clip value, c = {CLIP_VALUES[2]}",
            orders,
            gained(CLIP_VALUES[2]),
            at_least=1,
        ),
        report.Claim(
            GRADIENTS,
            "Gradients stay in size under the penalty",
            orders.replace("gains", "gains or loses"),
            gained(None, abs),
            at_most=1,
        ),
        report.Claim(
            CAPACITY,
            "A clipped critic is too simple a function: it ignores higher moments of the data",
            "share of the values' variance that no quadratic polynomial explains, clipped over penalty, largest of the "
            "three toy sets; median over seeds",
            estimates.median(np.max(ratios, axis=1)),
            at_most=1,
            note=f"Medians over seeds: {of_sets}.",
        ),
    ]


def label(clip):
    return "gradient penalty" if clip is None else f"c = {clip:g}"


def draw_values(critics):
    figure = Figure(figsize=(9, 6), layout="constrained")
    for axes, each in zip(figure.subplots(2, 3).T.flat, critics, strict=True):
        values = np.reshape(each["values"], GRID.shape[:2])
        axes.contour(GRID[..., 0], GRID[..., 1], values, levels=14, linewidths=0.8)
        axes.scatter(*toys.sample(each["set"], 500, 1).T, s=2, color="tab:orange")
        axes.set(title=f"{each['set'].replace('_', ' ')}, {each['critic']}", aspect="equal")
        axes.title.set_fontsize("small")
    return figure


def draw_weights(weights):
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    for axes, (name, values) in zip(figure.subplots(1, 2), weights.items(), strict=True):
        axes.hist(values, bins=101)
        axes.set(title=f"Swiss roll, {name}", xlabel="weight", ylabel="weights", yscale="log")
        axes.locator_params(axis="x", nbins=5)
    return figure


def draw_gradients(norms):
    figure = Figure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    for name, each in norms.items():
        axes.plot(range(1, len(each) + 1), each, marker=".", label=name)
    axes.set(xlabel="hidden layer (1 is next to the points)", ylabel="gradient norm", yscale="log")
    axes.legend(fontsize="small")
    return figure


if __name__ == "__main__":
    report.main("clipping", __doc__, run, REDUCED, FULL)
