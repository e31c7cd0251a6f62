"""A protocol at work: its reference, the scores of samples under it, and the real images' own row."""

import dataclasses
import functools
import hashlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from wgan_keras.data.arrays import sha256
from wgan_keras.metrics.by_class import check_labels, check_same_classes
from wgan_keras.metrics.checks import TooFewError
from wgan_keras.metrics.extractors import Extracted, Extractor, Images, joined
from wgan_keras.metrics.metric import METRICS, checked, score_called
from wgan_keras.metrics.protocols import SEED, Protocol
from wgan_keras.pipelines.pixels import check_range
from wgan_keras.presets.score_names import label

Split: TypeAlias = np.ndarray | tuple[np.ndarray, np.ndarray]  # images, or (images, labels)


@dataclasses.dataclass(frozen=True)
class Report:
    """One evaluation: the samples' scores, those that real images reach, and what identifies both.

    Attributes:
        protocol: the `Protocol`.
        extractor: the extractor's card.
        scores: {score: of the samples}.
        floor: {score: of real images}, as far as they have one.
        data: {"name", "sha256"} of the real images, as far as they are known: arrays have no name.
        by_class: {score: {class: its value}} of scores that are means over classes.
        floor_by_class: the same of real images.
    """

    protocol: Protocol
    extractor: dict
    scores: dict
    floor: dict
    data: dict | None = None
    by_class: dict = dataclasses.field(default_factory=dict)
    floor_by_class: dict = dataclasses.field(default_factory=dict)

    @property
    def ratios(self) -> dict[str, float]:
        """Score over floor, of distances whose floor is above 0."""
        return {
            name: score / self.floor[name]
            for name, score in self.scores.items()
            if score_called(name).distance and self.floor.get(name, 0) > 0
        }

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain numbers, strings, lists and dictionaries, ready for JSON."""
        return {
            **_identity(self.protocol, self.data, self.extractor),
            "scores": self.scores,
            "real_against_real": self.floor,
            "ratio_to_real": self.ratios,
            **({"by_class": self.by_class, "real_by_class": self.floor_by_class} if self.by_class else {}),
        }

    def table(self) -> str:
        """The same for reading: one line a score, with the real-against-real value and the ratio to it."""
        of = f" of {self.data['name']}" if self.data and "name" in self.data else ""
        labels = {name: label(name, self.protocol.name) for name in self.scores}
        width = max(map(len, labels.values())) + 2
        lines = [self.protocol.name + of, f"{'':{width}}{'samples':>12}{'real':>12}{'ratio':>10}"]
        for name, score in self.scores.items():
            floor = f"{self.floor[name]:.4g}" if name in self.floor else ""
            ratio = f"{self.ratios[name]:.3g}" if name in self.ratios else ""
            lines.append(f"{labels[name]:{width}}{score:>12.4g}{floor:>12}{ratio:>10}".rstrip())
        return "\n".join(lines)


def _identity(protocol, data, extractor):
    plain = dataclasses.asdict(protocol) | {"metrics": list(protocol.metrics)}
    return {"protocol": plain, "data": data, "extractor": extractor}


class Evaluation:
    """A protocol with its reference at hand: it scores any number of sample sets.

    `from_images` makes what it takes. That depends on the images, the protocol's count and `extractor.card` alone, so
    it may be cached.

    Args:
        protocol: the `Protocol`.
        extractor: the `Extractor`, of samples too.
        train: what the extractor made of `protocol.count` training images. None where there are fewer, unless the
            protocol needs them: a row of real images that would come from there is left out.
        test: the same of test images.
        neighbors: features (m, width) of all training images, among which memorization looks for copies; None for
            other metrics.
        data: which images these are, as in `Report`.
        class_names: those of the labels 0, 1, 2, ...; None: the numbers.
    """

    def __init__(
        self,
        protocol: Protocol,
        extractor: Extractor,
        train: Extracted | None,
        test: Extracted | None,
        neighbors: np.ndarray | None = None,
        data: dict[str, str] | None = None,
        class_names: Sequence[str] | None = None,
    ) -> None:
        self.protocol, self.extractor = protocol, extractor
        self.train, self.test, self.neighbors = train, test, neighbors
        self.data, self.class_names = data, class_names
        self.sample_shape: tuple[int, ...] | None = None  # of a real image, where it is known
        self.seed = SEED
        self._metrics = {name: METRICS[name]() for name in protocol.metrics}

    @classmethod
    def from_images(cls, protocol: Protocol, extractor: Extractor, train: Split, test: Split) -> "Evaluation":
        """From real images: at least `protocol.count` of the split that samples are compared with.

        Args:
            protocol: the `Protocol`.
            extractor: the `Extractor`.
            train: training images (m, ...), pictures as floats in [-1, 1]; or a pair (images, labels (m,)) where the
                protocol needs labels. Memorization extracts all of them, other metrics a draw of `protocol.count`.
            test: the same of test images (l, ...).

        Raises:
            ValueError: pictures in [0, 1] or [0, 255]; fewer images than the protocol needs; images without labels
                where it needs them.
        """
        splits = {"train": train, "test": test}
        drawn = protocol.drawn_splits({split: len(_images(each)) for split, each in splits.items()})
        for split in drawn:
            _check_pictures(_images(splits[split]), split)
        everything = extract(protocol, extractor, _images(train)).features if protocol.needs_training_images else None
        made = {split: _extract_drawn(protocol, extractor, splits[split]) for split in drawn}
        data = {"sha256": _sha256(train, test)}
        return cls(protocol, extractor, made.get("train"), made.get("test"), everything, data)

    def of_split(self, split: str) -> Extracted:
        """What was extracted of the split "train" or "test".

        Raises:
            ValueError: it has fewer images than the protocol draws.
        """
        found = {"train": self.train, "test": self.test}[split]
        if found is None:
            raise ValueError(
                f"There are fewer than {self.protocol.count} {split} images, so that {self.protocol.name} has no "
                "features of them. A metric that looks at the reference has needs_reference = True."
            )
        return found

    @property
    def real(self) -> Extracted:
        """What was extracted of the split that the protocol names."""
        return self.of_split(self.protocol.split)

    @property
    def reference(self) -> np.ndarray:
        """Features (count, width) of the split that the protocol names."""
        return self.real.features

    @property
    def labels(self) -> np.ndarray | None:
        """The classes (count,) to ask samples for: those of the reference, image by image; None for other metrics."""
        return self.real.labels if self.protocol.needs_labels else None

    def identity(self) -> dict[str, Any]:
        """What identifies its scores, ready for JSON: scores are compared only where all of it is equal."""
        return _identity(self.protocol, self.data, self.extractor.card)

    def scores(self, images: Images, labels: np.ndarray | None = None) -> dict[str, float]:
        """{score: its value} of samples.

        Args:
            images: exactly `protocol.count` images or points in random order, an array (count, ...) or batches of it.
            labels: (count,), the class numbers that they were asked for, where the protocol needs them.

        Raises:
            ValueError: another number of samples, or of another shape or range than the extractor takes; no labels
                where the protocol needs them, or other classes than those of the real images.
        """
        return _means(self._values(images, labels))

    @property
    def floor(self) -> dict[str, float]:
        """The scores of real images: of the split that is not the reference, unless a metric says otherwise."""
        return _means(self.real_values)

    @functools.cached_property
    def real_values(self) -> dict[str, Any]:
        """The same as the metrics give them: a number, or a list of one for each class.

        Those of a split that has too few images are missing, and scores by class where the other split has none, or
        too few, of a class of the reference.
        """
        values: dict[str, Any] = {}
        for metric in self._metrics.values():
            rows = self._real_rows(metric)
            if rows is not None:
                try:
                    values |= self._score(rows, [metric])
                except TooFewError:
                    if not metric.needs_labels:
                        raise
                    self._score(self.real, [metric])  # raises too, if it is the reference that has too few
        return values

    def _real_rows(self, metric):
        """The real images that a metric scores, `Extracted`; None where it has no row of real images."""
        if metric.needs_training_images:
            return None
        reference, other = (self.test, self.train) if self.protocol.split == "test" else (self.train, self.test)
        if metric.real_is_reference:
            return reference
        return _of_classes(other, self.labels) if metric.needs_labels and other is not None else other

    def report(self, images: Images, labels: np.ndarray | None = None) -> Report:
        """The `Report` of samples; arguments and errors are those of `scores`."""
        values = self._values(images, labels)
        by_class = (self._by_class(each) for each in (values, self.real_values))
        return Report(self.protocol, self.extractor.card, _means(values), self.floor, self.data, *by_class)

    def _values(self, images, labels):
        extracted = self.extractor(images)
        if len(extracted.features) != self.protocol.count:
            raise ValueError(
                f"{self.protocol.name} scores {self.protocol.count} samples; {len(extracted.features)} came."
            )
        if self.protocol.needs_labels:
            if labels is None:
                raise ValueError(f"{self.protocol.name} needs labels: the classes that the samples were asked for.")
            extracted = extracted._replace(labels=check_labels(labels, self.protocol.count, "labels"))
            check_same_classes(self.labels, extracted.labels)
        return self._score(extracted, self._metrics.values())

    def _score(self, extracted, metrics):
        values = {}
        for metric in metrics:
            values |= checked(metric, metric.compute(self, extracted))
        return {name: _plain(value) for name, value in values.items()}

    def _by_class(self, values):
        """{score: {class: value}} of what is a list."""
        if not self.protocol.needs_labels:
            return {}
        numbers = np.unique(self.labels)
        known = list(map(str, range(numbers[-1] + 1))) if self.class_names is None else list(self.class_names)
        names = [f"{known[i]} ({i})" if known.count(known[i]) > 1 else known[i] for i in numbers]
        each = {name: value for name, value in values.items() if isinstance(value, list)}
        return {name: dict(zip(names, value, strict=True)) for name, value in each.items()}


def _plain(value):
    """A score as Python's own number or list of numbers; True, as of a test that is passed, is 1.0."""
    value = np.asarray(value)
    return (value.astype(float) if value.dtype.kind == "b" else value).tolist()


def _means(values):
    return {name: float(np.mean(value)) if isinstance(value, list) else value for name, value in values.items()}


def _of_classes(extracted, labels):
    """The rows of the classes in `labels`; None where one of these has none."""
    if np.setdiff1d(labels, extracted.labels).size:
        return None
    kept = np.isin(extracted.labels, labels)
    return Extracted(*(None if each is None else each[kept] for each in extracted))


def _images(split):
    return split[0] if isinstance(split, tuple) else split


def _check_pictures(images, split):
    """ValueError for real pictures of another range; of another type, or NaN, the extractor tells."""
    images = np.asarray(images)
    if images.ndim == 4 and images.dtype.kind == "f":
        check_range(images, f"The {split} split", "images")


def _sha256(*splits):
    """Of all arrays, images and labels, and of their shapes and types, which say where each ends."""
    arrays = [np.asarray(each) for split in splits for each in (split if isinstance(split, tuple) else (split,))]
    forms = [(array.shape, array.dtype.str) for array in arrays]
    return hashlib.sha256(f"{forms} {sha256(*arrays)}".encode()).hexdigest()


def extract(
    protocol: Protocol, extractor: Extractor, images: Images, class_names: Sequence[str] | None = None
) -> Extracted:
    """What an extractor makes of real images; what a metric of the protocol cannot score is refused after a batch."""
    made = extractor.batches(images)
    first = next(made)
    for name in protocol.metrics:
        METRICS[name]().check_first(protocol, extractor, first, class_names)
    return joined([first, *made])


def _extract_drawn(protocol, extractor, split):
    """`Extracted` of the protocol's draw of a split."""
    if not protocol.needs_labels:
        return extract(protocol, extractor, protocol.draw(split))
    if not isinstance(split, tuple):
        raise ValueError(f"{protocol.name} needs labels beside the real images; give pairs (images, labels).")
    images, labels = split
    return extract(protocol, extractor, protocol.draw(images))._replace(
        labels=protocol.draw(check_labels(labels, len(images), "labels of real images"))
    )
