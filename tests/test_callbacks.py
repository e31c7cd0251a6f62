"""What callbacks refuse, and when."""

import math

import keras
import numpy as np
import pytest
from PIL import Image

import wgan_keras as wk
from wgan_keras import callbacks, metrics


def game(shape, **compiled):
    layers = keras.layers
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(math.prod(shape)), layers.Reshape(shape)])
    model = wk.GAN(generator, keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)]))
    model.compile(run_eagerly=True, **compiled)
    return model


def fit(shape, *callbacks):
    """A game on zeros of `shape`, one step, with callbacks."""
    model = game(shape)
    model.fit(np.zeros((4, *shape), "float32"), batch_size=4, verbose=0, callbacks=callbacks)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((3,), r"SampleGrid cannot draw .*samples have shape \('n', 3\); a picture needs images .*Leave it out"),
        ((8, 8, 2), r"SampleGrid cannot draw .*images have 2 channels; a picture shows 1 \(gray\), 3 \(color\), 4"),
    ],
)
def test_a_sample_grid_refuses_before_the_first_step_what_it_cannot_draw(tmp_path, shape, expected):
    steps = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: pytest.fail("a step was taken"))
    grid = callbacks.SampleGrid(tmp_path)
    with pytest.raises(ValueError, match=expected):
        fit(shape, steps, grid)


@pytest.mark.parametrize(("shape", "mode"), [((8, 3), "RGB"), ((8, 8, 4), "RGBA")])
def test_a_sample_grid_draws_series_and_four_channels(tmp_path, shape, mode):
    fit(shape, callbacks.SampleGrid(tmp_path, n=4, log_dir=tmp_path / "logs"))
    assert Image.open(tmp_path / "epoch_0001.png").mode == mode
    assert list((tmp_path / "logs").glob("events.out.tfevents.*"))


@pytest.mark.parametrize("n", [0, 2.0])
def test_a_sample_grid_is_of_a_whole_number_of_samples(tmp_path, n):
    with pytest.raises(ValueError, match=f"n is {n}; expected a whole number, at least 1"):
        callbacks.SampleGrid(tmp_path, n=n)


@pytest.mark.parametrize(("steps_per_execution", "ends_at"), [(1, 4), (2, 5), (4, 6)])
def test_an_iteration_to_stop_at_is_reached_wherever_epochs_end(steps_per_execution, ends_at):
    """Keras counts an execution as whole, also where an epoch of 3 steps ends in it."""
    model = game((2,), steps_per_execution=steps_per_execution)
    model.fit(np.zeros((6, 2), "float32"), batch_size=2, epochs=5, verbose=0, callbacks=[callbacks.StopAtIteration(4)])
    assert int(model.generator_optimizer.iterations) == ends_at


@pytest.fixture
def scored():
    """(four points, an evaluation of samples by four others)."""
    points = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")
    protocol, extractor = metrics.parse_protocol("swd_pixels_4"), metrics.load_extractor("pixels")
    return points[2], metrics.Evaluation.from_images(protocol, extractor, *points[:2])


@pytest.mark.parametrize("first", [False, True])
def test_history_and_scores_go_on_with_a_backup_wherever_it_stands(tmp_path, scored, first):
    points, evaluation = scored
    for epochs in (2, 3):  # ended by an exception, as BackupAndRestore needs to keep what it has
        evaluate = callbacks.Evaluate(evaluation, path=tmp_path / "scores.json")
        table = callbacks.IterationHistory(tmp_path / "history.csv")
        backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
        killed = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs, end=epochs: 1 / (end - epoch))
        ours = [evaluate, table]
        with pytest.raises(ZeroDivisionError):
            order = [backup, *ours, killed] if first else [*ours, backup, killed]
            game((2,)).fit(points, batch_size=4, epochs=9, verbose=0, callbacks=order)
        seen = [[row["iteration"] for row in rows] for rows in (evaluate.history, table.rows)]
        assert seen == [[1, 2, 3][:epochs]] * 2


def test_an_epoch_in_which_n_critic_grew_is_scored_too(scored):
    """It has fewer steps than Keras counted; one that is cut short is not scored."""
    (points, evaluation), model = scored, game((2,))
    evaluate = callbacks.Evaluate(evaluation)
    twice = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: setattr(model, "n_critic", 2))
    stop = callbacks.StopAtIteration(7)
    model.fit(points, batch_size=1, epochs=9, verbose=0, callbacks=[evaluate, twice, stop])
    assert [row["iteration"] for row in evaluate.history] == [4, 6]


def test_a_second_phase_under_new_optimizers_goes_on_where_the_first_one_ended(tmp_path, scored):
    (points, evaluation), model = scored, game((2,))
    for phase in (1, 2, 3):
        evaluate = callbacks.Evaluate(evaluation, path=tmp_path / "scores.json")
        table, stop = callbacks.IterationHistory(tmp_path / "history.csv"), callbacks.StopAtIteration(phase)
        model.fit(points, batch_size=4, epochs=9, verbose=0, callbacks=[evaluate, table, stop])
        seen = [[row["iteration"] for row in rows] for rows in (evaluate.history, table.rows)]
        assert seen == [[1, 2, 3][:phase]] * 2
        assert int(model.generator_optimizer.iterations) == 1  # its own steps
        model.compile(run_eagerly=True)
