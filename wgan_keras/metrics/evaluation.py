"""A protocol at work: its reference, the scores of samples under it, and the real images' own row."""

import dataclasses
import functools

from wgan_keras.data import toys
from wgan_keras.metrics.exact_wasserstein import exact_wasserstein
from wgan_keras.metrics.frechet import frechet_distance
from wgan_keras.metrics.inception_score import inception_score
from wgan_keras.metrics.kernel_distance import kernel_distance
from wgan_keras.metrics.memorisation import Memorisation
from wgan_keras.metrics.mode_coverage import mode_coverage
from wgan_keras.metrics.prdc import prdc
from wgan_keras.metrics.protocols import SEED, Protocol
from wgan_keras.metrics.sliced_wasserstein import sliced_wasserstein

# Scores whose ratio to the floor means something.
DISTANCES = ("fid", "kid", "sliced_wasserstein", "wasserstein_1")


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
    def ratios(self):
        return {
            name: self.scores[name] / self.floor[name]
            for name in DISTANCES
            if name in self.scores and self.floor.get(name, 0) > 0
        }

    def to_dict(self):
        """All of it as plain numbers, strings, lists and dictionaries, ready for JSON."""
        return {
            **_identity(self.protocol, self.data, self.extractor),
            "scores": self.scores,
            "real_against_real": self.floor,
            "ratio_to_real": self.ratios,
        }

    def table(self):
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
    `neighbours` are features (m, width) of all training images, among which memorisation looks for copies,
    None for other metrics. `from_images` makes them. They depend on the images, the protocol's count and
    `extractor.card` alone, so they may be cached. `data` say which images these are; see `Report`.
    """

    def __init__(self, protocol, extractor, train, test, neighbours=None, data=None):
        self.protocol, self.extractor = protocol, extractor
        self.train, self.test, self.neighbours = train, test, neighbours
        self.data = data

    @classmethod
    def from_images(cls, protocol, extractor, train, test):
        """From the training images (m, ...) and the test images (l, ...), at least `protocol.count` each.

        Memorisation extracts all of `train`, other metrics a draw of `protocol.count`.
        """
        draws = extractor(protocol.draw(train)), extractor(protocol.draw(test))
        everything = extractor(train).features if "memorisation" in protocol.metrics else None
        return cls(protocol, extractor, *draws, everything)

    @property
    def reference(self):
        """Features (count, width) of the split that the protocol names."""
        return (self.test if self.protocol.split == "test" else self.train).features

    def identity(self):
        """What identifies its scores, ready for JSON: scores are compared only where all of it is equal."""
        return _identity(self.protocol, self.data, self.extractor.card)

    def scores(self, images):
        """Scores of exactly `protocol.count` images or points, a dictionary of floats by name."""
        extracted = self.extractor(images)
        if len(extracted.features) != self.protocol.count:
            raise ValueError(
                f"{self.protocol.name} scores {self.protocol.count} samples; {len(extracted.features)} came."
            )
        return self._score(extracted, self.protocol.metrics)

    @functools.cached_property
    def memorisation(self):
        """The metric with the held-out images' own distances, which take as long as the samples'."""
        if self.neighbours is None:
            raise ValueError(
                f"{self.protocol.name} compares with all training images; give their features, neighbours=."
            )
        return Memorisation(self.neighbours, self.test.features)

    @functools.cached_property
    def floor(self):
        """The scores of real images: those of the split that is not the reference.

        Memorisation is left out: it compares with real images already.
        """
        other = self.train if self.protocol.split == "test" else self.test
        return self._score(other, [metric for metric in self.protocol.metrics if metric != "memorisation"])

    def report(self, images):
        """The `Report` of exactly `protocol.count` images or points."""
        return Report(self.protocol, self.extractor.card, self.scores(images), self.floor, self.data)

    def _score(self, extracted, metrics):
        scores = {}
        for metric in metrics:
            scores |= _SCORES[metric](self, extracted)
        return scores


def _fid(evaluation, extracted):
    return {"fid": frechet_distance(evaluation.reference, extracted.features)}


def _kid(evaluation, extracted):
    score = kernel_distance(evaluation.reference, extracted.features, seed=SEED)
    return {"kid": score.mean, "kid_std": score.std}


def _inception_score(evaluation, extracted):
    if extracted.probabilities is None:
        raise ValueError(
            f"The extractor {evaluation.extractor.name!r} gives no class probabilities, of which the "
            "inception score is made; choose another metric or extractor."
        )
    # Latents are drawn at random, and so are the samples' parts as they come; scores of all versions are comparable.
    score = inception_score(extracted.probabilities, seed=None)
    return {"inception_score": score.mean, "inception_score_std": score.std}


def _prdc(evaluation, extracted):
    return prdc(evaluation.reference, extracted.features)._asdict()


def _sliced_wasserstein(evaluation, extracted):
    return {"sliced_wasserstein": sliced_wasserstein(evaluation.reference, extracted.features, seed=SEED)}


def _memorisation(evaluation, extracted):
    evaluation.memorisation.reset_state()
    evaluation.memorisation.update_state(extracted.features)
    score = evaluation.memorisation.result()
    return {
        "neighbour_distance": score.distance,
        "held_out_neighbour_distance": score.held_out_distance,
        "memorisation_z": score.z,
    }


def _wasserstein(evaluation, extracted):
    return {"wasserstein_1": exact_wasserstein(evaluation.reference, extracted.features)}


def _modes(evaluation, extracted):
    score = mode_coverage(extracted.features, *toys.modes(evaluation.protocol.mixture))
    return {
        "modes_covered": score.covered,
        "modes": score.modes,
        "high_quality": score.high_quality,
        "mode_kl_to_uniform": score.kl_to_uniform,
    }


_SCORES = {
    "fid": _fid,
    "kid": _kid,
    "is": _inception_score,
    "prdc": _prdc,
    "swd": _sliced_wasserstein,
    "memorisation": _memorisation,
    "w1": _wasserstein,
    "modes": _modes,
}
