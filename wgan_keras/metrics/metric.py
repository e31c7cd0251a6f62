"""What a metric says of itself, and the registry of all metrics."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from wgan_keras._registry import Registry, subclass_of
from wgan_keras._text import shown

if TYPE_CHECKING:
    from wgan_keras.metrics.evaluation import Evaluation
    from wgan_keras.metrics.extractors import Extracted, Extractor
    from wgan_keras.metrics.protocols import Protocol


@dataclasses.dataclass(frozen=True)
class Score:
    """One number that a metric gives.

    Args:
        better: which way samples improve; None for what only accompanies another score, such as its spread.
        distance: whether its ratio to the score of real images means something.
    """

    better: Literal["lower", "higher"] | None = "lower"
    distance: bool = False

    def __post_init__(self) -> None:
        if self.better not in ("lower", "higher", None):
            raise ValueError(f"A score's better is {self.better!r}; expected 'lower', 'higher' or None.")


class Metric:
    """A metric: its scores by name, the first of which decides which of two states is the better one.

    Subclass it, say `scores`, write `compute`, and register the class:

        @wgan_keras.register_metric("mean_gap")
        class MeanGap(wgan_keras.metrics.Metric):
            scores = {"mean_gap": wgan_keras.metrics.Score(better="lower", distance=True)}

            def compute(self, evaluation, extracted):
                gap = extracted.features.mean(0) - evaluation.reference.mean(0)
                return {"mean_gap": float((gap**2).sum() ** 0.5)}

    Attributes:
        scores: {name: `Score`}, in order.
        in_all: whether protocols that begin with `all_` include it.
        needs_reference: whether it compares samples with the reference, or asks for its labels. Else the real images
            only give a row of their own, for which either split may have too few.
        of_mixture: whether a toy mixture, whose modes it counts, takes the extractor's place in a protocol's name.
        of_extractor: the one extractor whose features it understands; None for a metric of any features.
        by_channel: whether it looks at each channel of an image by itself: its protocols name an extractor of gray
            images and mean the one registered as `<extractor>_by_channel`, whose probabilities are (n, channels,
            classes).
        needs_probabilities: whether it looks at class probabilities instead of features.
        needs_training_images: whether it compares with the features of all training images, `evaluation.neighbors`.
            Such a metric has no row of real images: it compares with real images already.
        needs_labels: whether it looks at samples by the class that they were asked for. Its protocols are for
            conditional games alone, and those that begin with `conditional_` include it.
        real_is_reference: whether the row of real images is the reference's own score, as of a metric that compares
            samples with no other images; else it is the score of the other split's.
    """

    scores: ClassVar[Mapping[str, Score]] = {}
    in_all: ClassVar[bool] = False
    needs_reference: ClassVar[bool] = True
    of_mixture: ClassVar[bool] = False
    of_extractor: ClassVar[str | None] = None
    by_channel: ClassVar[bool] = False
    needs_probabilities: ClassVar[bool] = False
    needs_training_images: ClassVar[bool] = False
    needs_labels: ClassVar[bool] = False
    real_is_reference: ClassVar[bool] = False

    def check_first(
        self, protocol: "Protocol", extractor: "Extractor", first: "Extracted", class_names: Sequence[str] | None
    ) -> None:
        """Refuses what it cannot score, before the features of all real images are made, which may take long.

        Args:
            protocol: the protocol.
            extractor: which makes the features.
            first: what it made of some real images.
            class_names: of the labels 0, 1, 2, ...; None where there are none.

        Raises:
            ValueError: says what is expected. By default nothing is refused.
        """

    def compute(self, evaluation: "Evaluation", extracted: "Extracted") -> Mapping[str, float | np.ndarray]:
        """{score: value} of samples.

        Args:
            evaluation: the protocol at work: `reference`, features (count, width) of real images; `labels`, their
                classes; `train`, `test` (None of a split that has too few images; see `of_split`), `neighbors`,
                `protocol`, `extractor`.
            extracted: `features` (count, width), `probabilities` (count, classes) and `labels` (count,) of the samples;
                the probabilities of a metric `by_channel` are (count, channels, classes).

        Returns:
            A finite number for each of `scores`, NumPy's too; or an array (classes,) of one for each class of
            `evaluation.labels`, in order: the score is then their mean, and the report has them too.
        """
        raise NotImplementedError


def checked(metric: Metric, returned: Any) -> dict[str, Any]:
    """What a metric's `compute` returned.

    Raises:
        TypeError: anything but a number, or one for each class, for each score.
        ValueError: a number is NaN or infinite, or an array is empty, by which no state is better than another.
    """
    expected = ", ".join(f"{name!r}: a number" for name in metric.scores)
    if not isinstance(returned, Mapping) or set(returned) != set(metric.scores):
        raise TypeError(f"{type(metric).__name__}.compute returned {shown(returned)}; expected {{{expected}}}.")
    for name, value in returned.items():
        if np.asarray(value).dtype.kind not in "biuf":
            raise TypeError(
                f"{type(metric).__name__}.compute returned {shown(value)} for {name!r}; expected a number, or an "
                "array of one for each class."
            )
        if not np.size(value) or not np.isfinite(value).all():
            raise ValueError(
                f"{type(metric).__name__}.compute returned {shown(value)} for {name!r}; expected finite numbers: give "
                "samples that cannot be measured the worst score there is."
            )
    return dict(returned)


GROUPS: dict[str, Callable[[type[Metric]], bool]] = {
    "all": lambda metric: metric.in_all,
    "conditional": lambda metric: metric.needs_labels,
}
# What stands beside scores in their files, and as val_... in the logs of every game.
_LOGGED = ("epoch", "iteration", "critic_loss", "generator_loss")
_is_metric = subclass_of(Metric, "metric", "wgan_keras.metrics.Metric")


def _check(name: str, metric: type[Metric]) -> type[Metric]:
    _is_metric(name, metric)
    if name in GROUPS:
        raise ValueError(
            f"The metric's name is {name!r}, which begins the protocols of several metrics; choose another."
        )
    named = isinstance(metric.scores, Mapping) and metric.scores
    if not named or not all(isinstance(score, Score) for score in metric.scores.values()):
        raise TypeError(f"The metric {name!r} has the scores {metric.scores!r}; expected a Score by each name.")
    logged = set(_LOGGED) & set(metric.scores)
    if logged:
        raise ValueError(
            f"The metric {name!r} gives {logged}, which logs hold already; choose other names for its scores."
        )
    for other, registered in METRICS.items():
        taken = set(registered.scores) & set(metric.scores)
        if taken and registered is not metric:
            raise ValueError(
                f"The metric {name!r} gives {taken}, as {other!r} does; choose other names for its scores."
            )
    return metric


METRICS: Registry[type[Metric]] = Registry("metric", "register_metric", _check)


def register_metric(name: str) -> Callable[[type[Metric]], type[Metric]]:
    """A decorator that registers a `Metric` under the name that begins its protocols.

    Raises:
        ValueError: another metric or a group of metrics has the name; another metric, or the logs, have a score of the
            same name.
        TypeError: the class is no `Metric`.
    """
    return METRICS.register(name)


def score_called(name: str) -> Score:
    """The `Score` of a name, whichever metric gives it; one that less is better of, where none does."""
    return next((metric.scores[name] for metric in METRICS.values() if name in metric.scores), Score())


def higher_is_better(name: str) -> bool:
    """Whether a larger value of the score is the better one."""
    return score_called(name).better == "higher"
