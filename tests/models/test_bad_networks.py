"""Each network that a game cannot play with is refused in one exception that says why and what to do."""

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.models.checks import check_images

layers = keras.layers


def sequential(*stack):
    return keras.Sequential(list(stack))


def returning(outputs):
    """A network (3,) -> what `outputs` makes of points (2,)."""
    latents = keras.Input((3,))
    return keras.Model(latents, outputs(layers.Dense(2)(latents)))


class Named(layers.Layer):
    """A score under a name."""

    def __init__(self, key):
        super().__init__()
        self.key = key
        self.score = layers.Dense(1)

    def call(self, x):
        return {self.key: self.score(x)}


class Subclassed(keras.Model):
    """A network of which Keras knows no inputs, also when it was called."""

    def __init__(self):
        super().__init__()
        self.points = layers.Dense(2)

    def call(self, latents):
        return self.points(latents)


def called(generator):
    generator(np.zeros((1, 3)))
    return generator


GOOD = {
    "generator": lambda: sequential(keras.Input((3,)), layers.Dense(2)),
    "critic": lambda: sequential(keras.Input((2,)), layers.Dense(1)),
}


@pytest.mark.parametrize(
    ("role", "network", "message"),
    [
        (
            "critic",
            lambda: sequential(keras.Input((2,)), layers.Dense(2)),
            r"critic returns \(None, 2\); expected one score an image, \(batch, 1\).*Flatten and Dense\(1\)",
        ),
        (
            "critic",
            lambda: sequential(keras.Input((2, 2)), layers.Dense(1)),
            r"generator makes \(2,\) and the critic takes \(2, 2\)",
        ),
        ("critic", lambda: None, "critic is NoneType without one known input shape; expected a Functional model"),
        (
            "critic",
            lambda: sequential(layers.Dense(1)),
            r"critic is Sequential without one known .* Begin the Sequential with keras\.Input\(image_shape\)\.",
        ),
        (
            "generator",
            lambda: called(Subclassed()),
            r"generator is Subclassed without one known .* Wrap it: x = keras\.Input\(\(latent_dim,\)\); "
            r"generator = keras\.Model\(x, Subclassed\(\.\.\.\)\(x\)\)\.",
        ),
        (
            "generator",
            lambda: sequential(keras.Input((2, 2)), layers.Flatten(), layers.Dense(2)),
            r"generator takes \(None, 2, 2\); expected latents \(batch, latent_dim\)",
        ),
        (
            "generator",
            lambda: sequential(keras.Input((None,)), layers.Lambda(lambda x: x[:, :2])),
            r"generator takes \(None, None\); expected latents",
        ),
        (
            "generator",
            lambda: sequential(keras.Input((3,)), layers.Dense(5)),
            r"generator makes \(5,\) and the critic takes \(2,\).*shape of the data",
        ),
        (
            "generator",
            lambda: returning(lambda x: {"image": x}),
            r"generator returns a dictionary with 'image'; expected one tensor, images\. .*network\.output\[\.\.\.\]",
        ),
        (
            "generator",
            lambda: returning(lambda x: {"image": x, "mask": x}),
            "a dictionary with 'image', 'mask'; expected",
        ),
        ("generator", lambda: returning(lambda x: [x, x]), "generator returns 2 tensors; expected one tensor"),
        (
            "critic",
            lambda: sequential(keras.Input((2,)), Named("score")),
            r"critic returns a dictionary with 'score'; expected one tensor",
        ),
    ],
)
def test_networks_that_do_not_fit(role, network, message):
    networks = {k: make() for k, make in (GOOD | {role: network}).items()}
    with pytest.raises(ValueError, match=message):
        wk.GAN(**networks)


def test_a_subclassed_network_is_one_when_it_is_wrapped(points):
    latents = keras.Input((3,))
    game = wk.GAN(keras.Model(latents, Subclassed()(latents)), GOOD["critic"]())
    game.compile(run_eagerly=True)
    game.train_on_batch(points(4))
    assert game.sample(2, seed=0).shape == (2, 2)


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
    "nested": (lambda x: sequential(keras.Input((2,)), layers.Dense(1, "sigmoid"))(x), "sigmoid .* between 0 and 1"),
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
        kind(GOOD["generator"](), keras.Model(points, layer(points)))


class Head(layers.Layer):
    """Its `activation` is on its way."""

    def __init__(self, units, activation):
        super().__init__()
        self.activation = activation
        self.first, self.last = layers.Dense(4), layers.Dense(units)

    def call(self, x):
        return self.last(keras.activations.get(self.activation)(self.first(x)))


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
        lambda x: DoubledModel(1)(x),
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
    wk.GAN(GOOD["generator"](), keras.Model(points, end(points)))


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
        wk.SemiSupervisedGAN(GOOD["generator"](), keras.Model(x, LOGITS[end](x)))


def labeled_generator():
    z, y = keras.Input((3,)), keras.Input((3,))
    return keras.Model([z, y], layers.Dense(2)(layers.Concatenate()([z, y])))


def test_logits_of_which_only_differences_count_may_have_a_limit_on_one_side():
    x = keras.Input((2,))
    for activation in ("log_softmax", "relu"):
        logits = layers.Dense(3, activation)(x)
        wk.GAN(labeled_generator(), keras.Model(x, [layers.Dense(1)(x), logits]))
        with pytest.raises(ValueError, match=f"logits end in {activation} .* at 0 or (below|above)"):
            wk.SemiSupervisedGAN(GOOD["generator"](), keras.Model(x, logits))


def test_logits_of_another_rank():
    x = keras.Input((2,))
    logits = layers.Reshape((1, 3))(layers.Dense(3)(x))
    with pytest.raises(ValueError, match=r"logits of the labels of shape \(None, 1, 3\); expected \(batch, classes\)"):
        wk.GAN(labeled_generator(), keras.Model(x, [layers.Dense(1)(x), logits]))


def test_a_generator_whose_end_is_not_known_may_make_any_images():
    images = np.full((4, 2), 10, "float32")
    check_images(images, sequential(keras.Input((3,)), Head(2, keras.activations.tanh)))
    with pytest.raises(ValueError, match="the generator ends in tanh"):
        check_images(images, sequential(keras.Input((3,)), layers.Dense(2, "tanh")))


def test_a_file_of_a_critic_that_would_be_refused_today_loads(tmp_path, monkeypatch):
    x = keras.Input((2,))
    with monkeypatch.context() as patch:
        patch.setattr("wgan_keras.models.critic_end._ends", lambda *_: ())
        ends = [layers.Dense(1, "tanh")(x), layers.Dense(3, "softmax")(x)]
        model = wk.WGAN(labeled_generator(), keras.Model(x, ends))
    model.compile()
    model.save(tmp_path / "gan.keras")
    np.testing.assert_array_equal(wk.load_model(tmp_path / "gan.keras").sample(3, seed=0), model.sample(3, seed=0))


class Doubled(layers.Layer):
    """A layer as it is often written: no config, no **kwargs."""

    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)

    def call(self, x):
        return 2 * self.dense(x)


class DoubledModel(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)

    def get_config(self):
        return {"name": self.name}

    def call(self, x):
        return 2 * self.dense(x)


@pytest.mark.parametrize("layer", [Doubled, DoubledModel])
@pytest.mark.parametrize("nested", [False, True])
def test_a_layer_that_no_average_can_be_made_of(layer, nested):
    inner = sequential(keras.Input((3,)), layer(2))
    generator = sequential(keras.Input((3,)), inner) if nested else inner
    message = (
        rf"ema_decay needs a copy .* its layer '\w+' \({layer.__name__}\) cannot .*get_config\(\) .*leave ema_decay"
    )
    with pytest.raises(ValueError, match=message):
        wk.GAN(generator, GOOD["critic"](), ema_decay=0.9)
    wk.GAN(generator, GOOD["critic"]())


def test_the_average_of_a_layer_of_the_users_own():
    """With what the message says to add."""

    class Own(layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = layers.Dense(units)

        def call(self, x):
            return 2 * self.dense(x)

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    generator = sequential(keras.Input((3,)), Own(2))
    model = wk.GAN(generator, GOOD["critic"](), ema_decay=0.9)
    latents = np.ones((4, 3), "float32")
    np.testing.assert_array_equal(model.generator_ema(latents), generator(latents))
