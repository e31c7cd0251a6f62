"""How often a classifier of real images finds the class that a sample was asked for.

Source: Shmelkov et al. 2018, "How good is my GAN?" (arXiv 1807.09499, section 3), who call it GAN-test. One good image
a class reaches 1: read it beside the intra-class distance and diversity.
"""

import numpy as np
from numpy.typing import ArrayLike

from wgan_keras.metrics.by_class import check_labels
from wgan_keras.metrics.checks import check_features
from wgan_keras.metrics.metric import Metric, Score, register_metric


def label_accuracy(probabilities: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """The share of each class's samples to which the classifier gives that class.

    Args:
        probabilities: (n, classes) of the samples.
        labels: (n,) class numbers that they were asked for.

    Returns:
        (classes,), a share in [0, 1] for each class of `labels`, in order. Their mean counts every class the same; it
        is the share of all samples where the classes have equally many.

    Raises:
        ValueError: arrays of another form, or a label that the classifier has no class for.
    """
    probabilities = check_features(probabilities, "probabilities")
    labels = check_labels(labels, len(probabilities), "labels")
    if labels.max() >= probabilities.shape[1]:
        raise ValueError(
            f"A label is {labels.max()}, and the classifier has {probabilities.shape[1]} classes; expected labels from "
            f"0 to {probabilities.shape[1] - 1}."
        )
    found = probabilities.argmax(axis=1) == labels
    return np.array([found[labels == number].mean() for number in np.unique(labels)])


@register_metric("label_accuracy")
class LabelAccuracy(Metric):
    """`label_accuracy` by the extractor's classifier, the mean over the classes.

    The row of real images is the classifier's own accuracy on the reference: on images that it has not seen, unless the
    protocol ends in `_train` and it was trained on these.
    """

    scores = {"label_accuracy": Score(better="higher")}
    needs_labels = True
    needs_probabilities = True
    real_is_reference = True

    def check_first(self, protocol, extractor, first, class_names):
        known = 0 if first.probabilities is None else first.probabilities.shape[-1]
        if not known or (class_names is not None and len(class_names) != known):
            raise ValueError(
                f"The extractor {extractor.name!r} tells {known} classes apart, and the data have "
                f"{'labels' if class_names is None else len(class_names)}; expected a classifier of the data's own "
                "classes."
            )

    def compute(self, evaluation, extracted):
        self.check_first(evaluation.protocol, evaluation.extractor, extracted, evaluation.class_names)
        return {"label_accuracy": label_accuracy(extracted.probabilities, extracted.labels)}
