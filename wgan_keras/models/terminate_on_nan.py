"""Keras's `TerminateOnNaN` looks at a log named `loss`; a game has two losses under their own names."""

import keras
import numpy as np


class TerminateOnNaN(keras.callbacks.TerminateOnNaN):
    """Keras's callback, watching `critic_loss` and `generator_loss`."""

    def on_batch_end(self, batch, logs=None):
        for name in ("critic_loss", "generator_loss"):
            super().on_batch_end(batch, {"loss": (logs or {}).get(name)})

    def on_epoch_end(self, epoch, logs=None):
        """Looks at the weights too: a ReLU that TensorFlow fuses with the layer before it makes 0 of NaN."""
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


def watching_both_losses(callbacks):
    """The callbacks of `fit` as a list, with Keras's `TerminateOnNaN` in the form that works for a game.

    A user's own class of that kind stays, and has that form as its base in the place of Keras's: it stops where its own
    methods call their `super()`, or leave all to it.
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    return [_watching(callback) for callback in keras.tree.flatten(callbacks or [])]


def _watching(callback):
    keras_form, own = keras.callbacks.TerminateOnNaN, type(callback)
    if not isinstance(callback, keras_form) or isinstance(callback, TerminateOnNaN):
        return callback
    if own is keras_form:
        return TerminateOnNaN(callback.raise_error)
    alias = object.__new__(type(own.__name__, (own, TerminateOnNaN), {}))
    alias.__dict__ = vars(callback)
    return alias
