"""The scores of real images get worse with every step of noise, blur or classes left out."""

import pathlib

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from wgan_keras import data, metrics

SAMPLE = pathlib.Path(__file__).parents[1] / "data" / "fashion_mnist"
COUNT = 768


@pytest.fixture(scope="module")
def world():
    """An extractor, features of 768 images, and 768 others with their labels."""
    images = data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE)
    labels = data.load_labels("fashion_mnist", "train", data_dir=SAMPLE)
    extractor = metrics.load_extractor("fashion_mnist_classifier")
    reference = extractor(images[:COUNT]).features
    return extractor, reference, images[COUNT : 2 * COUNT], labels[COUNT : 2 * COUNT]


def noisy(images, labels, level):
    noise = np.random.default_rng(0).normal(size=images.shape)
    return np.clip(images + level * noise, -1, 1).astype("float32")


def blurred(images, labels, level):
    return gaussian_filter(images, (0, level, level, 0))


def with_classes_left_out(images, labels, level):
    kept = np.flatnonzero(labels >= level)
    return images[np.resize(kept, len(images))]  # as many images, some more than once


@pytest.mark.parametrize(
    ("degrade", "levels"),
    [
        (noisy, [0, 0.2, 0.8]),
        pytest.param(with_classes_left_out, [0, 4, 9], marks=pytest.mark.long),
        pytest.param(noisy, [0, 0.1, 0.2, 0.4, 0.8], marks=pytest.mark.long),
        pytest.param(blurred, [0, 0.5, 1.0, 1.5, 3.0], marks=pytest.mark.long),
        pytest.param(with_classes_left_out, [0, 2, 4, 6, 8, 9], marks=pytest.mark.long),
    ],
)
def test_scores_fall_with_quality(world, degrade, levels):
    extractor, reference, images, labels = world
    features = [extractor(degrade(images, labels, level)).features for level in levels]
    for metric in (
        metrics.frechet_distance,
        lambda real, fake: metrics.kernel_distance(real, fake, subsets=10, subset_size=500).mean,
        lambda real, fake: metrics.sliced_wasserstein(real, fake, projections=96),
        lambda real, fake: -metrics.prdc(real, fake).coverage,
    ):
        scores = [metric(reference, each) for each in features]
        assert np.all(np.diff(scores) > 0), scores


def test_left_out_classes_cost_recall_and_noise_costs_density(world):
    """Precision hardly sees the noise: an odd real image's ball is wide enough for most of it.

    That is why Naeem et al. 2020, section 3.2, count the balls: density falls.
    """
    extractor, reference, images, labels = world
    whole = metrics.prdc(reference, extractor(images).features)
    few_classes = metrics.prdc(reference, extractor(with_classes_left_out(images, labels, 8)).features)
    noise = metrics.prdc(reference, extractor(noisy(images, labels, 0.8)).features)
    assert few_classes.recall < 0.5 * whole.recall
    assert few_classes.precision > 0.8 * whole.precision
    assert noise.density < 0.5 * whole.density
    assert few_classes.density > 0.8 * whole.density


def test_training_images_among_the_samples_are_found(world):
    extractor, reference, images, _ = world
    held_out, new = extractor(images[:384]).features, extractor(images[384:]).features
    assert abs(metrics.memorization(new, reference, held_out).z) < 3
    assert metrics.memorization(reference[:384], reference, held_out).z < -15
