"""Trials that come to nothing."""

import dataclasses

import keras
import keras_tuner
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras import data, metrics
from wgan_keras.data import toys
from wgan_keras.recipes import Recipe
from wgan_keras.tuning import GANHyperModel, results
from wgan_keras.tuning.failures import Failed, StopOnDivergence, failure_scores


def watching(model):
    callback = StopOnDivergence()
    callback.set_model(model)
    return callback


def test_a_loss_that_is_not_finite_ends_the_trial(tiny):
    callback = watching(tiny())
    callback.on_train_batch_end(0, {"critic_loss": 1.0, "generator_loss": 2.0})
    for name, value in (("critic_loss", np.nan), ("generator_loss", -np.inf)):
        with pytest.raises(Failed, match=f"{name} is {value} at iteration 1"):
            callback.on_train_batch_end(0, {"critic_loss": 1.0, "generator_loss": 2.0, name: value})


def test_samples_that_are_all_one_end_the_trial(tiny):
    model = tiny()
    callback = watching(model)
    callback.on_epoch_end(0)
    kernel, _ = model.generator.layers[-2].trainable_variables
    kernel.assign(np.zeros(kernel.shape))
    with pytest.raises(Failed, match="all samples are one image"):
        callback.on_epoch_end(0)


@pytest.mark.parametrize("mixture", toys.NAMES[:2])
def test_a_failure_is_scored_as_no_mode_at_all_and_no_better_than_no_training(tiny, mixture):
    model = tiny()
    train, test = (data.load_raw(mixture, split) for split in data.SPLITS)
    names = (f"modes_{mixture}_500", "w1_pixels_256")
    modes, w1 = (
        metrics.Evaluation.from_images(protocol, metrics.load_extractor("pixels"), train, test)
        for protocol in map(metrics.parse_protocol, names)
    )
    found = failure_scores(modes, model)
    assert (found["modes_covered"], found["high_quality"]) == (0, 0)
    untrained = w1.scores(model.sample(256, seed=0))["wasserstein_1"]
    assert failure_scores(w1, model)["wasserstein_1"] >= untrained
    perfect = type("Perfect", (), {"generator": model.generator, "sample": lambda self, n, seed: test[:n]})()
    assert failure_scores(w1, perfect)["wasserstein_1"] > 0.9


@pytest.mark.usefixtures("eagerly")
def test_one_sample_in_many_that_is_not_finite_is_a_failure_too(small, monkeypatch):
    hypermodel = GANHyperModel(small().recipe, small().space, "w1_pixels_100", epoch_iterations=1)
    batches = wk.WGANGP.sample_batches

    def overflows(self, *arguments, **options):
        for points in batches(self, *arguments, **options):
            yield np.where(np.arange(len(points))[:, None] == 80, np.inf, points)

    expected = hypermodel.failure_scores
    monkeypatch.setattr(wk.WGANGP, "sample_batches", overflows)
    recipe = hypermodel.recipe
    found, failure = hypermodel.train(recipe.compile(recipe.build()), recipe, 2, verbose=0)
    assert failure.startswith("1 of 100 images have NaN or infinite pixels")
    assert (found["iterations"], found["failed"]) == (1, 1)
    assert expected.items() < found.items()


def full_memory():
    """What TensorFlow raises, for 4 PB; it looks for them ten seconds."""
    with pytest.raises(Exception) as caught:
        keras.ops.zeros((10**15,))
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        lambda: tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[1000000000000000]"),
        pytest.param(full_memory, marks=pytest.mark.long),
    ],
)
def test_a_trial_too_large_for_the_memory_is_a_failed_one(tmp_path, small, monkeypatch, error):
    """And its time counts: the hour of a run that was killed before it, after which no other trial begins."""
    error = error()

    def fit(self, *arguments, callbacks, **options):
        callbacks[0].on_train_batch_end(3, {"critic_loss": 0.0, "generator_loss": 0.0})
        raise error

    monkeypatch.setattr(wk.WGANGP, "fit", fit)
    search = small(hours=1)
    search.save(tmp_path)
    (tmp_path / "trial_0").mkdir()
    (tmp_path / "trial_0/seconds.txt").write_text("3600\n")
    search.open(tmp_path).search(verbose=0)
    (row,) = results.read(tmp_path)
    assert (row["failure"], row["iterations"], row["critic_updates"]) == ("out of memory", 4, 4 * row["game.n_critic"])
    assert row["seconds"] >= 3600
    assert row["val_wasserstein_1"] == search.hypermodel.failure_scores["val_wasserstein_1"]


@pytest.mark.usefixtures("eagerly")
def test_a_batch_that_makes_no_whole_pieces_is_a_failed_trial(small, tmp_path):
    recipe = dataclasses.replace(small().recipe, game={"name": "gan", "micro_batch": 8})
    sizes = {"batch_size": {"kind": "choice", "values": [8, 12, 16]}}
    search = dataclasses.replace(small(trials=3, iterations=3), recipe=recipe, space=sizes)
    search.save(tmp_path)
    search.open(tmp_path).search(verbose=0)
    failures = {row["batch_size"]: row["failure"] for row in results.read(tmp_path)}
    assert failures[8] == failures[16] == ""
    assert failures[12].startswith("no such model: micro_batch is 8, and")


def test_values_that_together_make_no_model_are_a_failed_trial(small, tmp_path, monkeypatch):
    build, tuner = Recipe.build, small(trials=9).open(tmp_path / "search")
    assert tuner.hypermodel.failure_scores  # of a model that is built

    def some(recipe):
        if recipe.game["n_critic"] == 3:
            raise ValueError("3 is too many")
        if recipe.game["n_critic"] == 1:
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
        return build(recipe)

    monkeypatch.setattr(Recipe, "build", some)
    monkeypatch.setattr(GANHyperModel, "train", lambda self, *a: ({**self.failure_scores, "failed": 0.0}, None))
    for n_critic, failure in ((3, "no such model: 3 is too many"), (1, "out of memory"), (2, None)):
        hp = keras_tuner.HyperParameters()
        tuner.hypermodel.declare_hyperparameters(hp)
        hp.values["game.n_critic"] = n_critic
        trial = keras_tuner.engine.trial.Trial(hp, str(n_critic))
        folder = tuner.folder(str(n_critic))
        found = tuner.run_trial(trial)
        assert found["failed"] == float(failure is not None)
        assert failure is None or found["seconds"] > 0
        assert [path.read_text() for path in folder.glob("failure.txt")] == ([failure] if failure else [])
