"""The original game: what its logs say and what its losses pull."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk


def discriminator(scale):
    """A critic on scalars whose score is scale * x: perfect for reals > 0 and fakes < 0 when scale is large."""
    critic = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    critic.set_weights([np.full((1, 1), scale, "float32")])
    return critic


def generator(value):
    """A generator on scalars that makes `value` whatever its latents."""
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    network.set_weights([np.zeros((1, 1)), np.full(1, value)])
    return network


@pytest.mark.parametrize("s", [0.0, 0.2])
@pytest.mark.parametrize(
    ("scale", "js", "accuracy"), [(100.0, np.log(2), 1.0), (0.0, 0.0, 0.0), (-100.0, -np.inf, 0.0)]
)
def test_logs_of_a_perfect_a_blind_and_a_deceived_discriminator(s, scale, js, accuracy):
    """The estimate is of the divergence, whatever the labels are smoothed to."""
    model = wk.GAN(generator(-1.0), discriminator(scale), label_smoothing=s)
    model.compile(run_eagerly=True)
    logs = model.evaluate(np.ones((8, 1), "float32"), verbose=0, return_dict=True)
    if np.isfinite(js):
        np.testing.assert_allclose(logs["js_estimate"], js, atol=1e-5)
    else:
        assert logs["js_estimate"] < 0  # a bad discriminator bounds nothing
    assert logs["critic_accuracy"] == accuracy


def test_the_critic_minimizes_cross_entropy_with_smoothed_labels():
    s, score = 0.1, 1.5
    model = wk.GAN(generator(-1.0), discriminator(score), label_smoothing=s)
    model.compile(run_eagerly=True)
    logs = model.evaluate(np.ones((4, 1), "float32"), verbose=0, return_dict=True)
    d_real, d_fake = 1 / (1 + np.exp(-score)), 1 / (1 + np.exp(score))
    expected = -((1 - s) * np.log(d_real) + s * np.log(1 - d_real)) - np.log(1 - d_fake)
    np.testing.assert_allclose(logs["critic_loss"], expected, rtol=1e-5)


def test_the_generators_steps_under_the_two_losses_relate_as_d_to_one_minus_d():
    """Plain gradient descent on the bias: step = lr * score * D for minimax, lr * score * (1 - D) for -log D."""
    steps = {}
    for loss in ("minimax", "non_saturating"):
        model = wk.GAN(generator(-1.0), discriminator(2.0), loss=loss)
        model.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(1.0))
        model.generator_step(np.zeros((4, 1), "float32"))
        steps[loss] = float(model.generator.get_weights()[1][0]) + 1
    d = 1 / (1 + np.exp(2.0))
    np.testing.assert_allclose([steps["minimax"], steps["non_saturating"]], [2 * d, 2 * (1 - d)], rtol=1e-5)


def test_k_discriminator_updates_a_generator_update(tiny, points):
    model = tiny(wk.GAN, n_critic=3)
    for _ in range(2):
        model.training_step(tf.constant(points(6)))
    assert [int(model.critic_optimizer.iterations), int(model.generator_optimizer.iterations)] == [6, 2]


def test_the_defaults_are_one_critic_step_and_dcgans_adam():
    model = wk.GAN(generator(0.0), discriminator(1.0))
    model.compile()
    assert (model.n_critic, model.loss_name, model.label_smoothing) == (1, "non_saturating", 0.0)
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        assert isinstance(optimizer, keras.optimizers.Adam)
        np.testing.assert_allclose([optimizer.learning_rate, optimizer.beta_1, optimizer.beta_2], [2e-4, 0.5, 0.999])


def test_a_short_game_moves_the_generator_to_the_data(tiny, points):
    """Reals around (1, -1): after 150 iterations the fakes are nearer than they began."""
    model = tiny(wk.GAN, n_critic=1)
    model.compile(keras.optimizers.Adam(1e-2, 0.5), keras.optimizers.Adam(1e-2, 0.5))
    before = np.linalg.norm(model.sample(512, seed=0).mean(0) - [1, -1])
    model.fit(points(150 * 32), batch_size=32, verbose=0)
    assert np.linalg.norm(model.sample(512, seed=0).mean(0) - [1, -1]) < before / 2
