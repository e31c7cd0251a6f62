"""What one training step does on JAX; test_jax.py runs it in a process of its own that cannot import TensorFlow."""

import jax
import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras import backend


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


# An eager step with labels is told of below.
@pytest.mark.parametrize("how", [pytest.param("eager", marks=pytest.mark.long), "outside fit"])
def test_every_way_of_running_a_step_gives_the_compiled_ones_numbers(after_one_step, how):
    """A scan, or a loop of Python; variables held by the step's state, or by themselves."""
    (logs, state), (expected_logs, expected_state) = after_one_step(how), after_one_step("compiled")
    assert logs == pytest.approx(expected_logs, abs=1e-5)
    assert len(state) == 35
    for a, b in zip(state, expected_state, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_a_step_advances_the_random_state_by_its_draws(after_one_step):
    """WGANGP draws latents and coefficients in each of 2 critic updates, and latents in the generator's: 5 draws."""
    _, state = after_one_step("compiled")
    assert next(s.tolist() for s in state if s.dtype == "uint32") == [0, 5]


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
        size = {"units": 64, "depth": 2}
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
