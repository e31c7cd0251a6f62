"""Keras's `TerminateOnNaN` looks at a log named `loss`; a game has two losses under their own names."""

import keras


class TerminateOnNaN(keras.callbacks.TerminateOnNaN):
    """Keras's callback, watching `critic_loss` and `generator_loss`."""

    def on_batch_end(self, batch, logs=None):
        for name in ("critic_loss", "generator_loss"):
            super().on_batch_end(batch, {"loss": (logs or {}).get(name)})


def watching_both_losses(callbacks):
    """The callbacks of `fit` as a list, with Keras's `TerminateOnNaN` in the form that works for a game."""
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    keras_form = keras.callbacks.TerminateOnNaN
    return [TerminateOnNaN(c.raise_error) if type(c) is keras_form else c for c in keras.tree.flatten(callbacks or [])]
