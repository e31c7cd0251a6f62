"""What an objective is: what the generator pursues instead of the game's own loss."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from wgan_keras._registry import Registry, subclass_of
from wgan_keras._types import Tensor
from wgan_keras.parts import Part, as_dataclass


@dataclasses.dataclass
class Objective(Part):
    """Base of objectives. Subclass it as a dataclass, write `__call__`, and register it.

    Attributes:
        log_names: of the scalars that it logs.
        panels: pictures of a run's logs: {title: names of the curves in one panel}.
        unrolls_critic: whether it updates the critic, within `game.tentatively()`, and differentiates through that.
            Critics with a wrong second derivative are then refused, and a validation, which learns nothing, has the
            game's own loss in its place.
    """

    log_names: ClassVar[tuple[str, ...]] = ()
    panels: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    unrolls_critic: ClassVar[bool] = False

    def check(self, game: Any) -> None:
        """Refuses, by ValueError, a game whose networks the objective cannot use.

        Called when a game gets it, and when an argument of it is set later.
        """

    def __call__(
        self, game: Any, critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, seed: Any
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """(the scalar that the generator minimizes, the scalars to log); arguments as of a game's `generator_loss`."""
        raise NotImplementedError(
            f"{type(self).__name__} has no __call__. Write __call__(self, game, critic, real, fake, seed), which "
            "returns a scalar and a dict of what it logs: return loss, {}."
        )


OBJECTIVES: Registry[type[Objective]] = Registry(
    "objective",
    "register_objective",
    subclass_of(Objective, "objective", "wgan_keras.objectives.Objective", then=as_dataclass),
    home="wgan_keras.objectives",
)


def register_objective(name: str) -> Callable[[type[Objective]], type[Objective]]:
    """A decorator that registers an `Objective` under the name that recipes and the command know it by.

    Raises:
        ValueError: another objective has the name.
        TypeError: the class is no `Objective`, or is no dataclass.
    """
    return OBJECTIVES.register(name)
