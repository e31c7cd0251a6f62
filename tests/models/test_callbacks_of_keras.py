"""Keras's own callbacks do to a game what they do to any model."""

import csv

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

EAGER = {"run_eagerly": True}


@pytest.fixture
def game(tiny):
    return tiny(wk.WGAN, compile=EAGER)


@pytest.mark.parametrize(
    ("network", "compile"),
    [("critic", EAGER), ("generator", EAGER), ("critic", {}), pytest.param("generator", {}, marks=pytest.mark.long)],
)
def test_terminate_on_nan_stops_at_the_first_bad_step(tiny, points, network, compile):
    """Whichever of the two losses breaks."""
    model = tiny(wk.GAN, n_critic=1, compile=compile)
    getattr(model, network).trainable_variables[0].assign(np.full((2, 8), np.nan))
    model.fit(points(40), batch_size=4, epochs=3, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])
    assert int(model.generator_optimizer.iterations) == 1


def test_a_terminate_on_nan_of_ones_own_stops_too_and_does_what_else_it_does(tiny, points):
    batches = []

    class Counting(keras.callbacks.TerminateOnNaN):
        def on_batch_end(self, batch, logs=None):
            super().on_batch_end(batch, logs)
            batches.append(batch)

    model = tiny(wk.GAN, compile=EAGER)
    model.critic.trainable_variables[0].assign(np.full((2, 8), np.nan))
    model.fit(points(40), batch_size=4, verbose=0, callbacks=Counting())
    assert batches == [0]


def test_a_terminate_on_nan_of_ones_own_goes_on_where_it_does_not_call_keras(tiny, points):
    class Tolerant(keras.callbacks.TerminateOnNaN):
        def on_batch_end(self, batch, logs=None):
            self.last = batch
            if batch == 2:
                super().on_batch_end(batch, logs)

    model, tolerant = tiny(wk.GAN, n_critic=1, compile=EAGER), Tolerant()
    model.critic.trainable_variables[0].assign(np.full((2, 8), np.nan))
    model.fit(points(40), batch_size=4, verbose=0, callbacks=[tolerant])
    assert tolerant.last == 2 and "on_batch_end" not in vars(tolerant)


def test_a_terminate_on_nan_of_ones_own_may_tell_keras_a_loss(tiny, points):
    class OfTheCritic(keras.callbacks.TerminateOnNaN):
        __slots__ = ("last",)

        def on_train_batch_end(self, batch, logs=None):
            self.last = batch
            super().on_train_batch_end(batch, {"loss": logs["critic_loss"]})

    model, own = tiny(wk.GAN, n_critic=1, compile=EAGER), OfTheCritic()
    model.critic.trainable_variables[0].assign(np.full((2, 8), np.nan))
    model.fit(points(40), batch_size=4, verbose=0, callbacks=[own])
    assert own.last == 0


def test_a_terminate_on_nan_of_ones_own_sees_weights_that_no_loss_tells_of(tiny, points):
    class OfTheFirstBatch(keras.callbacks.TerminateOnNaN):
        def __init__(self):
            """Without Keras's."""

        def on_batch_end(self, batch, logs=None):
            if batch == 0:
                super().on_batch_end(batch, logs)

        def on_epoch_end(self, epoch, logs=None):
            self.model.generator.trainable_variables[0].assign(np.full((2, 8), np.nan))

    model = tiny(wk.GAN, n_critic=1, compile=EAGER)
    history = model.fit(points(8), batch_size=4, epochs=3, verbose=0, callbacks=[OfTheFirstBatch()])
    assert len(history.epoch) == 1


def test_terminate_on_nan_may_be_given_alone_and_may_raise(tiny, points):
    for callbacks in (keras.callbacks.TerminateOnNaN(raise_error=True), [keras.callbacks.TerminateOnNaN(True)]):
        model = tiny(wk.GAN, compile=EAGER)
        model.critic.trainable_variables[0].assign(np.full((2, 8), np.nan))
        with pytest.raises(RuntimeError, match="NaN or Inf loss"):
            model.fit(points(40), batch_size=4, verbose=0, callbacks=callbacks)


def test_terminate_on_nan_lets_a_sound_training_finish(game, points):
    game.fit(points(16), batch_size=4, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])
    assert int(game.generator_optimizer.iterations) == 2


MOVED = {"both": (1, 1), "generator": (1, 0), "critic": (0, 1)}


@pytest.mark.parametrize("whose", ["both", "critic", pytest.param("generator", marks=pytest.mark.long)])
def test_learning_rate_scheduler_moves_both_rates_in_proportion_or_one_alone(tiny, points, whose):
    game, rates = tiny(wk.WGANGP, compile={**EAGER, "scheduled_rates": whose}), []
    game.critic_optimizer.learning_rate = 4e-4

    class Read(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            rates.append([float(o.learning_rate) for o in (game.generator_optimizer, game.critic_optimizer)])

    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = game.fit(points(8), batch_size=4, epochs=2, verbose=0, callbacks=[scheduler, Read()]).history
    halves = 0.5 ** (np.array(MOVED[whose]) * [[1], [2]])
    np.testing.assert_allclose(rates, [1e-4, 4e-4] * halves, rtol=1e-6)
    logged = [history[f"{role}_learning_rate"] for role in ("generator", "critic")]
    np.testing.assert_allclose(logged, np.transpose(rates), rtol=1e-6)
    np.testing.assert_allclose(history["learning_rate"], logged[whose == "critic"])  # the name Keras gives it


def test_to_assign_a_rate_moves_both_in_proportion(tiny):
    game = tiny(wk.WGANGP)
    game.critic_optimizer.learning_rate = 4e-4
    rate = game.optimizer.learning_rate
    assert type(rate) is type(game.optimizer.learning_rate)  # made once
    rate.assign(2e-4)
    np.testing.assert_allclose(rates_of(game), [2e-4, 8e-4], rtol=1e-6)
    rate.assign_add(2e-4)
    np.testing.assert_allclose(rates_of(game), [4e-4, 16e-4], rtol=1e-6)
    assert float(rate) == float(keras.ops.convert_to_tensor(rate)) == pytest.approx(4e-4)
    game.generator_optimizer.learning_rate.assign(1e-4)  # that of its own alone
    np.testing.assert_allclose(rates_of(game), [1e-4, 16e-4], rtol=1e-6)


def rates_of(game):
    return [float(optimizer.learning_rate) for optimizer in (game.generator_optimizer, game.critic_optimizer)]


def test_rates_come_back_from_zero_in_their_proportion(tiny):
    game = tiny(wk.WGANGP)
    game.critic_optimizer.learning_rate = 4e-4
    for rate in (0.0, 2e-4):
        game.optimizer.learning_rate = rate
    rates = [float(o.learning_rate) for o in (game.optimizer, game.generator_optimizer, game.critic_optimizer)]
    np.testing.assert_allclose(rates, [2e-4, 2e-4, 8e-4], rtol=1e-6)


def test_a_schedule_beside_a_rate_that_callbacks_move(tiny):
    decay = keras.optimizers.schedules.CosineDecay(1e-3, 10)
    game = tiny(wk.GAN, compile={"critic_optimizer": keras.optimizers.SGD(decay)})
    with pytest.raises(ValueError, match=r"one of the two optimizers has a schedule.*scheduled_rates='generator'"):
        game.optimizer.learning_rate = 1e-5
    game.compile(keras.optimizers.SGD(1e-3), keras.optimizers.SGD(decay), scheduled_rates="generator")
    game.optimizer.learning_rate = 1e-5
    assert float(game.generator_optimizer.learning_rate) == np.float32(1e-5)


def test_whose_rates_are_scheduled_survives_the_file(tiny, tmp_path):
    game = tiny(wk.GAN, compile={"scheduled_rates": "critic"})
    game.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    loaded.optimizer.learning_rate = 1e-5
    rates = [float(o.learning_rate) for o in (loaded.generator_optimizer, loaded.critic_optimizer)]
    np.testing.assert_allclose(rates, [2e-4, 1e-5], rtol=1e-6)


def test_both_rates_are_in_the_file_of_a_logger_behind_the_scheduler(game, points, tmp_path):
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    callbacks = [scheduler, keras.callbacks.CSVLogger(tmp_path / "log.csv")]
    game.fit(points(8), batch_size=4, verbose=0, callbacks=callbacks)
    header = (tmp_path / "log.csv").read_text().split("\n")[0].split(",")
    assert {"learning_rate", "generator_learning_rate", "critic_learning_rate"} <= set(header)


def test_reduce_lr_on_plateau_follows_a_held_out_estimate(game, points):
    """A gain of less than 1000 counts as none."""
    plateau = keras.callbacks.ReduceLROnPlateau(
        "val_wasserstein_estimate", factor=0.1, patience=1, min_delta=1e3, mode="min"
    )
    game.fit(points(8), batch_size=4, epochs=3, verbose=0, validation_data=points(4), callbacks=[plateau])
    for optimizer in (game.generator_optimizer, game.critic_optimizer):
        np.testing.assert_allclose(float(optimizer.learning_rate), 5e-7, rtol=1e-5)


def test_early_stopping_on_the_held_out_estimate_restores_the_best_weights(game, points):
    best = []

    class Keep(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            best.append((logs["val_wasserstein_estimate"], game.get_weights()))

    stop = keras.callbacks.EarlyStopping(
        "val_wasserstein_estimate", mode="min", patience=1, min_delta=1e3, restore_best_weights=True
    )
    history = game.fit(
        points(8), batch_size=4, epochs=9, verbose=0, validation_data=points(4), callbacks=[Keep(), stop]
    ).history
    assert len(history["val_wasserstein_estimate"]) == 2
    for ours, kept in zip(game.get_weights(), best[0][1], strict=True):
        np.testing.assert_array_equal(ours, kept)


def test_model_checkpoint_keeps_the_best_by_a_held_out_log(game, points, tmp_path):
    path = tmp_path / "best.keras"
    checkpoint = keras.callbacks.ModelCheckpoint(path, "val_critic_loss", mode="min", save_best_only=True)
    game.critic_optimizer.learning_rate = 0.05
    weights = []

    class Keep(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            weights.append(game.get_weights())

    history = game.fit(
        points(8), batch_size=4, epochs=3, verbose=0, validation_data=points(8), callbacks=[checkpoint, Keep()]
    ).history
    best = weights[int(np.argmin(history["val_critic_loss"]))]
    for ours, kept in zip(wk.load_model(path).get_weights(), best, strict=True):
        np.testing.assert_array_equal(ours, kept)
    assert [p.name for p in tmp_path.iterdir()] == ["best.keras"]


def test_csv_logger_writes_what_the_history_holds(game, points, tmp_path):
    path = tmp_path / "log.csv"
    logger = keras.callbacks.CSVLogger(path)
    history = game.fit(points(8), batch_size=4, epochs=2, verbose=0, validation_data=points(4), callbacks=[logger])
    with open(path) as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert set(rows[0]) == {"epoch", *history.history}
    for name, values in history.history.items():
        np.testing.assert_allclose([float(row[name]) for row in rows], values)


def test_tensorboard_gets_every_log_of_training_and_validation(game, points, tmp_path):
    board = keras.callbacks.TensorBoard(tmp_path)
    history = game.fit(points(8), batch_size=4, epochs=2, verbose=0, validation_data=points(4), callbacks=[board])
    stored = {}
    for file in sorted(tmp_path.rglob("events.*")):
        for event in tf.compat.v1.train.summary_iterator(str(file)):
            for value in event.summary.value:
                if value.tag.startswith("epoch_"):
                    name = value.tag.replace("epoch_", "val_" if file.parent.name == "validation" else "")
                    stored.setdefault(name, []).append(float(tf.make_ndarray(value.tensor)))
    for name, values in history.history.items():
        np.testing.assert_allclose(stored[name], values, rtol=1e-6, err_msg=name)


def test_the_progress_bar_counts_generator_iterations_and_names_the_logs(game, points, capsys):
    game.fit(points(24), batch_size=4, verbose=2)
    out = capsys.readouterr().out
    assert "3/3" in out and "wasserstein_estimate" in out and "clipped_fraction" in out
