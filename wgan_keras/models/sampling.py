"""Drawing from a generator: latents from the prior, images from latents, paths between latents."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from wgan_keras import random
from wgan_keras._schema import whole_number
from wgan_keras._types import Tensor
from wgan_keras.backend.labels import LabelKind
from wgan_keras.models.checks import RANGES, kind_of
from wgan_keras.models.labels import draw_labels, encode
from wgan_keras.pipelines.classes import class_number


def draw_latents(prior: str, n: int, latent_dim: int, seed: int | None) -> Tensor:
    """(n, latent_dim) float32 from "normal" N(0, 1) or "uniform" U(-1, 1)."""
    if prior == "uniform":
        return 2 * random.uniform((n, latent_dim), seed) - 1
    return random.normal((n, latent_dim), seed)


def slerp(start: np.ndarray, end: np.ndarray, steps: int) -> np.ndarray:
    """Spherical interpolation: (n, steps, latent_dim) from two arrays of (n, latent_dim).

    Directions turn at constant angular speed and lengths change linearly, so that every point is as likely under
    N(0, 1) as its ends (White, *Sampling Generative Networks*, 2016); a straight line would cut through the middle.
    """
    t = np.linspace(0, 1, steps)[None, :, None]
    length = [np.linalg.norm(z, axis=-1, keepdims=True)[:, None] for z in (start, end)]
    a, b = start[:, None] / length[0], end[:, None] / length[1]
    angle = np.arccos(np.clip(np.sum(a * b, axis=-1, keepdims=True), -1, 1))
    sine = np.sin(angle)
    parallel = sine < 1e-6  # one direction: the two weights' limit is linear
    sine = np.where(parallel, 1, sine)
    weight_a = np.where(parallel, 1 - t, np.sin((1 - t) * angle) / sine)
    weight_b = np.where(parallel, t, np.sin(t * angle) / sine)
    return (weight_a * a + weight_b * b) * ((1 - t) * length[0] + t * length[1])


def lerp(start: np.ndarray, end: np.ndarray, steps: int) -> np.ndarray:
    """Straight interpolation, (n, steps, latent_dim), which stays in the cube of U(-1, 1)."""
    return np.linspace(start, end, steps, axis=1)


class Sampling:
    """`sample` and `interpolate` for a game."""

    latent_dim: int
    latent_prior: str
    generator: Any  # a `keras.Model`
    generator_ema: Any = None  # its moving average, a `keras.Model` too
    label_width: int | None = None  # of the data of a game with labels
    label_counts: Any = None  # how often each class came in training
    class_names: tuple[str, ...] | None = None
    predict_on_batch: Callable[[Any], Tensor]

    @property
    def sampler(self) -> keras.Model:
        """The generator that `sample` uses: the averaged one when there is one."""
        return self.generator if self.generator_ema is None else self.generator_ema

    @property
    def black(self) -> float:
        """Of the pictures that the generator makes, white being 1: 0 where it ends in a sigmoid, else -1."""
        shape, activation = kind_of(self.generator)
        low, _ = RANGES.get(activation, RANGES["tanh"])
        return low if len(shape) == 3 else -1.0

    @property
    def takes_labels(self) -> bool:
        """Whether images are made for labels: the game is conditional."""
        return len(self.generator.inputs) > 1

    @property
    def draws_labels(self) -> bool:
        """Whether `sample` draws labels where none are given: those of the training, if any, were classes."""
        return self.takes_labels and self._counts_classes()

    def sample(
        self,
        n: int | None = None,
        seed: int | None = None,
        latents: np.ndarray | None = None,
        batch_size: int = 256,
        labels: ArrayLike | None = None,
    ) -> np.ndarray:
        """Images as numpy float32 (n, *shape), in [-1, 1] for the networks of this library; behind a sigmoid in [0, 1].

        Args:
            n: how many; None for one for each of the labels or latents.
            seed: int; the same seed and n give the same images. None gives new ones.
            latents: (n, latent_dim) to use instead of drawing them.
            batch_size: how many to make at once.
            labels: of a conditional game: whole numbers (n,) from 0 or names of classes, or one of them for all n; or
                vectors (n, classes), which may mix classes. None draws classes as often as they came in training.

        Raises:
            ValueError: n below 1 or no whole number, latents or labels of another shape, a label out of range; labels
                for a game that takes none.
        """
        return np.concatenate(list(self.sample_batches(n, seed, latents, batch_size, labels)))

    def sample_batches(
        self,
        n: int | None = None,
        seed: int | None = None,
        latents: np.ndarray | None = None,
        batch_size: int = 256,
        labels: ArrayLike | None = None,
    ) -> Iterator[np.ndarray]:
        """The images of `sample`, up to `batch_size` at a time, for sets that need not be held at once."""
        n = whole_number("n", _how_many(n, labels, latents), at_least=1)
        batch_size = whole_number("batch_size", batch_size, at_least=1)
        if latents is None:
            latents = self._latents(n, seed)
        latents = np.asarray(latents, "float32")
        if latents.shape != (n, self.latent_dim):
            raise ValueError(f"latents have shape {latents.shape}; expected {(n, self.latent_dim)}.")
        inputs = latents if not self.takes_labels and labels is None else [latents, self._labels(labels, n, seed)]
        size = min(batch_size, n)
        # One batch shape only, so that the generator is traced and compiled once: the last batch is filled up.
        filled = keras.tree.map_structure(lambda x: np.concatenate([x, np.repeat(x[:1], -n % size, axis=0)]), inputs)
        starts = range(0, n, size)
        return (np.asarray(self.predict_on_batch(_rows(filled, i, size)), "float32")[: n - i] for i in starts)

    def draw_latents(self, batch_size: Any, seed: Any) -> Tensor:
        """(batch_size, latent_dim) latents from the prior."""
        return draw_latents(self.latent_prior, batch_size, self.latent_dim, seed)

    def _counts_classes(self):
        counts = ops.convert_to_numpy(self.label_counts)
        return bool((counts >= 0).all() and (counts.any() or not self.generator_iterations))

    def _latents(self, n, seed):
        """As `draw_latents`, in NumPy."""
        return ops.convert_to_numpy(self.draw_latents(n, seed))

    def _labels(self, labels, n, seed):
        """Vectors (n, classes) of the labels asked for, or of drawn ones."""
        if labels is None:
            if not self.draws_labels:
                raise ValueError("The labels of the training were no classes, so that none can be drawn; give labels=.")
            labels = draw_labels(ops.convert_to_numpy(self.label_counts), n, seed)
        if np.ndim(labels) == 0:
            labels = [labels] * n
        labels = LabelKind(self.label_width).check(np.asarray(self._numbers(labels)), n, "samples")
        return ops.convert_to_numpy(encode(labels, self.label_width))

    def _numbers(self, labels):
        """The labels asked for, names of classes as their numbers; without names a class is called by its digits."""
        if not self.takes_labels:
            raise ValueError("labels were given, and the generator takes none; leave them out.")
        if isinstance(labels, str):
            return class_number(labels, self.class_names or [str(number) for number in range(self.label_width)])
        if not isinstance(labels, list | tuple):
            labels = np.asarray(labels)
            if labels.dtype.kind not in "OU" or labels.ndim == 0:
                return labels
        return [self._numbers(each) for each in labels]

    def interpolate(
        self, n: int = 8, steps: int = 8, seed: int | None = None, labels: ArrayLike | None = None
    ) -> np.ndarray:
        """A grid of images (n, steps, *shape): each row walks from one random latent to another.

        On the sphere (`slerp`) under the normal prior, straight (`lerp`) under the uniform one.

        Args:
            n: rows, at least 1.
            steps: images in a row with both of its ends, at least 2.
            seed: int; the same seed and n give the same ends. None gives new ones.
            labels: of a conditional game: (n,) classes, one a row, or one for all; or pairs (n, 2) of classes, between
                which the row walks. None draws one a row.

        Returns:
            Images as numpy float32, in the range of `sample`.

        Raises:
            ValueError: n or steps below that or no whole number; labels of another shape or out of range, or for a
                game that takes none.
        """
        n, steps = whole_number("n", n), whole_number("steps", steps)
        if n < 1 or steps < 2:
            raise ValueError(f"n is {n} and steps {steps}; expected at least 1 row of at least 2 images.")
        ends = self._latents(2 * n, seed)
        path = self._walk(ends[:n], ends[n:], steps).astype("float32").reshape(n * steps, self.latent_dim)
        if self.takes_labels or labels is not None:
            labels = self._label_path(labels, n, steps, seed)
        images = self.sample(n * steps, latents=path, labels=labels)
        return images.reshape(n, steps, *images.shape[1:])

    def loop(
        self, n: int = 8, steps: int = 25, seed: int | None = None, labels: Sequence[int | str] | None = None
    ) -> np.ndarray:
        """Images (n, steps, *shape) of a walk through n random latents and back to the first.

        Row i starts at the i-th latent, and the next row where this one would arrive: one after the other they are a
        film that may start again at its end. The way between two latents is that of `interpolate`.

        Args:
            n: latents, at least 2.
            steps: images from one latent to the next, at least 1.
            seed: int; the same seed and n give the same latents. None gives new ones.
            labels: of a conditional game: the classes (n,) at the latents, between which the film fades. None draws
                them.

        Returns:
            Images as numpy float32, in the range of `sample`.

        Raises:
            ValueError: as of `interpolate`.
        """
        n, steps = whole_number("n", n), whole_number("steps", steps)
        if n < 2 or steps < 1:
            raise ValueError(f"n is {n} and steps {steps}; expected at least 2 latents and 1 step.")
        latents = self._latents(n, seed)
        path = _closed(self._walk, latents, steps)
        if self.takes_labels or labels is not None:
            labels = _closed(lerp, self._labels(labels, n, seed), steps)
        images = self.sample(n * steps, latents=path, labels=labels)
        return images.reshape(n, steps, *images.shape[1:])

    @property
    def _walk(self):
        """The way between latents, which keeps to where the prior has its mass."""
        return slerp if self.latent_prior == "normal" else lerp

    def _label_path(self, labels, n, steps, seed):
        """Vectors (n * steps, classes): a class a row, or a straight line between two."""
        labels = None if labels is None else np.asarray(self._numbers(labels))
        if labels is not None and labels.shape == (n, 2) and labels.dtype.kind in "iu":  # pairs
            start, end = (self._labels(each, n, seed) for each in labels.T)
        else:
            start = end = self._labels(labels, n, seed)
        return lerp(start, end, steps).reshape(n * steps, -1).astype("float32")

    def sample_classes(
        self, columns: int = 8, seed: int | None = None, labels: Sequence[int | str] | None = None
    ) -> np.ndarray:
        """Images (classes, columns, *shape): a row for each class, a column for each latent.

        Args:
            columns: latents, at least 1.
            seed: int; the same seed and columns give the same latents. None gives new ones.
            labels: the classes of the rows, by number or name; None for all.

        Returns:
            Images as numpy float32, in the range of `sample`.

        Raises:
            ValueError: a game that takes no labels; columns below 1 or no whole number; a class that there is not.
        """
        if not self.takes_labels or self.label_width is None:
            raise ValueError("The generator takes no labels, so that there are no classes; use sample.")
        columns = whole_number("columns", columns, at_least=1)
        if labels is not None and np.ndim(labels) == 0:
            raise ValueError(f"labels is {labels!r}; expected a list of the classes of the rows, such as [{labels!r}].")
        rows = list(range(self.label_width) if labels is None else labels)
        latents = self._latents(columns, seed)
        images = self.sample(
            latents=np.tile(latents, (len(rows), 1)), labels=[row for row in rows for _ in range(columns)]
        )
        return images.reshape(len(rows), columns, *images.shape[1:])


def _closed(walk, points, steps):
    """(n * steps, width): from each of n points `steps` steps towards the next, from the last towards the first."""
    path = walk(points, np.roll(points, -1, axis=0), steps + 1)[:, :-1]
    return path.reshape(-1, points.shape[1]).astype("float32")


def _how_many(n: int | None, labels: ArrayLike | None, latents: np.ndarray | None) -> int:
    """n, or one sample for each of the labels or latents."""
    given = [len(np.asarray(each)) for each in (labels, latents) if each is not None and np.ndim(each)]
    if n is None and not given:
        if labels is not None:
            raise ValueError(
                f"labels is {labels!r}, one label, and n is None; expected how many samples are of it, sample(8, "
                f"labels={labels!r}), or a list with one label a sample."
            )
        raise ValueError("n is None; expected a whole number, at least 1, or labels or latents.")
    return given[0] if n is None else n


def _rows(inputs, start, size):
    return keras.tree.map_structure(lambda x: x[start : start + size], inputs)
