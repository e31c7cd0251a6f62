"""Trials that come to nothing."""

import numpy as np
import pytest

from wgan_keras import data, metrics
from wgan_keras.data import toys
from wgan_keras.tuning.failures import Diverged, StopOnDivergence, failure_scores


def watching(model):
    callback = StopOnDivergence()
    callback.set_model(model)
    return callback


def test_a_loss_that_is_not_finite_ends_the_trial(tiny):
    callback = watching(tiny())
    callback.on_train_batch_end(0, {"critic_loss": 1.0, "generator_loss": 2.0})
    for name, value in (("critic_loss", np.nan), ("generator_loss", -np.inf)):
        with pytest.raises(Diverged, match=f"{name} is {value} at iteration 0"):
            callback.on_train_batch_end(0, {"critic_loss": 1.0, "generator_loss": 2.0, name: value})


def test_samples_that_are_all_one_or_not_finite_end_the_trial(tiny):
    model = tiny()
    callback = watching(model)
    callback.on_epoch_end(0)
    kernel, bias = model.generator.layers[-2].trainable_variables
    kernel.assign(np.zeros(kernel.shape))
    with pytest.raises(Diverged, match="all samples are one image"):
        callback.on_epoch_end(0)
    bias.assign([0.0, np.inf])
    with pytest.raises(Diverged, match="samples are not finite"):
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
