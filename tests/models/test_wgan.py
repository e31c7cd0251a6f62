"""Algorithm 1 of the WGAN paper, and its clipping in every way Keras can run it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

C = 0.05
MODES = {
    "eager": {"run_eagerly": True},
    "graph": {},
    "XLA": {"jit_compile": True},
    "two steps an execution": {"steps_per_execution": 2},
}


class Watch(keras.callbacks.Callback):
    """After every step: the largest critic weight, and the moving statistics of its batch normalization."""

    def __init__(self):
        super().__init__()
        self.largest, self.statistics = [], []

    def on_train_batch_end(self, batch, logs=None):
        critic = self.model.critic
        self.largest.append(max(np.abs(w.numpy()).max() for w in critic.trainable_variables))
        self.statistics.append(np.concatenate([w.numpy() for w in critic.non_trainable_variables]))


@pytest.fixture(scope="module")
def runs(points, with_everything):
    """runs(mode) -> (mode, model, watch) after 4 steps of a WGAN whose critic has batch normalization; run once."""
    done = {}

    def train(mode):
        if mode not in done:
            model = with_everything(wk.WGAN, clip_value=C, ema_decay=None, dropout=0.0, compile=MODES[mode])
            watch = Watch()
            # Far from 0 and wide, so that moving statistics belong outside the box.
            data = tf.data.Dataset.from_tensor_slices(50 + 10 * points(32)).batch(4)
            model.fit(data, verbose=0, callbacks=[watch])
            done[mode] = mode, model, watch
        return done[mode]

    return train


@pytest.fixture(params=[pytest.param(mode, marks=pytest.mark.long if mode == "graph" else []) for mode in MODES])
def run(request, runs):
    return runs(request.param)


def test_every_trainable_critic_variable_stays_in_the_box(run):
    mode, model, watch = run
    assert len(watch.largest) == (2 if mode.startswith("two") else 4)
    assert max(watch.largest) <= np.float32(C)
    names = {v.path.split("/")[-1] for v in model.critic.trainable_variables}
    assert names == {"kernel", "bias", "gamma", "beta"}


def test_moving_statistics_are_never_clipped(run):
    """They move every step, and out of the box."""
    _, _, watch = run
    for before, after in zip(watch.statistics, watch.statistics[1:], strict=False):
        assert (before != after).all()
    assert np.abs(watch.statistics[-1]).max() > 2 * C


def test_the_generator_is_not_clipped(run):
    assert max(np.abs(w.numpy()).max() for w in run[1].generator.trainable_variables) > 2 * C


def test_all_ways_to_run_agree_with_eager(run, runs):
    for ours, eager in zip(run[1].get_weights(), runs("eager")[1].get_weights(), strict=True):
        np.testing.assert_allclose(ours, eager, atol=1e-4, rtol=1e-4)


def test_clipped_fraction_counts_the_weights_on_the_walls(run):
    weights = np.concatenate([w.numpy().ravel() for w in run[1].critic.trainable_variables])
    expected = np.mean(np.abs(weights) >= np.float32(C))
    np.testing.assert_allclose(run[1].critic_state()["clipped_fraction"], expected, rtol=1e-6)
    assert 0 < expected < 1


def test_a_weight_without_gradient_is_clipped_as_well():
    """Line 7 is for all of w: here the bias, of which E f(x) - E f(g(z)) does not depend."""
    generator = wk.networks.mlp_generator((2,), 2, units=4, depth=1)
    critic = wk.networks.mlp_critic((2,), units=4, depth=1)
    critic.layers[-1].bias.assign([3.0])
    model = wk.WGAN(generator, critic)
    model.compile()
    model.critic_step(tf.ones((2, 2)))
    np.testing.assert_array_equal(critic.layers[-1].bias.numpy(), np.float32(0.01))


def algorithm_1(generator, critic, minibatches, latents, alpha=5e-5, c=0.01, rho=0.9, epsilon=1e-16):
    """Algorithm 1 by hand in float64, on lists of arrays: kernel and bias of each layer, ReLU between them."""

    def network(weights, x):
        *hidden, last = zip(weights[::2], weights[1::2], strict=True)
        for kernel, bias in hidden:
            x = tf.nn.relu(x @ kernel + bias)
        return x @ last[0] + last[1]

    def rmsprop(weights, gradients, squares):
        squares = [rho * s + (1 - rho) * g**2 for s, g in zip(squares, gradients, strict=True)]
        steps = [alpha * g / np.sqrt(s + epsilon) for g, s in zip(gradients, squares, strict=True)]
        return [w - step for w, step in zip(weights, steps, strict=True)], squares

    theta, w = ([np.float64(v) for v in weights] for weights in (generator, critic))
    theta_squares, w_squares = [0.0] * len(theta), [0.0] * len(w)
    latents = iter(np.float64(latents))
    for step in np.float64(minibatches):
        for x in step:  # lines 2 to 8
            weights = [tf.constant(v) for v in w]
            with tf.GradientTape() as tape:
                tape.watch(weights)
                fake = network(theta, next(latents))
                estimate = tf.reduce_mean(network(weights, x)) - tf.reduce_mean(network(weights, fake))
            ascent = [-g.numpy() for g in tape.gradient(estimate, weights, unconnected_gradients="zero")]
            w, w_squares = rmsprop(w, ascent, w_squares)
            w = [np.clip(v, -c, c) for v in w]
        weights = [tf.constant(v) for v in theta]
        with tf.GradientTape() as tape:  # lines 9 to 11
            tape.watch(weights)
            loss = -tf.reduce_mean(network(w, network(weights, next(latents))))
        descent = [g.numpy() for g in tape.gradient(loss, weights)]
        theta, theta_squares = rmsprop(theta, descent, theta_squares)
    return theta, w


def test_a_step_is_algorithm_1_written_by_hand(points):
    """Two iterations with the paper's defaults and the same minibatches and latents agree within 1e-6."""
    keras.utils.set_random_seed(5)
    model = wk.WGAN(
        wk.networks.mlp_generator((2,), 3, units=6, depth=2), wk.networks.mlp_critic((2,), units=6, depth=2)
    )
    model.compile()
    latents = np.random.default_rng(1).normal(size=(12, 4, 3)).astype("float32")
    draws = iter(latents)
    model.draw_latents = lambda n, seed: tf.constant(next(draws))
    minibatches = points(40).reshape(2, 5, 4, 2)
    expected = algorithm_1(model.generator.get_weights(), model.critic.get_weights(), minibatches, latents)
    for step in minibatches:
        model.training_step(tf.constant(step.reshape(20, 2)))
    for ours, by_hand in zip([model.generator, model.critic], expected, strict=True):
        for a, b in zip(ours.get_weights(), by_hand, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_defaults_are_the_papers(tiny):
    model = tiny(wk.WGAN, n_critic=5)
    assert model.clip_value == 0.01
    assert wk.WGAN(model.generator, model.critic).n_critic == 5
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        assert isinstance(optimizer, keras.optimizers.RMSprop)
        np.testing.assert_allclose([optimizer.learning_rate, optimizer.momentum], [5e-5, 0])


@pytest.mark.parametrize("size", [1e-6, pytest.param(1e-3, marks=pytest.mark.long), 1.0])
def test_a_step_is_as_long_whatever_the_size_of_the_gradient(tiny, size):
    """alpha for a gradient that stays the same; behind a clipped critic gradients of 1e-5 are common."""
    model = tiny(wk.WGAN)
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        weight = keras.Variable([0.0, 0.0])
        optimizer = type(optimizer).from_config(optimizer.get_config())
        optimizer.build([weight])
        for _ in range(40):
            before = weight.numpy()
            optimizer.apply([np.float32([size, -size])])
        np.testing.assert_allclose(weight.numpy() - before, [-5e-5, 5e-5], rtol=2e-2)


def test_a_constraint_of_the_critics_own_stays_and_comes_back_after_a_wgan(tiny):
    own = wk.WeightClip(0.05)
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_constraint=own)])
    for game, kernel, bias in ((wk.GAN, 0.05, 1.0), (wk.WGAN, 0.01, 0.01), (wk.GAN, 0.05, 1.0)):
        model = tiny(game, critic=critic, compile={"critic_optimizer": keras.optimizers.SGD(0.0)})
        critic.set_weights([np.float32([[1], [-1]]), np.ones(1)])
        model.critic_step(tf.ones((4, 2)))
        largest = [float(np.abs(weight).max()) for weight in critic.get_weights()]
        assert largest == pytest.approx([kernel, bias])


def test_a_critic_that_left_a_wgan_is_free_again(tiny):
    """The same critic under a penalty must not go on being clipped."""
    model = tiny(wk.WGAN, clip_value=1e-3)
    other = wk.WGANGP(model.generator, model.critic)
    other.compile()
    other.critic_step(tf.ones((4, 2)))
    assert max(np.abs(w.numpy()).max() for w in other.critic.trainable_variables) > 0.1
