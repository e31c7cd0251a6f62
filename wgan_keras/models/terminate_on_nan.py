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

    A user's own class of that kind stays, for what else it does, with that form behind it.
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    return [watching for callback in keras.tree.flatten(callbacks or []) for watching in _watching(callback)]


def _watching(callback):
    keras_form = keras.callbacks.TerminateOnNaN
    if not isinstance(callback, keras_form) or isinstance(callback, TerminateOnNaN):
        return [callback]
    ours = TerminateOnNaN(callback.raise_error)
    return [ours] if type(callback) is keras_form else [callback, ours]
