"""The batches that the extractors' classifiers are trained on."""

import numpy as np

from tools.classifier_training import BATCH, Augmented


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
