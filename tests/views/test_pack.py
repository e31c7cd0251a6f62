"""Packing: the layout, and where it makes no sense."""

import numpy as np
import pytest
import tensorflow as tf
from keras import Input, Model, layers

import wgan_keras as wk


@pytest.mark.parametrize("k", [2, 3])
def test_consecutive_images_lie_along_the_channels(k):
    images = np.random.default_rng(0).normal(size=(6, 4, 5, 2)).astype("float32")
    packed = np.array(wk.views.Pack(k)(tf.constant(images), 0, 0))
    expected = np.moveaxis(images.reshape(6 // k, k, 4, 5, 2), 1, 3).reshape(6 // k, 4, 5, 2 * k)
    np.testing.assert_array_equal(packed, expected)
    assert wk.views.Pack(k).compute_output_shape((4, 5, 2)) == expected.shape[1:]


@pytest.mark.parametrize(("n", "rows"), [(5, [[0, 1], [2, 3], [4, 0]]), (1, [[0, 0]])])
def test_a_remainder_is_filled_up_with_the_first_images(n, rows):
    points = tf.range(float(n))[:, None]
    unknown = tf.function(lambda x: wk.views.Pack(2)(x, 0, 0), input_signature=[tf.TensorSpec((None, 1))])
    for pack in (lambda x: wk.views.Pack(2)(x, 0, 0), unknown):
        np.testing.assert_array_equal(pack(points), rows)


def test_a_game_trains_on_packs_and_validates_on_any_number(tiny, points):
    critic = wk.networks.mlp_critic((6,), units=8, depth=1)
    model = tiny(wk.WGANGP, critic=critic, views=[{"name": "pack", "k": 3}], compile={"run_eagerly": True})
    history = model.fit(points(12), batch_size=6, verbose=0, validation_data=points(7)).history
    assert np.isfinite([v for values in history.values() for v in values]).all()
    with pytest.raises(ValueError, match=r"batch size is 4, and Pack makes one of 3 images; expected a multiple of 3"):
        model.fit(points(24), batch_size=4, verbose=0)


def test_a_critic_built_for_single_images_is_refused(tiny):
    with pytest.raises(ValueError, match=r"makes \(2,\), of which the views make \(4,\), and the critic takes \(2,\)"):
        tiny(wk.GAN, views=[wk.views.Pack(2)])


def test_it_is_the_last_view(tiny):
    critic = wk.networks.mlp_critic((4,), units=8, depth=1)
    tiny(wk.GAN, critic=critic, views=[wk.views.InstanceNoise(), wk.views.Pack()])
    with pytest.raises(ValueError, match=r"'pack' makes one of 2 images, and 2 views .* Put it last"):
        tiny(wk.GAN, critic=critic, views=[wk.views.Pack(), wk.views.InstanceNoise()])


def test_a_conditional_game_has_none():
    z, y, x = Input((2,)), Input((3,)), Input((4,))
    generator = Model([z, y], layers.Dense(2)(layers.Concatenate()([z, y])))
    critic = Model([x, y], layers.Dense(1)(layers.Concatenate()([x, y])))
    with pytest.raises(ValueError, match="conditional: the images that it joins have labels of their own"):
        wk.GAN(generator, critic, views=[wk.views.Pack(2)])


@pytest.mark.parametrize("k", [1, 0, 2.5])
def test_packs_of_one_are_none(k):
    with pytest.raises(ValueError, match="'k' is"):
        wk.views.Pack(k)
