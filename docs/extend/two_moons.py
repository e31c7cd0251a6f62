"""A data set: scikit-learn's two moons, with labels."""

import numpy as np
import sklearn.datasets

import wgan_keras


@wgan_keras.register_data("two_moons")
class TwoMoons(wgan_keras.data.DataSet):
    """4,000 points for training and 1,000 held out, around two half circles."""

    source = "made by scikit-learn's make_moons"
    license = "none needed"
    classes = ("upper", "lower")

    def moons(self, split):
        return sklearn.datasets.make_moons({"train": 4_000, "test": 1_000}[split], noise=0.05, random_state=len(split))

    def read(self, location, split, image_size=None):
        return self.moons(split)[0].astype("float32")

    def read_labels(self, location, split):
        return self.moons(split)[1].astype(np.int64)
