"""Toy distributions in the plane, with the scales of the improved-WGAN code.

Source: Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", and its published code `gan_toy.py`.
There each set is divided by its approximate standard deviation (1.414, 2.828, 7.5); all values here are after
that division. That code draws the 25 modes in equal numbers; here every point picks its mode at random.
"""

import numpy as np

SIZES = {"train": 100_000, "test": 10_000}  # points in each split
_SEEDS = {"train": 0, "test": 1}  # a split holds the same points on every call and machine

_ANGLES = np.arange(8) * np.pi / 4
_GRID = np.arange(-2, 3)

# name -> (centres, std, divisor); centres and std before the division
MIXTURES = {
    "eight_gaussians": (2.0 * np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1), 0.02, 1.414),
    "twenty_five_gaussians": (2.0 * np.stack(np.meshgrid(_GRID, _GRID), axis=-1).reshape(25, 2), 0.05, 2.828),
}
NAMES = (*MIXTURES, "swiss_roll")


def modes(name):
    """The modes of a mixture, for counting which of them a generator covers.

    Returns `(centres, std)` in the units of `sample`: centres float64 (8, 2) or (25, 2), and the standard
    deviation of each coordinate around its centre. ValueError for any other name.
    """
    if name not in MIXTURES:
        raise ValueError(f"{name!r} has no modes; the mixtures are {', '.join(MIXTURES)}")
    centres, std, divisor = MIXTURES[name]
    return centres / divisor, std / divisor


def sample(name, n, seed=None):
    """Draw `n` fresh points: float32 (n, 2), roughly within [-2, 2].

    `seed` is anything `numpy.random.default_rng` takes; None draws different points each time.
    """
    if name not in NAMES:
        raise ValueError(f"unknown toy distribution {name!r}; the names are {', '.join(NAMES)}")
    rng = np.random.default_rng(seed)
    if name == "swiss_roll":
        return _swiss_roll(n, rng)
    centres, std = modes(name)
    points = centres[rng.integers(len(centres), size=n)] + std * rng.standard_normal((n, 2))
    return points.astype("float32")


def split_points(name, split):
    """The fixed points of a split: float32 (100000, 2) for "train", (10000, 2) for "test"."""
    return sample(name, SIZES[split], _SEEDS[split])


def _swiss_roll(n, rng):
    # Columns 0 and 2 of scikit-learn's make_swiss_roll(noise=0.25), divided by 7.5.
    t = 1.5 * np.pi * (1 + 2 * rng.random(n))
    points = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) + 0.25 * rng.standard_normal((n, 2))
    return (points / 7.5).astype("float32")
