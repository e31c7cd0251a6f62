"""The ring and the grid of Gaussians in PacGAN's set-up (Lin et al., 2018, arXiv 1712.04086, section 4.1).

Adam at 1e-4 with beta_1 = 0.8, minibatches of 100, 400,000 iterations between networks of 400 and 200 units a layer.
Reduced: a quarter of the units, a fiftieth of the iterations, four times the rate; three seeds of all techniques on
both sets are estimated at an hour and a half of one core. Longer: a twentieth of the iterations.

Tried with seed 0, 20,000 iterations: a GAN that begins with the published weights, N(0, 0.02^2), found as many modes of
the ring as with Glorot's, which are kept here. At a rate of 1e-3 it had 1% of its samples near the modes of the grid
after 8,000 iterations, at 4e-4 12% after 7,500.
"""

from typing import NamedTuple

import numpy as np

from benchmarks.papers.collapse import networks
from benchmarks.papers.collapse.games import minibatch
from benchmarks.papers.collapse.techniques import POINTS
from wgan_keras import metrics
from wgan_keras.data import toys

AT_ONCE = 1_000  # iterations whose points are drawn together
EXECUTION = 100  # iterations between two returns to Python; divides AT_ONCE


class Settings(NamedTuple):
    generator_units: int
    critic_units: int
    generator_rate: float
    critic_rate: float
    beta_1: float
    beta_2: float
    batch_size: int
    iterations: int


FULL = Settings(400, 200, 1e-4, 1e-4, 0.8, 0.999, batch_size=100, iterations=400_000)
REDUCED = FULL._replace(generator_units=100, critic_units=50, generator_rate=4e-4, critic_rate=4e-4, iterations=8_000)
SIZES = {"reduced": REDUCED, "longer": REDUCED._replace(iterations=20_000), "full": FULL}


class Points:
    """A mixture of `wgan_keras.data.toys` by its name there."""

    networks, techniques = networks, POINTS
    compile = {"jit_compile": True, "steps_per_execution": EXECUTION}
    seeds, samples = 10, 2_500
    published_of = "for the same points at another scale"

    def __init__(self, data):
        self.data = data

    def settings(self, size):
        return SIZES[size]

    @property
    def modes(self):
        return len(toys.modes(self.data)[0])

    def in_words(self, settings):
        return (
            f"{settings.iterations:,} of the published {FULL.iterations:,} iterations; {settings.generator_units} and "
            f"{settings.critic_units} of the published {FULL.generator_units} and {FULL.critic_units} units"
        )

    def fit(self, game, settings, seed):
        rng = np.random.default_rng(seed)
        m = minibatch(game, settings)
        for _ in range(settings.iterations // AT_ONCE):
            points = toys.sample(self.data, AT_ONCE * m * game.n_critic, int(rng.integers(2**31)))
            game.fit(points, batch_size=m, shuffle=False, verbose=0)

    def real(self, seed):
        return toys.sample(self.data, self.samples, seed)

    def score(self, samples):
        """Modes by PacGAN's rule and by ours, the share of high-quality samples, KL(samples' modes || equal shares).

        A sample is of high quality within 3 standard deviations of a mode. PacGAN counts a mode with one such sample,
        `metrics.mode_coverage` with 1% of those expected. The KL is of the nearest modes of all samples, in nats.
        """
        coverage = metrics.ModeCoverage(*toys.modes(self.data))
        coverage.update_state(samples)
        found = coverage.result()
        return {
            "modes_by_one": int(np.count_nonzero(coverage.owned_near)),
            "modes_by_share": found.covered,
            "high_quality": round(found.high_quality, 4),
            "reverse_kl": round(found.kl_to_uniform, 4),
        }
