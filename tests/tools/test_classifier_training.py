"""The batches that the extractors' classifiers are trained on, and what is shipped of them."""

import json
import sys

import keras
import numpy as np

from tools import classifier_training
from tools.classifier_training import BATCH, Augmented, Classifier
from wgan_keras.files.saving import sha256


def test_an_epoch_has_at_most_so_many_of_a_class_and_others_in_the_next():
    classes = np.repeat([0, 1, 2], [600, 100, 184])
    images = np.zeros((len(classes), 2, 2, 1), np.uint8)
    batches = Augmented(images, (classes, np.arange(len(classes))), 0, 0, seed=0, most=100)
    seen = []
    for _ in range(3):
        assert sorted(np.bincount(classes[batches.order])) == [100, 100, 100]
        seen.append({*batches.order[classes[batches.order] == 0].tolist()})
        batches.on_epoch_end()
    assert len(seen[0] | seen[1] | seen[2]) > 200


def test_images_are_moved_and_mirrored_and_keep_their_labels():
    """One bright pixel of a brightness of its own: found within a pixel of its place or of its mirror image."""
    images = np.zeros((BATCH, 5, 5, 1), np.uint8)
    brightness = np.arange(BATCH) + 100
    images[:, 2, 1, 0] = brightness
    batch, labels = Augmented(images, brightness, background=0, shift=1, seed=3)[0]
    assert batch.shape == images.shape and batch.min() == -1
    which, rows, columns, _ = np.nonzero(batch > -1)
    assert which.tolist() == list(range(BATCH))
    np.testing.assert_allclose(batch[which, rows, columns, 0], labels / 127.5 - 1, atol=1e-6)
    assert sorted({*rows}) == [1, 2, 3] and sorted({*columns}) == [0, 1, 2, 3, 4]


def test_the_first_seeds_network_is_shipped_and_the_card_says_how_good_each_is(tmp_path, monkeypatch):
    labels = np.arange(2 * BATCH) % 2
    images = np.broadcast_to(255 * labels.astype("uint8")[:, None, None, None], (len(labels), 2, 2, 1))

    def build():
        shown = keras.Input((2, 2, 1))
        features = keras.layers.Flatten()(shown)
        return keras.Model(shown, [features, keras.layers.Dense(2, "softmax")(features)], name="of_brightness")

    def accuracies(learner, images, labels):
        made.append(learner.get_weights())
        return {"accuracy": np.mean(learner.predict(images / 127.5 - 1, verbose=0).argmax(-1) == labels)}

    def facts(train_set, test_set):
        return {"trained_on": f"{len(train_set[0])} images"}

    made = []
    monkeypatch.setattr(classifier_training, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["it", "--seeds", "5", "3", "--epochs", "2"])
    kind = Classifier(build, lambda split: (images, labels), accuracies, facts, epochs=9, background=0, shift=0)
    classifier_training.main("it", "What it does.", kind)
    card = json.loads((tmp_path / "of_brightness.json").read_text())
    assert [each["seed"] for each in card["accuracies"]] == [5, 3] and card["shipped_seed"] == 5
    assert all(0 <= each[f"{split}_accuracy"] <= 1 for each in card["accuracies"] for split in ("train", "test"))
    assert (card["trained_on"], card["command"]) == ("256 images", "python -m it --seeds 5 3 --epochs 2")
    weights = tmp_path / card["weights"]
    assert card["sha256"] == sha256(weights)
    shipped = build()
    shipped.load_weights(weights)
    for found, first, other in zip(shipped.get_weights(), made[0], made[2], strict=True):
        assert np.array_equal(found, first) and not np.array_equal(found, other)
