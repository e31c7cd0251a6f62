"""How good samples are: metrics on features, one a file, and the extractors that make features of images.

features = metrics.load_extractor("fashion_mnist_classifier")
metrics.frechet_distance(features(real_images).features, features(samples).features)
"""

from wgan_keras.metrics.evaluation import Evaluation, Report
from wgan_keras.metrics.exact_wasserstein import exact_wasserstein
from wgan_keras.metrics.extractors import Extracted, Extractor, load_extractor
from wgan_keras.metrics.frechet import FrechetDistance, frechet_distance, frechet_distance_from_moments
from wgan_keras.metrics.inception_score import InceptionScore, inception_score
from wgan_keras.metrics.kernel_distance import KernelDistance, kernel_distance
from wgan_keras.metrics.memorisation import Memorisation, memorisation, nearest_neighbours
from wgan_keras.metrics.mode_coverage import ModeCoverage, mode_coverage
from wgan_keras.metrics.moments import Moments
from wgan_keras.metrics.prdc import PrecisionRecallDensityCoverage, prdc
from wgan_keras.metrics.protocols import Protocol, parse_protocol
from wgan_keras.metrics.sliced_wasserstein import SlicedWasserstein, sliced_wasserstein

__all__ = [
    "Evaluation",
    "Extracted",
    "Extractor",
    "FrechetDistance",
    "InceptionScore",
    "KernelDistance",
    "Memorisation",
    "ModeCoverage",
    "Moments",
    "PrecisionRecallDensityCoverage",
    "Protocol",
    "Report",
    "SlicedWasserstein",
    "exact_wasserstein",
    "frechet_distance",
    "frechet_distance_from_moments",
    "inception_score",
    "kernel_distance",
    "load_extractor",
    "memorisation",
    "mode_coverage",
    "nearest_neighbours",
    "parse_protocol",
    "prdc",
    "sliced_wasserstein",
]
