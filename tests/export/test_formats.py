"""What an exported network returns in its own runtime, and what is refused."""

import importlib.util
import json

import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from tools.zoo import golden
from wgan_keras import plots, presets
from wgan_keras.export import elsewhere, needed
from wgan_keras.layers import MinibatchStandardDeviation
from wgan_keras.models import exporting
from wgan_keras.models.exporting import float32_copy
from wgan_keras.presets import files, store


@keras.saving.register_keras_serializable("test_formats")
def doubled(x):
    return 2 * x


def with_erfinv():
    z = keras.Input((2,))
    return wk.GAN(keras.Model(z, ops.erfinv(z / 10)), wk.networks.mlp_critic((2,), units=4, depth=1))


# Residual networks; further below are transposed convolutions of a preset, classes in small, and games of points.
QUICK = ("wgan_gp_resnet_fashion_mnist",)


def by_architecture(network):
    """One preset for each form that "generator" or "critic" has in the zoo."""
    forms, found = set(), []
    for name in wk.list_presets():
        form = json.dumps(json.loads((store.ZOO / name / files.CONFIG).read_text())[network])
        if form not in forms:
            found.append(pytest.param(name, marks=[] if name in QUICK else pytest.mark.long))
        forms.add(form)
    return found


def latents(n, width, seed=0):
    return np.random.default_rng(seed).normal(size=(n, width)).astype("float32")


def classes(game, n):
    """{"labels": one-hot, the classes in turn}, for a game that takes them."""
    return (
        {"labels": np.eye(game.label_width, dtype="float32")[np.arange(n) % game.label_width]}
        if game.label_width
        else {}
    )


@pytest.mark.needs_export
@pytest.mark.parametrize("name", by_architecture("generator"))
def test_a_preset_samples_as_in_keras(name, exported):
    """In float32; where Keras computes in bfloat16 it rounds."""
    game = wk.from_preset(name)
    inputs = {"latents": latents(5, game.latent_dim), **classes(game, 5)}
    made = exported(game, **inputs)
    assert list(made) == ["images"]
    np.testing.assert_allclose(made["images"], float32_copy(game.sampler)(list(inputs.values())), atol=1e-4)
    if game.sampler.compute_dtype == "float32":
        np.testing.assert_allclose(made["images"], game.sample(**inputs), atol=1e-4)
    else:
        assert golden.distance(made["images"], game.sample(**inputs)) <= golden.close(presets.open_recipe(name))


@pytest.mark.needs_export
@pytest.mark.parametrize("name", by_architecture("critic"))
def test_a_preset_scores_as_in_keras(name, exported):
    game = wk.from_preset(name)
    inputs = {"images": game.sample(7, seed=0), **classes(game, 7)}
    scores = exported(game, "critic", **inputs)
    assert list(scores) == ["scores"]
    expected = float32_copy(game.critic)(list(inputs.values()), training=False)
    np.testing.assert_allclose(scores["scores"], expected, rtol=1e-4, atol=1e-4)


@pytest.fixture(scope="module")
def conditional():
    keras.utils.set_random_seed(0)
    networks = wk.networks
    return wk.GAN(
        networks.dcgan_generator((16, 16, 3), latent_dim=4, width=4, classes=3, upsampling="resize"),
        networks.dcgan_critic((16, 16, 3), width=4, classes=3),
        ema_decay=0.9,
    )


@pytest.mark.needs_export
def test_labels_are_vectors_beside_the_latents_and_the_images(conditional, exported):
    z, labels = latents(4, 4), np.float32([[1, 0, 0], [0, 0, 1], [0, 0.5, 0.5], [0, 1, 0]])
    images = conditional.sample(latents=z, labels=labels)
    np.testing.assert_allclose(exported(conditional, latents=z, labels=labels)["images"], images, atol=1e-5)
    scores = exported(conditional, "critic", images=images, labels=labels)["scores"]
    np.testing.assert_allclose(scores, conditional.critic([images, labels], training=False), atol=1e-5)


@pytest.mark.needs_export
def test_pictures_as_bytes_are_those_of_a_png_and_the_critic_takes_them(exported):
    game = wk.from_preset("wgan_gp_fashion_mnist")
    z = latents(3, game.latent_dim)
    pixels = exported(game, pixels="uint8", latents=z)["images"]
    assert pixels.dtype == np.uint8
    expected = plots.to_uint8(game.sample(latents=z))
    # Where the float lies on the border of two bytes either one is right.
    assert (pixels != expected).mean() < 1e-3 and np.abs(pixels.astype(int) - expected).max() <= 1
    scores = exported(game, "critic", "uint8", images=pixels)["scores"]
    np.testing.assert_allclose(scores, game.critic(pixels / 127.5 - 1, training=False), rtol=1e-4, atol=1e-4)


@pytest.mark.needs_export
def test_further_outputs_of_a_critic_keep_their_order(exported):
    image = keras.Input((4,))
    guessing = keras.Model(image, [keras.layers.Dense(1)(image), keras.layers.Dense(3)(image)])
    game = wk.GAN(wk.networks.mlp_generator((4,), 2, units=4, depth=1, classes=3), guessing)
    x = latents(5, 4)
    outputs = exported(game, "critic", images=x)
    scores, logits = guessing(x)
    np.testing.assert_allclose(outputs["scores"], scores, atol=1e-6)
    np.testing.assert_allclose(outputs["output_1"], logits, atol=1e-6)


@pytest.mark.needs_export
def test_a_layer_that_compares_the_samples_of_a_batch_takes_any_batch(written):
    image = keras.Input((4, 4, 1))
    x = keras.layers.Flatten()(MinibatchStandardDeviation()(image))
    game = wk.GAN(
        wk.networks.mlp_generator((4, 4, 1), 2, units=4, depth=1), keras.Model(image, keras.layers.Dense(1)(x))
    )
    critic = written(game, "critic")
    for n in (2, 7):
        images = latents(n, 16).reshape(n, 4, 4, 1)
        np.testing.assert_allclose(critic(images=images)["scores"], game.critic(images), atol=1e-5)


def test_a_network_of_bfloat16_computes_in_float32(policy, exported_graph):
    keras.utils.set_random_seed(0)
    shape = {"output_shape": (6,), "latent_dim": 3, "units": 16, "depth": 2}
    plain = wk.networks.mlp_generator(**shape)
    policy("mixed_bfloat16")
    mixed = wk.networks.mlp_generator(**shape)
    game = wk.GAN(mixed, wk.networks.mlp_critic((6,), units=4, depth=1))
    mixed.set_weights(plain.get_weights())
    z = latents(8, 3)
    expected = plain(z)
    assert np.abs(game.sample(latents=z) - expected).max() > 1e-4
    np.testing.assert_allclose(exported_graph(game, latents=z)["images"], expected, atol=1e-6)


def test_all_numbers_are_float32_whatever_keras_takes(monkeypatch, tmp_path):
    written = []
    monkeypatch.setattr(exporting.export, "write", lambda model, *_: written.append(model))
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        size = {"units": 2, "depth": 1, "classes": 3}
        game = wk.GAN(wk.networks.mlp_generator((2,), 2, **size), wk.networks.mlp_critic((2,), **size))
        for network in ("generator", "critic"):
            game.export(tmp_path / "gan.onnx", "onnx", network)
    finally:
        keras.config.set_floatx(before)
    assert {each.dtype for model in written for each in (*model.inputs, *model.outputs)} == {"float32"}


@pytest.mark.needs_export
def test_class_numbers_inside_stay_whole(exported):
    """Of a network that looks up an embedding; from outside its labels are vectors as everyone's."""
    z, label = keras.Input((2,)), keras.Input((1,), dtype="int32")
    one = keras.layers.Flatten()(keras.layers.Embedding(3, 2)(label))
    other = keras.layers.Flatten()(keras.layers.Embedding(3, 2)(ops.cast(2 - label, "int32")))
    critic = wk.networks.mlp_critic((2,), units=4, depth=1, classes=3)
    game = wk.GAN(keras.Model([z, label], z * one + other), critic)
    latent, labels = latents(3, 2), np.eye(3, dtype="float32")
    expected = game.sample(latents=latent, labels=[0, 1, 2])
    np.testing.assert_allclose(exported(game, latents=latent, labels=labels)["images"], expected, atol=1e-6)


def test_layers_inside_layers_lose_their_policy_too(policy):
    policy("mixed_bfloat16")
    x = keras.Input((4, 2))
    network = float32_copy(keras.Model(x, keras.layers.TimeDistributed(keras.layers.Dense(3))(x)))
    assert network.layers[-1].layer.compute_dtype == "float32"


def test_the_averaged_generator_is_the_one_exported(with_everything, exported_graph):
    game = with_everything()
    game.generator_ema.set_weights([w + 1 for w in game.generator.get_weights()])
    z = latents(5, 2)
    made = exported_graph(game, latents=z)["images"]
    np.testing.assert_allclose(made, game.generator_ema(z, training=False), atol=1e-6)
    assert np.abs(made - game.generator(z, training=False)).max() > 0.1


def test_exporting_changes_nothing_in_the_game(tiny, state_of, tmp_path):
    game = tiny()
    before = state_of(game)
    game.export(tmp_path / "generator")
    assert all(map(np.array_equal, before, state_of(game)))
    assert game.generator.count_params() == tiny().generator.count_params()


def test_a_savedmodel_replaces_another_and_nothing_else(tiny, tmp_path):
    game = tiny()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("keep")
    with pytest.raises(ValueError, match=r"mine holds something else than a SavedModel; name a new folder\.$"):
        game.export(tmp_path / "mine")
    assert (tmp_path / "mine/notes.txt").read_text() == "keep"
    game.export(tmp_path / "new")
    (tmp_path / "new/variables/old").touch()
    game.export(tmp_path / "new")
    assert not (tmp_path / "new/variables/old").exists() and (tmp_path / "new/saved_model.pb").is_file()
    (tmp_path / "new/labels.txt").touch()
    with pytest.raises(ValueError, match=r"new holds labels\.txt beside a SavedModel; move that away"):
        game.export(tmp_path / "new")
    assert (tmp_path / "new/labels.txt").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "new"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x.onx", "onxn"), r"format is 'onxn' \(did you mean 'onnx'\?\); expected 'onnx', 'savedmodel', 'litert'\."),
        (("x.tflite", "onnx"), r"x\.tflite; expected a name that ends in \.onnx\."),
        (("x", "savedmodel", "critics"), r"network is 'critics'; expected 'generator' or 'critic'\."),
        (("x", "savedmodel", "generator", "uint8"), r"samples have shape \('batch', 2\); expected pictures"),
    ],
)
def test_what_cannot_be_exported_is_refused(tiny, tmp_path, arguments, message):
    name, *others = arguments
    with pytest.raises(ValueError, match=message):
        tiny().export(tmp_path / name, *others)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("activation", [ops.sin, lambda x: x], ids=["a function", "a lambda"])
@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
def test_an_activation_that_is_not_registered_is_refused_in_one_sentence(activation):
    z = keras.Input((2,))
    network = keras.Model(z, keras.layers.Dense(2, activation, name="own")(z))
    with pytest.raises(
        ValueError, match=r"layer 'own' \(Dense\) cannot be made anew .*, such as an activation, under @k"
    ):
        float32_copy(network)


def test_a_missing_converter_is_named(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"is made by tf2onnx: pip install 'wgan_keras\[export\]'\.$"):
        tiny().export(tmp_path / "g.onnx", "onnx")


@pytest.mark.parametrize("form", ["litert", pytest.param("onnx", marks=pytest.mark.needs_export)])
def test_an_operation_that_a_format_lacks_leaves_the_file_as_it_was(form, tmp_path, capfd):
    path = tmp_path / {"litert": "g.tflite", "onnx": "g.onnx"}[form]
    path.write_text("before")
    with pytest.raises(ValueError, match=r"lacks an operation of this network; choose another format\..*rfinv"):
        with_erfinv().export(path, form)
    assert path.read_text() == "before" and len(list(tmp_path.iterdir())) == 1
    assert "rfinv" not in capfd.readouterr().err  # the exception says it


OWN = """
import keras

@keras.saving.register_keras_serializable("own")
class Erfinv(keras.layers.Layer):
    def call(self, x):
        return keras.ops.erfinv(x / 10)

@keras.saving.register_keras_serializable("own")
def doubled(x):
    return 2 * x
"""


def test_a_conversion_in_another_process_opens_layers_of_ones_own_and_refuses_in_the_same_words(tmp_path, monkeypatch):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/own_layers_for_export.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path / "modules")
    own = importlib.import_module("own_layers_for_export")
    z = keras.Input((2,))
    network = keras.Model(z, own.Erfinv()(keras.layers.Dense(2, activation=own.doubled)(z)))
    with pytest.raises(ValueError, match=r"^LiteRT lacks an operation of this network; .*rfinv"):
        elsewhere.write(network, tmp_path / "g.tflite", "litert")
    assert [path.name for path in tmp_path.iterdir()] == ["modules"]


def test_the_modules_of_a_saved_network_are_those_of_the_users_own(tmp_path):
    z = keras.Input((2,))
    network = keras.Model(z, MinibatchStandardDeviation()(keras.layers.Dense(2, activation=doubled)(ops.abs(z))))
    network.save(tmp_path / "network.keras")
    assert needed.modules(tmp_path / "network.keras") == (__name__,)


@pytest.mark.parametrize("registered", [False, True])
def test_a_layer_that_no_other_process_can_import_is_named(tmp_path, registered):
    class Halved(keras.layers.Layer):
        __module__ = "__main__"

        def call(self, x):
            return x / 2

    if registered:
        keras.saving.register_keras_serializable("test_formats")(Halved)
    z = keras.Input((2,))
    keras.Model(z, Halved()(z)).save(tmp_path / "network.keras")
    with pytest.raises(ValueError, match=r"The network has 'Halved', .* Define that in a module of its own"):
        needed.modules(tmp_path / "network.keras")
