"""What a preset must go on making for ever, on every backend: a few numbers of a few samples, and a score.

The latents come from `numpy.random.RandomState`, whose stream no later version of NumPy may change (NEP 19).
"""

import functools
import json

import numpy as np

from wgan_keras import data, scoring

SEED = 0  # of the latents
SAMPLES = 8
VALUES = 16  # of a sample, evenly spaced over its numbers
# How far the values may be from those kept, as a root mean square, and the score as a share of it, by the dtype policy:
# backends and processors round differently, and at an edge of a picture a rounding can move a value far.
_CLOSE = {"float32": (8e-5, 0.01), "mixed_bfloat16": (0.02, 0.05)}


def close(recipe):
    """How far values may be from those kept, as a root mean square."""
    return _CLOSE[recipe.dtype_policy][0]


def distance(values, kept):
    """The root mean square of the differences."""
    return float(np.sqrt(np.mean((np.asarray(values) - np.asarray(kept)) ** 2)))


def _sample(model, n):
    """Of fixed latents and, where the game takes labels, of the classes in turn."""
    latents = np.random.RandomState(SEED).standard_normal((n, model.latent_dim)).astype("float32")
    asked = {"labels": np.arange(n) % model.label_width} if model.takes_labels else {}
    return model.sample(n, latents=latents, **asked)


def sample_values(model):
    """(SAMPLES, up to VALUES) numbers of the images that the model makes of fixed latents."""
    samples = _sample(model, SAMPLES).reshape(SAMPLES, -1)
    width = samples.shape[1]
    return samples[:, np.linspace(0, width - 1, min(VALUES, width)).round().astype(int)]


def protocol(recipe):
    """The protocol of the 2,000-sample score."""
    if recipe.data["name"] == "fashion_mnist":
        return "fid_fashion_mnist_classifier_2000"
    return "w1_pixels_2000" if recipe.data["name"] in data.toys.NAMES else recipe.evaluation["protocol"]


@functools.cache
def _reference(protocol, name, options):
    """`options` are the recipe's `data_options`, in JSON."""
    return scoring.reference(protocol, name, **json.loads(options))


def score(model, recipe):
    """The first score of `protocol(recipe)`, of the images that the model makes of fixed latents."""
    reference = _reference(protocol(recipe), recipe.data["name"], json.dumps(recipe.data_options))
    return next(iter(reference.scores([_sample(model, reference.protocol.count)]).values()))


def make(model, recipe):
    """The field `golden` of a preset's metadata."""
    found = score(model, recipe)
    return {
        "seed": SEED,
        "samples": sample_values(model).astype(float).round(5).tolist(),
        "protocol": protocol(recipe),
        "score": found,
        "tolerance": _CLOSE[recipe.dtype_policy][1] * abs(found),
    }
