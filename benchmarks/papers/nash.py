"""Two players of x y: which ways of taking turns drift away from the equilibrium, stay around it or reach it.

    python -m benchmarks.papers.nash

x descends x y, y descends -x y, both with learning rate eta; the equilibrium is (0, 0). One step is, after Salimans et
al. 2016, arXiv 1606.03498, section 3, as told by Weng 2019, arXiv 1904.08994 ("Hard to achieve Nash equilibrium" and
its figure, eta = 0.1):

    simultaneous    both move from the same point: the radius grows by sqrt(1 + eta^2)
    alternating     y answers the x that has moved, as the games of this library do: x^2 + y^2 - eta x y stays
    extragradient   both move by the gradient at the point a simultaneous step would reach: the radius shrinks by
                    sqrt(1 - eta^2 + eta^4) (Korpelevich 1976)

The alternating game is also played by `wgan_keras.WGAN` itself: a generator that is one number and a critic that is
one slope, with plain gradient descent. It takes seconds.
"""

from typing import NamedTuple

import keras
import numpy as np
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import report, sources

SOURCE = f"{sources.BLOG}, Hard to achieve Nash equilibrium; {sources.IMPROVED}, section 3"
START = (1.0, 1.0)


class Settings(NamedTuple):
    learning_rate: float
    steps: int


REDUCED = FULL = Settings(learning_rate=0.1, steps=500)


def simultaneous(x, y, rate):
    return x - rate * y, y + rate * x


def alternating(x, y, rate):
    x = x - rate * y
    return x, y + rate * x


def extragradient(x, y, rate):
    x_ahead, y_ahead = simultaneous(x, y, rate)
    return x - rate * y_ahead, y + rate * x_ahead


def play(step, settings):
    """Points (steps + 1, 2) visited from `START`."""
    points = [START]
    for _ in range(settings.steps):
        points.append(step(*points[-1], settings.learning_rate))
    return np.array(points)


def play_by_the_library(settings):
    """The same points from a WGAN: x is the critic's slope, y the generator's shift, the data are at 0.

    E f(real) - E f(fake) is then -x y: the critic ascends it, the generator descends it.
    """
    generator = keras.Sequential([keras.Input((1,)), _Shift(START[1])])
    critic = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    critic.set_weights([np.full((1, 1), START[0])])
    game = wk.WGAN(generator, critic, n_critic=1, clip_value=1e3, seed=0)  # a box that is never reached
    game.compile(keras.optimizers.SGD(settings.learning_rate), keras.optimizers.SGD(settings.learning_rate))
    points = [START]
    for _ in range(settings.steps):
        game.train_on_batch(np.zeros((1, 1), "float32"))
        points.append((critic.get_weights()[0].item(), generator.get_weights()[0].item()))
    return np.array(points)


class _Shift(keras.layers.Layer):
    """Every latent to one learned number."""

    def __init__(self, start):
        super().__init__()
        self.shift = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(start))

    def call(self, latents):
        return 0 * latents + self.shift


def radius(points):
    return np.linalg.norm(points, axis=1)


def invariant(points, rate):
    """x^2 + y^2 - rate x y, which an alternating step leaves as it is."""
    x, y = points.T
    return x**2 + y**2 - rate * x * y


def largest_relative_error(values, expected):
    return float(np.max(np.abs(values / expected - 1)))


def run(settings):
    rate, steps = settings.learning_rate, np.arange(settings.steps + 1)
    paths = {each.__name__: play(each, settings) for each in (simultaneous, alternating, extragradient)}
    library = play_by_the_library(settings)
    start = np.hypot(*START)
    growth = start * (1 + rate**2) ** (steps / 2)
    shrinkage = start * (1 - rate**2 + rate**4) ** (steps / 2)
    level = invariant(np.array([START]), rate)
    claims = [
        report.Claim(
            SOURCE,
            "Simultaneous gradient steps move away from the equilibrium at every step",
            "smallest growth of the radius in one step",
            np.min(radius(paths["simultaneous"])[1:] / radius(paths["simultaneous"])[:-1]),
            at_least=1 + 0.4 * rate**2,
            note="The closed form of the growth is sqrt(1 + eta^2), about 1 + eta^2 / 2.",
        ),
        report.Claim(
            SOURCE,
            "The radius under simultaneous steps is |start| (1 + eta^2)^(t/2)",
            "largest relative error",
            largest_relative_error(radius(paths["simultaneous"]), growth),
            at_most=1e-10,
        ),
        report.Claim(
            SOURCE,
            "Alternating steps circle forever: x^2 + y^2 - eta x y stays",
            "largest relative change",
            largest_relative_error(invariant(paths["alternating"], rate), level),
            at_most=1e-10,
        ),
        report.Claim(
            f"{sources.WGAN}, Algorithm 1 (alternating updates)",
            "wgan_keras.WGAN with plain gradient descent plays the alternating game",
            "largest distance between its points (float32) and the alternating ones",
            np.max(radius(library - paths["alternating"])),
            at_most=1e-3,
        ),
        report.Claim(
            SOURCE,
            "Extragradient steps reach the equilibrium: radius |start| (1 - eta^2 + eta^4)^(t/2)",
            "largest relative error",
            largest_relative_error(radius(paths["extragradient"]), shrinkage),
            at_most=1e-10,
        ),
    ]
    numbers = {f"final_radius_{name}": float(radius(path)[-1]) for name, path in paths.items()}
    return report.Result(claims, {"radius": draw(paths, growth, shrinkage)}, [0], numbers)


def draw(paths, growth, shrinkage):
    figure = Figure(figsize=(9, 4), layout="constrained")
    plane, time = figure.subplots(1, 2)
    shown = 200  # steps; later ones leave the picture
    for name, path in paths.items():
        plane.plot(*path[:shown].T, linewidth=1, label=name)
        time.plot(radius(path), label=name)
    plane.plot(0, 0, "k+")
    plane.set(title=f"the first {shown} steps", xlabel="x", ylabel="y", aspect="equal")
    for each in (growth, shrinkage):
        time.plot(each, "k:", linewidth=1, label="closed form" if each is growth else None)
    time.set(title="distance from the equilibrium", xlabel="step", ylabel="radius", yscale="log")
    time.legend(fontsize="small")
    return figure


if __name__ == "__main__":
    report.main("nash", __doc__, run, REDUCED, FULL)
