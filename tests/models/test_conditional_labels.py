"""Which labels a conditional game takes, to train by and to sample by, and what it says of others."""

import re

import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras.models.labels import added_counts, draw_labels

CLASSES = 3


@pytest.fixture(scope="module")
def conditional(tiny):
    """conditional(**arguments): a game that has seen no data, on networks that take labels of three classes."""

    def make(**arguments):
        size = {"units": 8, "depth": 1, "classes": CLASSES}
        networks = {
            "generator": wk.networks.mlp_generator((2,), 2, **size),
            "critic": wk.networks.mlp_critic((2,), **size),
        }
        return tiny(wk.WGANGP, **networks, compile={"run_eagerly": True}, **arguments)

    return make


@pytest.fixture(scope="module")
def labeled(points):
    """labeled(n): points and their classes, of which 0 comes twice as often."""
    return lambda n: (points(n), np.resize([0, 1, 0, 2], n))


def test_swapped_labels_swap_the_samples(conditional):
    model = conditional()
    latents = np.random.default_rng(0).normal(size=(2, 2)).astype("float32")
    latents[1] = latents[0]
    there = model.sample(latents=latents, labels=[0, 2])
    back = model.sample(latents=latents, labels=[2, 0])
    np.testing.assert_array_equal(there, back[::-1])
    assert np.abs(there[0] - there[1]).max() > 1e-3


@pytest.mark.parametrize("label", [1, np.int64(1), "b", "1"])
def test_one_label_is_that_of_all(conditional, label):
    model = conditional(class_names=None if label == "1" else ["a", "b", "c"])
    np.testing.assert_array_equal(model.sample(4, seed=0, labels=label), model.sample(4, seed=0, labels=[1] * 4))
    np.testing.assert_array_equal(model.interpolate(2, 3, 0, label), model.interpolate(2, 3, 0, [1, 1]))
    with pytest.raises(
        ValueError, match=re.escape(f"labels is {label!r}, one label, and n is None; expected how many")
    ):
        model.sample(labels=label)
    with pytest.raises(ValueError, match=r"The labels are float64 of shape \(4,\); expected whole numbers from 0 to 2"):
        model.sample(4, labels=1.0)


def test_one_batch_is_tested_as_it_is_evaluated(conditional, labeled):
    model, (x, y) = conditional(), labeled(4)
    logs = model.test_on_batch(x, y, return_dict=True)
    assert model.evaluate(x, y, batch_size=4, verbose=0, return_dict=True) == logs


def test_labels_are_drawn_as_often_as_they_came(conditional, labeled):
    model = conditional()
    x, y = labeled(8)
    model.fit(x, y, batch_size=4, epochs=1, verbose=0)
    np.testing.assert_array_equal(ops.convert_to_numpy(model.label_counts), np.bincount(y, minlength=CLASSES))
    drawn = draw_labels([60, 30, 10], 20_000, seed=3)
    np.testing.assert_allclose(np.bincount(drawn) / 20_000, [0.6, 0.3, 0.1], atol=0.012)
    np.testing.assert_array_equal(drawn, draw_labels([60, 30, 10], 20_000, seed=3))
    assert set(draw_labels([0, 0, 0], 200, seed=0)) == {0, 1, 2}


@pytest.mark.parametrize("other", [[0.5, 0.5, 0], [1, 1, 0], [0, 0, -1]])
def test_classes_are_counted_until_something_else_has_come(other):
    vectors = ops.convert_to_tensor([[1, 0, 0], [0, 0, 1], [0, 0, 0], [1, 0, 0]], "float32")
    counts = added_counts(ops.convert_to_tensor([5, 0, 0]), vectors)
    np.testing.assert_array_equal(ops.convert_to_numpy(counts), [7, 0, 1])
    for each in (ops.concatenate([vectors, ops.convert_to_tensor([other], "float32")]), vectors):
        counts = added_counts(counts, each)
        np.testing.assert_array_equal(ops.convert_to_numpy(counts), [-1, -1, -1])


def test_a_row_of_an_interpolation_is_of_one_class_without_a_seed_too(conditional):
    path = conditional()._label_path(None, 50, 3, seed=None).reshape(50, 3, CLASSES)
    np.testing.assert_array_equal(path, np.repeat(path[:, :1], 3, axis=1))
    assert len(np.unique(path[:, 0], axis=0)) > 1


def test_interpolation_within_a_class_and_between_two(conditional):
    model = conditional(class_names=["2", "boot", "coat"])
    within = model.interpolate(2, 5, seed=0, labels=[1, 2])
    between = model.interpolate(1, 5, seed=0, labels=[[1, 2]])
    assert within.shape == (2, 5, 2) and between.shape == (1, 5, 2)
    ends = model.interpolate(1, 5, seed=0, labels=[1])[0, 0], model.interpolate(1, 5, seed=0, labels=[2])[0, -1]
    np.testing.assert_allclose(between[0, [0, -1]], ends, atol=1e-6)
    for named in ([["boot", "coat"]], [("boot", 2)], [[np.int64(1), "Coat"]], np.array([["boot", "coat"]])):
        np.testing.assert_array_equal(model.interpolate(1, 5, seed=0, labels=named), between)


def test_a_row_for_each_class_and_a_column_for_each_latent(conditional, tiny):
    model = conditional()
    sheet = model.sample_classes(4, seed=0)
    assert sheet.shape == (CLASSES, 4, 2)
    for label in (1, "bag"):
        with pytest.raises(ValueError, match=f"labels is {label!r}; expected a list .* such as .{label!r}.\\."):
            model.sample_classes(labels=label)
    with pytest.raises(ValueError, match="takes no labels"):
        tiny(wk.GAN).sample_classes()


@pytest.fixture(scope="module")
def untrained(conditional):
    """One that nothing here trains, as all is refused."""
    return conditional()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([0, 1, 3, 0]), r"A label is 3; expected whole numbers from 0 to 2, or vectors of 3"),
        (np.array([0, -1, 2, 0]), r"A label is -1; expected whole numbers from 0 to 2"),
        (np.array([0.0, 1, 2, 0]), r"labels are float64 of shape \(4,\); expected whole numbers"),
        (np.array([0, 1, 2]), r"There are 3 labels and 4 images; expected as many"),
        (
            np.zeros((4, 2)),
            r"labels are float64 of shape \(4, 2\); expected whole numbers from 0 to 2, or vectors of 3",
        ),
        (np.full((4, 3), np.nan), r"labels hold NaN"),
        (None, r"networks take labels, and the data are images alone; expected pairs .*: --labels in the command"),
    ],
)
@pytest.mark.parametrize("verb", ["fit", "train_on_batch", "test_on_batch", "evaluate", "validation_data"])
def test_labels_that_are_none(labels, message, verb, untrained, labeled):
    model, (x, y) = untrained, labeled(4)
    with pytest.raises(ValueError, match=message):
        if verb == "validation_data":
            model.fit(x, y, batch_size=2, validation_data=(x, labels), verbose=0)
        elif verb in ("fit", "evaluate"):
            getattr(model, verb)(x, labels, batch_size=2)
        else:
            getattr(model, verb)(x, labels)


def test_a_class_is_called_by_its_name_or_by_its_number_in_digits(conditional):
    """A name that is written in digits goes before the number."""
    named = conditional(class_names=("2", "boot", "coat"))
    expected = named.sample(labels=[0, 1, 2], seed=0)
    np.testing.assert_array_equal(named.sample(labels=["2", "Boot", "coat"], seed=0), expected)
    np.testing.assert_array_equal(named.sample(labels=["2", "1", "coat"], seed=0), expected)
    np.testing.assert_array_equal(conditional().sample(labels=["0", "1", "2"], seed=0), expected)
    with pytest.raises(ValueError, match="There is no class 'boat'"):
        conditional().sample(labels=["boat"])


def test_samples_of_labels_out_of_range(conditional):
    model = conditional()
    with pytest.raises(ValueError, match="A label is 3; expected whole numbers from 0 to 2"):
        model.sample(labels=[0, 3])
    with pytest.raises(ValueError, match="There are 2 labels and 5 samples"):
        model.sample(5, labels=[0, 1])
