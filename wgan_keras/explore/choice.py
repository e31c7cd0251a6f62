"""Which presets the page shows where none is named."""

import collections

from wgan_keras.files.reading import read_json
from wgan_keras.presets import files, store


def picture_presets() -> list[str]:
    """The presets of the package that make pictures: the data set with most presets first, in it the best score."""
    found = {name: _data_and_score(name) for name in store.list_presets() if _makes_pictures(name)}
    counts = collections.Counter(data for data, _ in found.values())
    return sorted(found, key=lambda name: (-counts[found[name][0]], found[name]))


def _makes_pictures(name):
    generator = _recipe(name)["generator"]
    return len(generator.get("image_shape") or generator.get("output_shape", ())) == 3


def _data_and_score(name):
    """The data set, and the first score of the first protocol, of which all that judge pictures are better if lower."""
    scores = files.read_metadata(store.ZOO / name)["scores"]["best"]["protocols"]
    first = next(iter(next(iter(scores.values())).values()))
    return _recipe(name)["data"]["name"], first["mean"]


def _recipe(name):
    return read_json(store.ZOO / name / files.CONFIG, "Install the package again.")
