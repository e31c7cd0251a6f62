"""What one training step does on JAX; test_jax.py runs it in a process of its own that cannot import TensorFlow."""

import jax
import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras import backend
from wgan_keras.models import minibatches


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
    """after_one_step(game, how): logs and state of a game with labels; with "in pieces", of two a minibatch."""
    done, data = {}, (points(8), np.arange(8) % 3)

    def run(game, how):
        if (game, how) not in done:
            keras.utils.set_random_seed(0)
            size = {"units": 2, "depth": 1, "classes": 3}
            networks = {"generator": wk.networks.mlp_generator((2,), 2, **size)}
            networks["critic"] = wk.networks.mlp_critic((2,), **size)
            model = tiny(**networks, **GAMES[game], micro_batch=2 if "in pieces" in how else None)
            optimizers = (keras.optimizers.SGD(0.02, momentum=0.5) for _ in range(2))
            model.compile(*optimizers, run_eagerly="eager" in how)
            if "outside fit" in how:
                logs = model.training_step(tuple(map(ops.convert_to_tensor, minibatches.for_step(data, model))))
            else:
                logs = model.train_on_batch(*data, return_dict=True)
            done[game, how] = {k: float(v) for k, v in logs.items()}, state_of(model)
            if "eager" in how:
                model.test_on_batch(points(2), data[1][:2])
        return done[game, how]

    return run


GAMES = {
    "plain": {"game": wk.WGAN},
    "noisy": {"game": wk.WGANGP, "views": [wk.views.InstanceNoise()], "ema_decay": 0.9},
}


@pytest.mark.parametrize(
    ("game", "how"),
    [
        ("noisy", "in pieces"),
        # Each operation is compiled by itself.
        ("plain", "eager, in pieces"),
        ("plain", "outside fit, in pieces"),
        *(pytest.param("noisy", how, marks=pytest.mark.long) for how in ("eager", "outside fit", "eager, in pieces")),
    ],
)
def test_every_way_of_running_a_step_gives_the_compiled_ones_numbers(game, how, after_one_step):
    """A scan, or a loop of Python, over minibatches and over their pieces.

    Variables are held by the step's state, or by themselves. An eager step gets arrays of NumPy's, as it was given
    them.
    """
    (logs, state), (expected_logs, expected_state) = after_one_step(game, how), after_one_step(game, "compiled")
    assert logs == pytest.approx(expected_logs, rel=2e-5, abs=1e-5)
    assert len(state) == {"plain": 27, "noisy": 34}[game]
    for a, b in zip(state, expected_state, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-6)


def test_a_step_advances_the_random_state_by_its_draws(after_one_step):
    """In each of 2 critic updates latents, coefficients and noise, twice; in the generator's latents, labels, noise."""
    _, state = after_one_step("noisy", "compiled")
    assert next(s.tolist() for s in state if s.dtype == "uint32") == [0, 11]


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


def test_a_step_in_pieces_needs_the_memory_of_one(points):
    """XLA plans what a compiled step holds at most, beside what it is given."""
    planned = {}
    for micro_batch in (None, 16):
        size = {"units": 64, "depth": 1}
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
