"""Toy distributions in the plane, with the scales of the improved-WGAN code.

Source: Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", and its published code `gan_toy.py`.
There each set is divided by its approximate standard deviation (1.414, 2.828, 7.5); all values here are after
that division. That code draws the 25 modes in equal numbers; here every point picks its mode at random.
"""

from typing import ClassVar

import numpy as np

from wgan_keras.data.dataset import DATASETS, DataSet, Location, register_data

SIZES = {"train": 100_000, "test": 10_000}  # points in each split
_SEEDS = {"train": 0, "test": 1}

_ANGLES = np.arange(8) * np.pi / 4
_GRID = np.arange(-2, 3)


class Toy(DataSet):
    """A distribution in the plane, the same points in a split on every call and machine."""

    source = "drawn on the spot by wgan_keras.data.toys"
    license = "none needed"

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """`n` fresh points, float64 (n, 2)."""
        raise NotImplementedError

    def read(self, location: Location, split: str, image_size: int | None = None) -> np.ndarray:
        return self.sample(SIZES[split], np.random.default_rng(_SEEDS[split])).astype("float32")


class Mixture(Toy):
    """Equal Gaussians: `centers` (modes, 2) and `std` before the division by `divisor`."""

    centers: ClassVar[np.ndarray]
    std: ClassVar[float]
    divisor: ClassVar[float]

    def modes(self) -> tuple[np.ndarray, float]:
        return self.centers / self.divisor, self.std / self.divisor

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        centers, std = self.modes()
        return centers[rng.integers(len(centers), size=n)] + std * rng.standard_normal((n, 2))


@register_data("eight_gaussians")
class EightGaussians(Mixture):
    """Points in the plane: eight Gaussians on a ring of radius 1.414."""

    centers = 2.0 * np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
    std = 0.02
    divisor = 1.414


@register_data("twenty_five_gaussians")
class TwentyFiveGaussians(Mixture):
    """Points in the plane: 25 Gaussians on a square grid of spacing 0.707."""

    centers = 2.0 * np.stack(np.meshgrid(_GRID, _GRID), axis=-1).reshape(25, 2)
    std = 0.05
    divisor = 2.828


@register_data("swiss_roll")
class SwissRoll(Toy):
    """Points in the plane: a spiral.

    Columns 0 and 2 of scikit-learn's `make_swiss_roll(noise=0.25)`, divided by 7.5.
    """

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        t = 1.5 * np.pi * (1 + 2 * rng.random(n))
        points = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) + 0.25 * rng.standard_normal((n, 2))
        return points / 7.5


NAMES = tuple(name for name, each in DATASETS.items() if issubclass(each, Toy))


def modes(name: str) -> tuple[np.ndarray, float]:
    """The modes of a mixture, for counting which of them a generator covers.

    Args:
        name: of a registered data set.

    Returns:
        `(centers, std)` in the units of `sample`: centers float64 (8, 2) or (25, 2), and the standard deviation of each
        coordinate around its center.

    Raises:
        ValueError: data that are no mixture.
    """
    found = DATASETS[name]().modes() if name in DATASETS else None
    if found is None:
        raise ValueError(f"{name!r} has no modes; the mixtures are {', '.join(mixtures())}")
    return found


def mixtures() -> list[str]:
    """The names of all data sets that have modes."""
    return [name for name, each in DATASETS.items() if each().modes() is not None]


def sample(name: str, n: int, seed: int | None = None) -> np.ndarray:
    """Fresh points of a toy distribution.

    Args:
        n: how many.
        seed: anything `numpy.random.default_rng` takes; None gives different points each time.

    Returns:
        float32 (n, 2), roughly within [-2, 2].
    """
    toy = DATASETS[name]() if name in NAMES else None
    if not isinstance(toy, Toy):
        raise ValueError(f"unknown toy distribution {name!r}; the names are {', '.join(NAMES)}")
    return toy.sample(n, np.random.default_rng(seed)).astype("float32")


def split_points(name: str, split: str) -> np.ndarray:
    """The fixed points of a split: float32 (100000, 2) for "train", (10000, 2) for "test"."""
    return DATASETS[name]().read(Location("toy", None), split)
