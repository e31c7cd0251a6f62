"""Keras's `TerminateOnNaN` looks at a log named `loss`; a game has two losses under their own names."""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

LOSSES = ("critic_loss", "generator_loss")


class TerminateOnNaNWeights(keras.callbacks.TerminateOnNaN):
    """Looks at the weights after each epoch: a ReLU that TensorFlow fuses with the layer before it makes 0 of NaN."""

    def on_batch_end(self, batch, logs=None):
        """Nothing, where Keras's callback looks at the loss."""

    def on_epoch_end(self, epoch, logs=None):
        networks = (self.model.critic, self.model.generator)
        weights = [weight for network in networks for weight in network.weights]
        lost = [weight.path for weight in weights if not np.isfinite(keras.ops.convert_to_numpy(weight)).all()]
        if not lost:
            return
        message = f"Epoch {epoch + 1}: NaN or Inf weights in {', '.join(lost)}"
        if self.raise_error:
            raise RuntimeError(message)
        print(f"{message}, terminating training")
        self.model.stop_training = True


class TerminateOnNaN(TerminateOnNaNWeights):
    """Keras's callback, watching `critic_loss` and `generator_loss`, and the weights."""

    def on_batch_end(self, batch, logs=None):
        for name in LOSSES:
            keras.callbacks.TerminateOnNaN.on_batch_end(self, batch, {"loss": (logs or {}).get(name)})


@contextlib.contextmanager
def watching_both_losses(callbacks: Any) -> Iterator[list[keras.callbacks.Callback]]:
    """The callbacks of `fit` as a list, with Keras's `TerminateOnNaN` in the form that works for a game.

    A user's own class of that kind stays, and that form stands behind it. Where it decides by a method of its own after
    which batch to stop, it is told a `loss` there, and only the weights are watched behind it.
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    with contextlib.ExitStack() as around:
        yield [each for callback in keras.tree.flatten(callbacks or []) for each in _watching(callback, around)]


def _watching(callback, around):
    keras_form, own = keras.callbacks.TerminateOnNaN, type(callback)
    if not issubclass(own, keras_form) or issubclass(own, TerminateOnNaNWeights):
        return [callback]
    raises = getattr(callback, "raise_error", False)  # a class may forget Keras's constructor
    if own is keras_form:
        return [TerminateOnNaN(raises)]
    if (own.on_batch_end, own.on_train_batch_end) == (keras_form.on_batch_end, keras_form.on_train_batch_end):
        return [callback, TerminateOnNaN(raises)]
    around.enter_context(_told_a_loss(callback))
    return [callback, TerminateOnNaNWeights(raises)]


@contextlib.contextmanager
def _told_a_loss(callback):
    """Within it, a `loss` that is finite where both losses are stands beside them among the logs of `on_batch_end`."""
    on_batch_end = callback.on_batch_end

    def told(batch, logs=None):
        losses = [logs[name] for name in LOSSES if name in (logs or {})]
        on_batch_end(batch, {"loss": sum(losses), **logs} if losses else logs)

    own = {name: each for name, each in vars(callback).items() if name == "on_batch_end"}
    callback.on_batch_end = told
    try:
        yield
    finally:
        del callback.on_batch_end
        vars(callback).update(own)
