"""What turns images into the features that the metrics compare, by name or from a model of the user's own."""

import copy
import hashlib
import pathlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import keras
import numpy as np

from wgan_keras._registry import Registry
from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.files.saving import sha256
from wgan_keras.layers.precision import policy
from wgan_keras.metrics.checks import NotFiniteError

Images: TypeAlias = np.ndarray | Iterable[Any]  # at once, or in batches
_WIDEST_POINTS = 3  # in a list of equal arrays; no picture is as narrow
# What the sha256 of weights says better: how they are called, and how they came to be.
_OF_WEIGHTS = ("name", "trained_on", "training", "command", "date", "machine", "shipped_seed", "accuracies")
Run: TypeAlias = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None]]


class Extracted(NamedTuple):
    """`features` (n, width) float32, and `probabilities` (n, classes) float32, None without a classifier.

    An evaluation that needs them adds `labels` (n,), the number of the class of each image, or the one asked for.
    """

    features: np.ndarray
    probabilities: np.ndarray | None
    labels: np.ndarray | None = None


class Extractor:
    """Images in, features out: `extractor(images).features`.

    `name` and `card`, a dictionary with the weights' sha256, say which numbers may be compared: only those of
    one extractor. `load_extractor` adds the sha256 of a file of weights where it lacks. `image_shape` is the (height,
    width, channels) it takes, None where any will do.
    """

    def __init__(
        self,
        name: str,
        run: Run,
        card: dict[str, Any],
        image_shape: tuple[int | None, ...] | None = None,
        batch_size: int = 256,
    ) -> None:
        self.name, self.run, self.card = name, run, card
        self.image_shape, self.batch_size = image_shape, batch_size

    def __call__(self, images: Images) -> Extracted:
        """`Extracted` of all `images`.

        `images` are float (n, height, width, channels) in [-1, 1], or an iterable of such batches; of (images,
        labels) pairs, as a tf.data.Dataset may give, the labels are left aside. ValueError for no images, NaN, a
        wrong shape or channel count, a list of single gray pictures, and values outside [-1, 1]. `batches` gives the
        same piece by piece.
        """
        return joined(self.batches(images))

    def batches(self, images: Images) -> Iterator[Extracted]:
        """Yield `Extracted` of up to `batch_size` images at a time, for metrics that accumulate."""
        empty = True
        if self.image_shape is None:
            _refuse_single_pictures(images, self.name)
        for batch in [images] if hasattr(images, "shape") else images:
            batch = np.asarray(_images_of(batch))
            check_images(batch, self.image_shape, self.name)
            for start in range(0, len(batch), self.batch_size):
                yield self._extracted(batch[start : start + self.batch_size].astype(np.float32))
                empty = False
        if empty:
            raise ValueError(f"No images came to the extractor {self.name!r}; a score needs samples.")

    def _extracted(self, images):
        made = self.run(images)
        if not isinstance(made, tuple | list) or len(made) != 2:
            raise TypeError(
                f"The function of the extractor {self.name!r} returned {type(made).__name__}; expected a pair of "
                "features (n, width) and of probabilities (n, classes), or None for these: return features, None."
            )
        features, probabilities = (None if each is None else np.asarray(each, np.float32) for each in made)
        shapes = [np.shape(each) for each in (features, probabilities) if each is not None]
        if np.ndim(features) != 2 or any(shape[:1] != (len(images),) for shape in shapes):
            raise ValueError(
                f"The function of the extractor {self.name!r} made arrays of shapes {shapes} of {len(images)} images; "
                f"expected features ({len(images)}, width) and probabilities ({len(images)}, classes) or None."
            )
        return Extracted(features, probabilities)


def joined(batches: Iterable[Extracted]) -> Extracted:
    """What `Extractor.batches` gave piece by piece, at least one, as one."""
    features, probabilities, _ = zip(*batches, strict=True)
    return Extracted(np.concatenate(features), None if probabilities[0] is None else np.concatenate(probabilities))


def _images_of(batch):
    """The images of a pair (images, labels), which may be a list; a list of two images is a batch of these."""
    listed = isinstance(batch, list) and len(batch) == 2 and np.ndim(batch[0]) > np.ndim(batch[1])
    return batch[0] if listed or isinstance(batch, tuple) else batch


def _refuse_single_pictures(images, name):
    """ValueError for a list of gray pictures (h, w), each of which would pass as a batch of h points."""
    if not isinstance(images, list | tuple) or len(images) < 2:
        return
    shapes = {np.shape(each) if hasattr(each, "shape") else None for each in images}
    shape = shapes.pop()
    if not shapes and shape is not None and len(shape) == 2 and shape[1] > _WIDEST_POINTS:
        raise ValueError(
            f"The extractor {name!r} was given a list of {len(images)} arrays of shape {shape}. If each is a gray "
            "picture, stack them: np.stack(images)[..., None]; if each is a batch of points, np.concatenate(batches)."
        )


def _check(name, load):
    if not callable(load):
        raise TypeError(f"The extractor {name!r} is {load!r}; expected a function that returns an Extractor.")
    return load


EXTRACTORS: Registry[Callable[..., Extractor]] = Registry("extractor", "register_extractor", _check)


def register_extractor(
    name: str, *, data: str | None = None, classes: bool = False, takes_weights: bool = False
) -> Callable[[Callable[..., Extractor]], Callable[..., Extractor]]:
    """A decorator that registers a function which loads an `Extractor`.

    Args:
        name: as protocols spell it.
        data: the data set it belongs to, where there is only one.
        classes: whether it gives class probabilities.
        takes_weights: whether the function takes the path of a file of weights.
    """

    def add(load):
        load.data, load.classes, load.takes_weights = data, classes, takes_weights
        return EXTRACTORS.register(name)(load)

    return add


def load_extractor(extractor: str | Extractor | keras.Model, weights: PathLike | None = None) -> Extractor:
    """An `Extractor` by its registered name, around a Keras model, or as it is.

    Args:
        extractor: a name, for instance "fashion_mnist_classifier", "inception" or "pixels"; an `Extractor`; or a
            `keras.Model` of one output (n, width), features, or two, features and probabilities.
        weights: the path of a file, for those that take one. Nothing is downloaded.

    Raises:
        ValueError: an unknown name, an unfit model, or weights for an extractor that takes none.
        TypeError: a registered function that returns no `Extractor`.
        FileNotFoundError: there is no such file of weights.
    """
    if isinstance(extractor, Extractor):
        return extractor
    if isinstance(extractor, keras.Model):
        _refuse_weights(extractor.name, weights)
        return _own_model(extractor)
    load = EXTRACTORS.find(extractor)
    with policy("float32"):
        loaded = _load(extractor, load, weights)
    if not isinstance(loaded, Extractor):
        raise TypeError(
            f"The function of the extractor {extractor!r} returned {type(loaded).__name__}; expected a "
            "wgan_keras.metrics.Extractor."
        )
    return _known_by_its_weights(loaded, weights) if getattr(load, "takes_weights", False) else loaded


def comparable(card: dict[str, Any]) -> dict[str, Any]:
    """What of a card says whose numbers may be compared: the sha256 says more than how the weights came to be.

    Keras calls a model without a name `functional`, and the next one `functional_1`.
    """
    return {field: value for field, value in card.items() if field not in _OF_WEIGHTS or "sha256" not in card}


def may_be_compared(kept: dict[str, Any], card: dict[str, Any]) -> bool:
    """Whether the numbers of an extractor may be compared with those of the card that a file kept.

    Files of before `load_extractor` told weights apart have no `weights_sha256`.
    """
    known = {field: value for field, value in card.items() if field != "weights_sha256" or field in kept}
    return comparable(kept) == comparable(known)


def _load(name, load, weights):
    if getattr(load, "takes_weights", False):
        try:
            return load(weights)
        except TypeError as error:  # of a function that opens what it is given
            if weights is not None:
                raise
            raise ValueError(
                f"The extractor {name!r} failed without a file of weights ({one_line(error)}). Give one by "
                "--weights FILE (in Python weights=)."
            ) from error
    _refuse_weights(name, weights)
    return load()


def _refuse_weights(name, weights):
    if weights is not None:
        taking = ", ".join(repr(name) for name, each in EXTRACTORS.items() if getattr(each, "takes_weights", False))
        raise ValueError(
            f"weights={str(weights)!r} came with {name!r}; only {taking} takes a file. One of your own that "
            "does is registered with takes_weights=True."
        )


def _known_by_its_weights(extractor, weights):
    """The extractor with the sha256 of its file of weights on its card, None without one, unless that is there."""
    path = weights and pathlib.Path(weights).expanduser()
    digest = sha256(path) if path and path.is_file() else None  # nor is a folder of one's own
    is_there = "sha256" in extractor.card if digest is None else digest in map(str, extractor.card.values())
    if is_there:
        return extractor
    known = copy.copy(extractor)
    known.card = {**extractor.card, "weights_sha256": digest}
    return known


def check_images(images: np.ndarray, shape: tuple[int | None, ...] | None, name: str) -> None:
    """ValueError unless `images` are finite floats in [-1, 1] of `shape`, where a None is any size.

    Without a shape points (n, d), of any range, pass as well. `name` is the extractor's, for the message.
    """
    check_shape(images.shape, shape, name)
    if not keras.backend.is_float_dtype(images.dtype.name):
        raise ValueError(f"Images are {images.dtype}; expected floats in [-1, 1]. Take images / 127.5 - 1.")
    if not len(images):
        raise ValueError(f"No images came to the extractor {name!r}, an array of shape {images.shape}.")
    finite = np.isfinite(images).reshape(len(images), -1).all(axis=1)
    if not finite.all():
        raise NotFiniteError(
            f"{np.count_nonzero(~finite)} of {len(images)} images have NaN or infinite pixels, the first is "
            f"image {int(np.argmin(finite))}; expected finite ones in [-1, 1]. Has the generator diverged?"
        )
    if images.ndim == 4 and max(images.max(), -images.min()) > 1.001:
        raise ValueError(
            f"Pixels lie in [{images.min():.4g}, {images.max():.4g}]; expected [-1, 1]. "
            "Scale images of 0 to 255 by / 127.5 - 1, or clip a generator without tanh."
        )


def check_shape(given: Sequence[int | None], shape: tuple[int | None, ...] | None, name: str) -> None:
    """ValueError unless images of the shape `given`, (n, ...), are of `shape`; a None of either is any size."""
    if not _fits(given[1:], shape):
        expected = "height, width, channels) or (n, d" if shape is None else ", ".join(map(str, shape))
        raise ValueError(
            f"The extractor {name!r} was given images of shape {tuple(given)}; expected (n, {expected}). "
            "Check size and channels, or choose another extractor."
        )


def _fits(sizes, shape):
    if shape is None:
        return len(sizes) in (1, 3)
    return len(sizes) == len(shape) and all(
        None in pair or pair[0] == pair[1] for pair in zip(shape, sizes, strict=True)
    )


def runner(model: keras.Model, prepare: Callable[[np.ndarray], np.ndarray] | None = None) -> Run:
    """The `run` of an `Extractor` around a Keras model; `prepare` turns a batch into what the model takes."""

    def run(batch):
        outputs = model.predict_on_batch(batch if prepare is None else prepare(batch))
        features, *probabilities = (np.asarray(each, "float32") for each in keras.tree.flatten(outputs))
        return features, probabilities[0] if probabilities else None

    return run


def _own_model(model):
    outputs = getattr(model, "outputs", None) or []
    shapes = [tuple(output.shape) for output in outputs]
    if len(outputs) not in (1, 2) or len(model.inputs) != 1 or any(len(shape) != 2 for shape in shapes):
        raise ValueError(
            f"The model {model.name!r} has outputs of shapes {shapes}; expected one input, images, and one "
            "or two outputs, features (batch, width) and probabilities (batch, classes). Build a "
            "keras.Model of these; a Sequential one must have seen its input's shape."
        )
    digest = hashlib.sha256()
    for array in model.get_weights():
        digest.update(np.ascontiguousarray(array).tobytes())
    card = {"name": model.name, "sha256": digest.hexdigest(), "feature_width": shapes[0][-1]}
    return Extractor(model.name, runner(model), card, tuple(model.inputs[0].shape[1:]))
