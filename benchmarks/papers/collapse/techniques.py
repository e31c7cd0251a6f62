"""Every technique as a game on the networks of a set: one line each, so that two differ in one thing.

A technique is a function of the set's module of networks, their size and the seed that returns a game, not compiled.
Those whose numbers are published for these sets come first: a run that is cut short has them.
"""

import keras

import wgan_keras as wk
from wgan_keras import layers, objectives, penalties, views
from wgan_keras.models.wgan import rmsprop


def _critic(networks, size):
    return networks.critic(size)


def _game(kind, critic=_critic, generator="generator", **arguments):
    """`critic` is a function of networks and size, `generator` the name of a function in networks."""

    def build(networks, size, seed):
        keras.utils.set_random_seed(seed)
        return kind(getattr(networks, generator)(size), critic(networks, size), seed=seed, **arguments)

    return build


def _packed(k):
    return _game(wk.GAN, lambda networks, size: networks.critic(size, packed=k), views=[views.Pack(k)])


def _comparing(layer):
    """A critic that compares samples; the layer is new for each."""
    return _game(wk.GAN, lambda networks, size: networks.critic_with(layer(), size))


def _unrolled(steps):
    return _game(wk.GAN, objective=objectives.Unrolled(steps))


def _named(network):
    return lambda networks, size: getattr(networks, network)(size)


PUBLISHED = {
    "GAN": _game(wk.GAN),
    "packing, 2": _packed(2),
    "packing, 4": _packed(4),
    "unrolled, 1 step": _unrolled(1),
    "unrolled, 5 steps": _unrolled(5),
    "unrolled, 10 steps": _unrolled(10),
    "minibatch discrimination": _comparing(lambda: layers.MinibatchDiscrimination(16, 4)),
}
POINTS = {
    **PUBLISHED,
    "WGAN": _game(wk.WGAN, clip_value=0.1),
    "WGAN-GP": _game(wk.WGANGP, gradient_penalty_weight=0.1),  # the improved-WGAN code's for toys
    "GAN, labels smoothed by 0.1": _game(wk.GAN, label_smoothing=0.1),
    "feature matching": _game(wk.GAN, objective=objectives.FeatureMatching()),
    "minibatch standard deviation": _comparing(layers.MinibatchStandardDeviation),
    "historical averaging": _game(wk.GAN, penalties=[penalties.HistoricalAveraging()]),
    "virtual batch normalization": _game(wk.GAN, generator="virtual_generator"),
    "instance noise": _game(wk.GAN, views=[views.InstanceNoise(0.1)]),
    "R1": _game(wk.GAN, penalties=[penalties.R1()]),
    "R2": _game(wk.GAN, penalties=[penalties.R2()]),
    "DRAGAN": _game(wk.GAN, penalties=[penalties.DRAGAN()]),
    "spectral normalization": _game(wk.GAN, _named("spectral_critic")),
    "LSGAN": _game(wk.LSGAN),
    "hinge": _game(wk.HingeGAN, n_critic=1),
    "relativistic average": _game(wk.RelativisticGAN),
    "f-GAN, reverse KL": _game(wk.FGAN, divergence="reverse_kl"),
    "EBGAN": _game(wk.EBGAN, _named("autoencoder")),
    "EBGAN, pulling away": _game(wk.EBGAN, _named("autoencoder"), objective=objectives.PullingAway()),
    "MMD-GAN": _game(wk.MMDGAN, _named("feature_critic")),
}
STACKED = {
    **PUBLISHED,
    "WGAN": _game(wk.WGAN),
    "WGAN-GP": _game(wk.WGANGP, _named("plain_critic")),
}


def optimizers(technique, settings):
    """(generator's, critic's): the set-up's Adam, or that of the technique's own paper at the same rates."""
    rates = (settings.generator_rate, settings.critic_rate)
    if technique == "WGAN":
        return tuple(map(rmsprop, rates))
    moments = (0.5, 0.9) if technique == "WGAN-GP" else (settings.beta_1, settings.beta_2)
    return tuple(keras.optimizers.Adam(rate, *moments) for rate in rates)
