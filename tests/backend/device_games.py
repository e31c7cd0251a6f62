"""Games of every kind on any number of devices, about which device_facts.py states its facts."""

import contextlib
import dataclasses

import keras
import numpy as np

import wgan_keras as wk

layers = keras.layers


def under(devices):
    """The scope of that many devices; of none, for one."""
    if devices == 1:
        return contextlib.nullcontext()
    if keras.backend.backend() == "jax":
        return keras.distribution.DataParallel(devices=keras.distribution.list_devices()[:devices]).scope()
    import tensorflow as tf

    names = [f"CPU:{i}" for i in range(devices)]
    # TensorFlow's collectives know one set of devices in a process, and here there are two.
    return tf.distribute.MirroredStrategy(names, cross_device_ops=tf.distribute.ReductionToOneDevice()).scope()


def on_images():
    """Networks on images of 4x4, as arguments of a game."""
    spectral = wk.layers.SpectralNormalization(layers.Conv2D(2, 3))
    critic = [spectral, wk.layers.LeakyReLU(), layers.Flatten(), layers.Dense(1)]
    return {
        "generator": keras.Sequential([keras.Input((2,)), layers.Dense(16), layers.Reshape((4, 4, 1))]),
        "critic": keras.Sequential([keras.Input((4, 4, 1)), *critic]),
    }


def on_labels(conditioning):
    """Networks on points and their labels."""
    size = {"units": 6, "depth": 1, "classes": 3}
    return {
        "generator": wk.networks.mlp_generator((2,), 2, **size),
        "critic": wk.networks.mlp_critic((2,), conditioning=conditioning, **size),
    }


def on_points(*stack, normalized=True, inputs=2, outputs=1, **first):
    hidden = [layers.Dense(6, use_bias=False, **first), layers.BatchNormalization(), layers.ReLU(), layers.Dense(2)]
    norm = [layers.BatchNormalization()] if normalized else []
    critic = [layers.Dense(6, use_bias=not norm, **first), *norm, wk.layers.LeakyReLU(), *stack, layers.Dense(outputs)]
    return {
        "generator": keras.Sequential([keras.Input((2,)), *hidden]),
        "critic": keras.Sequential([keras.Input((inputs,)), *critic]),
    }


@keras.saving.register_keras_serializable()
class Scale(layers.Layer):
    """Multiplies each number by another random one."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rng = keras.random.SeedGenerator(7)

    def call(self, x):
        return x * keras.random.uniform(keras.ops.shape(x), seed=self.rng)


def on_rows():
    """Networks on images of 4x4, of which the critic's layers that draw keep their generators each in another place."""
    images = keras.Input((4, 4, 1))
    x = layers.RandomFlip("horizontal", seed=1)(images)
    x = layers.Reshape((2, 8))(x)
    x = layers.SimpleRNN(3, return_sequences=True, dropout=0.3, recurrent_dropout=0.3, seed=2)(x)
    x = Scale()(x=layers.Attention(dropout=0.3, seed=3)([x, x]))
    return {
        "generator": on_images()["generator"],
        "critic": keras.Model(images, layers.Dense(1)(layers.Flatten()(x))),
    }


@wk.register_view("one_scale")
@dataclasses.dataclass
class OneScale(wk.views.View):
    """Multiplies all images of a batch by one random number."""

    def __call__(self, images, seed, iteration):
        return images * wk.random.uniform((), seed)


def penalties():
    return [wk.penalties.R1(), wk.penalties.R2(), wk.penalties.DRAGAN(), wk.penalties.HistoricalAveraging()]


GAMES = {
    "gan": lambda **how: wk.GAN(**on_points(), **how),
    # Its layers add to the loss before the devices exchange what a batch normalization needs.
    "wgan": lambda **how: wk.WGAN(
        **on_points(layers.Dropout(0.3, seed=5), layers.Dense(4), activity_regularizer="l2"), clip_value=0.3, **how
    ),
    "wgan_gp": lambda **how: wk.WGANGP(**on_labels("projection"), **how),
    "lsgan": lambda **how: wk.LSGAN(**on_points(wk.layers.MinibatchDiscrimination(3, 2)), **how),
    "hinge_gan": lambda **how: wk.HingeGAN(**on_images(), views=[wk.views.DiffAugment()], **how),
    "random_layers": lambda **how: wk.GAN(**on_rows(), **how),
    "ac_gan": lambda **how: wk.GAN(**on_labels("classifier"), **how),
    "relativistic_gan": lambda **how: wk.RelativisticGAN(
        **on_points(inputs=4), views=[OneScale(), wk.views.Pack(2)], **how
    ),
    "f_gan": lambda **how: wk.FGAN(**on_points(wk.layers.MinibatchStandardDeviation(3)), divergence="kl", **how),
    "ebgan": lambda **how: wk.EBGAN(
        on_points()["generator"],
        wk.networks.autoencoder_critic((2,), 1),
        objective=wk.objectives.PullingAway(),
        **how,
    ),
    "semi_supervised_gan": lambda **how: wk.SemiSupervisedGAN(
        on_points()["generator"], wk.networks.mlp_classifier((2,), 3, units=6, depth=1), **how
    ),
    "mmd_gan": lambda **how: wk.MMDGAN(**on_points(normalized=False, outputs=3), **how),
    "parts": lambda **how: wk.GAN(
        **on_points(normalized=False),
        penalties=penalties(),
        views=[wk.views.InstanceNoise(0.3, until=3)],
        objective=wk.objectives.FeatureMatching(),
        **how,
    ),
    "unrolled": lambda **how: wk.WGAN(
        **on_points(normalized=False), clip_value=0.3, objective=wk.objectives.Unrolled(1), **how
    ),
}


def build(name, devices, optimizer=lambda: keras.optimizers.SGD(0.02), micro_batch=None, n_critic=2, **how):
    """The game with an average, compiled."""
    with under(devices):
        keras.utils.set_random_seed(0)
        model = GAMES[name](ema_decay=0.9, n_critic=n_critic, seed=4, micro_batch=micro_batch)
        model.compile(optimizer(), optimizer(), **how)
    return model


def images_of(model, n, seed=0):
    """(images, labels or None)."""
    rng = np.random.default_rng(seed)
    shape = (2,) if model is None else model.generator.output_shape[1:]
    images = np.tanh(rng.normal(0.5, 1, (n, *shape))).astype("float32")
    if model is None or model.label_width is None:
        return images, None
    return images, rng.integers(model.label_kind.lowest, model.label_width, n)
