"""What a view is: the form in which the critic is shown images, real and generated ones alike."""

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar

from wgan_keras._registry import Registry, subclass_of
from wgan_keras._types import Tensor
from wgan_keras.parts import Part


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


VIEWS: Registry[type[View]] = Registry(
    "view", "register_view", subclass_of(View, "view", "wgan_keras.views.View"), home="wgan_keras.views"
)


def register_view(name: str) -> Callable[[type[View]], type[View]]:
    """A decorator that registers a `View` under the name that recipes and the command know it by.

    Raises:
        ValueError: another view has the name.
        TypeError: the class is no `View`.
    """
    return VIEWS.register(name)
