import keras
import numpy as np
import pytest

from wgan_keras.layers import LayerNormalization, SpectralNormalization
from wgan_keras.networks import dcgan_critic, dcgan_generator, normalization
from wgan_keras.networks.sizes import halvings


def stages(network, kind):
    """Output shapes (height, width, channels) of the layers of a kind, in order."""
    return [layer.output.shape[1:] for layer in network.layers if isinstance(layer, kind)]


@pytest.fixture(scope="module")
def paper():
    """The WGAN paper's baseline at 64x64x3."""
    return dcgan_generator((64, 64, 3), latent_dim=100), dcgan_critic((64, 64, 3), normalization="batch")


def test_the_generator_of_the_paper_grows_from_4x4x512_to_32x32x64(paper):
    coarsest = stages(paper[0], keras.layers.Reshape)
    finer = stages(paper[0], keras.layers.Conv2DTranspose)
    assert coarsest + finer == [(4, 4, 512), (8, 8, 256), (16, 16, 128), (32, 32, 64), (64, 64, 3)]


def test_the_critic_of_the_paper_is_its_mirror(paper):
    assert stages(paper[1], keras.layers.Conv2D) == [(32, 32, 64), (16, 16, 128), (8, 8, 256), (4, 4, 512)]


def test_parameter_counts_of_the_paper(paper):
    """4x4 kernels; batch normalization (4 numbers a channel) instead of biases, but at the two image ends."""
    kernels = [16 * 512 * 256, 16 * 256 * 128, 16 * 128 * 64]
    statistics = [4 * 256, 4 * 128, 4 * 64]
    generator = 100 * 4 * 4 * 512 + 4 * 512 + sum(kernels + statistics) + (16 * 64 * 3 + 3)
    critic = (16 * 3 * 64 + 64) + sum(kernels) + 4 * (128 + 256 + 512) + (4 * 4 * 512 + 1)
    assert [network.count_params() for network in paper] == [generator, critic]


@pytest.mark.parametrize(("size", "coarsest", "count"), [(28, 7, 2), (32, 4, 3), (48, 6, 3), (64, 4, 4), (128, 4, 5)])
def test_every_stage_halves_the_side_and_doubles_the_filters(size, coarsest, count):
    critic = stages(dcgan_critic((size, size, 1), width=2), keras.layers.Conv2D)
    assert critic == [(size // 2**i, size // 2**i, 2**i) for i in range(1, count + 1)]
    generator = dcgan_generator((size, size, 1), latent_dim=3, width=2)
    assert stages(generator, keras.layers.Reshape) == [(coarsest, coarsest, 2**count)]
    assert generator.output_shape == (None, size, size, 1)


def test_an_oblong_keeps_its_proportions():
    generator, critic = dcgan_generator((32, 64, 3), 3, width=2), dcgan_critic((32, 64, 3), width=2)
    assert stages(generator, keras.layers.Reshape) == [(4, 8, 8)]
    assert stages(critic, keras.layers.Conv2D)[-1] == (4, 8, 8)


def test_growth_1_keeps_the_filters_constant_at_every_depth():
    generator = dcgan_generator((64, 64, 3), 3, width=8, normalization=None, growth=1)
    assert [s[-1] for s in stages(generator, keras.layers.Reshape)] == [8]
    assert [s[-1] for s in stages(generator, keras.layers.Conv2DTranspose)] == [8, 8, 8, 3]
    assert not stages(generator, keras.layers.BatchNormalization)
    critic = dcgan_critic((64, 64, 3), width=8, growth=1)
    assert [s[-1] for s in stages(critic, keras.layers.Conv2D)] == [8, 8, 8, 8]


@pytest.mark.parametrize("normalization", ["batch", None])
def test_images_stay_in_the_range_of_tanh_and_use_it(normalization):
    generator = dcgan_generator((28, 28, 1), latent_dim=4, width=4, normalization=normalization)
    latents = 1e4 * np.random.default_rng(0).normal(size=(16, 4)).astype("float32")
    images = np.array(generator(latents))
    assert -1 <= images.min() < -0.9 and 0.9 < images.max() <= 1


def test_layer_normalization_is_over_height_width_and_channels_of_one_image():
    critic = dcgan_critic((32, 32, 3), width=4, normalization="layer")
    layer = next(x for x in critic.layers if isinstance(x, LayerNormalization))
    images = np.random.default_rng(0).normal(3, [[[[1]]], [[[50]]]], (2, 32, 32, 3)).astype("float32")
    before, after = keras.Model(critic.input, [layer.input, layer.output])(images)
    before, after = np.array(before), np.array(after)
    axes = (1, 2, 3)
    expected = (before - before.mean(axes, keepdims=True)) / np.sqrt(before.var(axes, keepdims=True) + layer.epsilon)
    np.testing.assert_allclose(after, expected, atol=1e-4)
    assert layer.gamma.shape == layer.beta.shape == (8,)  # one scale a channel


@pytest.mark.parametrize(
    ("normalization", "alone"), [(None, True), ("layer", True), ("spectral", True), ("batch", False)]
)
def test_a_score_depends_on_the_other_images_only_under_batch_normalization(normalization, alone):
    critic = dcgan_critic((32, 32, 1), width=4, normalization=normalization)
    images = np.random.default_rng(1).normal(size=(4, 32, 32, 1)).astype("float32")
    together = critic(images, training=True)[:1]
    assert np.allclose(together, critic(images[:1], training=True), atol=1e-5) == alone


@pytest.mark.parametrize("normalization", [None, "layer", "batch"])
def test_a_bias_stands_exactly_where_no_normalization_follows(normalization):
    critic = dcgan_critic((32, 32, 1), width=2, normalization=normalization)
    biases = [layer.use_bias for layer in critic.layers if isinstance(layer, keras.layers.Conv2D)]
    assert biases == [True, normalization is None, normalization is None]


@pytest.mark.parametrize("build", [dcgan_generator, dcgan_critic])
@pytest.mark.parametrize("shape", [(30, 30, 1), (36, 36, 1), (4, 4, 1), (32, 33, 1), (2, 2, 1)])
def test_sides_that_do_not_halve_are_refused(build, shape):
    expected = f"cannot halve {shape[0]}x{shape[1]} pixels down to 4..7.*Use a size such as 28, 32"
    with pytest.raises(ValueError, match=expected):
        build(shape)


def test_halvings_stop_at_4_to_7_pixels():
    for side in range(8, 200):
        try:
            assert side % 2 ** halvings((side, side, 1)) == 0 and 4 <= side // 2 ** halvings((side, side, 1)) <= 7
        except ValueError:
            odd = side // (side & -side)
            assert odd > 7 or side.bit_length() < 3  # no power of two takes it down to 4..7


def test_a_shape_without_channels_is_refused():
    with pytest.raises(ValueError, match=r"image_shape is \(28, 28\); expected \(height, width, channels\)"):
        dcgan_critic((28, 28))


def test_an_unknown_normalization_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="normalization is 'layer'; expected 'batch' or null"):
        dcgan_generator((28, 28, 1), normalization="layer")
    with pytest.raises(ValueError, match="normalization is 'group'; expected 'layer' or 'batch' or 'spectral' or null"):
        dcgan_critic((28, 28, 1), normalization="group")


def test_images_and_scores_are_float32_under_mixed_precision(policy):
    policy("mixed_bfloat16")
    generator, critic = dcgan_generator((28, 28, 1), 4, width=4), dcgan_critic((28, 28, 1), width=4)
    images = generator(np.ones((2, 4), "float32"))
    assert images.dtype == critic(images).dtype == "float32"
    assert {v.dtype for v in generator.weights + critic.weights} == {"float32"}
    assert generator.layers[1].compute_dtype == "bfloat16"


@pytest.mark.parametrize("network", ["generator", "critic"])
def test_the_signal_neither_dies_nor_explodes_in_a_fresh_network_without_normalization(network):
    """Standard deviation of what goes into tanh, or of the scores, with unit normal input."""
    keras.utils.set_random_seed(0)
    for growth in (1, 2):
        if network == "generator":
            whole = dcgan_generator((64, 64, 3), 64, width=16, normalization=None, growth=growth)
            whole = keras.Model(whole.input, whole.layers[-1].input)
        else:
            whole = dcgan_critic((64, 64, 3), width=16, growth=growth)
        x = np.random.default_rng(0).normal(size=(16, *whole.input_shape[1:])).astype("float32")
        assert 0.1 < np.std(whole(x)) < 10


@pytest.mark.parametrize("size", [32, 64, 128])
def test_without_normalization_the_signal_keeps_its_scale(size):
    """What reaches the last activation neither dies nor saturates, however deep the network."""
    keras.utils.set_random_seed(0)
    generator = dcgan_generator((size, size, 3), 64, width=16, normalization=None, growth=1)
    before_tanh = keras.Model(generator.input, generator.layers[-1].input)
    z = np.random.default_rng(0).normal(size=(16, 64)).astype("float32")
    assert 0.7 < before_tanh.predict(z, verbose=0).std() < 2.2  # He's sqrt(2) without a ReLU behind it


def test_with_normalization_the_kernels_are_those_of_dcgan():
    kernels = [w.numpy() for w in dcgan_generator((64, 64, 3), 100, width=16).weights if w.name == "kernel"]
    assert len(kernels) == 5
    np.testing.assert_allclose([kernel.std() for kernel in kernels], 0.02, rtol=0.1)


def test_weights_and_files_of_networks_with_keras_batch_normalization_fit(tmp_path, monkeypatch):
    """As the networks had it first: a preset's weights load into what is built now, a file brings the old layer."""
    ours = dcgan_generator((8, 8, 1), 4, width=2)
    monkeypatch.setattr(normalization, "BatchNormalization", keras.layers.BatchNormalization)
    old = dcgan_generator((8, 8, 1), 4, width=2)
    old.save_weights(tmp_path / "old.weights.h5")
    old.save(tmp_path / "old.keras")
    ours.load_weights(tmp_path / "old.weights.h5")
    loaded = keras.saving.load_model(tmp_path / "old.keras")
    z = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    expected = [old(z), old(z, training=True)]
    for network in (ours, loaded):
        np.testing.assert_array_equal([network(z), network(z, training=True)], expected)
    assert [type(layer) for layer in loaded.layers] == [type(layer) for layer in old.layers]


@pytest.mark.parametrize("size", [28, 32, 48, 64, 128])
def test_resizing_keeps_the_stages_of_the_strides(size):
    """One convolution of 3x3 taps for one of 4x4, at the side it makes instead of the side it takes."""
    strides, resizing = (
        dcgan_generator((size, size, 1), 3, width=2, upsampling=how) for how in ("transposed", "resize")
    )
    assert not stages(resizing, keras.layers.Conv2DTranspose)
    assert stages(resizing, keras.layers.Conv2D) == stages(strides, keras.layers.Conv2DTranspose)
    kernels = [[tuple(w.shape) for w in each.weights if len(w.shape) == 4] for each in (strides, resizing)]
    assert kernels[1] == [(3, 3, before, after) for _, _, after, before in kernels[0]]


@pytest.mark.parametrize(("upsampling", "flat"), [("transposed", False), ("resize", True)])
def test_resizing_makes_no_checkerboard_of_equal_pixels(upsampling, flat, shaken):
    """Whatever the kernels, equal pixels stay equal but at the borders; the four phases of a stride each differ."""
    generator = shaken(dcgan_generator((16, 16, 1), 1, 2, normalization=None, upsampling=upsampling))
    kernel, bias = next(layer for layer in generator.layers if isinstance(layer, keras.layers.Dense)).weights
    kernel.assign(np.zeros(kernel.shape))
    bias.assign(np.ones(bias.shape))
    inside = np.array(generator(np.ones((1, 1), "float32")))[0, 4:12, 4:12, 0]
    assert (np.ptp(inside) < 1e-6) == flat


def test_every_kernel_of_a_spectral_critic_has_the_spectral_norm_1_in_use():
    critic = dcgan_critic((32, 32, 3), width=4, normalization="spectral")
    wrappers = [layer for layer in critic.layers if layer.weights]
    assert {type(layer) for layer in wrappers} == {SpectralNormalization} and len(wrappers) == 3 + 1
    for wrapper in wrappers:
        kernel = wrapper.layer.kernel.numpy()
        norm = np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]
        assert np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]) @ wrapper.u.numpy()) == pytest.approx(norm, rel=1e-5)
    plain = dcgan_critic((32, 32, 3), width=4)
    channels = [4, 8, 16, 1]  # one number of u each
    assert critic.count_params() == plain.count_params() + sum(channels)


def test_the_scores_of_a_spectral_critic_do_not_grow_with_its_kernels():
    critic = dcgan_critic((16, 16, 1), width=4, normalization="spectral")
    images = np.random.default_rng(0).normal(size=(4, 16, 16, 1)).astype("float32")
    before = critic(images)
    for weight in critic.trainable_weights:
        weight.assign(7 * weight)  # the biases are zero
    np.testing.assert_allclose(critic(images), before, rtol=1e-4)
