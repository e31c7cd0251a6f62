"""Feature matching, by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import wgan_keras as wk


def value(model, real, fake, layer=None):
    objective = wk.objectives.FeatureMatching(layer)
    objective.check(model)
    critic = wk.models.critic.Critic(model.critic, None, lambda network, x: network(x))
    return objective(model, critic, tf.constant(real), tf.constant(fake), 0)[0]


def test_it_is_the_squared_distance_of_the_features_means(tiny, points):
    model = tiny(wk.GAN)
    real, fake = points(6), points(6, seed=1)
    kernel, bias = map(np.float64, model.critic.get_weights()[:2])
    means = [np.maximum(x @ kernel + bias, 0).mean(0) for x in (real, fake)]
    expected = np.sum((means[0] - means[1]) ** 2)
    np.testing.assert_allclose(value(model, real, fake), expected, rtol=1e-4)
    first = next(layer for layer in model.critic.layers if layer.weights)
    means = [(x @ kernel + bias).mean(0) for x in (real, fake)]
    np.testing.assert_allclose(value(model, real, fake, first.name), np.sum((means[0] - means[1]) ** 2), rtol=1e-4)


def test_a_layer_that_is_another_networks_too_is_found_in_the_critic(points):
    trunk = layers.Dense(3, "tanh", name="trunk")
    elsewhere = keras.Input((2,))
    keras.Model(elsewhere, layers.Dense(4)(trunk(elsewhere)))
    x = keras.Input((2,))
    critic = keras.Model(x, layers.Dense(1)(trunk(x)))
    model = wk.GAN(wk.networks.mlp_generator((2,), 2, units=4, depth=1), critic)
    real, fake = points(6), points(6, seed=1)
    kernel, bias = map(np.float64, trunk.get_weights())
    means = [np.tanh(x @ kernel + bias).mean(0) for x in (real, fake)]
    np.testing.assert_allclose(value(model, real, fake, "trunk"), np.sum((means[0] - means[1]) ** 2), rtol=1e-4)


def test_it_is_zero_when_the_features_agree_on_average(tiny, points):
    model = tiny(wk.GAN)
    x = points(6)
    assert float(value(model, x, x[::-1].copy())) == pytest.approx(0, abs=1e-10)


def test_a_layer_that_is_not_there_is_refused_with_the_nearest(tiny):
    model = tiny(wk.GAN)
    name = model.critic.layers[-1].name
    with pytest.raises(ValueError, match=rf"layer '{name}x', which is not there \(did you mean '{name}'"):
        tiny(wk.GAN, critic=model.critic, objective={"name": "feature_matching", "layer": f"{name}x"})


def test_the_default_layer_of_a_residual_conditional_critic_is_the_one_of_the_images():
    """The scores are a sum of a Dense layer's of the images and of a projection of the labels."""
    x, y = keras.Input((2,)), keras.Input((3,))
    h = x
    for _ in range(30):  # blocks of two ways each: 2^30 ways in all
        h = layers.Add()([h, layers.Dense(2)(h)])
    projection = layers.Dot(-1)([layers.Dense(2)(y), h])
    critic = keras.Model([x, y], layers.Add()([projection, layers.Dense(1)(h)]))
    z = keras.Input((2,))
    generator = keras.Model([z, y], layers.Dense(2)(layers.Concatenate()([z, y])))
    model = wk.GAN(generator, critic, objective=wk.objectives.FeatureMatching())
    assert model.objective._features is h


def test_a_critic_within_a_model_asks_for_a_name():
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    x = keras.Input((2,))
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="found no layer with weights"):
        wk.GAN(generator, keras.Model(x, inner(x)), objective=wk.objectives.FeatureMatching())


def test_the_generator_descends_it(tiny, points):
    """Alone against a critic that stays, it brings the features' means together."""
    model = tiny(wk.GAN, objective=wk.objectives.FeatureMatching(), n_critic=1)
    model.critic.trainable = False
    model.compile(keras.optimizers.Adam(0.02), keras.optimizers.Adam(0.02))
    losses = model.fit(points(64 * 60), batch_size=64, verbose=0, epochs=2).history["generator_loss"]
    assert losses[1] < 0.6 * losses[0]
