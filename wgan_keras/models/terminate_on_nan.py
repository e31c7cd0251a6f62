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
    """The callbacks of `fit` as a list, with Keras's `TerminateOnNaN` in the form that works for a game."""
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    keras_form = keras.callbacks.TerminateOnNaN
    return [TerminateOnNaN(c.raise_error) if type(c) is keras_form else c for c in keras.tree.flatten(callbacks or [])]
