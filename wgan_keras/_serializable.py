"""Classes of a user's own that a `.keras` file names, and finds again when their module is imported."""

import keras


def serializable(kind: type) -> type:
    """Registers a class with Keras under its module's package; Keras's own classes it knows already."""
    package = kind.__module__.partition(".")[0]
    return kind if package == "keras" else keras.saving.register_keras_serializable(package)(kind)
