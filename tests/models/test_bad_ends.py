"""Networks whose ends limit what they may say are refused with the reason and what to do."""

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.models.checks import check_images

layers = keras.layers


def generator():
    return keras.Sequential([keras.Input((3,)), layers.Dense(2)])


class Squash(layers.Layer):
    def call(self, x):
        return 5 * keras.ops.tanh(x)


ENDS = {
    "sigmoid": (lambda x: layers.Dense(1, "sigmoid", name="end")(x), r"sigmoid \(layer 'end'\).* between 0 and 1\."),
    "layer": (
        lambda x: layers.Activation("tanh", name="end")(layers.Dense(1)(x)),
        r"tanh \(layer 'end'\).* -1 and 1\.",
    ),
    "softmax": (lambda x: layers.Softmax(name="end")(layers.Dense(1)(x)), r"Softmax \(layer 'end'\).* 1 and 1\."),
    "op": (lambda x: keras.ops.sigmoid(layers.Dense(1)(x)), r"Sigmoid \(layer 'sigmoid.*between 0 and 1\."),
    "relu": (lambda x: layers.ReLU(name="end")(layers.Dense(1)(x)), r"ReLU \(layer 'end'\).* at 0 or above\."),
    "log_sigmoid": (lambda x: layers.Dense(1, "log_sigmoid")(x), r"log_sigmoid .* at 0 or below\."),
    "own": (lambda x: Squash()(layers.Dense(1)(x)), r"Squash .* between -5 and 5\."),
    "wrapped": (lambda x: layers.SpectralNormalization(layers.Dense(1, "sigmoid"))(x), "sigmoid .*spectral"),
    "behind it": (lambda x: layers.Rescaling(9)(layers.Dropout(0.5)(layers.Dense(1, "tanh")(x))), "tanh .*-1 and 1"),
    "nested": (
        lambda x: keras.Sequential([keras.Input((2,)), layers.Dense(1, "sigmoid")])(x),
        "sigmoid .* between 0 and 1",
    ),
    "patches": (
        lambda x: layers.GlobalAveragePooling1D()(layers.Conv1D(1, 1, activation="sigmoid")(layers.Reshape((2, 1))(x))),
        "sigmoid .* between 0 and 1",
    ),
}


@pytest.mark.parametrize("kind", [wk.GAN, wk.WGAN, wk.WGANGP])
@pytest.mark.parametrize("end", ENDS)
def test_a_critic_whose_end_limits_its_scores(kind, end):
    points = keras.Input((2,))
    layer, message = ENDS[end]
    expected = (
        rf"critic ends in {message}.* A {kind.__name__}'s loss takes any number .*Dense\(1\) without an activation"
    )
    with pytest.raises(ValueError, match=expected):
        kind(generator(), keras.Model(points, layer(points)))


class Head(layers.Layer):
    """Its `activation` is on its way."""

    def __init__(self, units, activation):
        super().__init__()
        self.activation = activation
        self.first, self.last = layers.Dense(4), layers.Dense(units)

    def call(self, x):
        return self.last(keras.activations.get(self.activation)(self.first(x)))


class Doubled(keras.Model):
    """A network of the user's own."""

    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)

    def call(self, x):
        return 2 * self.dense(x)


class Before(layers.Wrapper):
    """What it wraps is on its way."""

    def __init__(self, layer):
        super().__init__(layer)
        self.last = layers.Dense(1)

    def call(self, x):
        return self.last(self.layer(x))


@pytest.mark.parametrize(
    "end",
    [
        lambda x: Head(1, keras.activations.tanh)(x),
        lambda x: Head(1, "relu")(x),
        lambda x: Before(layers.Dense(1, "tanh"))(x),
        lambda x: Doubled(1)(x),
        lambda x: layers.LeakyReLU()(layers.Dense(1)(x)),
        lambda x: layers.Activation("linear", dtype="float32")(layers.Dense(1)(x)),
        lambda x: -3 * layers.Dropout(0.5)(layers.Dense(1)(x)),
        lambda x: layers.Dense(1)(layers.Activation("sigmoid")(x)),
        lambda x: layers.Dense(1)(x) + layers.Dense(1)(x),
        lambda x: layers.SpectralNormalization(layers.Dense(1))(x),
    ],
)
def test_a_critic_whose_scores_are_any_numbers(end):
    points = keras.Input((2,))
    wk.GAN(generator(), keras.Model(points, end(points)))


LOGITS = {
    "softmax": lambda x: layers.Dense(3, "softmax", name="end")(x),
    "nested": lambda x: keras.Model(*two_outputs(x, "sigmoid"), name="end")(x)[1],
}


def two_outputs(x, activation):
    inner = keras.Input(x.shape[1:])
    return inner, [layers.Dense(1)(inner), layers.Dense(3, activation)(inner)]


@pytest.mark.parametrize("end", LOGITS)
def test_logits_that_a_function_limits(end):
    x = keras.Input((2,))
    message = r"logits end in (softmax|sigmoid) \(layer '.*between 0 and 1\. .*softmax in it.*Dense\(classes\)"
    with pytest.raises(ValueError, match=message):
        wk.GAN(labeled_generator(), keras.Model(x, [layers.Dense(1)(x), LOGITS[end](x)]))
    with pytest.raises(ValueError, match=message):
        wk.SemiSupervisedGAN(generator(), keras.Model(x, LOGITS[end](x)))


def labeled_generator():
    z, y = keras.Input((3,)), keras.Input((3,))
    return keras.Model([z, y], layers.Dense(2)(layers.Concatenate()([z, y])))


def test_logits_of_which_only_differences_count_may_have_a_limit_on_one_side():
    x = keras.Input((2,))
    for activation in ("log_softmax", "relu"):
        logits = layers.Dense(3, activation)(x)
        wk.GAN(labeled_generator(), keras.Model(x, [layers.Dense(1)(x), logits]))
        with pytest.raises(ValueError, match=f"logits end in {activation} .* at 0 or (below|above)"):
            wk.SemiSupervisedGAN(generator(), keras.Model(x, logits))


def test_logits_of_another_rank():
    x = keras.Input((2,))
    logits = layers.Reshape((1, 3))(layers.Dense(3)(x))
    with pytest.raises(ValueError, match=r"logits of the labels of shape \(None, 1, 3\); expected \(batch, classes\)"):
        wk.GAN(labeled_generator(), keras.Model(x, [layers.Dense(1)(x), logits]))


def test_a_generator_whose_end_is_not_known_may_make_any_images():
    images = np.full((4, 2), 10, "float32")
    check_images(images, keras.Sequential([keras.Input((3,)), Head(2, keras.activations.tanh)]))
    with pytest.raises(ValueError, match="the generator ends in tanh"):
        check_images(images, keras.Sequential([keras.Input((3,)), layers.Dense(2, "tanh")]))


def test_a_file_of_a_critic_that_would_be_refused_today_loads(tmp_path, monkeypatch):
    x = keras.Input((2,))
    with monkeypatch.context() as patch:
        patch.setattr("wgan_keras.models.critic_end._ends", lambda *_: ())
        ends = [layers.Dense(1, "tanh")(x), layers.Dense(3, "softmax")(x)]
        model = wk.WGAN(labeled_generator(), keras.Model(x, ends))
    model.compile()
    model.save(tmp_path / "gan.keras")
    np.testing.assert_array_equal(wk.load_model(tmp_path / "gan.keras").sample(3, seed=0), model.sample(3, seed=0))
