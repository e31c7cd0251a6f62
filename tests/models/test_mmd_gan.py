"""MMD GAN: a step by hand with and without the penalty, and what a feature critic must return."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras import random

BANDWIDTHS = (0.5, 2.0)


def kernel(x, y):
    squares = tf.reduce_sum((x[:, None] - y[None]) ** 2, -1)
    return sum(tf.exp(-squares / (2 * s**2)) for s in BANDWIDTHS)


def squared_mmd(x, y):
    m = x.shape[0]
    within = [(tf.reduce_sum(kernel(each, each)) - m * len(BANDWIDTHS)) / (m * (m - 1)) for each in (x, y)]
    return sum(within) - 2 * tf.reduce_mean(kernel(x, y))


@pytest.mark.parametrize("weight", [0.0, 3.0])
def test_a_step_is_the_papers_by_hand(assert_a_step_is, weight):
    """The critic ascends the estimate less the penalty on its witness, the generator descends the estimate."""
    mixing = keras.random.SeedGenerator(7)  # the game's own seed

    def penalty(critic, real, fake):
        u = tf.cast(random.uniform((len(real), 1), mixing), "float64")
        points = u * real + (1 - u) * fake
        with tf.GradientTape() as tape:
            tape.watch(points)
            features = critic(points)
            witness = tf.reduce_mean(kernel(features, critic(real)), 1) - tf.reduce_mean(
                kernel(features, critic(fake)), 1
            )
        return tf.reduce_mean((tf.norm(tape.gradient(witness, points), axis=1) - 1) ** 2)

    def critic_loss(critic, real, fake):
        return -squared_mmd(critic(real), critic(fake)) + weight * penalty(critic, real, fake)

    def generator_loss(critic, real, fake):
        return squared_mmd(critic(real), critic(fake))

    arguments = {"bandwidths": BANDWIDTHS, "gradient_penalty_weight": weight}
    assert_a_step_is(critic_loss, generator_loss, wk.MMDGAN, outputs=3, **arguments)


def test_the_defaults_are_the_papers(tiny):
    model = tiny(wk.MMDGAN)
    assert wk.MMDGAN(model.generator, model.critic).n_critic == 5
    assert (model.bandwidths, model.gradient_penalty_weight) == ((1, 2, 4, 8, 16), 1)
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        np.testing.assert_allclose([optimizer.learning_rate, optimizer.beta_1, optimizer.beta_2], [1e-4, 0.5, 0.9])


def test_a_generator_that_makes_the_data_has_an_estimate_of_0(tiny, points):
    """N(0, 1) for both: over 20 minibatches the estimate is 0 within three standard errors, and of both signs."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    generator.set_weights([np.eye(2)])
    model = tiny(wk.MMDGAN, generator=generator)
    data = np.random.default_rng(3).normal(size=(20, 64, 2)).astype("float32")
    estimates = [model.test_on_batch(batch, return_dict=True)["squared_mmd"] for batch in data]
    means = np.diff(np.arange(1, 21) * estimates, prepend=0)  # logs are means over the batches so far
    assert min(means) < 0 < max(means)
    assert abs(np.mean(means)) < 3 * np.std(means) / 20**0.5


def pulling_away():
    networks = wk.networks.mlp_generator((2,), 2, units=4, depth=1), wk.networks.autoencoder_critic((2,), 1)
    model = wk.EBGAN(*networks, objective=wk.objectives.PullingAway(), seed=0)
    model.compile()
    return model


@pytest.mark.parametrize(
    "made", [lambda tiny: tiny(wk.MMDGAN, compile={"run_eagerly": True}), lambda tiny: pulling_away()]
)
def test_a_batch_of_one_has_no_pairs_and_no_part_in_a_validation(made, tiny):
    model = made(tiny)
    x = np.random.default_rng(0).normal(size=(9, 2)).astype("float32")
    whole = model.evaluate(x[:8], batch_size=4, verbose=0, return_dict=True)
    for held_out in (x, tf.data.Dataset.from_tensor_slices(x).batch(4)):
        assert model.evaluate(held_out, batch_size=4, verbose=0, return_dict=True) == pytest.approx(whole, rel=1e-5)
    refused = "would hold 1 images, and this .* compares images with each other; expected at least 2 at once"
    for call in (
        lambda: model.fit(x, batch_size=1),
        lambda: model.fit(x, batch_size=4, validation_data=x[:1]),
        lambda: model.evaluate(x, batch_size=1),
        lambda: model.test_on_batch(x[:1]),
        lambda: model.train_on_batch(x[: model.n_critic]),
    ):
        with pytest.raises(ValueError, match=refused):
            call()


def test_scores_are_one_feature_and_pictures_none(tiny):
    tiny(wk.MMDGAN)
    pictures = wk.networks.autoencoder_critic((8, 8, 1), 1)
    with pytest.raises(ValueError, match=r"returns \(None, 8, 8, 1\); expected features \(batch, d\).*mlp_features"):
        wk.MMDGAN(wk.networks.dcgan_generator((8, 8, 1), 2, 2), pictures)


def test_a_critic_with_batch_normalization_is_refused(tiny):
    layers = [keras.Input((2,)), keras.layers.BatchNormalization(), keras.layers.Dense(3)]
    with pytest.raises(ValueError, match="a batch normalization, which a gradient penalty does not allow"):
        tiny(wk.MMDGAN, critic=keras.Sequential(layers))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bandwidths": ()}, "bandwidths is empty; expected at least one"),
        ({"bandwidths": (1.0, 0.0)}, "bandwidths is .*; expected a list of at most 8, each a number, above 0"),
        ({"gradient_penalty_weight": -1.0}, "gradient_penalty_weight is -1.0; expected"),
    ],
)
def test_arguments_out_of_range(tiny, arguments, message):
    with pytest.raises(ValueError, match=message):
        tiny(wk.MMDGAN, **arguments)
