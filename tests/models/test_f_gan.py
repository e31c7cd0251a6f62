"""f-GAN: a step by hand for every divergence, and the original game among them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

# g_f and f* as table 2 prints them (reverse KL's with the sign that makes it grow).
TABLE = {
    "kl": (lambda v: v, lambda t: tf.exp(t - 1)),
    "reverse_kl": (lambda v: -tf.exp(-v), lambda t: -1 - tf.math.log(-t)),
    "pearson": (lambda v: v, lambda t: t**2 / 4 + t),
    "squared_hellinger": (lambda v: 1 - tf.exp(-v), lambda t: t / (1 - t)),
    "jensen_shannon": (
        lambda v: tf.math.log(tf.constant(2.0, "float64")) - tf.math.log(1 + tf.exp(-v)),
        lambda t: -tf.math.log(2 - tf.exp(t)),
    ),
    "gan": (lambda v: -tf.math.log(1 + tf.exp(-v)), lambda t: -tf.math.log(1 - tf.exp(t))),
}


@pytest.mark.parametrize(
    ("divergence", "loss"),
    [
        *((divergence, "minimax") for divergence in TABLE),
        ("kl", "alternative"),
        *(pytest.param(each, "alternative", marks=pytest.mark.long) for each in TABLE if each != "kl"),
    ],
)
def test_a_step_is_algorithm_1_by_hand(assert_a_step_is, divergence, loss):
    activation, conjugate = TABLE[divergence]

    def critic_loss(critic, real, fake):
        bound = tf.reduce_mean(activation(critic(real))) - tf.reduce_mean(conjugate(activation(critic(fake))))
        return -bound

    def generator_loss(critic, real, fake):
        if loss == "minimax":
            return -tf.reduce_mean(conjugate(activation(critic(fake))))
        return -tf.reduce_mean(activation(critic(fake)))

    assert_a_step_is(critic_loss, generator_loss, wk.FGAN, divergence=divergence, loss=loss)


@pytest.mark.parametrize(("ours", "theirs"), [("minimax", "minimax"), ("alternative", "non_saturating")])
def test_the_divergence_gan_is_the_original_game(tiny, points, ours, theirs):
    how = {"compile": {"run_eagerly": True}}
    one, other = tiny(wk.FGAN, divergence="gan", loss=ours, **how), tiny(wk.GAN, loss=theirs, **how)
    for _ in range(2):
        logs = [model.train_on_batch(points(8), return_dict=True) for model in (one, other)]
    # F = L, and the estimate of GAN is L / 2 + log 2.
    np.testing.assert_allclose(logs[0]["divergence_estimate"] / 2 + np.log(2), logs[1]["js_estimate"], atol=1e-6)
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_critic_trained_against_a_still_generator_estimates_the_divergence(tiny, points):
    """Data N((1, -1), 1) and a generator of rate 0 that makes N(0, 1): KL is 1."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    generator.set_weights([np.eye(2)])
    model = tiny(wk.FGAN, divergence="kl", n_critic=1, generator=generator)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.Adam(1e-2))
    model.fit(points(128 * 300), batch_size=128, verbose=0)
    estimate = model.evaluate(points(20_000, seed=1), batch_size=20_000, verbose=0, return_dict=True)
    assert 0.85 < estimate["divergence_estimate"] < 1.05


def test_other_names_are_refused_with_those_there_are(tiny):
    with pytest.raises(ValueError, match="divergence is 'total_variation'; expected 'kl' or 'reverse_kl' or"):
        tiny(wk.FGAN, divergence="total_variation")
    with pytest.raises(ValueError, match="loss is 'non_saturating'; expected 'minimax' or 'alternative'"):
        tiny(wk.FGAN, loss="non_saturating")
