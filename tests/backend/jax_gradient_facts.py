"""What is differentiated on JAX, and in which precision; test_jax.py runs it where TensorFlow cannot be imported."""

import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras import backend


def test_the_penalty_of_a_linear_critic_is_known(points):
    """f(x) = <w, x>: the norm is ||w|| at every sample."""
    w = np.float32([[3], [4]])
    penalty, norms = wk.penalties.gradient_penalty(lambda x: x @ w, points(6), points(6, seed=1), seed=0)
    np.testing.assert_allclose(norms, np.full(6, 5), rtol=1e-5)
    np.testing.assert_allclose(penalty, 16, rtol=1e-5)


def test_statistics_that_move_under_an_input_gradient_are_kept(points):
    """A critic in training mode changes its moving mean inside the differentiation."""
    norm = keras.layers.BatchNormalization(momentum=0.5)
    norm.build((None, 2))
    x = ops.convert_to_tensor(points(6))

    def moved():
        wk.penalties.gradient_penalty(lambda x: norm(x, training=True), x, x, seed=0)
        return norm.moving_mean.value

    moving_mean = backend.once(moved, norm.variables)
    np.testing.assert_allclose(np.asarray(moving_mean), points(6).mean(0) / 2, rtol=1e-5)


def test_variables_that_no_loss_reaches_are_said():
    def game(*stack):
        generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="first"), *stack])
        model = wk.WGANGP(generator, keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), n_critic=1)
        model.compile()
        return model

    hard = keras.layers.Lambda(lambda x: ops.one_hot(ops.argmax(x, -1), 2), output_shape=(2,))
    with pytest.raises(ValueError, match=r"no derivative by any trainable variable of its network \(\S*first/kernel"):
        game(hard).train_on_batch(np.eye(2, dtype="float32"))
    with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \S*first/kernel, \S*first/bias when"):
        game(hard, keras.layers.Dense(2)).train_on_batch(np.eye(2, dtype="float32"))


def test_a_critic_with_bilinear_resizing_trains_on_jax():
    """TensorFlow has no second derivative of it; here the penalty pulls the norm to 1."""
    layers = keras.layers
    up = layers.UpSampling2D(interpolation="bilinear")
    critic = keras.Sequential([keras.Input((4, 4, 1)), up, layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(1)])
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(16), layers.Reshape((4, 4, 1))])
    model = wk.WGANGP(generator, critic, n_critic=100, seed=0)
    model.compile(critic_optimizer=keras.optimizers.Adam(0.01, 0.5, 0.9))
    images = np.random.default_rng(0).normal(size=(400, 4, 4, 1)).astype("float32")
    assert abs(model.fit(images, batch_size=4, epochs=2, verbose=0).history["gradient_norm"][-1] - 1) < 0.3


GAMES = [wk.WGANGP, *(pytest.param(game, marks=pytest.mark.long) for game in (wk.GAN, wk.WGAN))]


@pytest.mark.parametrize("game", GAMES)
def test_a_loss_of_the_critics_weights_counts_once_and_one_of_its_outputs_is_the_mean_over_real_and_fake(game):
    """As on TensorFlow. The scores are zero, so that they are all there is; the images are 5 and 1."""
    l2 = keras.regularizers.L2(0.5)  # w^2 / 2
    shift = keras.layers.Dense(2, kernel_initializer="identity", kernel_regularizer=l2, activity_regularizer=l2)
    score = keras.layers.Dense(1, kernel_initializer="zeros", trainable=False)
    critic = keras.Sequential([keras.Input((2,)), shift, score])
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    generator.set_weights([np.zeros((2, 2)), np.ones(2)])
    model = game(generator, critic, n_critic=1, **({"clip_value": 100} if game is wk.WGAN else {}))
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.01))
    model.train_on_batch(np.full((4, 2), 5.0))
    # The outputs' x^2 / 2, a sum over two units and a mean over images (Keras's), has the gradient mean(x) in the bias.
    np.testing.assert_allclose(shift.get_weights()[1], [-0.03, -0.03], rtol=1e-5)
    # In the kernel it has mean(x_i x_j) = (25 + 1) / 2; the weights have themselves.
    np.testing.assert_allclose(shift.get_weights()[0], 0.99 * np.eye(2) - 0.01 * 13, rtol=1e-5)


def test_a_mixed_bfloat16_step_keeps_losses_and_variables_in_float32(policy, tiny, points):
    policy("mixed_bfloat16")
    model = tiny(wk.GAN, ema_decay=0.9)
    logs = model.train_on_batch(points(8), return_dict=True)
    assert model.critic.layers[2].compute_dtype == "bfloat16" and np.isfinite(list(logs.values())).all()
    assert {v.dtype for v in model.weights if v is not model.average_steps} == {"float32"}
