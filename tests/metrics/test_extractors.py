"""Extractors: what they make of images, what they refuse, and that their weights are the ones on the card."""

import hashlib
import json
import pathlib
import shutil

import h5py
import keras
import numpy as np
import pytest

from wgan_keras import data, metrics
from wgan_keras.metrics import classifier, inception
from wgan_keras.metrics.extractors import EXTRACTORS

SAMPLE = pathlib.Path(__file__).parents[1] / "data" / "fashion_mnist"


@pytest.fixture(scope="module")
def images():
    return data.load_arrays("fashion_mnist", "test", data_dir=SAMPLE)[:256]


@pytest.fixture(scope="module")
def fashion():
    return metrics.load_extractor("fashion_mnist_classifier")


def test_the_classifier_classifies(fashion, images):
    labels = data.load_labels("fashion_mnist", "test", data_dir=SAMPLE)[:256]
    extracted = fashion(images)
    assert extracted.features.shape == (256, classifier.FEATURE_WIDTH)
    assert np.mean(extracted.probabilities.argmax(axis=1) == labels) > 0.88
    np.testing.assert_allclose(extracted.probabilities.sum(axis=1), 1, rtol=1e-5)


def test_the_card_keeps_its_promises(fashion):
    assert len(fashion.card["accuracies"]) >= 2
    assert all(each["test_accuracy"] >= 0.93 for each in fashion.card["accuracies"])
    assert 64 <= fashion.card["feature_width"] <= 128
    assert (classifier.CARD.parent / fashion.card["weights"]).stat().st_size < 3e6


def test_changed_weights_are_not_opened(tmp_path):
    for file in classifier.CARD.parent.glob("fashion_mnist_classifier*"):
        shutil.copy(file, tmp_path)
    weights = tmp_path / json.loads(classifier.CARD.read_text())["weights"]
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ValueError, match="sha256"):
        classifier.load_classifier(tmp_path / classifier.CARD.name)


def test_batches_pairs_and_one_array_give_the_same(fashion, images):
    whole = fashion(images).features
    batches = [images[:100], images[100:101], images[101:]]
    np.testing.assert_allclose(fashion(batches).features, whole, atol=1e-5)
    pairs = ((batch, np.zeros(len(batch))) for batch in batches)
    np.testing.assert_allclose(fashion(pairs).features, whole, atol=1e-5)


def test_the_dtype_policy_of_the_training_does_not_reach_the_extractor(fashion, images):
    expected = fashion(images[:8]).features
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        again = metrics.load_extractor("fashion_mnist_classifier")(images[:8]).features
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy(before)
    np.testing.assert_array_equal(again, expected)


def test_pixels():
    pixels = metrics.load_extractor("pixels")
    points = np.random.default_rng(0).normal(0, 5, size=(700, 2)).astype("float32")
    np.testing.assert_array_equal(pixels(points).features, points)
    pictures = np.zeros((3, 4, 5, 3), "float32")
    assert pixels(pictures).features.shape == (3, 60)
    assert pixels(pictures).probabilities is None
    np.testing.assert_array_equal(pixels([points[:350], points[350:]]).features, points)
    assert pixels([[pictures, np.zeros(3)]]).features.shape == (3, 60)
    assert pixels([[pictures[0], pictures[1]]]).features.shape == (2, 60)
    with pytest.raises(ValueError, match=r"a list of 3 arrays of shape \(4, 5\)\. If each is a gray picture, stack"):
        pixels(list(pictures[..., 0]))


def own_model(outputs=1, shape=(8, 8, 3)):
    x = keras.Input(shape)
    features = keras.layers.Dense(7)(keras.layers.Flatten()(x))
    probabilities = keras.layers.Dense(4, activation="softmax")(features)
    return keras.Model(x, [features, probabilities][:outputs] if outputs > 1 else features, name="own")


@pytest.mark.parametrize("outputs", [1, 2])
def test_a_model_of_the_users_own(outputs):
    model = own_model(outputs)
    extractor = metrics.load_extractor(model)
    pictures = np.random.default_rng(0).uniform(-1, 1, size=(300, 8, 8, 3)).astype("float32")
    extracted = extractor(pictures)
    expected = model(pictures)
    expected_features = expected if outputs == 1 else expected[0]
    np.testing.assert_allclose(extracted.features, expected_features, atol=1e-5)
    assert (extracted.probabilities is None) == (outputs == 1)
    assert metrics.load_extractor(extractor) is extractor


def test_the_features_of_a_model_in_bfloat16_are_float32():
    x = keras.Input((4,))
    features = keras.layers.Dense(3, dtype="mixed_bfloat16")(x)
    model = keras.Model(x, {"features": features, "probabilities": keras.layers.Softmax(dtype="bfloat16")(features)})
    extracted = metrics.load_extractor(model)(np.zeros((2, 4), "float32"))
    assert (extracted.features.dtype, extracted.probabilities.dtype) == ("float32", "float32")


def test_the_hash_of_an_own_model_follows_its_weights():
    model = own_model()
    before = metrics.load_extractor(model).card["sha256"]
    assert metrics.load_extractor(model).card["sha256"] == before
    model.layers[-1].bias.assign_add(np.ones(7))
    assert metrics.load_extractor(model).card["sha256"] != before


@pytest.fixture(scope="module")
def network():
    """An InceptionV3 of random weights."""
    keras.utils.set_random_seed(0)
    return keras.applications.InceptionV3(weights=None, classes=12)


def write_as_published(layers, file):
    """A weights file in the older layout, that of the files which Keras publishes."""
    with h5py.File(file, "w") as h5:
        h5.attrs["layer_names"] = [layer.name for layer in layers]
        h5.attrs["backend"], h5.attrs["keras_version"] = "tensorflow", "2.0.0"
        for layer in layers:
            group = h5.create_group(layer.name)
            group.attrs["weight_names"] = [f"{layer.name}/{index}" for index in range(len(layer.weights))]
            for index, weight in enumerate(layer.get_weights()):
                group.create_dataset(f"{layer.name}/{index}", data=weight)


def test_inception_from_a_local_file(network, tmp_path):
    file = tmp_path / "inception.weights.h5"
    network.save_weights(file)
    extractor = metrics.load_extractor("inception", weights=file)
    gray = np.random.default_rng(0).uniform(-1, 1, size=(2, 28, 28, 1)).astype("float32")
    extracted = extractor(gray)
    assert extracted.features.shape == (2, 2048)
    # The features are what the file's own top layer turns into the probabilities.
    kernel, bias = network.get_layer("predictions").get_weights()
    odds = np.exp(extracted.features @ kernel + bias)
    np.testing.assert_allclose(extracted.probabilities, odds / odds.sum(axis=1, keepdims=True), rtol=1e-4)
    in_color = extractor(np.repeat(gray, 3, axis=-1))
    np.testing.assert_array_equal(in_color.features, extracted.features)
    assert extractor.card["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(ValueError, match="1 or 3 channels"):
        extractor(np.zeros((2, 28, 28, 4), "float32"))


def test_inception_from_a_published_file_without_the_top(network, tmp_path):
    file = tmp_path / "inception_v3_notop.h5"
    write_as_published(network.layers[:-1], file)
    model, card = inception.load_inception(file)
    assert card["classes"] is None
    assert model.output_shape == (None, 2048)
    for loaded, written in zip(model.get_weights(), network.get_weights(), strict=False):
        np.testing.assert_array_equal(loaded, written)


def test_inceptions_resize_is_antialiased_and_stays_in_range():
    """Shrinking one-pixel stripes gives gray; without antialiasing it would give stripes of another width."""
    stripes = np.tile(np.where(np.arange(1196) % 2, 1.0, -1.0), (1, 1196, 1))[..., None].astype("float32")
    shrunk = inception.prepare(stripes)
    assert shrunk.shape == (1, 299, 299, 3)
    assert np.abs(shrunk[:, 2:-2, 2:-2]).max() < 0.05
    edge = np.where(np.arange(28) < 14, 1.0, -1.0) * np.ones((1, 28, 1))
    grown = inception.prepare(edge[..., None].astype("float32"))
    assert np.abs(grown).max() == 1
    assert grown.mean() == pytest.approx(0, abs=1e-3)


def test_inception_needs_a_file_of_its_weights(tmp_path):
    with pytest.raises(FileNotFoundError, match="Nothing is downloaded"):
        metrics.load_extractor("inception")
    with pytest.raises(FileNotFoundError, match=r"absent\.h5"):
        metrics.load_extractor("inception", weights=tmp_path / "absent.h5")
    (tmp_path / "text.h5").write_text("no weights")
    with pytest.raises(ValueError, match="is no HDF5 file"):
        metrics.load_extractor("inception", weights=tmp_path / "text.h5")
    own_model().save_weights(tmp_path / "own.weights.h5")
    with pytest.raises(ValueError, match="holds 2 arrays that are not the 37"):
        metrics.load_extractor("inception", weights=tmp_path / "own.weights.h5")


@pytest.mark.parametrize(
    ("unfit", "message"),
    [
        (np.zeros((0, 28, 28, 1), "float32"), "No images came"),
        (np.zeros((2, 28, 28, 3), "float32"), r"\(2, 28, 28, 3\); expected \(n, 28, 28, 1\)"),
        (np.zeros((28, 28, 1), "float32"), r"shape \(28, 28, 1\)"),
        (np.full((4, 28, 28, 1), np.nan, "float32"), "4 of 4 images have NaN"),
        (np.full((4, 28, 28, 1), 255, "float32"), r"Pixels lie in \[255, 255\]"),
        (np.zeros((4, 28, 28, 1), "uint8"), r"uint8; expected floats.*127\.5"),
        (iter([]), "No images came"),
    ],
)
def test_unfit_images(fashion, unfit, message):
    with pytest.raises(ValueError, match=message):
        fashion(unfit)


def test_unfit_extractors():
    with pytest.raises(ValueError, match=r"'vgg'.*fashion_mnist_classifier"):
        metrics.load_extractor("vgg")
    with pytest.raises(ValueError, match="only 'inception', 'inception2015' takes a file"):
        metrics.load_extractor("pixels", weights="file")
    convolutional = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)])
    with pytest.raises(ValueError, match=r"\(None, 6, 6, 2\)"):
        metrics.load_extractor(convolutional)
    with pytest.raises(ValueError, match="must have seen its input"):
        metrics.load_extractor(keras.Sequential([keras.layers.Dense(2)]))
    alone = metrics.Extractor("alone", lambda batch: batch.reshape(len(batch), -1), {})
    with pytest.raises(TypeError, match=r"'alone' returned ndarray; expected a pair .*: return features, None\."):
        alone(np.zeros((2, 4), "float32"))
    for features, probabilities in ([1, 2], None), ([[1]], None), ([[[1]], [[2]]], None), ([[1], [2]], [[1]]):
        made = metrics.Extractor("made", lambda batch, of=(features, probabilities): of, {})
        with pytest.raises(
            ValueError, match=r"'made' made arrays of shapes \[.*\] of 2 images; expected features \(2, wi"
        ):
            made(np.zeros((2, 4), "float32"))


def test_an_own_extractor_whose_file_is_missing_or_unexpected_is_told(monkeypatch):
    monkeypatch.setattr(EXTRACTORS, "_registered", dict(EXTRACTORS))
    metrics.register_extractor("opens", takes_weights=True)(lambda weights: pathlib.Path(weights))
    metrics.register_extractor("closed")(lambda: None)
    with pytest.raises(ValueError, match=r"'opens' failed without a file of weights .*Give one by --weights"):
        metrics.load_extractor("opens")
    with pytest.raises(ValueError, match=r"weights='a/file' came with 'closed'.*takes_weights=True"):
        metrics.load_extractor("closed", weights=pathlib.Path("a/file"))
    with pytest.raises(TypeError, match=r"'closed' returned NoneType; expected a wgan_keras\.metrics\.Extractor"):
        metrics.load_extractor("closed")


def test_an_own_extractor_is_known_by_its_weights_and_made_in_float32(monkeypatch, tmp_path):
    """Whatever its card says, and whatever the policy of the training is."""
    monkeypatch.setattr(EXTRACTORS, "_registered", dict(EXTRACTORS))
    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        file.write_text(file.name)
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    cards = {"silent": {"name": "silent"}, "telling": {"name": "telling", "sha256": digests[0]}}

    def load(name, weights):
        assert keras.layers.Dense(1).dtype_policy.name == "float32"
        return metrics.Extractor(name, lambda batch: (batch.astype("float16"), [[1]] * len(batch)), cards[name])

    for name in cards:
        metrics.register_extractor(name, takes_weights=True)(lambda weights, name=name: load(name, weights))
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        silent = [metrics.load_extractor("silent", file and str(file)) for file in (*files, None)]
        assert metrics.load_extractor("telling", files[0]).card == cards["telling"]
    finally:
        keras.config.set_dtype_policy(before)
    assert [each.card for each in silent] == [
        {"name": "silent", "weights_sha256": digest} for digest in (*digests, None)
    ]
    extracted = silent[0](np.zeros((2, 3), "float32"))
    assert {each.dtype.name for each in extracted[:2]} == {"float32"}
