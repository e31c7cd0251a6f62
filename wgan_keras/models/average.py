"""The second generator that holds the moving average of the first one's weights."""

import keras


def averaged_copy(generator):
    """A generator like this one, with its own weights of the same values.

    Raises:
        ValueError: a layer of the user's that Keras cannot make anew from its config.
    """
    try:
        copy = keras.models.clone_model(generator)
        copy.set_weights(generator.get_weights())
    except Exception as error:  # of the user's own constructors and configs
        raise ValueError(
            f"ema_decay needs a copy of the generator, and {_culprit(generator)} cannot be made anew from its config. "
            "Give its class __init__(self, ..., **kwargs) that calls super().__init__(**kwargs), and get_config() that "
            "returns {**super().get_config(), and every argument}; a saved model needs them too. Or leave ema_decay "
            "out."
        ) from error
    return copy


def _culprit(generator):
    """A layer that cannot be made anew, in words: the last one, which holds no other."""
    last = f"a {type(generator).__name__}"
    for layer in generator._flatten_layers(include_self=False):
        try:
            type(layer).from_config(layer.get_config())
        except Exception:
            last = f"its layer {layer.name!r} ({type(layer).__name__})"
    return last
