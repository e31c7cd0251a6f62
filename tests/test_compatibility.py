"""What version 0.1 wrote loads, samples, trains on and resumes as it did then: tests/fixtures/v0_1, see its README."""

import csv
import pathlib
import shutil
import signal

import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import callbacks, training
from wgan_keras.tuning import results

MADE = pathlib.Path(__file__).parent / "fixtures" / "v0_1"
EXPECTED = np.load(MADE / "expected.npz")
ROUNDING = 1e-5  # of another processor, over one forward pass or a few steps
OF_A_RUN = 2e-3  # over 360 iterations


@pytest.mark.usefixtures("eagerly")
@pytest.mark.parametrize("name, game, shape", [("wgan", wk.WGAN, (8, 8, 1)), ("gan", wk.GAN, (2,))])
def test_a_keras_file_samples_and_takes_the_next_step_as_it_did(name, game, shape):
    model = wk.load_model(MADE / f"{name}.keras")
    assert type(model) is game
    np.testing.assert_allclose(model.sample(4, seed=7), EXPECTED[f"{name}.keras"], atol=ROUNDING)
    images = np.linspace(-1, 1, 16 * np.prod(shape), dtype="float32").reshape(16, *shape)
    model.train_on_batch(images[: 8 * model.n_critic])
    np.testing.assert_allclose(model.sample(4, seed=7), EXPECTED[f"{name}.keras:next"], atol=ROUNDING)


@pytest.mark.parametrize("name, game", [("wgan", wk.WGAN), ("gan", wk.GAN)])
def test_a_preset_samples_as_the_model_that_was_saved(name, game):
    model = game.from_preset(MADE / f"{name}_preset")
    np.testing.assert_allclose(model.sample(4, seed=7), EXPECTED[f"{name}.keras"], atol=ROUNDING)


@pytest.fixture
def run(tmp_path):
    return shutil.copytree(MADE / "run", tmp_path / "run")


def test_a_run_resumes_with_the_history_that_it_had(run, monkeypatch, stopping):
    before = wk.load_model(run / "gan.keras")
    np.testing.assert_allclose(before.sample(4, seed=7), EXPECTED["run"], atol=ROUNDING)
    monkeypatch.setattr(callbacks, "StopOnSignal", stopping(signal.SIGTERM, 60))
    _, received = training.resume(run)
    assert received == signal.SIGTERM
    then, now = (_table(path) for path in (MADE / "resumed_history.csv", run / "history.csv"))
    assert list(now) == list(then)
    np.testing.assert_array_equal(now["iteration"], [20, 40, 41, 60])
    for name, values in now.items():
        np.testing.assert_allclose(values, then[name][:4], atol=ROUNDING, err_msg=name)


@pytest.mark.long
def test_a_run_resumes_to_the_history_and_samples_that_it_had(run):
    model, received = training.resume(run)
    assert received is None
    np.testing.assert_allclose(model.sample(4, seed=7), EXPECTED["resumed"], atol=OF_A_RUN)
    then, now = (_table(path) for path in (MADE / "resumed_history.csv", run / "history.csv"))
    assert list(now) == list(then)
    np.testing.assert_array_equal(now["iteration"], then["iteration"])
    np.testing.assert_allclose(now["val_wasserstein_1"], then["val_wasserstein_1"], atol=0.02)


def test_a_search_is_read_with_the_values_it_chose():
    rows = results.read(MADE / "search")
    with open(MADE / "search/trials.csv") as file:
        kept = list(csv.DictReader(file))
    assert [row["learning_rate"] for row in rows] == [float(row["learning_rate"]) for row in kept]
    assert [row["val_wasserstein_1"] for row in rows] == [float(row["val_wasserstein_1"]) for row in kept]


def _table(path):
    with open(path) as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0] if name != "seconds"}
