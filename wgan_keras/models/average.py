"""The second generator that holds the moving average of the first one's weights."""

import zlib
from typing import Any

import keras
import numpy as np
from keras import ops

from wgan_keras import backend
from wgan_keras._types import MixedIntoModel
from wgan_keras.backend.state import scope_around
from wgan_keras.models import policies

# In 16 bits a mean stands still: a thousandth of the way to the weight is rounded away.
_IN_32_BITS = {"bfloat16": "mixed_bfloat16", "float16": "mixed_float16"}

_COPIED = "average_copied"  # in a file, of an average that has made no step


class Averaging(MixedIntoModel):
    """For a game, mixed in before `keras.Model`: `generator_ema`, None where there is none, and how it follows."""

    def start_average(self) -> None:
        """Makes the averaged generator, if there is to be one, when the generator is there."""
        self.generator_ema: Any = None
        if self.ema_decay is not None:
            self.generator_ema = averaged_copy(self.generator)
            # Of its own, because `compile` may bring an optimizer that begins to count.
            self.average_steps = self.add_state((), "average_steps", "int32")
            self._copied = _digest(self.generator_ema)

    def follow_until_trained(self) -> None:
        """Copies the generator again where nothing has trained yet: it may have got other weights, by `set_weights`.

        An average that got weights of its own stays.
        """
        if self.generator_ema is None:
            return
        self.synchronize()
        alike = len(self.generator.weights) == len(self.generator_ema.weights)  # not where layers got weights since
        if not (self._is_untrained() and alike) or _digest(self.generator_ema) != self._copied:
            return
        if _digest(self.generator) != self._copied:
            self.generator_ema.set_weights(self.generator.get_weights())
            self._copied = _digest(self.generator_ema)

    def get_weights(self) -> list[np.ndarray]:
        """Keras's `get_weights`."""
        self.follow_until_trained()
        return super().get_weights()

    def set_weights(self, weights: Any) -> None:
        """Keras's `set_weights`; an average that gets the weights of the generator is a copy of it."""
        super().set_weights(weights)
        if self.generator_ema is not None and _is_copy(self.generator_ema, self.generator):
            self._copied = _digest(self.generator_ema)

    def save_copied(self, store: Any) -> None:
        """Into the variables of a file: by what an average that has made no step is known to be a copy."""
        if self.generator_ema is not None and self._is_untrained():
            store[_COPIED] = np.int64(self._copied)

    def load_copied(self, store: Any) -> None:
        """What `save_copied` has written."""
        if self.generator_ema is not None and _COPIED in store:
            self._copied = int(np.asarray(store[_COPIED]))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Keras's; in a traced function, such as that of `predict`, an average stays as it is."""
        if self.generator_ema is not None and scope_around() is None and not backend.is_tracing():
            self.follow_until_trained()
        return super().__call__(*args, **kwargs)

    def predict(self, *args: Any, **kwargs: Any) -> Any:
        """Keras's `predict`."""
        self.follow_until_trained()
        return super().predict(*args, **kwargs)

    def predict_on_batch(self, x: Any) -> Any:
        """Keras's `predict_on_batch`."""
        self.follow_until_trained()
        return super().predict_on_batch(x)

    def average_step(self, inputs: Any) -> None:
        """Moves the averaged generator toward the generator, and its own moving statistics by one forward pass.

        It comes after the generator's update, which the optimizer has counted.
        """
        self.average_steps.assign(self._steps(before=1) + 1)
        t = ops.cast(self.average_steps, "float32")
        decay = ops.minimum(self.ema_decay, (1 + t) / (10 + t))
        for average, weight in _pairs(self.generator_ema, self.generator):
            average.assign(average + ops.cast(1 - decay, average.dtype) * (weight - average))
        if self.generator_ema.non_trainable_variables:
            # Batch normalization's statistics under the raw weights are not those under the averaged ones.
            inputs = keras.tree.map_structure(lambda part: part[: self.micro_batch], inputs)
            self.generator_ema(inputs, training=True)

    def freeze_average(self) -> None:
        """Freezes in the average what is frozen in the generator: a frozen batch normalization keeps its statistics."""
        if self.generator_ema is not None:
            for average, layer in _layers(self.generator_ema, self.generator):
                average.trainable = layer.trainable

    def keep_steps(self) -> None:
        """Keeps how many steps the average has made, before another optimizer comes."""
        if self.generator_ema is not None:
            self.average_steps.assign(self._steps())

    def _is_untrained(self):
        return int(ops.convert_to_numpy(self.average_steps)) == 0

    def _steps(self, before=0):
        """How many steps the average has made; of a file that does not say so, as many as the optimizer counted.

        Args:
            before: how many of the optimizer's last iterations have no step yet.
        """
        counted = ops.cast(self.generator_optimizer.iterations, "int32") - before
        steps = ops.convert_to_tensor(self.average_steps)
        return ops.where(steps < 0, counted, steps)


def _digest(network):
    """A number that tells whether weights have changed."""
    digest = 0
    for array in network.get_weights():
        digest = zlib.crc32(array.tobytes(), digest)
    return digest


def _is_copy(average, generator):
    pairs = zip(average.get_weights(), generator.get_weights(), strict=False)
    return all(np.array_equal(mean, weight.astype(mean.dtype)) for mean, weight in pairs)


def _pairs(average, generator):
    """(average, weight) for each weight of the generator that training moves unless it is frozen.

    A frozen layer's average goes on towards its weights, so that it has arrived when they move again.
    """
    layers = _layers(average, generator)
    pairs = [zip(a._trainable_variables, b._trainable_variables, strict=True) for a, b in layers]
    return list({id(weight): (mean, weight) for pair in pairs for mean, weight in pair}.values())


def _layers(average, generator):
    """(layer of the average, layer of the generator) for each.

    Raises:
        ValueError: one has got other weights since the average was made.
    """
    layers = list(zip(average._flatten_layers(), generator._flatten_layers(), strict=True))
    for a, b in layers:
        counts = [len(each._trainable_variables) for each in (b, a)]
        if len(set(counts)) > 1:
            raise ValueError(
                f"The generator's layer {b.name!r} has {counts[0]} weights to train, and in the average of ema_decay "
                f"has {counts[1]}: it was changed after the game was built, as by enable_lora. Change it before, and "
                "build the game of the changed generator."
            )
    return layers


def averaged_copy(generator):
    """A generator like this one, with its own weights of the same values, in float32 where they have 16 bits.

    Raises:
        ValueError: a layer of the user's that Keras cannot make anew from its config.
    """
    try:
        with keras.name_scope("generator_ema"):  # so that no path is that of another weight
            copy = keras.models.clone_model(generator, clone_function=_like)
        copy.set_weights(generator.get_weights())
    except Exception as error:  # of the user's own constructors and configs
        raise ValueError(
            f"ema_decay needs a copy of the generator, and {_culprit(generator)} cannot be made anew from its config. "
            f"{policies.REMEDY}; a saved model needs them too. Or leave ema_decay out."
        ) from error
    return copy


def _like(layer):
    return policies.under(layer, lambda name: _IN_32_BITS.get(name, name))


def _culprit(generator):
    """A layer that cannot be made anew, in words: the last one, which holds no other."""
    last = f"a {type(generator).__name__}"
    for layer in generator._flatten_layers(include_self=False):
        try:
            type(layer).from_config(layer.get_config())
        except Exception:
            last = f"its layer {layer.name!r} ({type(layer).__name__})"
    return last
