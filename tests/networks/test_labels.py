"""Networks that take labels: what labels do in them, and what they are without."""

import keras
import numpy as np
import pytest
from keras import ops

from wgan_keras import networks
from wgan_keras.backend import input_gradient
from wgan_keras.layers import ConditionalBatchNormalization

SHAPE, CLASSES = (8, 8, 2), 3
GENERATORS = {
    "dcgan": lambda **options: networks.dcgan_generator(SHAPE, 4, width=2, **options),
    "dcgan without normalization": lambda **options: networks.dcgan_generator(SHAPE, 4, 2, None, **options),
    "resnet": lambda **options: networks.resnet_generator(SHAPE, 4, width=2, **options),
    "resnet without normalization": lambda **options: networks.resnet_generator(SHAPE, 4, 2, None, **options),
    "mlp": lambda **options: networks.mlp_generator(SHAPE, 4, units=8, depth=2, **options),
}
CRITICS = {
    "dcgan": lambda **options: networks.dcgan_critic(SHAPE, width=2, **options),
    "dcgan spectral": lambda **options: networks.dcgan_critic(SHAPE, 2, "spectral", **options),
    "resnet": lambda **options: networks.resnet_critic(SHAPE, width=2, **options),
    "resnet by the mean": lambda **options: networks.resnet_critic(SHAPE, 2, "layer", pooling="mean", **options),
    "mlp": lambda **options: networks.mlp_critic(SHAPE, units=8, depth=2, **options),
}
# How it pools is told in test_resnet.py.
BY_THE_MEAN = pytest.param("resnet by the mean", marks=pytest.mark.long)
EACH_CRITIC = [BY_THE_MEAN if name == "resnet by the mean" else name for name in CRITICS]
RNG = np.random.default_rng(0)
LATENTS = RNG.normal(size=(6, 4)).astype("float32")
IMAGES = RNG.uniform(-1, 1, (6, *SHAPE)).astype("float32")
LABELS = np.eye(CLASSES, dtype="float32")[[0, 1, 2, 0, 1, 2]]
EMBEDDINGS = ("scale", "shift", "label_embedding")


def is_embedding(weight):
    return any(part in EMBEDDINGS for part in weight.path.split("/"))


def weights_of(network, name):
    """Those of the layer of this name, in a wrapper or not."""
    layers = ((layer, getattr(layer, "layer", layer)) for layer in network.layers)
    return [w for layer, innermost in layers if innermost.name == name for w in layer.weights]


def copy_but(network, other, name):
    """Gives a network the weights of another that has all its layers but one."""
    left_out = {id(w) for w in weights_of(network, name)}
    for mine, theirs in zip([w for w in network.weights if id(w) not in left_out], other.weights, strict=True):
        mine.assign(theirs)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_takes_labels_of_one_row_a_class(name, shaken):
    """Swapping two labels swaps what they make of the same latents, and each class makes its own."""
    generator = shaken(GENERATORS[name](classes=CLASSES))
    assert [x.name for x in generator.inputs] == ["latents", "labels"]
    assert generator.input_shape == [(None, 4), (None, CLASSES)]
    same = np.repeat(LATENTS[:1], 3, axis=0)
    images = np.array(generator([same, LABELS[:3]]))
    swapped = np.array(generator([same, LABELS[[1, 0, 2]]]))
    np.testing.assert_allclose(swapped, images[[1, 0, 2]], atol=1e-6)
    assert min(np.abs(images[i] - images[j]).max() for i, j in [(0, 1), (1, 2), (0, 2)]) > 0.01


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_with_embeddings_of_zero_is_the_one_without_labels(name):
    plain, conditional = GENERATORS[name](), GENERATORS[name](classes=CLASSES)
    plain(LATENTS, training=True)  # moves the statistics
    own = iter([w.numpy() for w in plain.weights if w.name not in ("gamma", "beta")])  # which are 1 and 0
    for weight in conditional.weights:
        if is_embedding(weight):
            weight.assign(np.zeros(weight.shape))
        elif weight.name not in ("gamma", "beta"):
            value = next(own)
            latents_alone = value.shape != weight.shape
            weight.assign(np.concatenate([value, np.ones_like(value)]) if latents_alone else value)
    assert next(own, None) is None
    for training in (False, True):
        expected = plain(LATENTS, training=training)
        np.testing.assert_allclose(conditional([LATENTS, LABELS], training=training), expected, atol=1e-6)


def test_a_mixture_of_labels_is_in_the_middle_of_the_embeddings(shaken):
    """What the layer next to the labels makes of 30% of one class and 70% of another."""
    generator = shaken(networks.dcgan_generator(SHAPE, 4, 2, classes=CLASSES))
    assert any(isinstance(each, ConditionalBatchNormalization) for each in generator.layers)
    layer = next(each for each in generator.layers if isinstance(each, keras.layers.Concatenate))
    output = keras.Model(generator.inputs, layer.output)
    same = np.repeat(LATENTS[:1], 3, axis=0)
    first, second, mixed = np.array(output([same, np.float32([[1, 0, 0], [0, 1, 0], [0.3, 0.7, 0]])]))
    np.testing.assert_allclose(mixed, 0.3 * first + 0.7 * second, atol=1e-5)
    assert np.abs(first - second).max() > 0.1


@pytest.mark.parametrize("name", EACH_CRITIC)
def test_projection_adds_the_inner_product_with_the_labels_embedding(name, shaken):
    """Equation 3, so that the score of a mixture is the mixture of the scores."""
    critic = shaken(CRITICS[name](classes=CLASSES))
    assert [tuple(shape[1:]) for shape in critic.input_shape] == [SHAPE, (CLASSES,)]
    scores = [np.array(critic([IMAGES, np.eye(CLASSES, dtype="float32")[[k] * 6]])) for k in range(CLASSES)]
    assert np.abs(scores[0] - scores[1]).max() > 1e-3
    shares = RNG.dirichlet(np.ones(CLASSES), 6).astype("float32")
    expected = sum(shares[:, [k]] * scores[k] for k in range(CLASSES))
    np.testing.assert_allclose(critic([IMAGES, shares]), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", EACH_CRITIC)
def test_a_critic_with_an_embedding_of_zero_is_the_one_without_labels(name, shaken):
    plain, conditional = shaken(CRITICS[name]()), CRITICS[name](classes=CLASSES)
    copy_but(conditional, plain, "label_embedding")
    for weight in weights_of(conditional, "label_embedding"):
        weight.assign(np.zeros(weight.shape))
    np.testing.assert_allclose(conditional([IMAGES, LABELS]), plain(IMAGES), atol=1e-6)


def test_the_projection_of_pictures_is_that_of_the_features_summed_over_the_pixels():
    critic = networks.dcgan_critic((16, 16, 1), width=2, classes=CLASSES)
    images = RNG.normal(size=(6, 16, 16, 1)).astype("float32")
    last = next(layer for layer in critic.layers if isinstance(layer, keras.layers.Flatten))
    features = np.array(keras.Model(critic.inputs, last.input)([images, LABELS]))
    head = next(layer for layer in critic.layers if layer.name.startswith("dense"))
    embedding = critic.get_layer("label_embedding").kernel.numpy()
    expected = features.reshape(6, -1) @ head.kernel.numpy() + head.bias.numpy()
    expected[:, 0] += np.sum(LABELS @ embedding * features.sum((1, 2)), 1)
    np.testing.assert_allclose(critic([images, LABELS]), expected, atol=1e-5)


@pytest.mark.parametrize("name", EACH_CRITIC)
def test_a_classifier_scores_images_alone_and_tells_their_classes(name):
    plain, critic = CRITICS[name](), CRITICS[name](classes=CLASSES, conditioning="classifier")
    assert critic.input_shape == (None, *SHAPE)
    copy_but(critic, plain, "logits")
    scores, logits = critic(IMAGES)
    assert scores.shape == (6, 1) and logits.shape == (6, CLASSES)
    np.testing.assert_array_equal(scores, plain(IMAGES))


def test_parameters_that_labels_add():
    """An embedding as long as the latents; a scale and a shift a class instead of one of each; one as long as phi."""
    generator = [networks.dcgan_generator((28, 28, 1), 16, 8, classes=classes).count_params() for classes in (None, 10)]
    embedding = 10 * 16 + 16 * (7 * 7 * 16)
    assert generator[1] - generator[0] == embedding + (10 - 1) * 2 * (16 + 8)
    generator = [networks.dcgan_generator((28, 28, 1), 16, 8, None, classes=c).count_params() for c in (None, 10)]
    assert generator[1] - generator[0] == embedding
    critic = [
        networks.dcgan_critic((28, 28, 1), 8, **options).count_params()
        for options in ({}, {"classes": 10}, {"classes": 10, "conditioning": "classifier"})
    ]
    assert np.diff(critic).tolist() == [10 * 16, 10 * (7 * 7 * 16 + 1) - 10 * 16]
    critic = [networks.mlp_critic((2,), 8, 2, **options).count_params() for options in ({}, {"classes": 5})]
    assert critic[1] - critic[0] == 5 * 8


@pytest.mark.parametrize("build", [networks.dcgan_critic, networks.resnet_critic])
def test_at_first_the_projection_does_not_outweigh_the_score(build):
    """With labels the gradient is at most twice that without; a Glorot embedding made it 7 times as large in DCGAN."""
    images = ops.convert_to_tensor(RNG.uniform(-1, 1, (8, 28, 28, 1)), "float32")
    labels = ops.convert_to_tensor(np.eye(10)[:8], "float32")
    keras.utils.set_random_seed(0)
    plain, conditional = build((28, 28, 1), width=16), build((28, 28, 1), width=16, classes=10)
    gradients = [input_gradient(plain, images), input_gradient(lambda x: conditional([x, labels]), images)]
    without, with_labels = (np.mean(np.linalg.norm(np.reshape(g, (8, -1)), axis=1)) for g in gradients)
    assert 0.5 < with_labels / without < 2


@pytest.mark.parametrize("conditioning", ["projection", "classifier"])
@pytest.mark.parametrize("name", EACH_CRITIC)
def test_a_gradient_penalty_trains_it_right(name, conditioning, shaken, in_float64, penalty_derivative):
    critic = in_float64(shaken(CRITICS[name](classes=CLASSES, conditioning=conditioning), 0.5))
    by_tape, by_differences = penalty_derivative(critic, IMAGES, LABELS if conditioning == "projection" else None)
    assert abs(by_tape) > 1e-4
    assert by_tape == pytest.approx(by_differences, rel=1e-4)


def both(name):
    yield GENERATORS[name](classes=CLASSES), [LATENTS, LABELS]
    yield CRITICS[name](classes=CLASSES), [IMAGES, LABELS]
    yield CRITICS[name](classes=CLASSES, conditioning="classifier"), IMAGES


@pytest.mark.parametrize("name", ["dcgan", "resnet", "mlp"])
def test_outputs_and_variables_are_float32_under_mixed_bfloat16(name, policy):
    policy("mixed_bfloat16")
    for network, inputs in both(name):
        for training in (False, True):
            outputs = keras.tree.flatten(network(inputs, training=training))
            assert {y.dtype.name for y in outputs} == {w.dtype for w in network.weights} == {"float32"}
        assert any(layer.compute_dtype == "bfloat16" for layer in network.layers)


@pytest.mark.parametrize("name", ["dcgan", "resnet", "mlp"])
def test_a_network_is_what_it_was_after_a_file(name, tmp_path, shaken):
    for network, inputs in both(name):
        shaken(network).save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        for ours, theirs in zip(*(keras.tree.flatten(each(inputs)) for each in (loaded, network)), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        assert [w.path for w in loaded.weights] == [w.path for w in network.weights]


@pytest.mark.parametrize("build", ["dcgan_critic", "resnet_critic", "mlp_critic"])
def test_a_classifier_without_classes_is_refused(build):
    with pytest.raises(ValueError, match=r"conditioning is 'classifier' and classes is None.*Give classes, or leave"):
        networks.NETWORKS[build](SHAPE, conditioning="classifier")


@pytest.mark.parametrize("build", ["dcgan_generator", "resnet_critic"])
@pytest.mark.parametrize("classes", [1, 2.0, True])
def test_numbers_of_classes_that_are_none_are_refused(build, classes):
    with pytest.raises(ValueError, match=rf"classes is {classes}; expected a whole number, at least 2"):
        networks.NETWORKS[build](SHAPE, classes=classes)


def test_a_record_from_before_an_argument_was_there_has_its_default():
    network = networks.dcgan_critic(SHAPE, width=2)
    before = {k: v for k, v in network.built_by.items() if k not in ("classes", "conditioning")}
    whole, network.built_by = networks.built_by(network), before
    assert networks.built_by(network) == whole
    assert networks.built_by(keras.Sequential([])) is None
