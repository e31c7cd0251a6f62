"""Named protocols: a score's name says the metric, the extractor, the sample count and the reference split.

`fid_fashion_mnist_classifier_10k` is the Fréchet distance of 10,000 samples from 10,000 test images under
that extractor; a last `_train` takes the reference from the training images instead. Scores of different
names are never to be compared. Where the set has more images than the count, those drawn depend on its order, and
tensorflow-datasets keeps another than the IDX files: a report's sha256 of the data says which it was. The parts of
a name:

    metric      fid, kid, is, prdc, swd, memorisation, w1; `all`, every one that suits images; `modes`
    extractor   a name of `load_extractor`; after `modes` a mixture of `data.toys`, its points as they are
    count       2048, 10k, 60k ...
"""

import dataclasses
import re

import numpy as np

from wgan_keras.metrics.extractors import NAMES as EXTRACTORS

IMAGE_METRICS = ("fid", "kid", "is", "prdc", "swd", "memorisation")
METRICS = (*IMAGE_METRICS, "w1", "modes")
MIXTURES = ("eight_gaussians", "twenty_five_gaussians")
SEED = 0  # of every random choice in a protocol: one name, one set of numbers


@dataclasses.dataclass(frozen=True)
class Protocol:
    """`metrics`, a tuple of names out of METRICS; `extractor`; `count` of samples; `split` of the reference.

    `mixture` is the toy distribution whose modes are counted, None without `modes`.
    """

    name: str
    metrics: tuple
    extractor: str
    count: int
    split: str = "test"
    mixture: str | None = None

    @property
    def has_best(self):
        """Whether its first score says which samples are better: that of memorisation is best for copies."""
        return self.metrics != ("memorisation",)

    def draw(self, images):
        """`count` of `images` (n, ...), without replacement, the same ones on every call."""
        if len(images) < self.count:
            raise ValueError(f"{self.name} needs {self.count} images of either split; {len(images)} came. Take fewer.")
        return images[np.sort(np.random.default_rng(SEED).permutation(len(images))[: self.count])]


def parse_protocol(name):
    """The `Protocol` of a name like "fid_fashion_mnist_classifier_10k"; ValueError names an unknown part."""
    match = re.fullmatch(r"([a-z0-9]+)_(.+?)_(\d+k?)(?:_(train|test))?", str(name))
    if match is None:
        raise ValueError(
            f"{name!r} is no protocol; expected <metric>_<extractor>_<count>, such as "
            "fid_fashion_mnist_classifier_10k, with _train at the end for the training images as reference."
        )
    metric, extractor, count, split = match.groups()
    if metric not in (*METRICS, "all"):
        raise ValueError(f"{name!r} starts with {metric!r}; expected one of {', '.join(METRICS)}, all.")
    known = MIXTURES if metric == "modes" else EXTRACTORS
    if extractor not in known:
        raise ValueError(f"{name!r} names {extractor!r}; {metric!r} goes with {', '.join(known)}.")
    size = int(count[:-1]) * 1000 if count.endswith("k") else int(count)
    if size < 1:
        raise ValueError(f"{name!r} asks for {count} samples; expected at least 1.")
    if metric == "modes":
        return Protocol(name, (metric,), "pixels", size, split or "test", mixture=extractor)
    if metric == "is" and extractor == "pixels":
        raise ValueError(f"{name!r}: pixels have no class probabilities, of which the inception score is made.")
    suitable = tuple(each for each in IMAGE_METRICS if each != "is" or extractor != "pixels")
    return Protocol(name, suitable if metric == "all" else (metric,), extractor, size, split or "test")
