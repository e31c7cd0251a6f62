"""What holds of training on JAX; test_jax.py runs it in a process of its own that cannot import TensorFlow."""

import jax
import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras import backend, callbacks, load_model


def test_keras_runs_on_jax_and_tensorflow_is_not_there():
    assert keras.backend.backend() == "jax"
    with pytest.raises(ImportError):
        import tensorflow  # noqa: F401


def test_a_full_memory_is_told_from_other_errors():
    with pytest.raises(Exception) as caught:
        ops.zeros((10**15,))
    assert backend.out_of_memory(caught.value)
    with pytest.raises(Exception) as caught:
        ops.add(ops.zeros(2), ops.zeros(3))
    assert not backend.out_of_memory(caught.value)


@pytest.fixture(scope="module")
def after_one_step(tiny, points, state_of):
    """after_one_step(how): logs and state of a WGANGP with an average."""
    done = {}

    def run(how):
        if how not in done:
            model = tiny(wk.WGANGP, ema_decay=0.9, compile={"run_eagerly": how == "eager"})
            if how == "outside fit":
                logs = model.training_step(ops.convert_to_tensor(points(8)))
            else:
                logs = model.train_on_batch(points(8), return_dict=True)
            done[how] = {k: float(v) for k, v in logs.items()}, state_of(model)
        return done[how]

    return run


@pytest.mark.parametrize("how", ["eager", "outside fit"])
def test_every_way_of_running_a_step_gives_the_compiled_ones_numbers(after_one_step, how):
    """A scan, or a loop of Python; variables held by the step's state, or by themselves."""
    (logs, state), (expected_logs, expected_state) = after_one_step(how), after_one_step("compiled")
    assert logs == pytest.approx(expected_logs, abs=1e-5)
    assert len(state) == 34
    for a, b in zip(state, expected_state, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_labels_go_with_images_in_an_eager_step_as_in_a_compiled_one(tiny, points, state_of):
    """Eagerly a step gets arrays of NumPy's, as `fit` was given them."""
    labels = np.arange(8) % 3
    states = []
    for run_eagerly in (False, True):
        keras.utils.set_random_seed(0)
        generator = wk.networks.mlp_generator((2,), 2, units=4, depth=1, classes=3)
        model = tiny(generator=generator, critic=wk.networks.mlp_critic((2,), units=4, depth=1, classes=3))
        model.compile(keras.optimizers.SGD(0.02), keras.optimizers.SGD(0.02), run_eagerly=run_eagerly)
        model.fit(points(8), labels, batch_size=4, validation_data=(points(4), labels[:4]), verbose=0)
        states.append(state_of(model))
    for eager, compiled in zip(states[1], states[0], strict=True):
        np.testing.assert_allclose(eager, compiled, atol=1e-5)


def test_a_step_advances_the_random_state_by_its_draws(after_one_step):
    """WGANGP draws latents and coefficients in each of 2 critic updates, and latents in the generator's: 5 draws."""
    _, state = after_one_step("compiled")
    assert next(s.tolist() for s in state if s.dtype == "uint32") == [0, 5]


def test_the_critic_update_is_traced_once_whatever_n_critic(tiny, points):
    class Counting(wk.GAN):
        traces = 0

        def critic_loss(self, *arguments):
            Counting.traces += 1
            return super().critic_loss(*arguments)

    model = tiny(Counting, n_critic=9)
    model.fit(points(4 * 9), batch_size=2, verbose=0)
    assert Counting.traces == 1
    assert [int(o.iterations) for o in (model.critic_optimizer, model.generator_optimizer)] == [18, 2]


def assert_pieces_are_the_whole(state_of, make, train, **how):
    models = []
    for micro_batch in (None, 2):
        keras.utils.set_random_seed(0)
        model = make(micro_batch)
        model.compile(keras.optimizers.SGD(0.02), keras.optimizers.SGD(0.02), **how)
        train(model)
        models.append(model)
    for expected, ours in zip(*map(state_of, models), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=2e-5, atol=2e-6)


def test_pieces_give_the_step_of_the_whole_minibatch(tiny, points, state_of):
    """With labels, a gradient penalty and noise of each image, in a scan; and in a loop of Python."""

    def labeled(micro_batch):
        networks = {
            "generator": wk.networks.mlp_generator((2,), 2, units=6, depth=1, classes=3),
            "critic": wk.networks.mlp_critic((2,), units=6, depth=1, classes=3),
        }
        return tiny(**networks, views=[wk.views.InstanceNoise()], ema_decay=0.9, micro_batch=micro_batch)

    def linear(micro_batch):
        critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        return tiny(wk.WGAN, critic=critic, n_critic=1, micro_batch=micro_batch)

    labels = np.arange(16) % 3
    assert_pieces_are_the_whole(state_of, labeled, lambda model: model.fit(points(16), labels, batch_size=8, verbose=0))
    assert_pieces_are_the_whole(state_of, linear, lambda model: model.train_on_batch(points(4)), run_eagerly=True)


def test_a_step_in_pieces_needs_the_memory_of_one(points):
    """XLA plans what a compiled step holds at most, beside what it is given."""
    planned = {}
    for micro_batch in (None, 16):
        size = {"units": 64, "depth": 4}
        networks = wk.networks.mlp_generator((2,), 2, **size), wk.networks.mlp_critic((2,), **size)
        model = wk.WGANGP(*networks, n_critic=1, micro_batch=micro_batch, seed=0)
        model.compile()
        step = jax.jit(model.train_step).lower(model._get_jax_state(*[True] * 4), points(4096)).compile()
        planned[micro_batch] = step.memory_analysis().temp_size_in_bytes
    assert planned[16] < planned[None] / 5


def test_a_step_meets_each_minibatch_exactly_once():
    """A linear critic under plain gradient ascent adds up its minibatches' means, whose digits tell them apart."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    critic = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model = wk.WGAN(generator, critic, clip_value=1e9, n_critic=5)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(1.0), steps_per_execution=4)
    data = np.tile(np.repeat(10.0 ** np.arange(5), 2), 6)[:, None].astype("float32")
    model.fit(data, batch_size=2, shuffle=False, verbose=0)
    np.testing.assert_allclose(critic.get_weights()[0], 6 * 11111)


def test_the_clip_constraint_holds_for_every_trainable_variable_and_no_other(with_everything, points):
    model = with_everything(wk.WGAN, clip_value=0.01)
    model.fit(points(16) + 5, batch_size=4, verbose=0)
    assert max(np.abs(w).max() for w in map(np.asarray, model.critic.trainable_variables)) == np.float32(0.01)
    assert max(np.abs(w).max() for w in map(np.asarray, model.critic.non_trainable_variables)) > 0.02


def test_a_loaded_game_goes_on_bitwise_as_the_one_that_was_saved(with_everything, points, state_of, tmp_path):
    """Statistics, dropout's random states, the average and both optimizers included."""
    model = with_everything(wk.GAN)
    model.fit(points(16), batch_size=4, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = load_model(tmp_path / "gan.keras")
    for one in (model, loaded):
        one.fit(points(16, seed=1), batch_size=4, verbose=0)
    for a, b in zip(state_of(model), state_of(loaded), strict=True):
        np.testing.assert_array_equal(a, b)


def test_validation_changes_nothing_and_comes_out_the_same_again(with_everything, points, state_of):
    model = with_everything(wk.GAN)
    first = model.evaluate(points(7), batch_size=4, verbose=0, return_dict=True)
    before = state_of(model)
    assert model.evaluate(points(7), batch_size=4, verbose=0, return_dict=True) == first
    for a, b in zip(before, state_of(model), strict=True):
        np.testing.assert_array_equal(a, b)


def test_one_batch_is_tested_as_it_is_evaluated_and_checked(tiny, points):
    logs = tiny(wk.WGAN).test_on_batch(points(9), return_dict=True)
    assert logs == tiny(wk.WGAN).evaluate(points(9), batch_size=9, verbose=0, return_dict=True)
    with pytest.raises(ValueError, match="NaN or infinity in the images"):
        tiny(wk.WGAN).test_on_batch(np.full((4, 2), np.nan, "float32"))


@pytest.mark.parametrize("end", ["sigmoid", "tanh", "softplus"])
def test_a_critic_whose_end_limits_its_scores_is_refused(end):
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1), keras.layers.Activation(end)])
    with pytest.raises(ValueError, match=f"critic ends in {end} .* keeps its scores"):
        wk.GAN(keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]), critic)


@pytest.mark.parametrize("name", ["float16", "mixed_float16"])
def test_half_precision_without_loss_scaling_is_refused(policy, tiny, name):
    policy(name)
    with pytest.raises(ValueError, match=f"policy is {name}, "):
        tiny(wk.GAN)


def test_keras_callbacks_see_the_generators_optimizer_move_both_rates_and_the_step_sees_both(tiny, points):
    model = tiny(wk.GAN)
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = model.fit(points(32), batch_size=4, epochs=2, verbose=0, callbacks=[halve]).history
    np.testing.assert_allclose(history["learning_rate"], [1e-4, 0.5e-4], rtol=1e-6)
    rates = [float(o.learning_rate) for o in (model.optimizer, model.generator_optimizer, model.critic_optimizer)]
    np.testing.assert_allclose(rates, [0.5e-4, 0.5e-4, 0.5e-4], rtol=1e-6)
    for role in ("generator", "critic"):
        np.testing.assert_allclose(history[f"{role}_learning_rate"], [1e-4, 0.5e-4], rtol=1e-6)
    both = model.generator_optimizer.variables + model.critic_optimizer.variables
    assert list(map(id, model.optimizer.variables)) == list(map(id, both))


@pytest.mark.parametrize("how", [{}, pytest.param({"run_eagerly": True}, marks=pytest.mark.long)])
def test_layers_are_frozen_and_unfrozen_and_a_frozen_generator_counts(tiny, points, how):
    model = tiny(wk.WGANGP, ema_decay=0.9, compile=how)

    def moved(part):
        part.trainable = not part.trainable
        model.compile(model.generator_optimizer, model.critic_optimizer, **how)
        before = model.generator.get_weights()
        model.fit(points(16), batch_size=4, verbose=0)
        return [not np.array_equal(a, b) for a, b in zip(before, model.generator.get_weights(), strict=True)]

    layer = model.generator.layers[1]
    assert moved(layer) == [False, False, True, True]
    assert moved(layer) == [True] * 4
    assert moved(model.generator) == [False] * 4
    assert moved(model.generator) == [True] * 4
    assert [int(o.iterations) for o in (model.generator_optimizer, model.critic_optimizer)] == [8, 16]


def test_n_critic_and_weights_set_by_a_callback_hold_from_the_next_step_on(tiny, points):
    class Set(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.n_critic, self.model.gradient_penalty_weight = 3, 0.0

    model = tiny(wk.WGANGP, n_critic=1)
    model.fit(points(40), batch_size=4, verbose=0, callbacks=[Set()])
    counts = [int(o.iterations) for o in (model.generator_optimizer, model.critic_optimizer)]
    assert counts == [4, 8]  # of 10 batches one each, twice, then two times three
    logs = model.train_on_batch(points(12), return_dict=True)
    np.testing.assert_allclose(logs["critic_loss"], -logs["wasserstein_estimate"], rtol=1e-5)


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


def test_callbacks_see_the_iteration_under_way_and_stop_at_one(tiny, points):
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(int(self.model.generator_optimizer.iterations))

    model = tiny(wk.GAN)
    model.fit(points(40), batch_size=4, epochs=3, verbose=0, callbacks=[callbacks.StopAtIteration(8), Look()])
    assert seen == list(range(1, 9))


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
    wk.penalties.gradient_penalty(lambda x: norm(x, training=True), x, x, seed=0)
    np.testing.assert_allclose(np.asarray(norm.moving_mean), points(6).mean(0) / 2, rtol=1e-5)


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
    model = game(generator, critic, **({"clip_value": 100} if game is wk.WGAN else {}))
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.01))
    model.critic_step(ops.full((4, 2), 5.0))
    # The outputs' x^2 / 2, a sum over two units and a mean over images (Keras's), has the gradient mean(x) in the bias.
    np.testing.assert_allclose(shift.get_weights()[1], [-0.03, -0.03], rtol=1e-5)
    # In the kernel it has mean(x_i x_j) = (25 + 1) / 2; the weights have themselves.
    np.testing.assert_allclose(shift.get_weights()[0], 0.99 * np.eye(2) - 0.01 * 13, rtol=1e-5)


def test_a_mixed_bfloat16_step_keeps_losses_and_variables_in_float32(policy, tiny, points):
    policy("mixed_bfloat16")
    model = tiny(wk.GAN, ema_decay=0.9)
    logs = model.train_on_batch(points(8), return_dict=True)
    assert model.critic.layers[2].compute_dtype == "bfloat16" and np.isfinite(list(logs.values())).all()
    assert {v.dtype for v in model.weights} == {"float32"}
