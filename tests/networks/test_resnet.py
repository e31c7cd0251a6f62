"""Residual networks: the papers' shapes and counts, the blocks by hand, what normalization ties together."""

import re

import keras
import numpy as np
import pytest
from keras import ops

from wgan_keras.backend import input_gradient
from wgan_keras.layers import ConditionalBatchNormalization, GlobalSumPooling2D
from wgan_keras.networks import resnet_critic, resnet_generator
from wgan_keras.recipes import standard

RNG = np.random.default_rng(0)


def block_outputs(network):
    """(height, width, channels) behind each block, in order."""
    return [layer.output.shape[1:] for layer in network.layers if isinstance(layer, keras.layers.Add)]


def convolution(before, after, taps=9):
    return taps * before * after + after


SIDES = [(28, 7, 2), (48, 6, 3), (128, 4, 5)]
SIDES += [pytest.param(*each, marks=pytest.mark.long) for each in ((32, 4, 3), (64, 4, 4))]


@pytest.mark.parametrize(("size", "coarsest", "count"), SIDES)
def test_blocks_double_and_halve_the_side_between_the_coarsest_and_the_images(size, coarsest, count):
    generator = resnet_generator((size, size, 1), latent_dim=3, width=2)
    reshape = next(layer for layer in generator.layers if isinstance(layer, keras.layers.Reshape))
    assert reshape.output.shape[1:] == (coarsest, coarsest, 2**count)
    assert block_outputs(generator) == [
        (coarsest * 2**i, coarsest * 2**i, 2 ** (count - i + 1)) for i in range(1, count + 1)
    ]
    assert generator.output_shape == (None, size, size, 1)
    critic = block_outputs(resnet_critic((size, size, 1), width=2))
    assert critic == [
        *((size // 2**i, size // 2**i, 2**i) for i in range(1, count + 1)),
        (coarsest, coarsest, 2**count),
    ]


def test_an_oblong_keeps_its_proportions():
    assert block_outputs(resnet_critic((32, 64, 3), width=2))[-1] == (4, 8, 8)
    assert block_outputs(resnet_generator((32, 64, 3), 3, width=2))[-1] == (32, 64, 2)


def test_the_networks_of_cifar_10_of_the_wgan_gp_paper():
    """Appendix: 4x4x128 and three blocks up; two blocks down to 8x8 and two more; 128 filters everywhere."""
    generator = resnet_generator((32, 32, 3), 128, width=128, growth=1)
    critic = resnet_critic((32, 32, 3), width=128, growth=1, stages=2, plain_blocks=2, pooling="mean")
    assert block_outputs(generator) == [(8, 8, 128), (16, 16, 128), (32, 32, 128)]
    assert block_outputs(critic) == [(16, 16, 128), (8, 8, 128), (8, 8, 128), (8, 8, 128)]
    same, shortcut, norm = convolution(128, 128), convolution(128, 128, 1), 4 * 128
    # The first of a block's convolutions has no bias, which the normalization behind it would take off.
    blocks = 3 * (2 * same - 128 + shortcut + 2 * norm)
    assert generator.count_params() == 129 * 4 * 4 * 128 + blocks + norm + convolution(128, 3)
    first = convolution(3, 128) + same + convolution(3, 128, 1)
    assert critic.count_params() == first + (2 * same + shortcut) + 2 * 2 * same + 129


def test_the_filters_of_the_spectral_normalization_paper_at_128():
    """Appendix B.4, at an eighth of the width: 64, 128, 256, 512, 1024 and 1024 filters, and 1024 to 64."""
    critic, generator = resnet_critic((128, 128, 3), width=8), resnet_generator((128, 128, 3), 128, width=8)
    assert [8 * shape[-1] for shape in block_outputs(critic)] == [64, 128, 256, 512, 1024, 1024]
    assert [8 * shape[-1] for shape in block_outputs(generator)] == [1024, 512, 256, 128, 64]
    assert any(isinstance(layer, GlobalSumPooling2D) for layer in critic.layers)


def kernels_of(network):
    """(kernel, bias) of the convolutions and of the dense layer, each in the order they were built in, in float64."""

    def built(kind):
        layers = [layer for layer in network.layers if isinstance(layer, kind)]
        layers.sort(key=lambda layer: int((re.findall(r"_(\d+)$", layer.name) or [0])[0]))  # "conv2d_3", "conv2d"
        return [[np.float64(w) for w in layer.get_weights()] for layer in layers]

    return built(keras.layers.Conv2D), built(keras.layers.Dense)[0]


def convolve(x, weights):
    kernel, bias = weights
    size = len(kernel)
    padded = np.pad(x, [(0, 0), *[(size // 2, size // 2)] * 2, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return np.einsum("nhwcij,ijcd->nhwd", windows, kernel) + bias


def relu(x):
    return np.maximum(x, 0)


def halved(x):
    return (x[:, ::2, ::2] + x[:, 1::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, 1::2]) / 4


def doubled(x):
    return x.repeat(2, axis=1).repeat(2, axis=2)


@pytest.mark.parametrize("pooling", ["sum", "mean"])
def test_a_critic_is_the_blocks_of_the_papers_written_out(pooling, shaken):
    critic = shaken(resnet_critic((16, 16, 2), width=2, stages=2, pooling=pooling))
    x = RNG.normal(size=(3, 16, 16, 2)).astype("float32")
    scores = critic(x)
    (a, b, c, d, e, f, g, h), (kernel, bias) = kernels_of(critic)
    x = halved(convolve(relu(convolve(x, a)), b)) + convolve(halved(x), c)
    x = halved(convolve(relu(convolve(relu(x), d)), e)) + halved(convolve(x, f))
    x = convolve(relu(convolve(relu(x), g)), h) + x
    expected = getattr(np, pooling)(relu(x), (1, 2)) @ kernel + bias
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-4)


def test_a_generator_is_the_blocks_of_the_papers_written_out(shaken):
    generator = shaken(resnet_generator((16, 16, 1), 3, width=2, normalization=None))
    z = RNG.normal(size=(2, 3)).astype("float32")
    images = generator(z)
    (a, b, c, d, e, f, last), (kernel, bias) = kernels_of(generator)
    x = (z @ kernel + bias).reshape(2, 4, 4, 4)
    x = convolve(relu(convolve(doubled(relu(x)), a)), b) + convolve(doubled(x), c)
    x = convolve(relu(convolve(doubled(relu(x)), d)), e) + convolve(doubled(x), f)
    np.testing.assert_allclose(images, np.tanh(convolve(relu(x), last)), atol=1e-5)


@pytest.mark.parametrize("normalization", ["batch", None])
def test_images_stay_in_the_range_of_tanh_and_use_it(normalization):
    generator = resnet_generator((28, 28, 1), latent_dim=4, width=4, normalization=normalization)
    images = np.array(generator(1e4 * RNG.normal(size=(16, 4)).astype("float32")))
    assert -1 <= images.min() < -0.9 and 0.9 < images.max() <= 1


def test_labels_reach_every_normalization_but_the_last():
    """As in the code of Miyato and Koyama, 2018."""
    generator = resnet_generator((28, 28, 1), 4, width=2, classes=3)
    norms = [type(layer).__name__ for layer in generator.layers if layer.name.split("_norm")[0].endswith("batch")]
    assert norms == ["ConditionalBatchNormalization"] * 4 + ["BatchNormalization"]
    assert sum(isinstance(layer, ConditionalBatchNormalization) for layer in generator.layers) == 4


@pytest.mark.parametrize(
    ("normalization", "alone"), [(None, True), ("layer", True), ("spectral", True), ("batch", False)]
)
def test_a_score_depends_on_the_other_images_only_under_batch_normalization(normalization, alone, shaken):
    critic = shaken(resnet_critic((16, 16, 1), width=4, normalization=normalization))
    images = RNG.normal(size=(4, 16, 16, 1)).astype("float32")
    together = critic(images)[:1] if alone else critic(images, training=True)[:1]
    apart = critic(images[:1]) if alone else critic(images[:1], training=True)
    assert np.allclose(together, apart, rtol=1e-4, atol=1e-4) == alone


@pytest.mark.parametrize("normalization", [None, "layer", "batch", "spectral"])
def test_normalizations_of_a_critic_and_where_a_bias_stands(normalization):
    """Two in each block but the first, and a bias wherever the mean is not taken off again, or by spectral norms."""
    critic = resnet_critic((16, 16, 1), width=2, normalization=normalization, stages=2)
    kinds = [type(layer).__name__ for layer in critic.layers]
    assert kinds.count("LayerNormalization") + kinds.count("BatchNormalization") == 4 * (
        normalization in ("layer", "batch")
    )
    assert kinds.count("SpectralNormalization") == (3 + 3 + 2 + 1) * (normalization == "spectral")
    layers = [getattr(layer, "layer", layer) for layer in critic.layers]
    without = [layer for layer in layers if isinstance(layer, keras.layers.Conv2D) and not layer.use_bias]
    assert len(without) == 2 * (normalization in ("layer", "batch"))


@pytest.mark.parametrize("normalization", [None, "layer", "spectral"])
def test_a_gradient_penalty_trains_a_critic_right(normalization, shaken, in_float64, penalty_derivative):
    critic = in_float64(shaken(resnet_critic((8, 8, 2), 2, normalization), 0.5))
    by_tape, by_differences = penalty_derivative(critic, RNG.uniform(-1, 1, (4, 8, 8, 2)))
    assert abs(by_tape) > 1e-4
    assert by_tape == pytest.approx(by_differences, rel=1e-4)


@pytest.mark.parametrize("size", [28, 64])
def test_in_a_fresh_critic_the_gradient_has_about_norm_1(size):
    """Where a gradient penalty wants it, so that the first steps are no leap; by the mean it is 0.02."""
    keras.utils.set_random_seed(0)
    images = ops.convert_to_tensor(RNG.uniform(-1, 1, (4, size, size, 1)), "float32")
    gradient = np.array(input_gradient(resnet_critic((size, size, 1), width=16), images))
    assert 0.1 < np.linalg.norm(gradient.reshape(4, -1), axis=1).mean() < 10


def test_sides_that_do_not_halve_are_refused():
    with pytest.raises(ValueError, match=r"cannot halve 30x30 pixels down to 4..7.*Use a size such as 28, 32"):
        resnet_generator((30, 30, 1))
    with pytest.raises(ValueError, match=r"stages is 3 and image_shape \(28, 28, 1\); expected .* multiples of 8"):
        resnet_critic((28, 28, 1), stages=3)
    with pytest.raises(ValueError, match=r"image_shape \(28, 28\); expected \(height, width, channels\)"):
        resnet_critic((28, 28), stages=1)


def test_a_resnet_is_what_recipes_choose_by_its_name():
    recipe = standard({"name": "wgan_gp"}, {"name": "fashion_mnist"}, (28, 28, 1), network="resnet", width=2)
    assert recipe.generator == {"name": "resnet_generator", "image_shape": [28, 28, 1], "latent_dim": 128, "width": 2}
    game = recipe.build()
    assert game.generator.output_shape == game.critic.input_shape == (None, 28, 28, 1)
