"""Samples of a built-in preset, as `python zoo_samples.py NAME FILE`: test_samples.py runs it on JAX."""

import sys

import numpy as np

from tools.zoo import golden
from wgan_keras import presets

if __name__ == "__main__":
    name, file = sys.argv[1:]
    np.save(file, golden.sample_values(presets.from_preset(name)))
