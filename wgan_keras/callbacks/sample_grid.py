"""The same latents, drawn after every epoch."""

import pathlib

import keras

from wgan_keras import plots
from wgan_keras._schema import whole_number
from wgan_keras._types import Logs, PathLike
from wgan_keras.callbacks.tensorboard import pixels, summaries, writer


class SampleGrid(keras.callbacks.Callback):
    """Draws the same latents after every epoch: `folder/epoch_0001.png`, ...

    Images of 1, 3 or 4 channels as a grid, series (steps, channels) as curves, points in the plane as a scatter plot.
    Of a conditional game a row shows one class, and a column one latent.

    Args:
        folder: where the pictures go; made if it is not there.
        n: how many samples a picture.
        seed: of the one latent batch that all pictures share.
        log_dir: also write the picture as an image summary for TensorBoard into this folder.

    Raises:
        ValueError: n below 1; when training starts, a generator of what no picture shows.
        ImportError: when training starts, `log_dir` without TensorFlow.
    """

    def __init__(self, folder: PathLike, n: int = 64, seed: int = 0, log_dir: PathLike | None = None) -> None:
        super().__init__()
        self.folder = pathlib.Path(folder).expanduser()
        self.n = whole_number("n", n, at_least=1)
        self.seed = seed
        self.log_dir = log_dir and pathlib.Path(log_dir).expanduser()

    def on_train_begin(self, logs: Logs = None) -> None:
        try:
            plots.check_sample_shape(self.model.sampler.output_shape[1:])
        except ValueError as error:
            raise ValueError(f"SampleGrid cannot draw what the generator makes: {error}. Leave it out.") from None
        if self.log_dir is not None:
            summaries("leave log_dir out")

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        picture = plots.sample_sheet(self.model, self.n, self.seed)
        plots.save_png(picture, self.folder / f"epoch_{epoch + 1:04d}.png")
        if self.log_dir is not None:
            summary = summaries("leave log_dir out")
            with writer(summary, self.log_dir).as_default(step=epoch + 1):
                summary.image("samples", pixels(picture))
