"""Unrolling: closed forms, and Adam by hand in float64."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.objectives import Unrolled

ETA, RATE = 0.3, 0.1


def bilinear(objective, clip_value=1e9, critic_optimizer=None, **dense):
    """WGAN with G(z) = x and f(t) = c t on data that are zero: the critic descends c x, the generator -c x."""
    generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    critic = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, **dense)])
    model = wk.WGAN(generator, critic, n_critic=1, clip_value=clip_value, objective=objective, seed=0)
    model.compile(keras.optimizers.SGD(RATE), critic_optimizer or keras.optimizers.SGD(ETA))
    model.draw_latents = lambda n, seed: tf.ones((n, 1))
    generator.set_weights([np.array([[0.5]])])
    critic.set_weights([np.array([[0.8]])])
    return model


def after_a_generator_step(model):
    model.generator_step(tf.zeros((3, 1)))
    return float(model.generator.get_weights()[0][0, 0])


@pytest.mark.parametrize("k", [0, 1, 3])
@pytest.mark.parametrize("rule", [{"rule": "critic_optimizer"}, {"rule": "sgd"}])
def test_of_the_bilinear_game_it_has_the_analytic_gradient(k, rule):
    """c_k = c - k eta x, so d(-c_k x)/dx = -c + 2 k eta x: unrolling damps the rotation around the equilibrium."""
    x, c = 0.5, 0.8
    model = bilinear(Unrolled(k, **rule))
    assert after_a_generator_step(model) == pytest.approx(x - RATE * (-c + 2 * k * ETA * x), rel=1e-6)
    assert float(model.critic.get_weights()[0][0, 0]) == pytest.approx(c)
    assert int(model.critic_optimizer.iterations) == 0


def test_sgd_has_a_rate_of_its_own_or_the_optimizers_present_one():
    own = after_a_generator_step(bilinear(Unrolled(1, "sgd", 0.7)))
    assert own == pytest.approx(0.5 - RATE * (-0.8 + 2 * 0.7 * 0.5), rel=1e-6)
    with pytest.raises(ValueError, match="rule='critic_optimizer', which has its own"):
        Unrolled(1, learning_rate=0.1)


class Own(keras.optimizers.SGD):
    """Overrides two of the methods that TensorFlow's optimizers have of their own, as Nadam and Muon do."""

    def _apply_weight_decay(self, variables):
        for variable in variables:
            self.assign(variable, variable * 0.9)

    def _backend_update_step(self, gradients, variables, learning_rate):
        super()._backend_update_step(gradients, variables, 2 * learning_rate)


def test_what_an_optimizer_overrides_holds_in_the_unrolled_updates():
    """c_1 = 0.9 c - 2 eta x."""
    x, c = 0.5, 0.8
    model = bilinear(Unrolled(1), critic_optimizer=Own(ETA))
    assert after_a_generator_step(model) == pytest.approx(x - RATE * (-0.9 * c + 4 * ETA * x), rel=1e-6)


def test_what_layers_add_to_the_loss_is_descended_in_the_unrolled_updates_too():
    """The scores' squares, (c x)^2 in one of two passes: c_1 = c - eta (x + c x^2)."""
    x, c = 0.5, 0.8
    model = bilinear(Unrolled(1, "sgd"), activity_regularizer=keras.regularizers.L2(1.0))
    assert after_a_generator_step(model) == pytest.approx(x - RATE * (-c + ETA * (2 * x + 3 * c * x**2)), rel=1e-6)


def test_weight_clipping_holds_in_the_unrolled_updates():
    """c - eta x = 0.65 is clipped to 0.6, where the clip's derivative is zero: the gradient is -0.6."""
    for rule in ("critic_optimizer", "sgd"):
        model = bilinear(Unrolled(1, rule), clip_value=0.6)
        assert after_a_generator_step(model) == pytest.approx(0.5 + RATE * 0.6, rel=1e-6)


@pytest.mark.parametrize("how", [{"run_eagerly": True}, pytest.param({}, marks=pytest.mark.long)])
def test_unrolling_no_step_is_the_plain_game_bit_for_bit(with_everything, points, state_of, how):
    states = []
    for objective in (None, Unrolled(0)):
        model = with_everything(wk.WGAN, n_critic=1, critic_normalization=False, objective=objective, compile=how)
        model.fit(points(4), batch_size=4, verbose=0, validation_data=points(4, seed=1))
        states.append(state_of(model))
    for plain, unrolled in zip(*states, strict=True):
        np.testing.assert_array_equal(unrolled, plain)


def scores(weights, x):
    first, second = weights
    return tf.tanh(x @ first) @ second


def test_two_steps_of_adam_from_its_present_moments_are_those_by_hand_in_float64(points):
    beta_1, beta_2, epsilon, k = 0.5, 0.9, 1e-7, 2
    keras.utils.set_random_seed(1)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    hidden = keras.layers.Dense(4, "tanh", use_bias=False)
    critic = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(1, use_bias=False)])
    model = wk.GAN(generator, critic, objective=Unrolled(k), seed=0)
    model.compile(keras.optimizers.SGD(1.0), keras.optimizers.Adam(ETA, beta_1, beta_2, epsilon))
    for seed in range(3):
        model.critic_step(tf.constant(points(5, seed=seed)))
    z, x = points(5, seed=8), points(5, seed=9)
    model.draw_latents = lambda n, seed: tf.constant(z)

    state = {v.path: np.float64(v) for v in model.critic_optimizer.variables}
    t = int(model.critic_optimizer.iterations)
    momenta, velocities = ([v for path, v in state.items() if path.endswith(end)] for end in ("momentum", "velocity"))
    theta = tf.constant(np.float64(generator.get_weights()[0]))
    with tf.GradientTape() as outer:
        outer.watch(theta)
        fake, w = np.float64(z) @ theta, [tf.constant(np.float64(v)) for v in critic.get_weights()]
        for _ in range(k):
            with tf.GradientTape() as inner:
                inner.watch(w)
                told = tf.nn.softplus(-scores(w, np.float64(x))) + tf.nn.softplus(scores(w, fake))
                loss = tf.reduce_mean(told)
            gradients = inner.gradient(loss, w)
            t += 1
            alpha = ETA * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
            momenta = [beta_1 * m + (1 - beta_1) * g for m, g in zip(momenta, gradients, strict=True)]
            velocities = [beta_2 * v + (1 - beta_2) * g**2 for v, g in zip(velocities, gradients, strict=True)]
            steps = [alpha * m / (tf.sqrt(v) + epsilon) for m, v in zip(momenta, velocities, strict=True)]
            w = [each - step for each, step in zip(w, steps, strict=True)]
        value = tf.reduce_mean(tf.nn.softplus(-scores(w, fake)))
    expected = theta - outer.gradient(value, theta)

    before = [*critic.get_weights(), *(v.numpy().copy() for v in model.critic_optimizer.variables)]
    model.generator_step(tf.constant(x))
    np.testing.assert_allclose(generator.get_weights()[0], expected, atol=1e-5)
    assert np.abs(expected - theta).max() > 0.01
    after = [*critic.get_weights(), *(v.numpy().copy() for v in model.critic_optimizer.variables)]
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)


def never_fires(hidden, last):
    hidden.bias.assign([-1e3, 0, 0])


def hardly_counts(hidden, last):
    """The squares of its gradients are zero in float32."""
    last.kernel.assign([[-1e-25], [1], [1]])
    hidden.bias.assign([9, 0, 0])


@pytest.mark.parametrize("unit", [never_fires, hardly_counts])
@pytest.mark.parametrize(
    "optimizer",
    [keras.optimizers.Adam, keras.optimizers.RMSprop, pytest.param(keras.optimizers.SGD, marks=pytest.mark.long)],
)
def test_a_weight_without_gradient_leaves_the_generators_finite(tiny, points, optimizer, unit):
    """Adam and RMSprop divide by a root that has no derivative at zero."""
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(1)])
    unit(*critic.layers)
    model = tiny(wk.GAN, critic=critic, objective=Unrolled(2), compile={"critic_optimizer": optimizer(1e-3)})
    before = model.generator.get_weights()
    model.generator_step(tf.constant(points(4)))
    after = model.generator.get_weights()
    assert all(np.isfinite(w).all() for w in after)
    assert any(np.abs(a - b).max() > 0 for a, b in zip(before, after, strict=True))


def test_a_critic_with_an_embedding_is_unrolled():
    """By plain gradient descent, which both rules then are."""
    weights = []
    for rule in ("critic_optimizer", "sgd"):
        keras.utils.set_random_seed(0)
        networks = []
        for outputs in (2, 1):
            x, y = keras.Input((2,)), keras.Input((), dtype="int32")
            embedded = keras.layers.Embedding(3, 2)(y)
            output = keras.layers.Dense(outputs)(keras.layers.Concatenate()([x, embedded]))
            networks.append(keras.Model([x, y], output))
        model = wk.GAN(*networks, seed=0, objective=wk.objectives.Unrolled(2, rule))
        model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), run_eagerly=True)
        model.train_on_batch(np.ones((3, 2), "float32"), np.array([0, 1, 1]))
        weights.append(model.generator.get_weights())
    for ours, expected in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-7)


def test_random_states_go_on_so_that_the_next_update_draws_others(with_everything, points):
    model = with_everything(wk.WGANGP, critic_normalization=False, objective=Unrolled(1))
    states = [model.seed_generator.state, model.critic.layers[-2].seed_generator.state]
    before = [state.numpy().copy() for state in states]
    model.generator_step(tf.constant(points(4)))
    moved = [int(state.numpy()[1] - b[1]) for state, b in zip(states, before, strict=True)]
    # The game: latents, and the coefficients of the unrolled penalty. The critic's dropout: the unrolled update's pass
    # on real and on generated images, and the generator's own.
    assert moved == [2, 3]


def test_batch_normalization_in_the_critic_is_refused(tiny):
    norm = keras.layers.BatchNormalization(name="norm")
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), norm, keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="'norm' is a BatchNormalization, whose second derivative is wrong on tensorf"):
        tiny(wk.GAN, critic=critic, objective=Unrolled(1))


def test_a_validation_logs_the_plain_loss(tiny, points):
    """It learns nothing, and so answers no unrolled critic."""
    plain, unrolled = tiny(wk.GAN), tiny(wk.GAN, objective=Unrolled(3, "sgd", 1.0))
    logs = [each.test_on_batch(points(8), return_dict=True) for each in (plain, unrolled)]
    assert logs[0] == logs[1]
