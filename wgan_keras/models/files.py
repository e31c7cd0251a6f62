"""Files of a game: `.keras`, weights, presets. Keras saves networks and optimizers under their attribute names."""

import itertools
import os
import pathlib
from typing import Any, Self

import keras

from wgan_keras import _exclusions, presets
from wgan_keras._types import MixedIntoModel, PathLike
from wgan_keras.files.saving import whole_file
from wgan_keras.models.read_only import random_states
from wgan_keras.optimizers import ROLES, check_configuration
from wgan_keras.presets.recipe import Recipe
from wgan_keras.presets.saving import refuse_what_is_no_preset

# What a game keeps and earlier versions did not, with the value that stands for not known.
_ADDED = {"average_steps": -1}
_EXCLUDED = "excluded_from_weight_decay"  # in the configuration, for the optimizers that were told of any


class Files(MixedIntoModel):
    """`save`, `save_weights` and presets for a `keras.Model` with two optimizers; mixed in before it."""

    generator_optimizer: keras.Optimizer
    critic_optimizer: keras.Optimizer
    _compile_arguments: dict[str, Any]

    def save(self, filepath: PathLike, overwrite: bool = True, **kwargs: Any) -> None:
        """Keras's `save`; a local `.keras` file whole or not at all.

        Raises:
            ValueError: an `.h5` file, in which Keras keeps one optimizer and no random state.
            TypeError: an optimizer or schedule that cannot be made again from its `get_config`.
            NotWrittenError: the folder cannot be written or the disk is full.
        """
        if str(filepath).endswith((".h5", ".hdf5")):
            raise ValueError(
                f"{filepath} would be a file of Keras's old format, from which no game can be loaded. Save the model "
                "as a .keras file, model.save('gan.keras'), or weights alone by save_weights('gan.weights.h5')."
            )
        self._save_whole(super().save, filepath, overwrite, **kwargs)

    def save_weights(self, filepath: PathLike, overwrite: bool = True, **kwargs: Any) -> None:
        """Keras's `save_weights`; a local `.weights.h5` file whole or not at all."""
        self._save_whole(super().save_weights, filepath, overwrite, **kwargs)

    def load_weights(self, filepath: PathLike, skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Keras's `load_weights`."""
        super().load_weights(os.path.expanduser(filepath), skip_mismatch=skip_mismatch, **kwargs)

    def _save_whole(self, save, filepath, overwrite, **kwargs):
        self.synchronize()
        name = filepath = os.path.expanduser(filepath)
        one_file = name.endswith((".keras", ".weights.h5")) and "://" not in name and kwargs.get("zipped") is not False
        asks = not overwrite and pathlib.Path(filepath).exists()  # Keras does, at the terminal
        if asks or not one_file:
            return save(filepath, overwrite=overwrite, **kwargs)
        with whole_file(filepath) as temporary:
            save(temporary, **kwargs)

    def save_own_variables(self, store: Any) -> None:
        self.follow_until_trained()
        for name, variable in self._own_variables().items():
            store[name] = variable
        self.save_count(store)
        self.save_copied(store)

    def load_own_variables(self, store: Any) -> None:
        own = self._own_variables()
        lacking = [name for name in own if name not in store and name not in _ADDED]
        if lacking:
            raise ValueError(
                f"The file lacks {', '.join(lacking)}, which this game keeps from step to step: it was saved from a "
                "game with other parts. Give this one the same penalties, views and objective, or pass "
                "skip_mismatch=True to let it begin without what lacks."
            )
        for name, variable in own.items():
            variable.assign(store[name] if name in store else _ADDED[name])
        self.load_count(store)
        self.load_copied(store)

    def _own_variables(self):
        """By the names of a file: random states, and what the game itself keeps from step to step."""
        states = [(f"random_state_{i}", state) for i, state in enumerate(random_states(self))]
        named = [*states, *((variable.name, variable) for variable in self._non_trainable_variables)]
        return dict(zip(_distinct([name for name, _ in named]), (variable for _, variable in named), strict=True))

    def get_compile_config(self) -> dict[str, Any]:
        if not self.compiled:
            return {}
        for role in ROLES:
            check_configuration(getattr(self, role))
        serialized = {role: keras.saving.serialize_keras_object(getattr(self, role)) for role in ROLES}
        return {**serialized, **self._exclusions(), **self._compile_arguments}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        objects = {role: keras.saving.deserialize_keras_object(config[role]) for role in ROLES}
        for role, excluded in config.get(_EXCLUDED, {}).items():
            _exclusions.tell(objects[role], self._weights_of(role), **excluded)
        self.compile(**{**{k: v for k, v in config.items() if k != _EXCLUDED}, **objects})

    def _exclusions(self):
        told = {role: getattr(self, role) for role in ROLES if _exclusions.are_there(getattr(self, role))}
        excluded = {role: _exclusions.described(each, self._weights_of(role)) for role, each in told.items()}
        return {_EXCLUDED: excluded} if excluded else {}

    def _weights_of(self, role):
        """Those of the network that the optimizer moves, frozen ones too."""
        return getattr(self, role.removesuffix("_optimizer")).weights

    @classmethod
    def from_preset(cls, preset: PathLike) -> Self:
        """`wgan_keras.from_preset`, for presets of this class alone."""
        return presets.from_preset(preset, cls)

    def save_to_preset(self, folder: PathLike) -> None:
        """Writes the model as a preset folder for `from_preset`: the generator that samples, and the critic.

        `save` keeps all of it: beside an averaged generator the trained one, and the optimizers' state.

        Raises:
            FileExistsError: `folder` is that of a run or search, or holds files of something else.
            ValueError: a network that no function of `wgan_keras.networks` built, or an optimizer or schedule that no
                recipe names; `save` takes any.
        """
        refuse_what_is_no_preset(folder)
        presets.save(self, Recipe.from_model(self), folder)


def _distinct(names):
    """The names in their order; of equal ones, as two parts may have, all but the first are numbered: "n", "n_2"."""
    found, taken = [], set(names)
    for name in names:
        numbered = (f"{name}_{i}" for i in itertools.count(2))
        found.append(name if name not in found else next(each for each in numbered if each not in taken))
        taken.add(found[-1])
    return found
