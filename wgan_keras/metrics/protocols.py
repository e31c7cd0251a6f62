"""Named protocols: a score's name says the metric, the extractor, the sample count and the reference split.

`fid_fashion_mnist_classifier_10k` is the Fréchet distance of 10,000 samples from 10,000 test images under
that extractor; a last `_train` takes the reference from the training images instead. Scores of different
names are never to be compared. Where the set has more images than the count, those drawn depend on its order, and
tensorflow-datasets keeps another than the IDX files: a report's sha256 of the data says which it was. The parts of
a name:

    metric      fid, kid, is, prdc, swd, memorization, w1; `all`, every one that suits images; `modes`, `stacked_modes`;
                intra_fid, label_accuracy, intra_diversity of conditional games; `conditional`, every one of these
    extractor   a name of `load_extractor`; after `modes` a mixture of `data.toys`, its points as they are; after
                `stacked_modes` an extractor of gray images, which is applied to each channel
    count       2048, 10k, 60k ...
"""

import dataclasses
import re
from collections.abc import Mapping

import numpy as np

from wgan_keras._text import listed
from wgan_keras.data import toys
from wgan_keras.files.former_names import present
from wgan_keras.metrics.extractors import EXTRACTORS
from wgan_keras.metrics.metric import GROUPS, METRICS, Metric, Score

_BY_CHANNEL = "_by_channel"
SEED = 0  # of every random choice in a protocol: one name, one set of numbers


@dataclasses.dataclass(frozen=True)
class Protocol:
    """`metrics`, a tuple of registered names; `extractor`; `count` of samples; `split` of the reference.

    `mixture` is the toy distribution whose modes are counted, None without `modes`.
    """

    name: str
    metrics: tuple
    extractor: str
    count: int
    split: str = "test"
    mixture: str | None = None

    @property
    def has_best(self) -> bool:
        """Whether its first score says which samples are better."""
        return next(iter(self.scores.values())).better is not None

    @property
    def scores(self) -> dict[str, Score]:
        """What its metrics give, by name, in order."""
        return {name: score for metric in self.metrics for name, score in METRICS[metric].scores.items()}

    @property
    def needs_training_images(self) -> bool:
        """Whether one of its metrics compares with the features of all training images."""
        return any(METRICS[metric].needs_training_images for metric in self.metrics)

    @property
    def needs_labels(self) -> bool:
        """Whether one of its metrics is about the classes that samples were asked for."""
        return any(METRICS[metric].needs_labels for metric in self.metrics)

    @property
    def needed_splits(self) -> set[str]:
        """The splits of which it needs `count` images: the reference, and the test images that memorization holds out.

        The other one gives the row of real images, where it has as many.
        """
        reference = any(METRICS[metric].needs_reference or METRICS[metric].needs_labels for metric in self.metrics)
        return ({self.split} if reference else set()) | ({"test"} if self.needs_training_images else set())

    def drawn_splits(self, sizes: Mapping[str, int]) -> list[str]:
        """The splits of which `count` images are drawn.

        Args:
            sizes: {split: how many images it has}.

        Raises:
            ValueError: a needed one has fewer.
        """
        for split in sorted(self.needed_splits):
            if sizes[split] < self.count:
                raise ValueError(
                    f"{self.name} compares samples with {self.count} {split} images, of which there are "
                    f"{sizes[split]}; take a protocol of at most as many{self._such_as(sizes)}."
                )
        return [split for split, size in sizes.items() if size >= self.count]

    def _such_as(self, sizes):
        """For a message, a protocol by these features of as many images as there are; "" where there is no more than 1.

        Its metric is one that any two images have.
        """
        most, metric = min(sizes[split] for split in self.needed_splits), "w1" if "w1" in self.metrics else "kid"
        of = "" if self.split == "test" else f"_{self.split}"
        return f", such as {metric}_{self.extractor}_{most}{of}" if most > 1 else ""

    def draw(self, images: np.ndarray) -> np.ndarray:
        """`count` of `images` (n, ...), without replacement, the same ones on every call."""
        if len(images) < self.count:
            raise ValueError(f"{self.name} needs {self.count} images; {len(images)} came. Take fewer.")
        return images[np.sort(np.random.default_rng(SEED).permutation(len(images))[: self.count])]


def parse_protocol(name: str) -> Protocol:
    """The `Protocol` of a name like "fid_fashion_mnist_classifier_10k"; ValueError names an unknown part."""
    name = present(str(name))
    match = re.fullmatch(r"([a-z0-9]+_.+?)_(\d+k?)(?:_(train|test))?", name)
    if match is None:
        raise ValueError(
            f"{name!r} is no protocol; expected <metric>_<extractor>_<count>, such as "
            "fid_fashion_mnist_classifier_10k, with _train at the end for the training images as reference."
        )
    beginning, count, split = match.groups()
    metric = _metric(name, beginning)
    extractor = beginning.removeprefix(f"{metric}_")
    known = _extractors(metric)
    if extractor not in known:
        raise ValueError(f"{name!r} names {extractor!r}; {metric!r} goes with {listed(known)}.")
    size = int(count[:-1]) * 1000 if count.endswith("k") else int(count)
    if size < 1:
        raise ValueError(f"{name!r} asks for {count} samples; expected at least 1.")
    mixture = extractor if metric not in GROUPS and METRICS[metric].of_mixture else None
    return Protocol(name, _suitable(name, metric, known[extractor]), known[extractor], size, split or "test", mixture)


def examples(count: str = "10k") -> list[Protocol]:
    """The protocols of so many samples: every metric and group, with each extractor or mixture that it goes with."""
    return [
        parse_protocol(f"{metric}_{other}_{count}")
        for metric in (*GROUPS, *METRICS)
        for other, extractor in _extractors(metric).items()
        if metric in GROUPS or _suits(metric, extractor)
    ]


def _metric(name, beginning):
    """The metric that a protocol's name begins with: the longest, where one's name begins another's."""
    found = [each for each in (*METRICS, *GROUPS) if beginning.startswith(f"{each}_")]
    if not found:
        word = beginning.partition("_")[0]
        raise ValueError(f"{name!r} starts with {word!r}; expected one of {', '.join((*METRICS, *GROUPS))}.")
    return max(found, key=len)


def _extractors(metric):
    """{what may follow the metric in a protocol's name: the extractor that it means}."""
    kind = Metric if metric in GROUPS else METRICS[metric]
    if kind.of_mixture:
        return dict.fromkeys(toys.mixtures(), "pixels")
    if kind.of_extractor is not None:
        return {kind.of_extractor: kind.of_extractor}
    if kind.by_channel:
        return {each.removesuffix(_BY_CHANNEL): each for each in EXTRACTORS if each.endswith(_BY_CHANNEL)}
    return {each: each for each in EXTRACTORS}


def _suitable(name, metric, extractor):
    """The metrics that the first word of a protocol's name means under an extractor."""
    if metric in GROUPS:
        return tuple(each for each, kind in METRICS.items() if GROUPS[metric](kind) and _in_group(each, extractor))
    if not _suits(metric, extractor):
        raise ValueError(f"{name!r}: {extractor} have no class probabilities, of which {metric!r} is made.")
    return (metric,)


def _in_group(metric, extractor):
    """A protocol of a group names an extractor, which is to be one that the metric goes with, and no mixture."""
    return not METRICS[metric].of_mixture and extractor in _extractors(metric).values() and _suits(metric, extractor)


def _suits(metric, extractor):
    return EXTRACTORS[extractor].classes or not METRICS[metric].needs_probabilities
