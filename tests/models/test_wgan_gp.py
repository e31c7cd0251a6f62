"""The penalized game: by hand, on problems whose Wasserstein distance is known, and on eight Gaussians."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.data import toys


def constant_generator(point):
    """Makes `point` (d,) whatever its latents (2,); with a learning rate of 0 it goes on doing so."""
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(len(point))])
    network.set_weights([np.zeros((2, len(point))), np.asarray(point)])
    return network


@pytest.mark.parametrize(
    ("d", "weight", "one_sided"),
    [
        (3.0, 10.0, False),
        *(pytest.param(*each, marks=pytest.mark.long) for each in ((3.0, 100.0, True), (0.5, 100.0, False))),
    ],
)
def test_the_estimate_on_two_point_masses_approaches_their_distance(d, weight, one_sided):
    """The best critic under the penalty has norm k = 1 + d / (2 lambda) between the points and the estimate k d."""
    keras.utils.set_random_seed(0)
    real = np.tile(np.float32([[d, 0.0]]), (64, 1))
    model = wk.WGANGP(
        constant_generator([0.0, 0.0]),
        wk.networks.mlp_critic((2,), units=16, depth=1),
        gradient_penalty_weight=weight,
        one_sided=one_sided,
        n_critic=300,
        seed=0,
    )
    schedule = keras.optimizers.schedules.CosineDecay(0.02, 600)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.Adam(schedule, 0.5, 0.9))
    minibatches = tf.tile(real[:16], (300, 1))
    step = tf.function(model.training_step, autograph=False)
    for _ in range(2):
        step(minibatches)
    k = 1 + d / (2 * weight)
    logs = model.evaluate(real, verbose=0, return_dict=True)
    np.testing.assert_allclose(logs["wasserstein_estimate"], k * d, rtol=0.02)
    np.testing.assert_allclose(logs["gradient_norm"], k, rtol=0.02)


def test_the_logs_add_up(tiny, points):
    """critic_loss = -estimate + lambda * penalty, in training and on held-out data."""
    model = tiny(wk.WGANGP, gradient_penalty_weight=7.0, compile={"run_eagerly": True})
    logs = model.fit(points(8), batch_size=4, validation_data=points(8, 1), verbose=0).history
    for prefix in ("", "val_"):
        loss, estimate, penalty = (
            logs[prefix + name][0] for name in ("critic_loss", "wasserstein_estimate", "gradient_penalty")
        )
        np.testing.assert_allclose(loss, -estimate + 7 * penalty, rtol=1e-5)


def test_a_linear_critic_logs_its_norm_and_penalty(points):
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    critic.set_weights([np.float32([[3.0], [4.0]]), np.zeros(1)])
    data = points(8)
    for one_sided in (False, True):
        model = wk.WGANGP(constant_generator([1.0, 1.0]), critic, one_sided=one_sided)
        model.compile(run_eagerly=True)
        logs = model.evaluate(data, verbose=0, return_dict=True)
        np.testing.assert_allclose([logs["gradient_norm"], logs["gradient_penalty"]], [5, 16], rtol=1e-5)
        np.testing.assert_allclose(logs["wasserstein_estimate"], (data @ [3, 4]).mean() - 7, rtol=1e-4)


def test_one_sided_does_not_push_small_gradients_up():
    """With one point for reals and fakes the estimate is 0, so the penalty alone moves a flat critic's weights."""
    moved = {}
    for one_sided in (False, True):
        critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        critic.set_weights([np.float32([[0.3], [0.4]]), np.zeros(1)])
        model = wk.WGANGP(constant_generator([1.0, 1.0]), critic, one_sided=one_sided)
        model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.01))
        model.critic_step(tf.ones((4, 2)))
        moved[one_sided] = np.linalg.norm(critic.get_weights()[0])
    # d/dw lambda (|w| - 1)^2 = 2 lambda (|w| - 1) w / |w|, and zero below 1 for the one-sided one.
    np.testing.assert_allclose([moved[True], moved[False]], [0.5, 0.5 + 0.01 * 2 * 10 * 0.5], rtol=1e-5)


def algorithm_1(generator, critic, minibatches, latents, coefficients, weight, rate, beta_1=0.0, beta_2=0.9):
    """Algorithm 1 of *Improved Training of Wasserstein GANs* by hand in float64, on MLPs with one hidden ReLU layer."""

    def network(weights, x):
        return tf.nn.relu(x @ weights[0] + weights[1]) @ weights[2] + weights[3]

    class Adam:
        def __init__(self):
            self.t, self.first, self.second = 0, [0.0] * 4, [0.0] * 4

        def step(self, weights, gradients):
            self.t += 1
            self.first = [beta_1 * m + (1 - beta_1) * g for m, g in zip(self.first, gradients, strict=True)]
            self.second = [beta_2 * v + (1 - beta_2) * g**2 for v, g in zip(self.second, gradients, strict=True)]
            size = rate * np.sqrt(1 - beta_2**self.t) / (1 - beta_1**self.t)
            moments = zip(weights, self.first, self.second, strict=True)
            return [w - size * m / (np.sqrt(v) + 1e-7) for w, m, v in moments]

    theta, w = ([np.float64(v) for v in weights] for weights in (generator, critic))
    adam_theta, adam_w = Adam(), Adam()
    latents, coefficients = iter(np.float64(latents)), iter(np.float64(coefficients))
    for step in np.float64(minibatches):
        for x in step:
            weights = [tf.constant(v) for v in w]
            fake, u = network(theta, next(latents)), next(coefficients)
            between = u * x + (1 - u) * fake
            with tf.GradientTape() as tape:
                tape.watch(weights)
                # The gradient of a one-layer ReLU network, written out.
                active = tf.cast(between @ weights[0] + weights[1] > 0, tf.float64)
                gradient = (active * weights[2][:, 0]) @ tf.transpose(weights[0])
                norms = tf.sqrt(tf.reduce_sum(gradient**2, 1) + 1e-12)
                penalty = tf.reduce_mean((norms - 1) ** 2)
                scores = tf.reduce_mean(network(weights, fake)) - tf.reduce_mean(network(weights, x))
                loss = scores + weight * penalty
            gradients = tape.gradient(loss, weights, unconnected_gradients="zero")
            w = adam_w.step(w, [g.numpy() for g in gradients])
        weights = [tf.constant(v) for v in theta]
        with tf.GradientTape() as tape:
            tape.watch(weights)
            loss = -tf.reduce_mean(network(w, network(weights, next(latents))))
        theta = adam_theta.step(theta, [g.numpy() for g in tape.gradient(loss, weights)])
    return theta, w


def test_a_step_is_algorithm_1_written_by_hand(points, monkeypatch):
    """Two iterations with the paper's defaults and the same minibatches, latents and coefficients agree within 1e-6."""
    keras.utils.set_random_seed(6)
    model = wk.WGANGP(
        wk.networks.mlp_generator((2,), 3, units=6, depth=1), wk.networks.mlp_critic((2,), units=6, depth=1)
    )
    model.compile()
    rng = np.random.default_rng(1)
    latents = rng.normal(size=(12, 4, 3)).astype("float32")
    coefficients = rng.uniform(size=(10, 4, 1)).astype("float32")
    z, u = iter(latents), iter(coefficients)
    model.draw_latents = lambda n, seed: tf.constant(next(z))
    monkeypatch.setattr("wgan_keras.penalties.gradient.random.uniform", lambda shape, seed: tf.constant(next(u)))
    minibatches = points(40).reshape(2, 5, 4, 2)
    weights = [network.get_weights() for network in (model.generator, model.critic)]
    expected = algorithm_1(*weights, minibatches, latents, coefficients, weight=10.0, rate=1e-4)
    for step in minibatches:
        model.training_step(tf.constant(step.reshape(20, 2)))
    for ours, by_hand in zip([model.generator, model.critic], expected, strict=True):
        for a, b in zip(ours.get_weights(), by_hand, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_defaults_are_the_papers():
    model = wk.WGANGP(constant_generator([0.0]), keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    model.compile()
    assert (model.n_critic, model.gradient_penalty_weight, model.one_sided) == (5, 10.0, False)
    for optimizer in (model.generator_optimizer, model.critic_optimizer):
        assert isinstance(optimizer, keras.optimizers.Adam)
        np.testing.assert_allclose([optimizer.learning_rate, optimizer.beta_1, optimizer.beta_2], [1e-4, 0, 0.9])


@pytest.mark.long  # the zoo's presets of eight Gaussians cover them
def test_a_short_run_on_eight_gaussians_covers_every_mode():
    """A mode counts with 25 of 1000 samples within 0.1 (7 standard deviations): a fair share is 125."""
    keras.utils.set_random_seed(0)
    model = wk.WGANGP(
        wk.networks.mlp_generator((2,), 2, units=128, depth=3),
        wk.networks.mlp_critic((2,), units=128, depth=3),
        gradient_penalty_weight=0.1,
        n_critic=3,
        ema_decay=0.99,
        seed=0,
    )
    model.compile(keras.optimizers.Adam(1e-3, 0.5, 0.9), keras.optimizers.Adam(1e-3, 0.5, 0.9))
    model.fit(toys.sample("eight_gaussians", 800 * 3 * 128, seed=0), batch_size=128, verbose=0)
    centers, _ = toys.modes("eight_gaussians")
    distance = np.linalg.norm(model.sample(1000, seed=1)[:, None] - centers, axis=-1)
    owned = [int((distance[:, i] < 0.1).sum()) for i in range(8)]
    assert min(owned) >= 25, owned


@pytest.mark.parametrize("layer", [keras.layers.LayerNormalization(), keras.layers.GroupNormalization(1)])
def test_layers_whose_second_derivative_is_wrong_here_are_refused(layer):
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4), layer, keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=rf"keras\.layers\.{type(layer).__name__}.* wrong on tensorflow"):
        wk.WGANGP(constant_generator([0.0, 0.0]), critic)
    wk.WGAN(constant_generator([0.0, 0.0]), critic)  # differentiates once


def test_a_penalty_through_keras_layer_normalization_has_a_wrong_gradient():
    """Why they are refused: tf.nn.moments stops the gradient at the mean. Once this fails, Keras is mended."""
    rng = np.random.default_rng(0)
    kernel = tf.constant(rng.normal(size=(3, 6)))
    head = tf.constant(rng.normal(size=(6, 1)))
    points = tf.constant(rng.normal(size=(4, 3)))
    layer = keras.layers.LayerNormalization(dtype="float64")

    def penalty(kernel):
        with tf.GradientTape() as tape:
            tape.watch(points)
            y = layer(points @ kernel) @ head
        return tf.reduce_mean((tf.norm(tape.gradient(y, points), axis=1) - 1) ** 2)

    with tf.GradientTape() as tape:
        tape.watch(kernel)
        value = penalty(kernel)
    gradient = tape.gradient(value, kernel)
    direction, step = tf.constant(rng.normal(size=(3, 6))), 1e-6
    slope = (penalty(kernel + step * direction) - penalty(kernel - step * direction)) / (2 * step)
    assert abs(float(slope) - float(tf.reduce_sum(gradient * direction))) > 0.01 * abs(float(slope))
