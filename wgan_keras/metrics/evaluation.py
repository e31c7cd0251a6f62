"""A protocol at work: its reference, the scores of samples under it, and the real images' own row."""

import dataclasses
import functools
from typing import Any

import numpy as np

from wgan_keras.metrics.extractors import Extracted, Extractor, Images
from wgan_keras.metrics.metric import METRICS, score_called
from wgan_keras.metrics.protocols import SEED, Protocol


@dataclasses.dataclass(frozen=True)
class Report:
    """One evaluation: the samples' `scores`, the `floor` that real images reach, and what identifies both.

    `ratios` are score over floor, for distances whose floor is above 0. `extractor` is the extractor's card, `data`
    are {"name", "sha256"} of the real images, as far as they are known.
    """

    protocol: Protocol
    extractor: dict
    scores: dict
    floor: dict
    data: dict | None = None

    @property
    def ratios(self) -> dict[str, float]:
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
        }

    def table(self) -> str:
        """The same for reading: one line a score, with the real-against-real value and the ratio to it."""
        of = f" of {self.data['name']}" if self.data else ""
        lines = [self.protocol.name + of, f"{'':30}{'samples':>12}{'real':>12}{'ratio':>10}"]
        for name, score in self.scores.items():
            floor = f"{self.floor[name]:.4g}" if name in self.floor else ""
            ratio = f"{self.ratios[name]:.3g}" if name in self.ratios else ""
            lines.append(f"{name:30}{score:>12.4g}{floor:>12}{ratio:>10}".rstrip())
        return "\n".join(lines)


def _identity(protocol, data, extractor):
    plain = dataclasses.asdict(protocol) | {"metrics": list(protocol.metrics)}
    return {"protocol": plain, "data": data, "extractor": extractor}


class Evaluation:
    """A protocol with its reference at hand: it scores any number of sample sets.

    `train` and `test` are what `extractor` made of `protocol.count` images of either split, as `Extracted`;
    `neighbors` are features (m, width) of all training images, among which memorization looks for copies,
    None for other metrics. `from_images` makes them. They depend on the images, the protocol's count and
    `extractor.card` alone, so they may be cached. `data` say which images these are; see `Report`.
    """

    def __init__(
        self,
        protocol: Protocol,
        extractor: Extractor,
        train: Extracted,
        test: Extracted,
        neighbors: np.ndarray | None = None,
        data: dict[str, str] | None = None,
    ) -> None:
        self.protocol, self.extractor = protocol, extractor
        self.train, self.test, self.neighbors = train, test, neighbors
        self.data = data
        self.sample_shape: tuple[int, ...] | None = None  # of a real image, where it is known
        self.seed = SEED
        self._metrics = {name: METRICS[name]() for name in protocol.metrics}

    @classmethod
    def from_images(cls, protocol: Protocol, extractor: Extractor, train: np.ndarray, test: np.ndarray) -> "Evaluation":
        """From the training images (m, ...) and the test images (l, ...), at least `protocol.count` each.

        Memorization extracts all of `train`, other metrics a draw of `protocol.count`.
        """
        draws = extractor(protocol.draw(train)), extractor(protocol.draw(test))
        everything = extractor(train).features if protocol.needs_training_images else None
        return cls(protocol, extractor, *draws, everything)

    @property
    def reference(self) -> np.ndarray:
        """Features (count, width) of the split that the protocol names."""
        return (self.test if self.protocol.split == "test" else self.train).features

    def identity(self) -> dict[str, Any]:
        """What identifies its scores, ready for JSON: scores are compared only where all of it is equal."""
        return _identity(self.protocol, self.data, self.extractor.card)

    def scores(self, images: Images) -> dict[str, float]:
        """Scores of exactly `protocol.count` images or points, a dictionary of floats by name."""
        extracted = self.extractor(images)
        if len(extracted.features) != self.protocol.count:
            raise ValueError(
                f"{self.protocol.name} scores {self.protocol.count} samples; {len(extracted.features)} came."
            )
        return self._score(extracted, self._metrics.values())

    @functools.cached_property
    def floor(self) -> dict[str, float]:
        """The scores of real images: those of the split that is not the reference."""
        other = self.train if self.protocol.split == "test" else self.test
        return self._score(other, [each for each in self._metrics.values() if not each.needs_training_images])

    def report(self, images: Images) -> Report:
        """The `Report` of exactly `protocol.count` images or points."""
        return Report(self.protocol, self.extractor.card, self.scores(images), self.floor, self.data)

    def _score(self, extracted, metrics):
        scores = {}
        for metric in metrics:
            scores |= metric.compute(self, extracted)
        return scores
