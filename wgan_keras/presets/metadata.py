"""The form of a preset's metadata.json."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from wgan_keras._schema import Count, Range, check_file
from wgan_keras._types import PathLike

FORMAT = 2
READABLE = (1, FORMAT)
REMEDY = "Copy the preset again."


@dataclasses.dataclass(frozen=True)
class Parameters:
    """How many numbers each network holds, moving statistics among them."""

    generator: Count
    critic: Count


@dataclasses.dataclass(frozen=True)
class Data:
    """What it was trained on."""

    name: str
    source: str
    license: str


@dataclasses.dataclass(frozen=True)
class Spread:
    """A score over the sampling seeds."""

    mean: float
    std: float


@dataclasses.dataclass(frozen=True)
class State:
    """The scores of the model after an iteration: {protocol: {score: `Spread`}}."""

    iteration: int
    protocols: dict[str, dict[str, Spread]]


@dataclasses.dataclass(frozen=True)
class Scores:
    """How good the samples are.

    Fields:
        selection: the rule that chose the best iteration.
        sampling_seeds: of the samples scored.
        best, final: the states scored.
        real_against_real: {protocol: {score: value}} of real data: of the split that is not the reference, or of the
            reference where a metric compares with no images.
        class_shares: of the best state's samples, by class, in [0, 1].
    """

    selection: str
    sampling_seeds: Sequence[int]
    best: State
    final: State
    real_against_real: dict[str, dict[str, float]]
    class_shares: Sequence[float] | None = None


@dataclasses.dataclass(frozen=True)
class Golden:
    """Numbers that the model must go on making; see tools/zoo/golden.py.

    Fields:
        seed, samples: some values of the samples of that seed.
        protocol, score, tolerance: what 2,000 such samples score, and how far from it is too far.
    """

    seed: int
    samples: Sequence[Sequence[float]]
    protocol: str
    score: float
    tolerance: float


@dataclasses.dataclass(frozen=True)
class Metadata:
    """What is known of a preset.

    Fields:
        format: 2. Version 0.1 wrote 1, whose weights have beside an averaged generator the trained one. What a version
            writes, every later one reads.
        weights_sha256: of model.weights.h5, in hexadecimal.
        keras, wgan_keras, backend: the versions that wrote it.
        parameters: of its networks.
        iterations: generator iterations that the model's own optimizer has counted.
    and, in a preset of the zoo,
        date, hardware, seconds: when, where and how long it was trained, evaluations included.
        data, scores, golden.
    """

    format: int
    weights_sha256: str
    keras: str
    parameters: Parameters
    iterations: Annotated[int, Range(at_least=0)]
    wgan_keras: str | None = None
    backend: str | None = None
    date: str | None = None
    hardware: str | None = None
    seconds: float | None = None
    data: Data | None = None
    scores: Scores | None = None
    golden: Golden | None = None


def check(path: PathLike, metadata: Mapping[str, Any]) -> None:
    """ValueError unless `metadata`, read from `path`, has the form of `Metadata`; the message names the field."""
    version = metadata.get("format")
    if isinstance(version, int) and version not in READABLE:
        known = " and ".join(map(str, READABLE))
        raise ValueError(
            f"{path} has preset format {version}; this version of wgan_keras reads {known}. Install a later one."
        )
    check_file(path, metadata, Metadata, REMEDY)
