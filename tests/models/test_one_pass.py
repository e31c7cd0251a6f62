"""One critic pass over real and fake images together gives what two give."""

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.models import one_pass

SHAPE = (8, 8, 1)


def game(cls, normalization, together):
    keras.utils.set_random_seed(0)
    critic = wk.networks.dcgan_critic(SHAPE, width=4, normalization=normalization)
    model = cls(wk.networks.dcgan_generator(SHAPE, 4, width=4), critic, n_critic=2, seed=0)
    model.compile(*(keras.optimizers.SGD(0.01) for _ in range(2)))
    assert model._one_pass
    model._one_pass = together
    return model


@pytest.mark.parametrize("normalization", [None, "layer"])
@pytest.mark.parametrize("cls", [wk.GAN, wk.WGAN, wk.WGANGP])
def test_losses_and_updates_are_those_of_two_passes(cls, normalization):
    images = np.random.default_rng(0).uniform(-1, 1, (12, *SHAPE)).astype("float32")
    one, two = (game(cls, normalization, together) for together in (True, False))
    before = one.critic.get_weights()
    logs = [model.train_on_batch(images, return_dict=True) for model in (one, two)]
    assert logs[0] == pytest.approx(logs[1], rel=1e-5, abs=1e-6)
    assert max(np.abs(a - b).max() for a, b in zip(before, one.critic.get_weights(), strict=True)) > 1e-4
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@keras.saving.register_keras_serializable("tests")
class AwayFromTheMean(keras.layers.Layer):
    """Ties the images of a batch together."""

    def call(self, x):
        return x - keras.ops.mean(x, axis=0)


@pytest.mark.parametrize(
    "layer", [keras.layers.BatchNormalization(), keras.layers.Dropout(0.5), AwayFromTheMean()], ids=lambda x: x.name
)
def test_layers_that_tie_images_together_or_draw_or_are_unknown_keep_two_passes(layer):
    nested = keras.Sequential([keras.Input(SHAPE), keras.layers.Flatten(), layer])
    critic = keras.Sequential([keras.Input(SHAPE), nested, keras.layers.Dense(1)])
    assert not one_pass.allowed(critic)
    assert one_pass.allowed(keras.Sequential([keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.Dense(1)]))
