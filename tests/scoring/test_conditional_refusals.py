"""What does not go together under a protocol of labels: games, recipes, labels, data and classifiers."""

import copy
import pathlib

import numpy as np
import pytest

from wgan_keras import callbacks, data, metrics, scoring

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"
NAMES = data.class_names("fashion_mnist")
ACCURACY = "label_accuracy_fashion_mnist_classifier_300"
DIVERSITY = "intra_diversity_fashion_mnist_classifier_300"
REFUSED = r"scores samples by the class they were asked for, and this game's generator takes no labels; train a"


def test_a_model_may_lack_a_class_that_no_scored_image_has_and_no_other(conditional, reference):
    evaluation = copy.copy(reference(ACCURACY))
    evaluation.class_names = (*NAMES[:9], "Ankle boots")
    refused = r"data have the class 'Ankle boots', which the model lacks \(did you mean 'Ankle boot'\?\); it lacks 1 of"
    with pytest.raises(ValueError, match=refused):
        scoring.evaluate(conditional, evaluation)
    with pytest.raises(ValueError, match=refused):  # before an epoch
        callback = callbacks.Evaluate(evaluation)
        callback.set_model(conditional)
        callback.on_train_begin()
    evaluation.test = evaluation.test._replace(labels=np.minimum(evaluation.labels, 8))
    assert scoring.labels_for(conditional, evaluation).max() == 8


def test_a_recipe_numbers_classes_as_its_data(recipe):
    scoring.check_class_names(recipe(NAMES))
    scoring.check_class_names(recipe())
    scoring.check_class_names(recipe([f"my {name}" for name in NAMES]))
    with pytest.raises(ValueError, match="have 'Bag' as number 0, and the data 'fashion_mnist' have it as 8; put the"):
        scoring.check_class_names(recipe(["Bag", *NAMES[1:8], NAMES[0], NAMES[9]]))


def test_labels_that_do_not_fit_the_reference(reference):
    evaluation = reference(ACCURACY)
    images, labels = -np.ones((300, 28, 28, 1), "float32"), evaluation.labels
    with pytest.raises(ValueError, match="needs labels: the classes that the samples were asked for"):
        evaluation.scores(images)
    with pytest.raises(ValueError, match="labels are float64"):
        evaluation.scores(images, labels / 2)
    with pytest.raises(ValueError, match="Class 9 has real images and no samples"):
        evaluation.scores(images, np.minimum(labels, 8))
    protocol, extractor = evaluation.protocol, evaluation.extractor
    with pytest.raises(ValueError, match=r"needs labels beside the real images; give pairs \(images, labels\)"):
        metrics.Evaluation.from_images(protocol, extractor, images, images)


def test_data_that_do_not_fit_the_protocol(reference):
    with pytest.raises(ValueError, match=r"classifier of fashion_mnist, and the data are 'mnist'; take intra_fid_"):
        scoring.reference(ACCURACY, "mnist")
    with pytest.raises(ValueError, match="'eight_gaussians' has no labels"):
        scoring.reference("intra_fid_pixels_300", "eight_gaussians")
    with pytest.raises(ValueError, match=r"Class 0: The real set has \d+ samples of 128 features"):
        reference("conditional_fashion_mnist_classifier_300")
    with pytest.raises(ValueError, match="pixels have no class probabilities, of which 'label_accuracy' is made"):
        metrics.parse_protocol("label_accuracy_pixels_300")


def test_a_classifier_of_other_classes(reference):
    evaluation = copy.copy(reference(ACCURACY))
    evaluation.class_names = NAMES[:9]
    with pytest.raises(ValueError, match="tells 10 classes apart, and the data have 9; expected a classifier of"):
        evaluation.scores(np.zeros((300, 28, 28, 1), "float32"), evaluation.labels)


@pytest.mark.parametrize(
    ("protocol", "message"),
    [
        ("label_accuracy_three_500", "'three' tells 3 classes apart, and the data have 10; expected a classifier of"),
        (
            "fid_three_500",
            "scores 500 samples, and 'three' makes 784 features of each: .* at least 785 samples, or kid_",
        ),
    ],
)
def test_what_cannot_be_scored_is_refused_before_all_features_are_made(protocol, message, monkeypatch):
    monkeypatch.setattr(metrics.EXTRACTORS, "_registered", dict(metrics.EXTRACTORS))
    batches = []

    def three():
        def run(batch):
            batches.append(len(batch))
            return batch.reshape(len(batch), -1), np.eye(3)[[0] * len(batch)]

        return metrics.Extractor("three", run, {"name": "three"})

    metrics.register_extractor("three", classes=True)(three)
    with pytest.raises(ValueError, match=message):
        scoring.reference(protocol, "fashion_mnist", SAMPLE)
    assert batches == [256]
    images = -np.ones((500, 28, 28, 1), "float32")
    if "fid" in protocol:  # arrays have no names of classes
        with pytest.raises(ValueError, match=message):
            metrics.Evaluation.from_images(metrics.parse_protocol(protocol), three(), images, images)
        assert batches == [256, 256]


def test_a_game_without_labels_is_refused(unconditional, reference):
    with pytest.raises(ValueError, match=REFUSED):
        scoring.evaluate(unconditional, reference(DIVERSITY))
    unconditional.compile()
    images = np.zeros((32, 28, 28, 1), "float32")
    evaluate = callbacks.Evaluate(DIVERSITY, data_name="a set that is not read")
    with pytest.raises(ValueError, match=REFUSED):
        unconditional.fit(images, verbose=0, callbacks=[evaluate])


def test_so_is_its_recipe(recipe):
    evaluation = {"protocol": ACCURACY, "every": 1}
    scoring.check_evaluation(recipe(NAMES, evaluation=evaluation, iterations=1))
    with pytest.raises(ValueError, match=REFUSED):
        scoring.check_evaluation(recipe(evaluation=evaluation, iterations=1))
    with pytest.raises(ValueError, match="does not say which of two states is better"):
        scoring.check_evaluation(recipe(NAMES, evaluation={"protocol": DIVERSITY, "every": 1}, iterations=1))
