"""Each network that a game cannot play with is refused in one exception that says why and what to do."""

import keras
import numpy as np
import pytest

import wgan_keras as wk

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
