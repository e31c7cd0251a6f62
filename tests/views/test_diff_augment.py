"""Differentiable augmentation, each policy with given random numbers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.views.diff_augment import color, cutout, flip, translation

IMAGES = np.random.default_rng(0).normal(size=(6, 16, 24, 3)).astype("float32")


def uniform(k, seed=1):
    return tf.constant(np.random.default_rng(seed).uniform(size=(6, k)), "float32")


def test_a_flip_by_the_same_draw_twice_is_the_identity_and_turns_every_second_image():
    u = tf.constant([[0.1], [0.9], [0.4], [0.6], [0.2], [0.7]])
    once = np.array(flip(tf.constant(IMAGES), u))
    np.testing.assert_array_equal(flip(once, u), IMAGES)
    np.testing.assert_array_equal(once[::2], IMAGES[::2, :, ::-1])
    np.testing.assert_array_equal(once[1::2], IMAGES[1::2])


@pytest.mark.parametrize(("low", "row", "column"), [(0.0, -2, -3), (0.999, 2, 3), (0.5, 0, 0)])
def test_a_translation_moves_by_an_eighth_of_the_side_at_most_and_zeros_come_in(low, row, column):
    moved = np.array(translation(tf.constant(IMAGES), tf.fill((6, 2), low)))
    expected = np.zeros_like(IMAGES)
    into, out = (slice(max(0, row), 16 + min(0, row)), slice(max(0, column), 24 + min(0, column))), ()
    out = (slice(max(0, -row), 16 + min(0, -row)), slice(max(0, -column), 24 + min(0, -column)))
    expected[:, into[0], into[1]] = IMAGES[:, out[0], out[1]]
    np.testing.assert_array_equal(moved, expected)


def test_a_translation_keeps_the_sum_of_what_lies_inside():
    inner = np.zeros_like(IMAGES)
    inner[:, 2:-2, 3:-3] = IMAGES[:, 2:-2, 3:-3]
    moved = np.array(translation(tf.constant(inner), uniform(2)))
    np.testing.assert_allclose(moved.sum((1, 2)), inner.sum((1, 2)), atol=1e-4)
    assert not np.array_equal(moved, inner)


def test_a_cutout_zeroes_a_quarter_inside_and_less_at_the_border():
    ones = tf.ones((6, 16, 24, 3))
    shares = [np.mean(np.array(cutout(ones, tf.fill((6, 2), u))) == 0) for u in (0.5, 0.0)]
    assert shares == [1 / 4, 1 / 16]  # half of each side; from the corner, half of that
    # Of the mean over all centers 0..side, along one axis: sum of the lengths / (side + 1) / side.
    n = 4000
    u = tf.constant(np.random.default_rng(2).uniform(size=(n, 2)), "float32")
    cut = np.array(cutout(tf.ones((n, 16, 24, 1)), u)) == 0

    def mean_share(side):
        return np.mean([min(side, c + side // 4) - max(0, c - side // 4) for c in range(side + 1)]) / side

    assert cut.mean() == pytest.approx(mean_share(16) * mean_share(24), rel=0.03)


def test_brightness_shifts_the_mean_by_the_draw():
    u = np.array(uniform(3))
    u[:, 1:] = 0.5  # saturation and contrast as they are
    changed = np.array(color(tf.constant(IMAGES), tf.constant(u)))
    np.testing.assert_allclose(changed - IMAGES, (u[:, 0] - 0.5)[:, None, None, None] + 0 * IMAGES, atol=1e-5)


def test_saturation_and_contrast_scale_the_distance_from_gray_and_from_the_mean():
    gray = np.array(color(tf.constant(IMAGES), tf.constant([[0.5, 0.0, 0.5]] * 6)))
    np.testing.assert_allclose(gray, IMAGES.mean(3, keepdims=True) + 0 * IMAGES, atol=1e-6)
    flat = np.array(color(tf.constant(IMAGES), tf.constant([[0.5, 0.5, 0.0]] * 6)))
    mean = IMAGES.mean((1, 2, 3), keepdims=True)
    np.testing.assert_allclose(flat, mean + (IMAGES - mean) / 2, atol=1e-6)


def test_the_gradient_passes_and_agrees_with_finite_differences():
    """In float64; given the draws the view is affine, so the difference is exact."""
    view = wk.views.DiffAugment(["color", "translation", "cutout", "flip"])
    rng = np.random.default_rng(3)
    images, direction, cotangent = (tf.constant(rng.normal(size=IMAGES.shape)) for _ in range(3))
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = tf.reduce_sum(view(images, 7, 0) * cotangent)
    analytic = tf.reduce_sum(tape.gradient(value, images) * direction)
    ends = [tf.reduce_sum(view(images + h * direction, 7, 0) * cotangent) for h in (0.5, -0.5)]
    np.testing.assert_allclose(analytic, ends[0] - ends[1], rtol=1e-10)


def test_real_and_generated_images_have_draws_of_their_own_and_so_has_each_image():
    same = tf.constant(np.repeat(IMAGES[:1], 6, axis=0))
    seeds = keras.random.SeedGenerator(0)
    view = wk.views.DiffAugment()
    first, second = (np.array(view(same, seeds, 0)) for _ in range(2))
    for a, b in [(first[0], first[1]), (first[0], second[0])]:
        assert np.abs(a - b).max() > 0.01


def test_it_is_the_same_eager_in_a_graph_and_compiled():
    view = wk.views.DiffAugment(["color", "translation", "cutout", "flip"])
    eager = view(tf.constant(IMAGES), 3, 0)
    for jit in (False, True):
        compiled = tf.function(lambda x: view(x, 3, 0), jit_compile=jit)(tf.constant(IMAGES))
        np.testing.assert_allclose(compiled, eager, atol=1e-6)


def test_points_and_unknown_policies_are_refused(tiny):
    with pytest.raises(ValueError, match=r"images \(height, width, channels\), and these have shape \(2,\)"):
        tiny(wk.GAN, views=[wk.views.DiffAugment()])
    with pytest.raises(ValueError, match="expected a list of at most 8, each 'color' or 'translation'"):
        wk.views.DiffAugment(["colour"])
    with pytest.raises(ValueError, match="no policy"):
        wk.views.DiffAugment([])
    view = wk.views.DiffAugment()
    with pytest.raises(ValueError, match="no policy"):
        view.policy = ()
    assert len(view.policy) == 3
