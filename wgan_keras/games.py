"""The registry of games. It knows none itself: `wgan_keras.models`, and a user's module, register theirs."""

from collections.abc import Callable
from typing import Any

import keras

from wgan_keras._registry import Registry
from wgan_keras._schema import defaults
from wgan_keras._serializable import serializable

_HOOKS = ("critic_loss", "generator_loss", "default_optimizers", "training_step")


def _check(name: str, game: type) -> type:
    lacking = [hook for hook in _HOOKS if not callable(getattr(game, hook, None))]
    if not (isinstance(game, type) and issubclass(game, keras.Model)) or lacking:
        lacks = f", without {', '.join(lacking)}" if lacking else ""
        raise TypeError(f"The game {name!r} is {game!r}{lacks}; expected a subclass of wgan_keras.AdversarialModel.")
    lost = _lost(game)
    if lost:
        raise TypeError(
            f"The game {name!r} takes no {', '.join(lost)}, which files and recipes give to every game. Let __init__ "
            "take **kwargs too, and pass them on: super().__init__(generator, critic, **kwargs)."
        )
    return serializable(game)


def _lost(game):
    """Arguments of the game's bases that its own __init__ leaves no way for."""
    bases = [
        each for each in game.__mro__ if issubclass(each, keras.Model) and not each.__module__.startswith("keras.")
    ]
    taken = defaults(game)
    return list(dict.fromkeys(name for base in bases for name in defaults(base) if name not in taken))


GAMES: Registry[Any] = Registry("game", "register_game", _check, home="wgan_keras.models")


def register_game(name: str) -> Callable[[type], type]:
    """A decorator that registers a subclass of `AdversarialModel`, for recipes, and for Keras, for `.keras` files.

    Args:
        name: as recipes spell it.

    Raises:
        ValueError: another game has the name.
        TypeError: the class is no game.
    """
    return GAMES.register(name)
