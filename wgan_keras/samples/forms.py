"""The forms in which samples are drawn: a grid, walks between latents, a row for each class, a film."""

import dataclasses
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from wgan_keras import plots
from wgan_keras.pipelines.pixels import centered
from wgan_keras.samples import films

BATCH = 256  # samples made at once
FOLDER = ""  # the suffix of a folder
_SIDE = 256  # pixels of a film's picture at least


@dataclasses.dataclass
class Form:
    """What is asked of a model.

    Attributes:
        suffixes: of the files that hold it.
        of_run: whether `model` is the folder of a run instead of a game.
        fps: pictures a second of a film.
        usual_columns: what `columns` becomes where it is None.

    Fields:
        model: a game.
        n: how many samples about, at least 1.
        seed: of the latents and of labels that are not given.
        columns: of the picture; None for the form's usual number.
        labels: of a conditional game: classes by name or number, taken in turn; None draws them.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".png", ".npz", FOLDER)
    of_run: ClassVar[bool] = False
    fps: ClassVar[int] = 25
    usual_columns: ClassVar[int | None] = None

    model: Any
    n: int
    seed: int | None = None
    columns: int | None = None
    labels: Sequence[str | int] | None = None

    def __post_init__(self) -> None:
        self.columns = self.columns or self.usual_columns

    def unused(self, suffix: str) -> tuple[tuple[str, ...], str]:
        """Names of fields that change nothing in what ends in `suffix`, and why."""
        return (), ""

    @property
    def total(self) -> int:
        """How many samples it really is."""
        return self.n

    def batches(self) -> Iterable[np.ndarray]:
        """The samples (b, *shape), some at a time."""
        raise NotImplementedError

    def shown(self) -> Iterator[np.ndarray]:
        """The same with pictures in [-1, 1], also of a generator that makes them in [0, 1]."""
        return (centered(batch, self.model.black) for batch in self.batches())

    def frames(self) -> Iterable[Image.Image]:
        """The pictures of a film, of one size."""
        raise NotImplementedError

    def in_turn(self, count: int) -> list[str | int] | None:
        """`count` labels, those given in turn."""
        if self.labels is None:
            return None
        return [self.labels[i % len(self.labels)] for i in range(count)]


class Grid(Form):
    """Samples, each by itself."""

    def unused(self, suffix: str) -> tuple[tuple[str, ...], str]:
        points = len(self.model.generator.output_shape) == 2
        if suffix == ".png" and not points:
            return (), ""
        return ("columns",), "a grid has columns only as a picture (.png), of images or series"

    def batches(self) -> Iterator[np.ndarray]:
        return self.model.sample_batches(self.n, self.seed, batch_size=BATCH, labels=self.in_turn(self.n))


class _Rows(Form):
    usual_columns = 8

    @property
    def rows(self) -> int:
        return max(1, self.n // (self.columns or 1))

    @property
    def total(self) -> int:
        return self.rows * (self.columns or 1)


class Interpolation(_Rows):
    """Rows that walk from one latent to another, each of one class."""

    def batches(self) -> list[np.ndarray]:
        path = self.model.interpolate(self.rows, self.columns, self.seed, self.in_turn(self.rows))
        return [path.reshape(-1, *path.shape[2:])]


class Classes(_Rows):
    """A row for each class of a conditional game, a column for each latent."""

    def unused(self, suffix: str) -> tuple[tuple[str, ...], str]:
        return ("n",), "there is a row for each class, and columns says how many samples of each"

    @property
    def rows(self) -> int:
        if not self.model.takes_labels:
            raise ValueError("The generator takes no labels, so that there are no classes; take another form.")
        return self.model.label_width if self.labels is None else len(self.labels)

    def batches(self) -> list[np.ndarray]:
        sheet = self.model.sample_classes(self.columns, self.seed, self.in_turn(self.rows))
        return [sheet.reshape(-1, *sheet.shape[2:])]


class Video(_Rows):
    """A film that walks from latent to latent and back to the first, a second from each to the next."""

    suffixes = (*films.SUFFIXES, ".npz", FOLDER)
    usual_columns = 25

    @property
    def rows(self) -> int:
        return max(2, super().rows)

    def batches(self) -> list[np.ndarray]:
        path = self.model.loop(self.rows, self.columns, self.seed, self.in_turn(self.rows))
        return [path.reshape(-1, *path.shape[2:])]

    def frames(self) -> Iterator[Image.Image]:
        shape = self.model.generator.output_shape[1:]
        if len(shape) != 3:
            raise ValueError(f"The samples are no images, of shape {shape}; a film shows images. Take another form.")
        return (films.enlarged(plots.image(one), _SIDE) for batch in self.shown() for one in batch)


class Training(Form):
    """A film of the sample grids that a run left after every epoch."""

    suffixes = films.SUFFIXES
    of_run = True
    fps = 5

    def unused(self, suffix: str) -> tuple[tuple[str, ...], str]:
        return ("n", "seed", "columns", "labels"), "the grids were drawn in training"

    def frames(self) -> Iterator[Image.Image]:
        folder = pathlib.Path(self.model).expanduser() / "samples"
        paths = sorted(folder.glob("epoch_*.png"), key=lambda path: (len(path.name), path.name))  # by number
        if not paths:
            raise FileNotFoundError(
                f"There is no {folder / 'epoch_0001.png'}; expected the folder of a run, which has a sample grid of "
                "every epoch."
            )
        return map(films.opened, paths)


FORMS: dict[str, type[Form]] = {
    "grid": Grid,
    "interpolation": Interpolation,
    "classes": Classes,
    "video": Video,
    "training": Training,
}
