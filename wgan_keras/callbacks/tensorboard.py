"""A training as TensorBoard shows it."""

import pathlib
from typing import Any

import keras
import numpy as np
from keras import ops

from wgan_keras import plots
from wgan_keras._schema import whole_number
from wgan_keras._types import Logs, PathLike
from wgan_keras.models.checks import check_images
from wgan_keras.models.labels import encode, network_inputs
from wgan_keras.pipelines.pixels import scale
from wgan_keras.pipelines.shuffling import subsample
from wgan_keras.runtime import processes

_SCORED = 256  # images, so that it takes little of an epoch


class TensorBoard(keras.callbacks.Callback):
    """Writes event files for TensorBoard after every epoch, by generator iteration.

    Scalars of all logs; a sample grid from the same latents; histograms of each of the critic's weights, and of
    its scores of real images and of as many samples. `keras.callbacks.TensorBoard` works too, with the logs by epoch.

    Args:
        log_dir: the folder that `tensorboard --logdir` is given.
        images: real ones (n, *shape), or (images, labels), as for `fit`, or uint8 in [0, 255]; where the generator
            takes no labels they are ignored. 256 images at most are scored, from all over them. None for no histograms
            of scores. There are none either of a critic that returns no scores (batch, 1), or to which a view shows
            another shape.
        n: samples on the sheet, at least 1.
        seed: of the samples.

    Raises:
        TypeError: the images are no array.
        ValueError: n below 1, or another number of labels than of images; when training starts, images or labels that
            `fit` would refuse.
        ImportError: when training starts, without TensorFlow.
    """

    def __init__(self, log_dir: PathLike, images: Any = None, n: int = 64, seed: int = 0) -> None:
        super().__init__()
        self.log_dir = pathlib.Path(log_dir).expanduser()
        self.images, self.labels = _scored(*(images if isinstance(images, tuple) else (images, None)))
        self.n = whole_number("n", n, at_least=1)
        self.seed = seed
        self._real: Any = None  # the images as the generator makes them
        self._summary: Any = None
        self._writer: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        self._check_images()
        self._summary = summaries("leave the callback TensorBoard out")
        self._writer = writer(self._summary, self.log_dir)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        step = self.model.generator_iterations
        with self._writer.as_default(step=step):
            for name, value in (logs or {}).items():
                self._summary.scalar(name, float(value))
            for sheet in self._sheets():
                self._summary.image("samples", sheet)
            for weight in self.model.critic.trainable_weights:
                self._summary.histogram(f"critic/{weight.path}", ops.convert_to_numpy(weight))
            for name, scores in self._scores().items():
                self._summary.histogram(f"scores/{name}", scores)
        self._writer.flush()

    def on_train_end(self, logs: Logs = None) -> None:
        self._writer.close()

    def _check_images(self):
        """ValueError for images or labels that `fit` would refuse, which no epoch's end could score."""
        if self.images is None:
            return
        self._real = scale(self.images, self.model.black)
        try:
            check_images(self._real, self.model.generator)
            if not np.isfinite(self._real).all():
                raise ValueError("The images hold NaN or infinity; remove them.")
            if self.model.takes_labels and self.labels is None:
                raise ValueError("The networks take labels, and the images came alone. Give both: (images, labels).")
            if self.model.takes_labels:
                self.model.label_kind.check(self.labels, len(self.images))
        except ValueError as error:
            raise ValueError(f"TensorBoard cannot score the images that it was given. {error}") from None

    def _sheets(self):
        """The sheet as pixels (1, height, width, channels), or none of samples that no picture shows."""
        try:
            plots.check_sample_shape(self.model.sampler.output_shape[1:])
        except ValueError:
            return []
        return [pixels(plots.sample_sheet(self.model, self.n, self.seed))]

    def _scores(self):
        """{"real" or "samples": the critic's scores}, where it gives any of the images."""
        critic = self.model.critic
        if self.images is None or critic.outputs[0].shape[1:] != (1,):
            return {}
        images = self._real.astype("float32")
        if critic.inputs[0].shape[1:] != images.shape[1:]:
            return {}
        labels = self.labels if self.model.takes_labels else None
        shown = {"real": images, "samples": self.model.sample(len(images), self.seed, labels=labels)}
        if labels is not None:
            labels = encode(ops.convert_to_tensor(labels), self.model.label_width)
        return {name: _scores_of(critic, ops.convert_to_tensor(each), labels) for name, each in shown.items()}


def _scored(images, labels):
    """The images that are scored and their labels; None of None."""
    if images is None:
        return None, None
    images, given = np.asarray(images), type(images).__name__
    if not images.ndim:  # of a tf.data.Dataset, say
        raise TypeError(f"TensorBoard was given a {given} of images; expected an array: `wk.data.load_arrays`.")
    rows = subsample(len(images), _SCORED)
    if labels is None:
        return images[rows], None
    labels = np.asarray(labels)
    if len(labels) != len(images):
        raise ValueError(f"There are {len(labels)} labels and {len(images)} images for TensorBoard; expected as many.")
    return images[rows], labels[rows]


def _scores_of(critic, images, labels):
    outputs = critic(network_inputs(critic, images, labels), training=False)
    return ops.convert_to_numpy(keras.tree.flatten(outputs)[0])


def pixels(picture: Any) -> np.ndarray:
    """A PIL image as (1, height, width, channels)."""
    array = np.asarray(picture)
    return (array[..., None] if array.ndim == 2 else array)[None]


def writer(summary: Any, folder: PathLike) -> Any:
    """A writer of event files in a folder; of processes that train together the first alone writes.

    Args:
        summary: TensorFlow's module, from `summaries`.
    """
    return summary.create_file_writer(str(folder)) if processes.writes() else summary.create_noop_writer()


def summaries(remedy: str) -> Any:
    """TensorFlow's module of summaries, which TensorBoard reads.

    Args:
        remedy: what to do without TensorFlow.

    Raises:
        ImportError: there is none.
    """
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ImportError(f"TensorFlow writes summaries for TensorBoard ({error}); {remedy}.") from None
    return tf.summary
