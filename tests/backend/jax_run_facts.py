"""What holds of data, runs and memory on JAX; test_jax.py runs it where TensorFlow cannot be imported."""

import gc
import itertools
import signal
import threading
import weakref

import jax
import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import backend, callbacks, load_model, presets, training
from wgan_keras.recipes import standard

GAMES = [wk.WGANGP, *(pytest.param(game, marks=pytest.mark.long) for game in (wk.GAN, wk.WGAN))]


class BadAt(keras.utils.PyDataset):
    """Batches of points, of which one has NaN; None: all are good."""

    num_batches = 3

    def __init__(self, bad):
        super().__init__()
        self.bad = bad

    def __getitem__(self, k):
        return np.full((4, 2), np.nan if k == self.bad else 0.1, "float32")


def test_an_error_or_a_call_between_steps_leaves_the_game_its_weights(tiny):
    """Keras takes them out of the variables before the first step."""
    model = tiny(wk.WGAN, n_critic=1)
    model.fit(BadAt(None), verbose=0)
    before = model.generator.get_weights() + model.critic.get_weights()
    for bad, run in ((0, model.fit), (0, model.evaluate), (2, model.evaluate)):
        with pytest.raises(ValueError, match=f"NaN or infinity in the images, in batch {bad}"):
            run(BadAt(bad), verbose=0)
        for a, b in zip(before, model.generator.get_weights() + model.critic.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)
    for run in (model.predict, model.predict_on_batch, model.train_on_batch, model.test_on_batch):
        weights = [0.01 * k * np.ones_like(w) for k, w in enumerate(before)]
        model.sample(2)
        model.generator.set_weights(weights[: len(model.generator.weights)])
        with pytest.raises(ValueError):
            run(np.zeros((4, 3), "float32"))
        model.synchronize()  # as a setting does
        for a, b in zip(model.generator.get_weights(), weights, strict=False):
            np.testing.assert_array_equal(a, b)
    told = []

    def anew(batch, logs):
        model.compile(model.generator_optimizer, model.critic_optimizer)

    again = keras.callbacks.LambdaCallback(on_test_batch_end=anew)
    model.evaluate(BadAt(None), verbose=0, callbacks=[again])

    def between(batch, logs):
        model.clip_value = 0.02
        model.sample(2)
        told.append(model.evaluate(BadAt(None), verbose=0, return_dict=True)["critic_loss"])

    model.fit(BadAt(None), verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=between)])
    assert len(told) == 3 and np.isfinite(told).all() and np.isfinite(model.sample(2, seed=0)).all()
    assert model.generator_iterations == 6


def test_an_average_is_left_alone_in_what_jax_traces(tiny, points):
    """A game that is called within a jitted function, on a constant, has its values there."""
    game, latents = tiny(wk.GAN, ema_decay=0.9, compile={"run_eagerly": True}), points(3)
    game.generator.set_weights([2 * weight for weight in game.generator.get_weights()])
    before = game.generator_ema.get_weights()
    jax.jit(lambda factor: factor * game(latents))(2.0)
    assert all(map(np.array_equal, before, game.generator_ema.get_weights()))
    np.testing.assert_array_equal(game(latents), game.generator(latents))


def test_a_game_is_saved_by_a_callback_from_around_it(tiny, points, tmp_path):
    game = tiny(wk.GAN, ema_decay=0.9)
    saving = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: game.save(tmp_path / "gan.keras"))
    game.fit(points(8), batch_size=4, verbose=0, callbacks=[saving])
    assert load_model(tmp_path / "gan.keras").generator_optimizer.iterations == 1


@pytest.mark.filterwarnings("ignore:The data have labels")
def test_a_keras_dataset_gives_the_training_of_its_array(tiny, points, state_of, in_batches):
    models = [tiny(wk.GAN) for _ in range(2)]
    models[0].fit(points(26), batch_size=4, shuffle=False, epochs=2, verbose=0)
    models[1].fit(in_batches(4, points(26), np.zeros(26)), epochs=2, verbose=0)
    for a, b in zip(*map(state_of, models), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_keras_dataset_is_read_by_as_many_threads_as_it_says(tiny, points):
    readers = set()

    class Images(keras.utils.PyDataset):
        num_batches = 6

        def __getitem__(self, k):
            readers.add(threading.current_thread())
            return points(24)[4 * k : 4 * (k + 1)]

    model = tiny(wk.GAN)
    model.fit(Images(workers=1), verbose=0)
    assert readers == {threading.main_thread()}
    model.fit(Images(workers=2), verbose=0)
    assert len(readers) > 1


def test_a_dataset_of_tensorflow_is_missed_with_a_sentence():
    with pytest.raises(ImportError, match=r"needs TensorFlow .*use data\.load_arrays"):
        wk.data.load("eight_gaussians")


def test_a_run_stopped_in_an_epoch_resumes_to_the_same_bits(tmp_path, monkeypatch, state_of, shallow):
    game = {"name": "wgan", "ema_decay": 0.9, "seed": 1, "n_critic": 2}
    sizes = {"width": 2, "batch_size": 16, "iterations": 9}
    recipe = shallow(standard(game, {"name": "eight_gaussians"}, (2,), **sizes))

    class StopAtFive(callbacks.StopOnSignal):
        steps = itertools.count(1)

        def on_train_batch_end(self, batch, logs=None):
            if next(self.steps) == 5:
                signal.raise_signal(signal.SIGTERM)
            super().on_train_batch_end(batch, logs)

    training.start(recipe, tmp_path / "whole", epoch_iterations=4)
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "StopOnSignal", StopAtFive)
        model, received = training.start(recipe, tmp_path / "cut", epoch_iterations=4)
    assert (int(model.generator_optimizer.iterations), received) == (5, signal.SIGTERM)
    training.resume(tmp_path / "cut")
    whole, cut = (load_model(tmp_path / name / "gan.keras") for name in ("whole", "cut"))
    for a, b in zip(state_of(whole), state_of(cut), strict=True):
        np.testing.assert_array_equal(a, b)
    rows = callbacks.read_history(tmp_path / "cut/history.csv")
    assert [row["iteration"] for row in rows] == [4, 5, 8, 9]
    assert (tmp_path / "cut/samples/epoch_0003.png").read_bytes() == (
        tmp_path / "whole/samples/epoch_0003.png"
    ).read_bytes()


@pytest.mark.parametrize("game", GAMES)
def test_a_fitted_model_and_its_data_are_freed(tiny, points, game):
    alive = []
    for kind in ("array", "dataset"):
        model, x = tiny(game, ema_decay=0.9), points(16)
        data = x if kind == "array" else backend.stream(x, 4, lambda epoch: np.arange(16), 0)
        model.fit(data, batch_size=4 if kind == "array" else None, steps_per_epoch=2, verbose=0)
        alive += [weakref.ref(each) for each in (model, x, model.generator, model.generator_ema)]
        del model, x, data
    gc.collect()
    assert [each() for each in alive] == [None] * 8


def test_a_loaded_model_and_one_of_a_preset_are_freed(tiny, points, tmp_path, shallow):
    tiny(ema_decay=0.9).save(tmp_path / "gan.keras")
    recipe = shallow(standard({"name": "wgan_gp", "ema_decay": 0.9}, {"name": "eight_gaussians"}, (2,), width=2))
    presets.save(recipe.compile(recipe.build()), recipe, tmp_path / "preset")
    models = [load_model(tmp_path / "gan.keras"), wk.from_preset(tmp_path / "preset")]
    models[0].fit(points(16), batch_size=4, verbose=0)
    models[1].sample(2, seed=0)
    alive = [weakref.ref(models.pop()) for _ in range(2)]
    gc.collect()
    assert [each() for each in alive] == [None] * 2


def test_more_devices_than_jax_began_with_are_refused():
    keras.ops.ones((2,)) + 1
    with pytest.raises(ValueError, match=r"100 devices are wanted, and there are .* before JAX computes anything"):
        backend.devices(100)
