"""Real and fake images through the critic at once, where no layer ties the images of a batch together.

The scores and gradients are those of two passes up to rounding; matrix products of twice the size run nearer to the
machine's peak.
"""

from keras import layers, ops

from wgan_keras.layers import LayerNormalization, LeakyReLU

# Layers that treat each image by itself and draw nothing. Of others, a user's own among them, that is not known.
_EACH_BY_ITSELF = (
    layers.InputLayer,
    layers.Conv2D,
    layers.Dense,
    layers.Flatten,
    layers.Reshape,
    layers.AveragePooling2D,
    layers.GlobalAveragePooling2D,
    layers.MaxPooling2D,
    layers.Activation,
    layers.ReLU,
    layers.LeakyReLU,
    LeakyReLU,
    layers.Identity,
    LayerNormalization,
    layers.LayerNormalization,
    layers.GroupNormalization,
)


def allowed(critic):
    """Whether every layer of the critic is known to treat each image by itself."""
    return all(type(layer) in _EACH_BY_ITSELF for layer in critic._flatten_layers(include_self=False))


def scores(critic, real, fake):
    """(critic(real), critic(fake)) from one call on both."""
    return ops.split(critic(ops.concatenate([real, fake])), 2)
