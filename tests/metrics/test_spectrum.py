"""Power spectra: waves lie at their frequencies, noise is flat, a checkerboard is texture."""

import types

import numpy as np
import pytest

from wgan_keras import metrics
from wgan_keras.metrics.spectrum import _EDGES, BINS, HIGH, HighFrequencies


def wave(frequency, shape=(32, 48)):
    """A picture of a horizontal wave of so many cycles a pixel."""
    return np.cos(2 * np.pi * frequency * np.arange(shape[1]))[None, None, :, None] * np.ones((1, *shape, 3))


@pytest.mark.parametrize("frequency", [1 / 12, 0.25, 0.375])
def test_a_wave_lies_at_its_frequency(frequency):
    (power,) = metrics.power_spectra(wave(frequency))
    near = np.abs((_EDGES[:-1] + _EDGES[1:]) / 2 - frequency) < 3 / 48  # the window spreads a line over 2 / 48 each way
    assert power[near].sum() > 0.999 * power.sum()


def test_a_brighter_picture_has_the_spectrum_of_the_same_contrast():
    image = np.random.default_rng(0).normal(size=(1, 16, 16, 1))
    np.testing.assert_allclose(*(metrics.power_spectra(image + shift) for shift in (0, 0.7)), rtol=1e-4)


def test_noise_has_the_share_of_high_frequencies_that_their_area_is():
    noise = np.random.default_rng(0).normal(size=(300, 32, 32, 3))
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32)))
    first = _EDGES[:BINS][_EDGES[:-1] >= HIGH][0]
    share = metrics.high_frequency_share(metrics.power_spectra(noise))
    assert share == pytest.approx((radius >= first).mean(), abs=0.01)


def test_a_checkerboard_on_smooth_pictures_is_told():
    """Of amplitude a twentieth of the pictures' own: nobody would call it noise."""
    rng = np.random.default_rng(0)
    smooth = np.concatenate([wave(f, (32, 32)) for f in rng.uniform(1 / 32, 1 / 8, 40)])
    smooth = smooth + 0.01 * rng.normal(size=smooth.shape)
    checkered = smooth + 0.05 * (-1.0) ** np.add.outer(np.arange(32), np.arange(32))[..., None]
    protocol = metrics.parse_protocol("high_frequencies_spectrum_20")
    images = [np.clip(each / 2, -1, 1).astype("float32") for each in (smooth[:20], smooth[20:], checkered[:20])]
    evaluation = metrics.Evaluation.from_images(protocol, metrics.load_extractor("spectrum"), *images[:2])
    assert evaluation.floor["high_frequency_ratio"] == pytest.approx(1, abs=0.2)
    assert evaluation.scores(images[2])["high_frequency_ratio"] > 10


def test_it_goes_with_spectra_alone():
    with pytest.raises(ValueError, match="'high_frequencies' goes with 'spectrum'"):
        metrics.parse_protocol("high_frequencies_pixels_300")


def test_images_of_one_color_have_no_high_frequencies():
    assert metrics.high_frequency_share(metrics.power_spectra(-np.ones((4, 28, 28, 1), "float32"))) == 0


def test_a_ratio_to_real_images_of_one_color_is_refused():
    blank = metrics.power_spectra(np.zeros((4, 28, 28, 1), "float32"))
    given = types.SimpleNamespace(features=blank, reference=blank)
    with pytest.raises(ValueError, match="The real images have no high frequencies"):
        HighFrequencies().compute(given, given)
