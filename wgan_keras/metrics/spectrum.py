"""Power spectra of images, by which a woven or checkered texture gives itself away.

Source: Odena et al., 2016, "Deconvolution and Checkerboard Artifacts", doi 10.23915/distill.00003; spectra of generated
images after Durall, Keuper and Keuper, 2020, "Watch your Up-Convolution", arXiv 2003.01826.
"""

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.checks import check_features
from wgan_keras.metrics.extractors import Extractor, register_extractor
from wgan_keras.metrics.metric import Metric, Score, register_metric

BINS = 64
_EDGES = np.linspace(0, np.sqrt(0.5), BINS + 1)  # cycles a pixel; the corner of the plane of frequencies is the last
HIGH = 0.45  # cycles a pixel: near what alternates from pixel to pixel


def power_spectra(images: np.ndarray) -> np.ndarray:
    """The power of each image (n, height, width, channels) by radial frequency, float32 (n, BINS).

    The mean over the channels of |FFT|^2 under a Hann window, of the image less its mean, summed over the frequencies
    (in cycles a pixel) of each bin.
    """
    _, height, width, _ = images.shape
    window = np.hanning(height + 2)[1:-1, None] * np.hanning(width + 2)[None, 1:-1]
    centered = images - images.mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.fft2(centered * window[..., None], axes=(1, 2))) ** 2
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :]).ravel()
    bins = np.clip(np.digitize(radius, _EDGES) - 1, 0, BINS - 1)
    in_bin = (bins[:, None] == np.arange(BINS)).astype("float64")
    return (power.mean(axis=-1).reshape(len(images), -1) @ in_bin).astype("float32")


@register_extractor("spectrum")
def spectrum() -> Extractor:
    """Images (n, height, width, channels) -> `power_spectra`."""
    return Extractor("spectrum", lambda batch: (power_spectra(batch), None), {"name": "spectrum"}, (None, None, None))


def high_frequency_share(spectra: ArrayLike) -> float:
    """The share of the mean power of `power_spectra` (n, BINS) that lies in the bins from HIGH on, in [0, 1].

    It is 0 for images of one color, which have no power.
    """
    power = check_features(spectra, "spectra").mean(axis=0)
    return float(power[_EDGES[:-1] >= HIGH].sum() / power.sum()) if power.any() else 0.0


@register_metric("high_frequencies")
class HighFrequencies(Metric):
    """Times the real images' `high_frequency_share`: 1 is right, less is blur, more a texture."""

    scores = {"high_frequency_ratio": Score(better=None)}
    of_extractor = "spectrum"

    def compute(self, evaluation, extracted):
        ours, real = high_frequency_share(extracted.features), high_frequency_share(evaluation.reference)
        if not real:
            raise ValueError("The real images have no high frequencies, so that no ratio to theirs can be had.")
        return {"high_frequency_ratio": ours / real}
