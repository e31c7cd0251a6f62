"""A game that was saved and loaded takes the same next step, bit for bit."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

Dataset = tf.data.Dataset
GAMES = [wk.WGANGP, *(pytest.param(game, marks=pytest.mark.long) for game in (wk.GAN, wk.WGAN))]


@pytest.fixture(scope="module")
def games(with_everything):
    """games(game, ...): networks with statistics, dropout in the critic, an average and two Adams, eager."""

    def make(game, **arguments):
        arguments = {"compile": {"run_eagerly": True}, **arguments}
        return with_everything(game, critic_normalization=game is not wk.WGANGP, **arguments)

    return make


def assert_same(state_of, *models):
    states = [state_of(model) for model in models]
    assert len(states[0]) > 20
    for a, b in zip(*states, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("game", GAMES)
def test_the_next_steps_after_loading_are_bitwise_those_without(games, points, state_of, tmp_path, game):
    model = games(game, n_critic=1)
    model.fit(points(4), batch_size=4, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    assert_same(state_of, model, loaded)
    for one in (model, loaded):
        one.fit(points(4, seed=1), batch_size=4, verbose=0, validation_data=points(4))
    assert_same(state_of, model, loaded)
    np.testing.assert_array_equal(model.sample(3, seed=0), loaded.sample(3, seed=0))


@pytest.mark.parametrize("game", [wk.WGAN, pytest.param(wk.WGANGP, marks=pytest.mark.long)])
def test_weights_files_hold_the_whole_state_too(games, points, state_of, tmp_path, game):
    """Loaded into a game that is the same but for all its numbers."""
    model, other = games(game, n_critic=1), games(game, n_critic=1, seed=99)
    model.fit(points(4), batch_size=4, verbose=0)
    other.fit(points(4, seed=5), batch_size=4, verbose=0)
    model.save_weights(tmp_path / "gan.weights.h5")
    other.load_weights(tmp_path / "gan.weights.h5")
    for one in (model, other):
        one.fit(points(4, seed=1), batch_size=4, shuffle=False, verbose=0)
    assert_same(state_of, model, other)


def test_the_count_of_iterations_goes_on_under_new_optimizers(tiny, tmp_path):
    """In every file too; that of a game whose optimizer counts all is as it was before games had a count."""
    eager = {"run_eagerly": True}

    def advanced(model):
        model.generator_optimizer.iterations.assign_add(2)  # which is all of a step that counts here
        return model

    def fresh():
        return tiny(wk.GAN, n_critic=1, compile=eager)

    def kept(file):
        with h5py.File(file) as opened:
            return set(opened["vars"])

    model = advanced(fresh())
    model.save_weights(tmp_path / "first.weights.h5")
    model.compile(**eager)
    model.compile(model.generator_optimizer, **eager)
    with pytest.raises(ValueError, match="in use for the variables of another network"):
        model.compile(advanced(fresh()).generator_optimizer, **eager)
    assert advanced(model).generator_iterations == 4
    model.save_weights(tmp_path / "second.weights.h5")
    assert kept(tmp_path / "second.weights.h5") - kept(tmp_path / "first.weights.h5") == {"iterations_before"}
    model.save(tmp_path / "second.keras")
    again = wk.load_model(tmp_path / "second.keras")
    assert advanced(again).generator_iterations == advanced(model).generator_iterations == 6
    for name, iterations in (("first", 2), ("second", 4)):
        for each in (again, fresh()):
            each.load_weights(tmp_path / f"{name}.weights.h5")
            assert each.generator_iterations == iterations
    bare = wk.GAN(again.generator, again.critic)
    bare.load_weights(tmp_path / "second.weights.h5")
    bare.compile()
    assert bare.generator_iterations == 0  # its optimizers were left in the file


def test_weights_of_a_game_with_fewer_parts_are_refused_by_the_names_of_what_lacks(tiny, tmp_path):
    file, more = tmp_path / "gan.weights.h5", {"penalties": [wk.penalties.HistoricalAveraging()]}
    tiny(wk.GAN).save_weights(file)
    with pytest.raises(ValueError, match=r"lacks critic_past_count, .*the same penalties, views and objective"):
        tiny(wk.GAN, **more).load_weights(file)
    other = tiny(wk.GAN, seed=1, **more)
    with pytest.warns(UserWarning, match="lacks critic_past_count"):
        other.load_weights(file, skip_mismatch=True)
    np.testing.assert_array_equal(other.generator.get_weights()[0], tiny(wk.GAN).generator.get_weights()[0])


@pytest.mark.parametrize(
    ("game", "arguments"),
    [
        pytest.param(wk.GAN, {"loss": "minimax", "label_smoothing": 0.1}, marks=pytest.mark.long),
        pytest.param(wk.WGAN, {"clip_value": 0.3}, marks=pytest.mark.long),
        (wk.WGANGP, {"gradient_penalty_weight": 3.0, "one_sided": True}),
    ],
)
def test_every_argument_survives_the_file(games, tmp_path, game, arguments):
    arguments |= {"n_critic": 3, "latent_prior": "uniform", "ema_decay": 0.5, "seed": 11}
    model = games(game, **arguments)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    config = loaded.get_config()
    assert type(loaded) is game and {k: config[k] for k in arguments} == arguments
    assert loaded.run_eagerly
    for optimizer in (loaded.generator_optimizer, loaded.critic_optimizer):
        assert optimizer.get_config() == model.generator_optimizer.get_config() | {"name": optimizer.name}
    assert loaded.optimizer.generator_optimizer is loaded.generator_optimizer


def test_a_loaded_wgan_goes_on_clipping(games, points, tmp_path):
    games(wk.WGAN, clip_value=0.02).save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    loaded.training_step(tf.constant(points(8)))
    assert max(np.abs(w.numpy()).max() for w in loaded.critic.trainable_variables) <= np.float32(0.02)


def test_a_game_saved_before_compile_loads_and_samples(tiny, tmp_path):
    model = tiny(wk.WGAN)
    plain = wk.WGAN(model.generator, model.critic)
    plain.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    assert not loaded.compiled
    np.testing.assert_array_equal(loaded.sample(4, seed=1), plain.sample(4, seed=1))


def test_a_game_without_a_seed_draws_one_and_keeps_it(games, points, state_of, tmp_path):
    model = games(wk.GAN, n_critic=1, seed=None)
    model.fit(points(4), batch_size=4, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    for each in (model, loaded):
        each.fit(points(4), batch_size=4, verbose=0)
    assert_same(state_of, model, loaded)


def test_model_checkpoint_files_resume(games, points, state_of, tmp_path):
    """Two epochs, two files each; going on from the first epoch's for one epoch gives the second's state."""
    whole, weights = str(tmp_path / "{epoch}.keras"), str(tmp_path / "{epoch}.weights.h5")
    callbacks = [
        keras.callbacks.ModelCheckpoint(whole),
        keras.callbacks.ModelCheckpoint(weights, save_weights_only=True),
    ]
    model, from_weights = games(wk.GAN, n_critic=1), games(wk.GAN, n_critic=1)
    model.fit(points(4), batch_size=4, epochs=2, verbose=0, callbacks=callbacks)
    from_weights.load_weights(weights.format(epoch=1))
    for resumed in (wk.load_model(whole.format(epoch=1)), from_weights):
        resumed.fit(points(4), batch_size=4, initial_epoch=1, epochs=2, verbose=0)
        assert_same(state_of, model, resumed)
    names = [f"{epoch}.{kind}" for epoch in (1, 2) for kind in ("keras", "weights.h5")]
    assert sorted(p.name for p in tmp_path.iterdir()) == names


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C in the middle of an epoch."""

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.generator_optimizer.iterations) == 3:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("kind", "compile"),
    [
        ("array", {"run_eagerly": True}),
        *(pytest.param(kind, {}, marks=pytest.mark.long) for kind in ("array", "dataset")),
    ],
)
def test_backup_and_restore_equals_an_uninterrupted_run(games, points, state_of, tmp_path, kind, compile):
    """2 epochs of 2 steps; interrupted in the second. An array is shuffled."""
    x = points(8)
    data = {"x": x, "batch_size": 4} if kind == "array" else {"x": Dataset.from_tensor_slices(x).batch(4)}

    def fit(callbacks):
        model = games(wk.GAN, n_critic=1, compile=compile)
        try:
            model.fit(**data, epochs=2, verbose=0, callbacks=callbacks)
        except KeyboardInterrupt:
            assert callbacks
        return model

    folder = tmp_path / "backup"
    fit([keras.callbacks.BackupAndRestore(folder), Interrupt()])
    resumed = fit([keras.callbacks.BackupAndRestore(folder)])
    assert int(resumed.generator_optimizer.iterations) == 4
    assert_same(state_of, fit([]), resumed)


def test_validating_does_not_change_training(games, points, state_of):
    """Its random numbers are its own; dropout in the critic included."""
    models = [games(wk.GAN, n_critic=1), games(wk.GAN, n_critic=1)]
    models[0].fit(points(4), batch_size=4, epochs=2, verbose=0)
    models[1].fit(points(4), batch_size=4, epochs=2, verbose=0, validation_data=points(4, seed=1))
    models[0].evaluate(points(4), verbose=0)  # so that their own random states agree
    models[1].evaluate(points(4), verbose=0)
    assert_same(state_of, *models)


def test_sampling_does_not_change_training(games, points, state_of):
    models = [games(wk.WGAN, n_critic=1), games(wk.WGAN, n_critic=1)]
    for model in models:
        model.fit(points(4), batch_size=4, verbose=0)
        if model is models[1]:
            model.sample(5)
            model.sample(5, seed=3)
            model.interpolate(2, 3)
        model.fit(points(4), batch_size=4, verbose=0)
    assert_same(state_of, *models)
