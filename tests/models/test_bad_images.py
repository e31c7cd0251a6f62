"""Images that a game cannot learn from end in one exception that says what came, what was expected, what to do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

Dataset = tf.data.Dataset
EAGER = {"run_eagerly": True}


@pytest.fixture(scope="module")
def game(tiny):
    return tiny(wk.WGAN, compile=EAGER)


@pytest.fixture(scope="module")
def image_game():
    """Images (4, 4, 1) from a generator that ends in tanh."""
    model = wk.WGAN(
        wk.networks.mlp_generator((4, 4, 1), 2, units=4, depth=1), wk.networks.mlp_critic((4, 4, 1), units=4, depth=1)
    )
    model.compile(run_eagerly=True)
    return model


@pytest.mark.parametrize("kind", ["array", "dataset"])
def test_too_few_images_for_one_step(game, points, kind):
    x, size = (points(9), 5) if kind == "array" else (Dataset.from_tensor_slices(points(9)).batch(5), None)
    message = r"hold 9 images; one step takes n_critic x batch size = 2 x 5 = 10\. Give more images, repeat"
    with pytest.raises(ValueError, match=message):
        game.fit(x, batch_size=size, verbose=0)


def test_no_images_at_all(game, points):
    for x, size in ((points(0), 5), (Dataset.from_tensor_slices(points(0)).batch(5), None)):
        with pytest.raises(ValueError, match="hold 0 images; one step takes"):
            game.fit(x, batch_size=size, verbose=0)


@pytest.mark.parametrize("kind", ["array", "dataset"])
def test_no_held_out_images_at_all(game, points, kind):
    none = points(0) if kind == "array" else Dataset.from_tensor_slices(points(0)).batch(4)
    with pytest.raises(ValueError, match="held-out data hold 0 images; expected at least 1"):
        game.evaluate(none, verbose=0)
    with pytest.raises(ValueError, match="held-out data hold 0 images; expected at least 1"):
        game.fit(points(16), batch_size=4, validation_data=none, verbose=0)


def test_an_unbatched_dataset(game, image_game, points):
    with pytest.raises(ValueError, match=r"shape \(2,\); the generator makes \('batch', 2\).*batch the dataset"):
        game.fit(Dataset.from_tensor_slices(points(32)), verbose=0)
    images = np.zeros((32, 4, 4, 1), "float32")
    with pytest.raises(ValueError, match=r"shape \(4, 4, 1\); .*\('batch', 4, 4, 1\).*batch the dataset"):
        image_game.fit(Dataset.from_tensor_slices(images), verbose=0)
    with pytest.raises(ValueError, match=r"shape \(\); the generator makes \('batch', 2\).*batch the dataset"):
        game.fit(Dataset.range(32).map(lambda i: tf.cast(i, tf.float32)), verbose=0)


def test_a_dataset_and_a_batch_size(game, points):
    with pytest.raises(ValueError, match=r"batch_size was given with a dataset; batch the dataset instead"):
        game.fit(Dataset.from_tensor_slices(points(32)).batch(4), batch_size=4)


@pytest.mark.parametrize("size", [0, -4])
def test_a_batch_size_below_one(game, points, size):
    with pytest.raises(ValueError, match=f"batch_size is {size}; expected"):
        game.fit(points(64), batch_size=size, verbose=0)


@pytest.mark.parametrize("fraction", [-0.5, 1.0, 1.5])
def test_a_validation_split_out_of_range(game, points, fraction):
    with pytest.raises(ValueError, match=f"validation_split is {fraction}; expected"):
        game.fit(points(64), batch_size=4, validation_split=fraction, verbose=0)


def test_a_validation_split_of_a_dataset(game, points):
    with pytest.raises(ValueError, match="validation_split needs arrays; for a dataset pass validation_data"):
        game.fit(Dataset.from_tensor_slices(points(64)).batch(4), validation_split=0.2, verbose=0)


@pytest.mark.parametrize("x", [None, [[0.0, 1.0]] * 64, map(np.zeros, [(64, 2)])])
def test_images_that_are_no_array(game, x):
    name = type(x).__name__
    with pytest.raises(TypeError, match=rf"images are a {name}; expected an array .* or a tf\.data\.Dataset"):
        game.fit(x, batch_size=4, verbose=0)
    with pytest.raises(TypeError, match=rf"images are a {name}; expected an array"):
        game.fit(x, batch_size=4, validation_split=0.5, verbose=0)


def test_labels_beside_a_dataset(game, points):
    dataset, labels = Dataset.from_tensor_slices(points(8)).batch(4), np.zeros(8)
    for call in (game.fit, game.evaluate, lambda x, y: game.fit(x, validation_data=(x, y), verbose=0)):
        with pytest.raises(ValueError, match="Labels were given beside a _BatchDataset, which brings them itself; le"):
            call(dataset, labels)


def test_a_generator_brings_its_own_batches_and_cannot_be_split(game):
    with pytest.raises(ValueError, match="batch_size was given with a dataset"):
        game.fit((x for x in np.zeros((3, 4, 2))), batch_size=4, verbose=0)
    with pytest.raises(ValueError, match="validation_split needs arrays"):
        game.fit((x for x in np.zeros((3, 4, 2))), validation_split=0.5, verbose=0)


def give(model, kind, x):
    """Hands x to `model` as `kind`: to learn from, as held-out data beside good training data, or to be evaluated."""
    role, container = kind.split(" in ")
    data = x if container == "array" else Dataset.from_tensor_slices(x).batch(4)
    size = 4 if container == "array" else None
    if role == "training":
        model.fit(data, batch_size=size, verbose=0)
    elif role == "validation":
        good = np.zeros((4 * model.n_critic, *x.shape[1:]), "float32")
        model.fit(good, batch_size=4, validation_data=data, verbose=0)
    elif role == "evaluation":
        model.evaluate(data, batch_size=size, verbose=0)
    elif role == "test":
        model.test_on_batch(data)
    else:
        model.train_on_batch(data)


KINDS = [f"{role} in {kind}" for role in ("training", "validation", "evaluation") for kind in ("array", "dataset")]
ALL_KINDS = [*KINDS, "step in array", "test in array"]


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_integer_images(image_game, kind):
    images = np.random.default_rng(0).integers(0, 256, (32, 4, 4, 1)).astype("uint8")
    with pytest.raises(ValueError, match=r"images are uint8; expected floats\. Scale .* x / 127\.5 - 1"):
        give(image_game, kind, images)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_floats_from_0_to_255_under_tanh(image_game, kind):
    images = np.linspace(0, 255, 512, dtype="float32").reshape(32, 4, 4, 1)[::-1]
    message = r"images reach from [\d.]+ to 255; the generator ends in tanh and makes values in \[-1, 1\]\. Scale"
    with pytest.raises(ValueError, match=message):
        give(image_game, kind, images)


@pytest.mark.parametrize("kind", ["training in array", "training in dataset"])
def test_pictures_in_0_to_1_under_tanh_are_told(image_game, kind):
    images = np.linspace(0, 1, 512, dtype="float32").reshape(32, 4, 4, 1)
    with pytest.warns(UserWarning, match=r"No pixel .* is below 0, .* \[-1, 1\]\. If .* \[0, 1\], .* take 2 \* x - 1"):
        give(image_game, kind, images)


def test_what_follows_the_last_layer_counts(points):
    z = keras.Input((2,))
    generator = keras.Model(z, 3.0 * keras.layers.Dense(2, "tanh")(z))
    model = wk.WGAN(generator, wk.networks.mlp_critic((2,), units=4, depth=1), n_critic=1)
    model.compile(**EAGER)
    model.fit(np.clip(points(8), -3, 3), batch_size=8, verbose=0)


@pytest.mark.parametrize("kind", ["training in array", "training in dataset", "step in array", "test in array"])
def test_images_of_another_shape(image_game, kind):
    images = np.zeros((32, 4, 5, 1), "float32")
    with pytest.raises(ValueError, match=r"shape \(\d+, 4, 5, 1\); the generator makes \('batch', 4, 4, 1\)"):
        give(image_game, kind, images)


@pytest.mark.parametrize("container", ["array", "dataset"])
def test_held_out_images_of_another_shape(game, points, container):
    x = np.zeros((8, 3), "float32")
    held_out = x if container == "array" else Dataset.from_tensor_slices(x).batch(4)
    with pytest.raises(ValueError, match=r"shape \(\d, 3\); the generator makes \('batch', 2\)"):
        game.fit(points(16), batch_size=4, validation_data=held_out, verbose=0)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((kind, np.nan) for kind in KINDS),
        ("training in dataset", np.inf),
        *(pytest.param(kind, np.inf, marks=pytest.mark.long) for kind in KINDS if kind != "training in dataset"),
    ],
)
def test_nan_and_infinity_are_named_with_their_batch(game, points, kind, value):
    images = points(16)
    images[13, 1] = value  # in batch 3 of batches of 4
    with pytest.raises(ValueError, match=r"^NaN or infinity in the images, in batch 3\b"):
        give(game, kind, images)


@pytest.mark.parametrize("kind", ["step in array", "test in array"])
def test_nan_and_infinity_in_one_batch(game, points, kind):
    images = points(32)
    images[21, 1] = np.nan
    with pytest.raises(ValueError, match=r"^NaN or infinity in the images, in batch 0 \(32 images each\)"):
        give(game, kind, images)


@pytest.mark.parametrize("kind", ["step in array", "test in array"])
def test_an_empty_batch(game, points, kind):
    with pytest.raises(ValueError, match="The batch holds 0 images; expected at least 1"):
        give(game, kind, points(0))


@pytest.mark.parametrize("compile", [pytest.param({}, marks=pytest.mark.long), {"steps_per_execution": 2}])
def test_nan_in_a_dataset_is_named_in_compiled_training_too(tiny, points, compile):
    model = tiny(wk.GAN, compile=compile)
    images = points(32)
    images[21, 1] = np.nan
    with pytest.raises(ValueError, match=r"^NaN or infinity in the images, in batch 5\b") as caught:
        model.fit(Dataset.from_tensor_slices(images).batch(4), verbose=0)
    assert "\n" not in str(caught.value) and caught.value.__suppress_context__


def test_an_error_of_the_users_own_pipeline_is_left_as_it_is(game, points):
    def fail(x):
        with tf.control_dependencies([tf.debugging.Assert(False, ["the user's own"])]):
            return tf.identity(x)

    data = Dataset.from_tensor_slices(points(32)).batch(4)
    data = data.take(4).concatenate(data.skip(4).map(fail))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"the user.*s own"):
        game.fit(data, verbose=0)


def test_a_step_of_a_size_that_does_not_split(game, points):
    with pytest.raises(ValueError, match=r"step got 7 images.*n_critic = 2 minibatches.*multiple of 2"):
        game.train_on_batch(points(7))
