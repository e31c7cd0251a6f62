"""What a view is: the form in which the critic is shown images, real and generated ones alike."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from wgan_keras._registry import Registry, subclass_of
from wgan_keras._types import Tensor
from wgan_keras.parts import Part, as_dataclass


@dataclasses.dataclass
class View(Part):
    """Base of views. Subclass it as a dataclass, write `__call__`, and register it by `@wgan_keras.register_view`.

    A view is applied to every batch before the critic sees it, in the critic's update and in the generator's, where
    the gradient passes through it. Several are applied in the order in which a game names them.

    Attributes:
        joins: how many images become one of what the critic is shown; a batch must be a multiple.
    """

    joins: ClassVar[int] = 1

    def __call__(self, images: Tensor, seed: Any, iteration: Tensor) -> Tensor:
        """The images (m, *shape) as the critic is shown them.

        Args:
            images: real or generated.
            seed: for `wgan_keras.random`.
            iteration: generator iterations so far, a scalar.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no __call__. Write __call__(self, images, seed, iteration), which returns the "
            "images as the critic is shown them."
        )

    def compute_output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of one of what the critic is shown, from that of an image."""
        return shape


def shown_by(view: View, images: Tensor, seed: Any, iteration: Tensor) -> Tensor:
    """What a view makes of images; ValueError of anything but images of the shape that it says."""
    made = view(images, seed, iteration)
    m = images.shape[0]
    batch = None if m is None or m % view.joins else m // view.joins  # of a validation's last ones any number
    expected = (batch, *view.compute_output_shape(tuple(images.shape[1:])))
    shape = None if not hasattr(made, "shape") else tuple(made.shape)
    if shape is None or len(shape) != len(expected) or not all(map(_may_be, shape, expected)):
        what = "nothing" if made is None else f"a {type(made).__name__}" if shape is None else f"the shape {shape}"
        raise ValueError(
            f"{type(view).__name__}.__call__ returned {what} for images of shape {tuple(images.shape)}; expected the "
            f"images as the critic is shown them, of shape {expected} by its joins and compute_output_shape."
        )
    return made


def joined_by(views: Iterable[Any]) -> int:
    """How many images become one of what the critic is shown through all `views`."""
    return math.prod(view.joins for view in views)


def shape_shown_by(views: Iterable[Any], shape: Sequence[int | None]) -> tuple[int | None, ...]:
    """The shape of one of what the critic is shown through all `views`, from that of an image."""
    for view in views:
        shape = view.compute_output_shape(tuple(shape))
    return tuple(shape)


def _may_be(size: int | None, other: int | None) -> bool:
    return None in (size, other) or size == other


VIEWS: Registry[type[View]] = Registry(
    "view",
    "register_view",
    subclass_of(View, "view", "wgan_keras.views.View", then=as_dataclass),
    home="wgan_keras.views",
)


def register_view(name: str) -> Callable[[type[View]], type[View]]:
    """A decorator that registers a `View` under the name that recipes and the command know it by.

    Raises:
        ValueError: another view has the name.
        TypeError: the class is no `View`, or is no dataclass.
    """
    return VIEWS.register(name)
