"""Every technique as a game on the networks of the set-up: one line each, so that two differ in one thing.

A technique is a function of the networks' size and the seed that returns a game, not compiled.
"""

import keras

import wgan_keras as wk
from benchmarks.papers.collapse import networks
from wgan_keras import layers, objectives, penalties, views
from wgan_keras.models.wgan import rmsprop


def _game(kind, critic=networks.critic, generator=networks.generator, **arguments):
    def build(size, seed):
        keras.utils.set_random_seed(seed)
        return kind(generator(size), critic(size), seed=seed, **arguments)

    return build


def _packed(k):
    return _game(wk.GAN, lambda size: networks.critic(size, packed=k), views=[views.Pack(k)])


def _comparing(layer):
    """A critic that compares samples; the layer is new for each."""
    return _game(wk.GAN, lambda size: networks.critic_with(layer(), size))


def _unrolled(steps):
    return _game(wk.GAN, objective=objectives.Unrolled(steps))


TECHNIQUES = {
    "GAN": _game(wk.GAN),
    "GAN, labels smoothed by 0.1": _game(wk.GAN, label_smoothing=0.1),
    "feature matching": _game(wk.GAN, objective=objectives.FeatureMatching()),
    "minibatch discrimination": _comparing(lambda: layers.MinibatchDiscrimination(16, 4)),
    "minibatch standard deviation": _comparing(layers.MinibatchStandardDeviation),
    "historical averaging": _game(wk.GAN, penalties=[penalties.HistoricalAveraging()]),
    "virtual batch normalization": _game(wk.GAN, generator=networks.virtual_generator),
    "instance noise": _game(wk.GAN, views=[views.InstanceNoise(0.1)]),
    "R1": _game(wk.GAN, penalties=[penalties.R1()]),
    "R2": _game(wk.GAN, penalties=[penalties.R2()]),
    "DRAGAN": _game(wk.GAN, penalties=[penalties.DRAGAN()]),
    "spectral normalization": _game(wk.GAN, networks.spectral_critic),
    "unrolled, 1 step": _unrolled(1),
    "unrolled, 5 steps": _unrolled(5),
    "unrolled, 10 steps": _unrolled(10),
    "packing, 2": _packed(2),
    "packing, 4": _packed(4),
    "LSGAN": _game(wk.LSGAN),
    "hinge": _game(wk.HingeGAN, n_critic=1),
    "relativistic average": _game(wk.RelativisticGAN),
    "f-GAN, reverse KL": _game(wk.FGAN, divergence="reverse_kl"),
    "EBGAN": _game(wk.EBGAN, networks.autoencoder),
    "EBGAN, pulling away": _game(wk.EBGAN, networks.autoencoder, objective=objectives.PullingAway()),
    "MMD-GAN": _game(wk.MMDGAN, networks.feature_critic),
    "WGAN": _game(wk.WGAN, clip_value=0.1),
    "WGAN-GP": _game(wk.WGANGP, gradient_penalty_weight=0.1),  # the improved-WGAN code's for toys
}


def optimizers(technique, learning_rate):
    """(generator's, critic's): the set-up's Adam, or that of the technique's own paper at the same rate."""
    if technique == "WGAN":
        return tuple(rmsprop(learning_rate) for _ in range(2))
    moments = (0.5, 0.9) if technique == "WGAN-GP" else (0.8, 0.999)
    return tuple(keras.optimizers.Adam(learning_rate, *moments) for _ in range(2))
