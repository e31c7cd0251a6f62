"""What weight clipping does to a critic, beside the gradient penalty: its weights, its gradients, its values.

    python -m benchmarks.papers.clipping

Sources: 003_f7056bb199302867.txt, week 5, question 1, which explains Figure 1 of the improved-WGAN paper;
002_0e7c56bf96b42f19.txt, Algorithm of WGAN. All critics are trained against fixed fake points: the real ones plus
noise of standard deviation 1, as in that paper's toy code.

- values: on three toy sets, a critic under c = 0.01, whose weights start inside of the box, and one under the penalty;
- weights: of the two on the Swiss roll;
- gradients: at every layer of 12-layer critics on the Swiss roll, for c = 0.001, 0.01, 0.1 and for the penalty. Their
  weights start as he_normal ones, most of which the first clipping puts to the edge of the box: from inside of a small
  box no gradient would reach the first of 12 layers at all.

Reduced: 3,000 updates (1,000 of the deep critics), layers of 64 units, under two minutes on one core; `--full`:
20,000 updates, 512 units.
"""

import functools
from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import plane, report
from wgan_keras import backend, divergences
from wgan_keras.data import toys
from wgan_keras.layers import LeakyReLU
from wgan_keras.models.wgan import rmsprop

QUESTION_1 = "003_f7056bb199302867.txt, week 5, question 1"
CLIP_VALUES = (0.001, 0.01, 0.1)
CLIP = 0.01  # the paper's
GRID = np.stack(np.meshgrid(*[np.linspace(-2, 2, 80)] * 2), axis=-1).astype("float32")  # (80, 80, 2)


class Settings(NamedTuple):
    updates: int
    deep_updates: int  # of the critics whose gradients are measured
    units: int
    depth: int  # their hidden layers
    batch_size: int
    points: int


REDUCED = Settings(updates=3_000, deep_updates=1_000, units=64, depth=12, batch_size=256, points=20_000)
FULL = Settings(updates=20_000, deep_updates=20_000, units=512, depth=12, batch_size=256, points=100_000)


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


def _start(name, depth, updates, settings):
    """A new critic, and the other arguments of `plane.train_critic` that all critics share."""
    real, fake = pair(name, settings.points, seed=0)
    keras.utils.set_random_seed(0)
    critic = wk.networks.mlp_critic((2,), units=settings.units, depth=depth)
    return critic, {"real": real, "fake": fake, "updates": updates, "batch_size": settings.batch_size, "seed": 0}


def start_shallow(name, clip, settings):
    """As `_start` has it, of three hidden layers; inside of the box where there is one."""
    critic, arguments = _start(name, 3, settings.updates, settings)
    if clip is not None:
        put_inside_the_box(critic, clip)
    return critic, arguments


def train_shallow(settings):
    """{(set, c or None for the penalty): critic} of three hidden layers."""
    critics = {}
    for name in toys.NAMES:
        critics[name, CLIP] = train_clipped(*start_shallow(name, CLIP, settings), CLIP)
        critics[name, None] = train_penalized(*start_shallow(name, None, settings), 1e-3)
    return critics


def train_deep(settings):
    """{c or None for the penalty: critic} of `depth` hidden layers on the Swiss roll."""
    start = functools.partial(_start, "swiss_roll", settings.depth, settings.deep_updates, settings)
    critics = {clip: train_clipped(*start(), clip) for clip in CLIP_VALUES}
    return {**critics, None: train_penalized(*start(), 1e-4)}


def weights(critic):
    return np.concatenate([w.ravel() for w in critic.get_weights()])


def share_at_the_edge(before, after):
    """The share of weights whose size is within 1% of the largest: (of all, of those that training has moved).

    The weights of a unit that no point activates have no gradient and stay where they were.
    """
    edge = np.abs(after) >= 0.99 * np.abs(after).max()
    return float(edge.mean()), float(edge[before != after].mean())


def gradient_norms(critic, points):
    """Mean norms of the gradient of f with respect to each hidden layer's output, from the first to the last."""
    norms = []
    x = keras.ops.convert_to_tensor(points)
    layers = critic.layers[1:]  # the first is the input
    for i, layer in enumerate(layers):
        x = layer(x)
        if isinstance(layer, LeakyReLU):
            rest = keras.Sequential(layers[i + 1 :])
            gradients = np.asarray(backend.input_gradient(rest, x), float)
            norms.append(float(np.mean(np.linalg.norm(gradients, axis=1))))
    return norms


def orders_gained(norms):
    """Powers of ten by which the gradient grows on its way back from the last hidden layer to the first."""
    return float(np.log10(norms[0] / norms[-1]))


def share_of_distance(critic, name, n=2_000):
    """(E f(real) - E f(fake)) / (K W_1) on fresh points: at most 1 by duality for K the critic's Lipschitz constant, 1
    for one that is optimal among the K-Lipschitz functions. K here is the largest gradient norm seen, a lower bound.
    """
    real, fake = pair(name, n, seed=1)
    seen = np.concatenate([real, fake, GRID.reshape(-1, 2)])
    gradients = np.asarray(backend.input_gradient(critic, keras.ops.convert_to_tensor(seen)))
    steepest = float(np.linalg.norm(gradients, axis=1).max())
    estimate = float(np.mean(critic(real)) - np.mean(critic(fake)))
    return estimate / (steepest * divergences.wasserstein(real, fake))


def run(settings):
    shallow, deep = train_shallow(settings), train_deep(settings)
    attained = {key: share_of_distance(critic, key[0]) for key, critic in shallow.items()}
    edges = {
        clip: share_at_the_edge(
            weights(start_shallow("swiss_roll", clip, settings)[0]), weights(shallow["swiss_roll", clip])
        )
        for clip in (CLIP, None)
    }
    points = pair("swiss_roll", 1_000, seed=1)[0]
    norms = {clip: gradient_norms(critic, points) for clip, critic in deep.items()}
    gained = {clip: orders_gained(each) for clip, each in norms.items()}
    figures = {
        "values": draw_values(shallow),
        "weights": draw_weights(shallow),
        "gradients": draw_gradients(norms),
    }
    numbers = {
        "share_of_wasserstein": [
            {"set": name, "critic": label(clip), "share": share} for (name, clip), share in attained.items()
        ],
        "gradient_norms": {label(clip): each for clip, each in norms.items()},
    }
    return report.Result(claims(edges, gained, attained), figures, [0, 1], numbers)


def claims(edges, gained, attained):
    measure = "powers of ten that the gradient gains from the last hidden layer to the first"
    ratios = [attained[name, None] / attained[name, CLIP] for name in toys.NAMES]
    return [
        report.Claim(
            QUESTION_1,
            "Clipping pushes the weights to the clip value",
            f"share of the weights that training moved, within 1% of c = {CLIP}; they start inside of the box",
            edges[CLIP][1],
            at_least=0.5,
            note=f"Of all weights {edges[CLIP][0]:.2f}; at first 0.003, as a normal distribution has beyond 3 standard "
            "deviations. Many of the others are of units that no point activates any more.",
        ),
        report.Claim(
            QUESTION_1,
            "Under the gradient penalty they do not pile up",
            "share of the weights that training moved, within 1% of the largest",
            edges[None][1],
            at_most=0.01,
        ),
        report.Claim(
            QUESTION_1,
            f"Gradients vanish for a small clip value, c = {CLIP_VALUES[0]}",
            measure,
            gained[0.001],
            at_most=-1,
        ),
        report.Claim(
            QUESTION_1,
            f"Gradients explode for a large clip value, c = {CLIP_VALUES[2]}",
            measure,
            gained[0.1],
            at_least=1,
        ),
        report.Claim(
            QUESTION_1, "Gradients stay in size under the penalty", f"{measure}, or loses", abs(gained[None]), at_most=1
        ),
        report.Claim(
            "002_0e7c56bf96b42f19.txt, Algorithm of WGAN; Figure 1a of the improved-WGAN paper",
            "A clipped critic is too simple a function: it attains less of the Wasserstein distance for its slope",
            "smallest ratio, over the three toy sets, of the penalty critic's share to the clipped critic's",
            min(ratios),
            at_least=1,
            note="Ratios: " + ", ".join(f"{r:.2f} on {n}" for n, r in zip(toys.NAMES, ratios, strict=True)) + ".",
        ),
    ]


def label(clip):
    return "gradient penalty" if clip is None else f"c = {clip:g}"


def draw_values(critics):
    figure = Figure(figsize=(9, 6), layout="constrained")
    for axes, (name, clip) in zip(figure.subplots(2, 3).T.flat, critics, strict=True):
        values = np.asarray(critics[name, clip](GRID.reshape(-1, 2))).reshape(GRID.shape[:2])
        axes.contour(GRID[..., 0], GRID[..., 1], values, levels=14, linewidths=0.8)
        axes.scatter(*toys.sample(name, 500, 1).T, s=2, color="tab:orange")
        axes.set(title=f"{name.replace('_', ' ')}, {label(clip)}", aspect="equal")
        axes.title.set_fontsize("small")
    return figure


def draw_weights(critics):
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    for axes, clip in zip(figure.subplots(1, 2), (CLIP, None), strict=True):
        axes.hist(weights(critics["swiss_roll", clip]), bins=101)
        axes.set(title=f"Swiss roll, {label(clip)}", xlabel="weight", ylabel="weights", yscale="log")
        axes.locator_params(axis="x", nbins=5)
    return figure


def draw_gradients(norms):
    figure = Figure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    for clip, each in norms.items():
        axes.plot(range(1, len(each) + 1), each, marker=".", label=label(clip))
    axes.set(xlabel="hidden layer (1 is next to the points)", ylabel="gradient norm", yscale="log")
    axes.legend(fontsize="small")
    return figure


if __name__ == "__main__":
    report.main("clipping", __doc__, run, REDUCED, FULL)
