"""The two kinds of datasets make the same batches: tf.data's, and Keras's own that JAX uses without TensorFlow."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from wgan_keras import backend
from wgan_keras.backend import generators, py_data, tf_data
from wgan_keras.backend.labels import LabelKind
from wgan_keras.pipelines.shuffling import shuffled, stored

# Of unconditional games; that they say so has a test of its own.
pytestmark = pytest.mark.filterwarnings("ignore:The data have labels")

IMAGES = np.random.default_rng(0).integers(0, 256, (23, 2, 2, 1)).astype("uint8")
KINDS = [py_data, tf_data]


def take(dataset, n=None):
    return [np.asarray(batch) for batch in itertools.islice(dataset, n)]


def assert_same(one, other):
    assert len(one) == len(other) > 0
    for a, b in zip(one, other, strict=True):
        assert a.dtype == b.dtype == np.float32
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("array", [IMAGES, IMAGES / np.float32(255), IMAGES / 255.0], ids=lambda a: str(a.dtype))
def test_streams_agree(array):
    assert_same(*(take(kind.stream(array, 5, shuffled(23, 3), first_batch=6), 9) for kind in KINDS))


@pytest.mark.parametrize("dtype", [">f2", ">f4", ">f8", "<f2", "<f4", "<f8"])
def test_bytes_in_either_order_are_the_same_numbers(dtype):
    array = (IMAGES / 255.0).astype(dtype)
    expected = take(py_data.stream(array.astype(array.dtype.newbyteorder("=")), 5, stored(23)), 4)
    for kind in KINDS:
        assert_same(take(kind.stream(array, 5, stored(23)), 4), expected)
        assert_same(take(kind.batches(array, 5, stored(23))), expected)
    np.testing.assert_array_equal(np.stack(take(tf_data.elements(array, False, 0), 20)), np.concatenate(expected))


@pytest.mark.parametrize("orders", [shuffled(23, 3), stored(23)], ids=["shuffled", "stored"])
def test_each_pass_is_the_next_epoch_of_the_stream(orders):
    expected = take(py_data.stream(IMAGES, 5, orders), 12)
    for kind in KINDS:
        dataset = kind.batches(IMAGES, 5, orders)
        assert_same([batch for _ in range(3) for batch in take(dataset)], expected)


class Source(keras.utils.PyDataset):
    """`n` points in batches of 4, each element made by `element`; counts the epochs it hears of."""

    def __init__(self, n, element):
        super().__init__()
        self.x, self.element, self.epochs = np.arange(2.0 * n).reshape(n, 2), element, 0

    @property
    def num_batches(self):
        return -(-len(self.x) // 4)

    def __getitem__(self, k):
        return self.element(self.x[4 * k : 4 * k + 4])

    def on_epoch_end(self):
        self.epochs += 1


def test_endless_begins_again():
    twelve = Source(12, lambda x: x.astype("float32"))
    whole = take(twelve)
    tensors = tf.data.Dataset.from_tensor_slices(twelve.x.astype("float32")).batch(4)
    for kind, dataset in ((py_data, twelve), (tf_data, tensors)):
        assert_same(take(kind.endless(dataset), 8), [*whole, *whole, *whole[:2]])
    assert py_data.endless(py_data.endless(twelve)).num_batches is None


def test_a_smaller_last_batch_is_no_obstacle_to_endless_groups():
    source = Source(10, lambda x: (x, x[:, 0]))
    images = py_data.checked(py_data.parts(py_data.endless(source), False), (2,), None, "not finite")
    assert_same(take(py_data.regroup(images, 4, 2), 3), 3 * [source.x[:8].astype("float32")])


ELEMENTS = {
    "x": lambda x: x,
    "(x,)": lambda x: (x,),
    "(x, y)": lambda x: (x, x[:, 0]),
    "(x, y, None)": lambda x: (x, x[:, 0], None),
    "dictionary": lambda x: {"a_label": x[:, 0], "image": x},
}


@pytest.mark.parametrize("element", ELEMENTS)
def test_whatever_the_elements_and_the_rest_the_groups_agree(element):
    make = ELEMENTS[element]
    for n, n_critic in ((22, 2), (24, 2), (26, 3)):
        source = Source(n, make)
        dataset = tf.data.Dataset.from_tensor_slices(make(source.x)).batch(4)
        groups = []
        for kind, data in zip(KINDS, (source, dataset), strict=True):
            checked = kind.checked(kind.parts(data, False), (2,), None, "not finite")
            groups.append(take(kind.regroup(checked, 4, n_critic)))
        assert_same(*groups)


LABELS = {
    "one-hot, bool": np.eye(3, dtype=bool)[[0, 2, 1, 1]],
    "vectors of whole numbers": np.array([[5, 0, 1]] * 4),
    "uint8": np.array([0, 2, 1, 1], "uint8"),
    "of no known shape": np.array([0, 2, -1, 1]),
}


@pytest.mark.parametrize("form", LABELS)
def test_labels_that_arrays_may_hold_tensors_may(form):
    kind, given = LabelKind(3, lowest=-1), LABELS[form]
    dataset = tf.data.Dataset.from_tensor_slices((np.zeros((4, 2)), given)).batch(2)
    if form == "of no known shape":
        dataset = dataset.map(lambda x, y: (x, tf.numpy_function(np.copy, [y], y.dtype)))
    checked = tf_data.checked(tf_data.parts(dataset, True), (2,), kind.as_in(given), "not finite")
    assert checked.element_spec[1].shape.as_list() == [None, *given.shape[1:]]
    np.testing.assert_array_equal(np.concatenate([y for _, y in checked]), kind.check(given, 4))


def test_a_list_of_labels_is_one_array():
    batches = [(np.zeros((4, 2)), [0, 2, 1, 1])]
    for kind, data in ((py_data, Source(4, lambda x: (x, [0, 2, 1, 1]))), (generators, iter(batches))):
        checked = kind.checked(kind.parts(data, True), (2,), LabelKind(3), "not finite")
        ((_, labels),) = kind.regroup(checked, 4, 1)
        np.testing.assert_array_equal(labels, [0, 2, 1, 1])


@pytest.mark.parametrize("kind", [generators, *KINDS])
def test_weights_in_the_data_are_refused(kind):
    def make(x):
        return x, x[:, 0], x[:, 1]

    source = Source(4, make)
    data = {generators: iter(source), tf_data: tf.data.Dataset.from_tensor_slices(make(source.x)).batch(4)}
    with pytest.raises(ValueError, match="sample_weight, the third part of the data, was given; a game's losses are"):
        next(iter(kind.parts(data.get(kind, source), False)))


def test_the_source_hears_of_every_epoch():
    source = Source(24, ELEMENTS["x"])
    py_data.regroup(py_data.checked(py_data.parts(source, False), (2,), None, ""), 4, 2).on_epoch_end()
    assert source.epochs == 1


def test_a_pydataset_that_is_wrong_says_where():
    source = Source(12, lambda x: np.where(x == 21, np.nan, x))
    with pytest.raises(ValueError, match="not finite, in batch 2; remove them"):
        take(py_data.checked(source, (2,), None, "not finite"))
    with pytest.raises(ValueError, match=r"Batch 0 has shape \(4, 2\); expected \('batch', 3\)"):
        take(py_data.checked(source, (3,), None, "not finite"))
    with pytest.raises(ValueError, match="hold pixels and no 'image'"):
        take(py_data.parts(Source(4, lambda x: {"pixels": x}), False))


def test_a_generator_is_not_endless_and_the_others_are():
    generator = (np.zeros((4, 2)) for _ in range(3))
    with pytest.raises(ValueError, match="a Python generator, whose batches can be taken only once"):
        backend.pipeline(generator).endless(generator)
    dataset = tf.data.Dataset.from_tensor_slices(np.arange(12.0).reshape(6, 2)).batch(2)
    for each in (dataset, Source(6, lambda x: x)):
        assert len(take(backend.pipeline(each).endless(each), 7)) == 7
