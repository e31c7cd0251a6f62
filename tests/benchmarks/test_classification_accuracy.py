"""The Classification Accuracy Score on stripes, whose direction is the class."""

import numpy as np
import pytest

from benchmarks.labels import classification_accuracy
from wgan_keras import data


def stripes(labels, seed):
    """(n, 8, 8, 1) in [-1, 1]: rows of one sign for class 0, columns for class 1."""
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (len(labels), 8, 1))
    rows = np.broadcast_to(signs, (len(labels), 8, 8))
    return np.where(labels[:, None, None] == 0, rows, rows.swapaxes(1, 2))[..., None].astype("float32")


class Game:
    """It makes the class asked for, or the other one."""

    class_names = ("rows", "columns")

    def __init__(self, other=0):
        self.other = other

    def sample(self, labels, seed):
        return stripes((labels + self.other) % 2, seed + 1)


@pytest.mark.long
@pytest.mark.parametrize("other", [1, 0])
def test_a_classifier_learns_what_the_samples_say(other):
    labels = np.arange(256) % 2
    train, test = ((stripes(labels, seed), labels) for seed in (10, 11))
    found = classification_accuracy.measure(Game(other), train, test, names=Game.class_names, seed=0, updates=40)
    assert found["real"] > 0.9
    assert abs(found["samples"] - (1 - other)) < 0.1


def test_a_game_is_asked_for_classes_by_their_names(monkeypatch):
    """Where the data have columns first, a game whose columns are number 1 is asked for 1."""
    labels, learned = np.arange(8) % 2, []
    monkeypatch.setattr(classification_accuracy, "accuracy", lambda train, *_: learned.append(train))
    columns_first = (stripes(1 - labels, seed=0), labels)
    classification_accuracy.measure(Game(), columns_first, None, ("columns", "rows"), seed=0)
    np.testing.assert_array_equal(learned[0][0], stripes(1 - labels, seed=1))
    np.testing.assert_array_equal(learned[0][1], labels)


def test_every_model_has_a_file_of_its_own():
    models = ("runs/lr0.001", "runs/lr0.01", "runs/lr0.01/gan.keras", "runs/mine/gan.keras")
    assert len({classification_accuracy.result(model) for model in models}) == len(models)
    assert classification_accuracy.result("wgan_gp_fashion_mnist_labels").is_file()  # as it is kept


def test_a_game_without_labels_is_refused(monkeypatch):
    monkeypatch.setattr("sys.argv", ["classification_accuracy", "wgan_gp_eight_gaussians"])
    monkeypatch.setattr(data, "load_arrays", None)
    with pytest.raises(SystemExit, match="generator of wgan_gp_eight_gaussians takes no labels"):
        classification_accuracy.main()
