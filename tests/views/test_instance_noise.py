"""Instance noise: its size, and when it ends."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

import wgan_keras as wk


def test_the_noise_is_normal_with_the_deviation_and_each_numbers_own():
    images = tf.fill((40, 16, 16, 3), 0.25)
    noise = np.array(wk.views.InstanceNoise(0.3)(images, 5, 0) - images).ravel()
    assert noise.std() == pytest.approx(0.3, rel=0.01)
    assert stats.kstest(noise[:5000] / 0.3, "norm").pvalue > 0.01
    assert len(np.unique(noise)) > 0.9 * noise.size


def test_it_falls_linearly_to_zero_and_then_images_are_as_they_are():
    view = wk.views.InstanceNoise(0.4, until=100)
    np.testing.assert_allclose([view.deviation(i) for i in (0, 25, 50, 100, 5000)], [0.4, 0.3, 0.2, 0, 0], atol=1e-7)
    images = tf.constant(np.random.default_rng(0).normal(size=(4, 2)), "float32")
    np.testing.assert_array_equal(view(images, 0, tf.constant(100)), images)
    assert wk.views.InstanceNoise(0.4).deviation(10**9) == 0.4


@pytest.mark.parametrize("arguments", [{"std": -1.0}, {"until": 0}, {"std": "much"}])
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(ValueError, match=f"{next(iter(arguments))!r} is"):
        wk.views.InstanceNoise(**arguments)


def test_a_game_counts_its_iterations_for_the_schedule(tiny, points):
    """Two iterations of noise, then none: the critic's update is that of the game without."""
    model = tiny(wk.GAN, views=[wk.views.InstanceNoise(0.5, until=2)], n_critic=1, compile={"run_eagerly": True})
    real = tf.constant(points(4))
    differs = []
    for _ in range(3):
        shown = np.array(model.shown(real, model.seed_generator))
        differs.append(np.abs(shown - points(4)).max() > 0)
        model.train_on_batch(points(4))
    assert differs == [True, True, False]
