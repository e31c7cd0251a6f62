"""How good samples are: metrics on features, one a file, and the extractors that make features of images.

features = metrics.load_extractor("fashion_mnist_classifier")
metrics.frechet_distance(features(real_images).features, features(samples).features)
"""

# Metrics in the order in which `all_...` gives their scores.
# isort: off
from wgan_keras.metrics.metric import METRICS, Metric, Score, higher_is_better, register_metric
from wgan_keras.metrics.extractors import EXTRACTORS, Extracted, Extractor, load_extractor, register_extractor
from wgan_keras.metrics import classifier, emoji_classifier, by_channel, inception, inception_2015, pixels  # noqa: F401

from wgan_keras.metrics.frechet import frechet_distance, frechet_distance_from_moments
from wgan_keras.metrics.kernel_distance import kernel_distance
from wgan_keras.metrics.inception_score import inception_score
from wgan_keras.metrics.prdc import prdc
from wgan_keras.metrics.sliced_wasserstein import sliced_wasserstein
from wgan_keras.metrics.memorization import memorization, nearest_neighbors
from wgan_keras.metrics.exact_wasserstein import exact_wasserstein
from wgan_keras.metrics.mode_coverage import ModeCoverage, mode_coverage
from wgan_keras.metrics.stacked_modes import stacked_modes
from wgan_keras.metrics.intra_fid import intra_class_frechet_distance
from wgan_keras.metrics.label_accuracy import label_accuracy
from wgan_keras.metrics.intra_diversity import intra_class_diversity
from wgan_keras.metrics.support_size import duplicate_distance, support_size
from wgan_keras.metrics.spectrum import high_frequency_share, power_spectra
from wgan_keras.metrics.evaluation import Evaluation, Report
from wgan_keras.metrics.moments import Moments
from wgan_keras.metrics.protocols import Protocol, parse_protocol
# isort: on

__all__ = [
    "EXTRACTORS",
    "METRICS",
    "Evaluation",
    "Extracted",
    "Extractor",
    "Metric",
    "ModeCoverage",
    "Moments",
    "Protocol",
    "Report",
    "Score",
    "duplicate_distance",
    "exact_wasserstein",
    "frechet_distance",
    "frechet_distance_from_moments",
    "high_frequency_share",
    "higher_is_better",
    "inception_score",
    "intra_class_diversity",
    "intra_class_frechet_distance",
    "kernel_distance",
    "label_accuracy",
    "load_extractor",
    "memorization",
    "mode_coverage",
    "nearest_neighbors",
    "parse_protocol",
    "power_spectra",
    "prdc",
    "register_extractor",
    "register_metric",
    "sliced_wasserstein",
    "stacked_modes",
    "support_size",
]
