"""What a penalty is: a term of the critic's or the generator's loss, beside the game's own."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from wgan_keras._registry import Registry, subclass_of
from wgan_keras._types import Tensor
from wgan_keras.parts import Part, as_dataclass


@dataclasses.dataclass
class Penalty(Part):
    """Base of penalties. Subclass it as a dataclass, write one or both terms, and register it:

        @wgan_keras.register_penalty("drift")
        @dataclasses.dataclass
        class Drift(wgan_keras.penalties.Penalty):
            weight: float = 1e-3
            log_names = ("drift",)

            def critic_term(self, critic, real, fake, seed):
                drift = ops.mean(ops.square(critic(real)))
                return self.weight * drift, {"drift": drift}

    Attributes:
        log_names: of the scalars that the terms log.
        panels: pictures of a run's logs: {title: names of the curves in one panel}.
        differentiates_critic: whether it takes the critic's gradient by each image: critics that tie the images of a
            batch together, or have a wrong second derivative, are then refused.
    """

    log_names: ClassVar[tuple[str, ...]] = ()
    panels: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    differentiates_critic: ClassVar[bool] = False

    def build(self, game: Any) -> None:
        """Makes what the penalty keeps from step to step, by `game.add_state`; called once, when a game gets it."""

    def critic_term(
        self, critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, seed: Any
    ) -> tuple[Tensor | float, dict[str, Tensor]]:
        """(a scalar that is added to the critic's loss, the scalars to log); arguments as of a game's `critic_loss`."""
        return 0.0, {}

    def generator_term(self) -> tuple[Tensor | float, dict[str, Tensor]]:
        """(a scalar that is added to the generator's loss, the scalars to log)."""
        return 0.0, {}

    def after_update(self, player: str) -> None:
        """Brings up to date what `build` made, when the "critic" or the "generator" has been updated."""


def _with_a_term(penalty: type[Penalty]) -> type[Penalty]:
    """The class; TypeError where it has no term of its own, and so would change nothing."""
    if penalty.critic_term is Penalty.critic_term and penalty.generator_term is Penalty.generator_term:
        raise TypeError(
            f"{penalty.__name__} has neither of a penalty's terms. Write critic_term(self, critic, real, fake, seed) "
            "or generator_term(self), which return a scalar and a dict of what they log: return loss, {}."
        )
    return as_dataclass(penalty)


PENALTIES: Registry[type[Penalty]] = Registry(
    "penalty",
    "register_penalty",
    subclass_of(Penalty, "penalty", "wgan_keras.penalties.Penalty", then=_with_a_term),
    home="wgan_keras.penalties",
)


def register_penalty(name: str) -> Callable[[type[Penalty]], type[Penalty]]:
    """A decorator that registers a `Penalty` under the name that recipes and the command know it by.

    Raises:
        ValueError: another penalty has the name.
        TypeError: the class is no `Penalty`, has neither term, or is no dataclass.
    """
    return PENALTIES.register(name)
