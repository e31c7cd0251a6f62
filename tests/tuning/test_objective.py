"""What a search may be after."""

import keras_tuner
import pytest

from wgan_keras import metrics
from wgan_keras.metrics import parse_protocol
from wgan_keras.tuning import GANHyperModel, objective
from wgan_keras.tuning.objective import check_objective, summary


@pytest.mark.parametrize(
    ("protocol", "arguments", "name", "direction"),
    [
        ("fid_fashion_mnist_classifier_10k", (), "val_fid", "min"),
        ("fid_fashion_mnist_classifier_10k", ("val_fid", "end"), "val_fid_final", "min"),
        ("prdc_pixels_300", ("val_coverage",), "val_coverage", "max"),
        ("modes_eight_gaussians_500", (), "val_modes_covered", "max"),
        ("w1_pixels_256", (), "val_wasserstein_1", "min"),
    ],
)
def test_a_score_and_its_direction(protocol, arguments, name, direction):
    found = objective(protocol, *arguments)
    assert (found.name, found.direction) == (name, direction)


@pytest.mark.parametrize(
    "name",
    [
        *("critic_loss", "val_generator_loss", "wasserstein_estimate", "val_gradient_penalty_final"),
        *("squared_mmd", "real_energy", "val_labeled_accuracy", "r1", "pulling_away", "classification_accuracy"),
    ],
)
def test_what_the_game_logs_is_refused_with_the_reason(name):
    with pytest.raises(ValueError, match=r"scale depends on the hyperparameters.*val_fid"):
        objective("fid_fashion_mnist_classifier_10k", name)


def test_other_names_are_refused():
    with pytest.raises(ValueError, match=r"did you mean 'val_fid'.*gives val_fid"):
        objective("fid_fashion_mnist_classifier_10k", "fid")
    with pytest.raises(ValueError, match="expected 'best' or 'end'"):
        objective("fid_fashion_mnist_classifier_10k", at="last")
    for name in (None, "critic_loss"):
        with pytest.raises(ValueError, match="none to search by"):
            objective("memorization_pixels_300", name)


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("val_precision", "max"),
        ("val_recall_final", "max"),
        ("seconds", "min"),
        ("critic_updates", "min"),
        ("failed", "min"),
    ],
)
def test_objectives_that_keras_tuner_may_be_given(name, direction):
    check_objective(keras_tuner.Objective(name, direction), metrics.parse_protocol("prdc_pixels_300"))


@pytest.mark.parametrize(
    ("name", "direction", "message"),
    [
        ("val_wasserstein", "min", r"'val_wasserstein' \(did you mean 'val_wasserstein_1'\?\); w1_pixels_64 gives"),
        ("val_fid", "min", "'val_fid'; w1_pixels_64 gives val_wasserstein_1"),
        ("val_wasserstein_1", "max", "'val_wasserstein_1' has the direction 'max'; expected 'min', .* less is better"),
        ("val_wasserstein_1_final", "max", "'val_wasserstein_1_final' has the direction 'max'; expected 'min'"),
    ],
)
def test_an_objective_that_no_trial_can_have_is_refused_before_it_trains(
    tmp_path, small, monkeypatch, name, direction, message
):
    monkeypatch.setattr(GANHyperModel, "train", lambda *_, **__: pytest.fail("trained"))
    hypermodel = GANHyperModel(small().recipe, small().space, "w1_pixels_64")
    goal = keras_tuner.Objective(name, direction)
    tuner = keras_tuner.RandomSearch(hypermodel, objective=goal, directory=tmp_path)
    with pytest.raises(ValueError, match=message):
        tuner.search(epochs=1, verbose=0)


def test_best_is_by_each_scores_own_direction():
    scores = ((3.0, 0.1), (1.0, 0.4), (2.0, 0.3))
    history = [{"epoch": i, "iteration": i, "fid": fid, "recall": recall} for i, (fid, recall) in enumerate(scores)]
    assert summary(history) == {"val_fid": 1.0, "val_fid_final": 2.0, "val_recall": 0.4, "val_recall_final": 0.3}


@pytest.mark.parametrize(
    ("name", "direction", "message"),
    [
        ("val_fid", "max", "'val_fid' has the direction 'max'; expected 'min'"),
        ("val_precision_final", "min", "'val_precision_final' has the direction 'min'; expected 'max'"),
        ("val_kdi", "min", "did you mean 'val_kid'"),
        ("val_loss", "min", "scale depends on"),
    ],
)
def test_a_tuners_goal_is_a_score_by_its_own_direction(name, direction, message):
    protocol = parse_protocol("all_fashion_mnist_classifier_10k")
    with pytest.raises(ValueError, match=message):
        check_objective(keras_tuner.Objective(name, direction), protocol)
    check_objective(keras_tuner.Objective("val_fid_final", "min"), protocol)
    check_objective(keras_tuner.Objective("val_precision", "max"), protocol)
