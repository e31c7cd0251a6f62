"""What a fit does on JAX, and what callbacks change in it; test_jax.py runs it where TensorFlow cannot be imported."""

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import callbacks, load_model
from wgan_keras.models import minibatches


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


def test_arrays_in_another_order_of_bytes_are_the_same(tiny, points):
    size = {"units": 4, "depth": 1, "classes": 3}
    model = tiny(generator=wk.networks.mlp_generator((2,), 2, **size), critic=wk.networks.mlp_critic((2,), **size))
    images, classes = points(8), np.arange(8) % 3
    given = images.astype(">f4"), classes.astype(">i8")
    (first, *_), _, _ = minibatches.for_training(given, 4, False, model)
    for x, y in (first, minibatches.for_step(given, model), minibatches.for_validation(given, 4, model)):
        assert x.dtype.isnative and y.dtype.isnative
        np.testing.assert_array_equal(x, images)
        np.testing.assert_array_equal(y, classes)


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


def test_callbacks_see_the_iteration_under_way_and_stop_at_one(tiny, points):
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(int(self.model.generator_optimizer.iterations))

    model = tiny(wk.GAN)
    model.fit(points(40), batch_size=4, epochs=3, verbose=0, callbacks=[callbacks.StopAtIteration(8), Look()])
    assert seen == list(range(1, 9))
