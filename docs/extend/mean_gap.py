"""A metric: how far apart the means of real and generated features are."""

import numpy as np

import wgan_keras


@wgan_keras.register_metric("gap")
class MeanGap(wgan_keras.metrics.Metric):
    """The Euclidean distance between the two means, in feature units."""

    scores = {"mean_gap": wgan_keras.metrics.Score(better="lower", distance=True)}

    def compute(self, evaluation, extracted):
        gap = extracted.features.mean(axis=0) - evaluation.reference.mean(axis=0)
        return {"mean_gap": float(np.linalg.norm(gap))}
