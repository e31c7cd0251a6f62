"""The ring and the grid of Gaussians in PacGAN's set-up (Lin et al., 2018, arXiv 1712.04086, section 4.1).

Adam at 1e-4 with beta_1 = 0.8, minibatches of 100, 400,000 iterations between networks of 400 and 200 units a layer.
Reduced: a quarter of the units, a twentieth of the iterations, four times the rate.
"""

from typing import NamedTuple

import numpy as np

from benchmarks.papers.collapse.techniques import TECHNIQUES, optimizers
from wgan_keras import metrics
from wgan_keras.data import toys

SETS = {"ring": "eight_gaussians", "grid": "twenty_five_gaussians"}
BATCH = 100
SAMPLES = 2_500
AT_ONCE = 1_000  # iterations whose points are drawn together
EXECUTION = 100  # iterations between two returns to Python; divides AT_ONCE


class Settings(NamedTuple):
    generator_units: int
    critic_units: int
    learning_rate: float
    iterations: int


REDUCED = Settings(100, 50, 4e-4, 20_000)
FULL = Settings(400, 200, 1e-4, 400_000)


def run(name, technique, seed, settings):
    """The scores of one training on a set."""
    game = TECHNIQUES[technique](settings, seed)
    game.compile(*optimizers(technique, settings.learning_rate), jit_compile=True, steps_per_execution=EXECUTION)
    rng = np.random.default_rng(seed)
    for _ in range(settings.iterations // AT_ONCE):
        points = toys.sample(SETS[name], AT_ONCE * BATCH * game.n_critic, int(rng.integers(2**31)))
        game.fit(points, batch_size=BATCH, shuffle=False, verbose=0)
    return score(game.sample(SAMPLES, seed=seed), *toys.modes(SETS[name]))


def score(samples, centers, std):
    """Modes by PacGAN's rule and by ours, the share of high-quality samples, KL(samples' modes || equal shares).

    A sample is of high quality within 3 standard deviations of a mode. PacGAN counts a mode with one such sample,
    `metrics.mode_coverage` with 1% of those expected. The KL is of the nearest modes of all samples, in nats.
    """
    coverage = metrics.ModeCoverage(centers, std)
    coverage.update_state(samples)
    found = coverage.result()
    return {
        "modes_by_one": int(np.count_nonzero(coverage.owned_near)),
        "modes_by_share": found.covered,
        "high_quality": round(found.high_quality, 4),
        "reverse_kl": round(found.kl_to_uniform, 4),
    }
