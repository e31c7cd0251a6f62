"""The Inception network of 2015: against that of Keras, the resize of TensorFlow, and torch-fidelity if installed."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from wgan_keras import metrics
from wgan_keras.metrics import inception_2015, inception_files
from wgan_keras.metrics.inception_2015 import _arrays_of, build, fill, prepare, resize


@pytest.fixture(scope="module")
def network():
    return build()


@pytest.fixture(scope="module")
def arrays(network):
    """Random weights of a scale that keeps the signal's, by torch-fidelity's names."""
    random, made = np.random.default_rng(0), {}
    for layer in network.layers:
        for name, weight in zip(_arrays_of(layer), layer.weights, strict=True):
            shape = tuple(weight.shape)
            if len(shape) > 1:
                shape = (*shape[:1:-1], *shape[:2]) if len(shape) == 4 else shape[::-1]
                made[name] = random.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).astype("float32")
            else:
                low, high = (0.5, 1.5) if name.endswith(("weight", "var")) else (-0.2, 0.2)
                made[name] = random.uniform(low, high, shape).astype("float32")
    return made


def test_but_for_the_pooling_of_its_last_block_it_is_kerass_network(network, arrays):
    """Whose normalization has no gamma, and whose layers are numbered in the order in which they were made."""
    fill(network, {name: np.ones_like(a) if name.endswith("bn.weight") else a for name, a in arrays.items()}, "random")
    theirs = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=(299, 299, 3))
    for kind, count in ((keras.layers.Conv2D, 1), (keras.layers.BatchNormalization, 3)):
        numbered = [layer for layer in theirs.layers if isinstance(layer, kind)]
        numbered.sort(key=lambda layer: int(layer.name.rpartition("_")[2]) if layer.name[-1] in "0123456789" else 0)
        named = [layer for layer in network.layers if isinstance(layer, kind)]
        named.sort(key=lambda layer: layer.name.replace("3x3dbl", "5x5dbl"))
        assert len(numbered) == len(named) == 94
        for layer, own in zip(numbered, named, strict=True):
            layer.set_weights(own.get_weights()[-count:])
    image = np.random.default_rng(1).uniform(-1, 1, (1, 299, 299, 3)).astype("float32")
    ours, theirs = (
        keras.Model(model.input, [model.get_layer(name).output for name in names])(image)
        for model, names in ((network, ("Mixed_7b", "Mixed_7c")), (theirs, ("mixed9", "mixed10")))
    )
    np.testing.assert_allclose(ours[0], theirs[0], atol=1e-4 * np.abs(ours[0]).max())
    (own, pooled), (other, averaged) = (np.split(np.asarray(each[1]), [-192], axis=-1) for each in (ours, theirs))
    np.testing.assert_allclose(own, other, atol=1e-4 * np.abs(own).max())
    assert np.abs(pooled - averaged).max() > 0.1


@pytest.mark.parametrize("sides", [(28, 32), (64, 7), (310, 512)])
def test_the_resize_is_tensorflow_1s(sides):
    pixels = np.random.default_rng(0).integers(0, 256, (2, *sides, 3)).astype("float32")
    expected = tf.compat.v1.image.resize_bilinear(pixels, (299, 299), align_corners=False, half_pixel_centers=False)
    np.testing.assert_allclose(resize(resize(pixels, 2), 1), expected, atol=1e-3)


def test_pixels_are_whole_numbers_centered_at_128():
    levels = np.float32([0, 1, 127, 128, 255])[:, None, None, None]
    prepared = prepare(np.broadcast_to(levels, (5, 4, 4, 1)) / 127.5 - 1 + 1e-4)
    assert prepared.shape == (5, 299, 299, 3)
    np.testing.assert_array_equal(prepared[:, 0, 0], np.repeat((levels[:, 0, 0] - 128) / 128, 3, axis=1))
    with pytest.raises(ValueError, match=r"'inception2015' expects 1 or 3 channels"):
        prepare(np.zeros((1, 4, 4, 4)))


@pytest.mark.parametrize(
    ("name", "in_graph"),
    [
        ("Conv2d_1a_3x3.conv.weight", "conv/conv2d_params"),
        ("Conv2d_4a_3x3.bn.running_var", "conv_4/batchnorm/moving_variance"),
        ("Mixed_5b.branch1x1.bn.weight", "mixed/conv/batchnorm/gamma"),
        ("Mixed_5c.branch5x5_2.conv.weight", "mixed_1/tower/conv_1/conv2d_params"),
        ("Mixed_6a.branch3x3.bn.bias", "mixed_3/conv/batchnorm/beta"),
        ("Mixed_6a.branch3x3dbl_3.conv.weight", "mixed_3/tower/conv_2/conv2d_params"),
        ("Mixed_6e.branch7x7dbl_5.conv.weight", "mixed_7/tower_1/conv_4/conv2d_params"),
        ("Mixed_7a.branch3x3_2.conv.weight", "mixed_8/tower/conv_1/conv2d_params"),
        ("Mixed_7a.branch7x7x3_4.bn.running_mean", "mixed_8/tower_1/conv_3/batchnorm/moving_mean"),
        ("Mixed_7b.branch3x3_2b.conv.weight", "mixed_9/tower/mixed/conv_1/conv2d_params"),
        ("Mixed_7c.branch3x3dbl_3a.conv.weight", "mixed_10/tower_1/mixed/conv/conv2d_params"),
        ("Mixed_7c.branch_pool.conv.weight", "mixed_10/tower_2/conv/conv2d_params"),
        ("fc.weight", "softmax/weights"),
    ],
)
def test_names_in_tensorflows_graph(name, in_graph):
    assert inception_files.in_graph(name) == in_graph


def test_every_array_has_its_own_name_in_the_graph(arrays):
    assert len({inception_files.in_graph(name) for name in arrays}) == len(arrays) == 94 * 5 + 1


def test_a_graph_of_tensorflow_holds_the_same_arrays(arrays, tmp_path):
    names = ["Mixed_5b.branch5x5_2.conv.weight", "Mixed_5b.branch5x5_2.bn.bias", "fc.weight"]
    graph = tf.compat.v1.GraphDef()
    for name in names:
        node = graph.node.add(name=inception_files.in_graph(name), op="Const")
        value = inception_2015._in_keras(arrays[name])
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
    (tmp_path / "graph.pb").write_bytes(graph.SerializeToString())
    read, digest = inception_files.read_weights(tmp_path / "graph.pb")
    for name in names:
        np.testing.assert_array_equal(read[name], arrays[name])
    assert "Mixed_5b.branch1x1.conv.weight" not in read and len(digest) == 64


def test_files_of_other_things_are_refused(network, arrays, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"needs a file of its weights, weights-inception.* None is none"):
        metrics.load_extractor("inception2015")
    (tmp_path / "x.pb").write_text("no graph")
    with pytest.raises(ValueError, match=r"x\.pb is no graph of TensorFlow"):
        metrics.load_extractor("inception2015", tmp_path / "x.pb")
    lacking = {name: array for name, array in arrays.items() if name != "Mixed_6a.branch3x3.bn.bias"}
    with pytest.raises(ValueError, match=r"w\.pth holds no Mixed_6a\.branch3x3\.bn\.bias; expected the weights of"):
        fill(network, lacking, "w.pth")
    with pytest.raises(ValueError, match=r"w\.pth holds fc\.weight of shape \(1000, 2048\), which is not that of"):
        fill(network, {**arrays, "fc.weight": arrays["fc.weight"][:1000]}, "w.pth")


def test_its_protocols_do_not_read_as_those_of_another_network():
    """fid_inception_2015 are 2,015 samples under Keras's network."""
    protocol = metrics.parse_protocol("fid_inception2015_50k_train")
    assert (protocol.extractor, protocol.count, protocol.split) == ("inception2015", 50_000, "train")


REFERENCE = """
import sys
import numpy as np, torch
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

folder = sys.argv[1]
state = {name: torch.from_numpy(array) for name, array in np.load(folder + "/arrays.npz").items()}
for name in [each for each in state if each.endswith("running_var")]:
    state[name.replace("running_var", "num_batches_tracked")] = torch.tensor(0)
state["fc.bias"] = torch.ones(1008)
torch.save(state, folder + "/weights.pth")
outputs = ["2048", "logits_unbiased"]
network = FeatureExtractorInceptionV3("x", outputs, feature_extractor_weights_path=folder + "/weights.pth")
images = torch.from_numpy(np.load(folder + "/images.npy")).permute(0, 3, 1, 2)
features, logits = network(images)
np.savez(folder + "/expected.npz", features=features, probabilities=logits.softmax(1))
"""


@pytest.mark.needs_torch_fidelity
def test_features_are_torch_fidelitys(arrays, tmp_path):
    images = np.random.default_rng(2).integers(0, 256, (2, 32, 32, 3)).astype("uint8")
    np.savez(tmp_path / "arrays.npz", **arrays)
    np.save(tmp_path / "images.npy", images)
    subprocess.run([sys.executable, "-c", REFERENCE, tmp_path], check=True, timeout=300)
    expected = np.load(tmp_path / "expected.npz")
    extractor = metrics.load_extractor("inception2015", tmp_path / "weights.pth")
    extracted = extractor(images.astype("float32") / 127.5 - 1)
    np.testing.assert_allclose(extracted.features, expected["features"], atol=1e-4)
    np.testing.assert_allclose(extracted.probabilities, expected["probabilities"], atol=1e-4)
