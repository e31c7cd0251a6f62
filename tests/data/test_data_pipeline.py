"""`load` and `stream`: what comes, in which order, and that it comes again."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from wgan_keras import data

FASHION_MNIST = Path(__file__).parent / "fashion_mnist"


def load(split="train", **arguments):
    return data.load("fashion_mnist", split, data_dir=FASHION_MNIST, **arguments)


def epoch(dataset):
    return np.concatenate(list(dataset.batch(256).as_numpy_iterator()))


def rows(images):
    return sorted(image.tobytes() for image in images)


def take(dataset, n):
    return np.stack(list(itertools.islice(dataset.as_numpy_iterator(), n)))


# load


def test_load_has_a_known_length_and_element():
    dataset = load()
    assert dataset.element_spec == tf.TensorSpec((28, 28, 1), tf.float32)
    assert len(dataset) == 1536
    assert len(dataset.batch(64, drop_remainder=True)) == 24
    assert data.load("swiss_roll").element_spec == tf.TensorSpec((2,), tf.float32)
    assert len(data.load("swiss_roll")) == 100_000
    assert len(data.load("swiss_roll", "test")) == 10_000


def test_test_split_is_the_array_in_order():
    dataset = load("test", seed=3)
    expected = data.load_arrays("fashion_mnist", "test", FASHION_MNIST)
    np.testing.assert_array_equal(epoch(dataset), expected)
    np.testing.assert_array_equal(epoch(dataset), expected)


def test_every_train_epoch_holds_each_image_once_in_a_new_order():
    dataset = load(seed=0)
    first, second = epoch(dataset), epoch(dataset)
    stored = data.load_arrays("fashion_mnist", "train", FASHION_MNIST)
    assert rows(first) == rows(stored) == rows(second)
    for one, other in [(first, stored), (first, second)]:
        assert (one == other).all(axis=(1, 2, 3)).mean() < 0.02


def test_shuffle_reaches_over_the_full_set():
    # In a uniform order the first 256 of 1,536 come from every quarter of the stored set, about 64 from each.
    stored = {
        image.tobytes(): number
        for number, image in enumerate(data.load_arrays("fashion_mnist", "train", FASHION_MNIST))
    }
    positions = np.array([stored[image.tobytes()] for image in epoch(load(seed=0))[:256]])
    assert np.bincount(positions // 384, minlength=4).min() > 32


def test_the_seed_decides_the_order_of_all_epochs():
    one, two, other = load(seed=5), load(seed=5), load(seed=6)
    for _ in range(2):
        a, b, c = epoch(one), epoch(two), epoch(other)
        np.testing.assert_array_equal(a, b)
        assert not np.array_equal(a, c)


def test_without_a_seed_two_pipelines_differ():
    assert not np.array_equal(epoch(load()), epoch(load()))


# stream


def test_stream_gives_scaled_batches_of_static_shape():
    raw = data.load_raw("fashion_mnist", "train", FASHION_MNIST)
    dataset = data.stream(raw, 64, seed=0)
    assert dataset.element_spec == tf.TensorSpec((64, 28, 28, 1), tf.float32)
    assert dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    scaled = data.stream(data.scale(raw), 64, seed=0)
    np.testing.assert_array_equal(take(dataset, 30), take(scaled, 30))


def test_every_epoch_of_the_stream_is_a_permutation_without_its_remainder():
    batches = take(data.stream(np.arange(103, dtype="float32"), 10, seed=1), 50).reshape(5, 100)
    for one in batches:
        assert len(set(one)) == 100 and set(one) <= set(range(103))
    assert len({one.tobytes() for one in batches}) == 5
    assert len({frozenset(set(range(103)) - set(one)) for one in batches}) > 1  # other rows are left out


@pytest.mark.parametrize("first_batch", [0, 1, 9, 10, 11, 37])
def test_stream_from_batch_k_is_the_stream_without_its_first_k(first_batch):
    points = np.random.default_rng(0).standard_normal((103, 2)).astype("float32")
    whole = take(data.stream(points, 10, seed=4), 60)
    resumed = data.stream(points, 10, seed=4, first_batch=first_batch)
    np.testing.assert_array_equal(take(resumed, 60 - first_batch), whole[first_batch:])


def test_stream_starts_late_at_no_cost():
    late = data.stream(np.arange(10, dtype="float32"), 2, seed=0, first_batch=5 * 10**12 + 3)
    assert late.element_spec.shape == (2,)
    assert take(late, 1).shape == (1, 2)


def test_stream_depends_on_its_seed_alone(seeding_tensorflow):
    points = np.arange(100, dtype="float32")
    tf.random.set_seed(1)
    one = take(data.stream(points, 10, seed=2**40), 20)
    tf.random.set_seed(2)
    np.testing.assert_array_equal(take(data.stream(points, 10, seed=2**40), 20), one)
    assert not np.array_equal(take(data.stream(points, 10, seed=2**40 + 1), 20), one)


def test_the_order_of_the_stream_never_changes():
    # Pinned, so that training begun under one version of the libraries resumes under the next.
    batches = take(data.stream(np.arange(12, dtype="float32"), 6, seed=7), 4)
    assert batches.astype(int).tolist() == [
        [8, 4, 1, 6, 3, 2],
        [11, 7, 5, 9, 10, 0],
        [11, 3, 9, 1, 6, 2],
        [5, 4, 8, 0, 7, 10],
    ]


def test_orders_do_not_repeat_and_are_even():
    orders = take(data.stream(np.arange(10, dtype="float32"), 10, seed=0), 1500).astype(int)
    assert len({order.tobytes() for order in orders}) > 1490
    for place in (0, 5, 9):
        counts = np.bincount(orders[:, place], minlength=10)
        assert ((counts - 150) ** 2 / 150).sum() < 27.9  # chi square, 9 degrees of freedom, p = 0.001


def test_stream_refuses_what_it_cannot_do():
    points = np.zeros((10, 2), "float32")
    with pytest.raises(ValueError, match="batch_size=11 for 10 rows of data; expected 1 to 10"):
        data.stream(points, 11, seed=0)
    for seed in (-1, None, 0.5):
        with pytest.raises(ValueError, match=f"seed={seed}, first_batch=0; expected integers from 0 to 2"):
            data.stream(points, 5, seed=seed)
