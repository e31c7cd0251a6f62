"""The forms in which samples are drawn: a grid of them, walks between latents, a row for each class."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

BATCH = 256  # samples made at once
_COLUMNS = 8  # of a walk, or of a class, unless told


@dataclasses.dataclass
class Form:
    """What is asked of a model.

    Fields:
        model: a game.
        n: how many samples about, at least 1.
        seed: of the latents and of labels that are not given.
        columns: of the picture; None for the form's usual number.
        labels: of a conditional game: classes by name or number, taken in turn; None draws them.
    """

    model: Any
    n: int
    seed: int | None = None
    columns: int | None = None
    labels: Sequence[str | int] | None = None

    @property
    def total(self) -> int:
        """How many samples it really is."""
        return self.n

    def batches(self) -> Iterable[np.ndarray]:
        """The samples (b, *shape), some at a time."""
        raise NotImplementedError

    def in_turn(self, count: int) -> list[str | int] | None:
        """`count` labels, those given in turn."""
        if self.labels is None:
            return None
        return [self.labels[i % len(self.labels)] for i in range(count)]


class Grid(Form):
    """Samples, each by itself."""

    def batches(self) -> Iterator[np.ndarray]:
        return self.model.sample_batches(self.n, self.seed, batch_size=BATCH, labels=self.in_turn(self.n))


class _Rows(Form):
    def __post_init__(self) -> None:
        self.columns = self.columns or _COLUMNS

    @property
    def rows(self) -> int:
        return max(1, self.n // (self.columns or _COLUMNS))

    @property
    def total(self) -> int:
        return self.rows * (self.columns or _COLUMNS)


class Interpolation(_Rows):
    """Rows that walk from one latent to another, each of one class."""

    def batches(self) -> list[np.ndarray]:
        path = self.model.interpolate(self.rows, self.columns, self.seed, self.in_turn(self.rows))
        return [path.reshape(-1, *path.shape[2:])]


class Classes(_Rows):
    """A row for each class of a conditional game, a column for each latent."""

    @property
    def rows(self) -> int:
        return self.model.label_width if self.labels is None else len(self.labels)

    def batches(self) -> list[np.ndarray]:
        sheet = self.model.sample_classes(self.columns, self.seed, self.in_turn(self.rows))
        return [sheet.reshape(-1, *sheet.shape[2:])]


FORMS: dict[str, type[Form]] = {"grid": Grid, "interpolation": Interpolation, "classes": Classes}
