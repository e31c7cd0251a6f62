"""Samples as PNG: images tiled in a grid, points as a scatter plot, series as curves."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from wgan_keras._types import PathLike
from wgan_keras.files.saving import whole_file
from wgan_keras.games import GAMES
from wgan_keras.objectives import OBJECTIVES
from wgan_keras.penalties import PENALTIES
from wgan_keras.pipelines.pixels import centered, to_bytes

_TILE = 56  # pixels on a side below which an image is enlarged by a whole factor, to be seen on a screen
_GAP = 2  # white pixels between tiles
_CHANNELS = {1: "gray", 3: "color", 4: "color and opacity"}


def to_uint8(images: ArrayLike) -> np.ndarray:
    """Images in [-1, 1] to 0..255, rounded; values outside are clipped."""
    return np.clip(np.rint(to_bytes(np.asarray(images, "float32"))), 0, 255).astype("uint8")


def grid(images: ArrayLike, columns: int | None = None) -> Image.Image:
    """One picture of all `images` (n, height, width, 1, 3 or 4) in [-1, 1], row by row; about square if not told."""
    images = to_uint8(images)
    check_sample_shape(images.shape[1:])
    n, height, width, channels = images.shape
    columns, zoom, size = _layout(n, height, width, columns)
    sheet = np.full((*size, channels), 255, "uint8")
    for i, image in enumerate(images):
        top = _GAP + (i // columns) * (height * zoom + _GAP)
        left = _GAP + (i % columns) * (width * zoom + _GAP)
        sheet[top : top + height * zoom, left : left + width * zoom] = image.repeat(zoom, axis=0).repeat(zoom, axis=1)
    return Image.fromarray(sheet[..., 0] if channels == 1 else sheet)


def grid_bytes(n: int, shape: Sequence[int], columns: int | None = None) -> int:
    """The memory that `grid` takes for n images (height, width, channels): its array, and Pillow's 4 bytes a pixel."""
    height, width, channels = shape
    _, _, size = _layout(n, height, width, columns)
    return math.prod(size) * (channels + 4)


def _layout(n, height, width, columns):
    """(columns, the factor by which images are enlarged, (height, width) of the sheet) of a grid."""
    columns = min(columns or _about_square(n), n)
    zoom = max(1, -(-_TILE // max(height, width)))
    rows = -(-n // columns)
    return columns, zoom, (rows * (height * zoom + _GAP) + _GAP, columns * (width * zoom + _GAP) + _GAP)


def image(one: ArrayLike) -> Image.Image:
    """One image (height, width, 1, 3 or 4) in [-1, 1] as it is, pixel for pixel."""
    pixels = to_uint8(one)
    check_sample_shape(pixels.shape)
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def save_png(picture: Image.Image, path: PathLike) -> None:
    """A PIL image to a PNG file, whole or not at all."""
    with whole_file(path) as temporary:
        picture.save(temporary, format="png")


def _figure(width, height):
    """A figure of so many inches. Half a second goes by until matplotlib is there, and a grid of images needs none."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _render(figure):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def scatter(points: np.ndarray) -> Image.Image:
    """A picture of points (n, 2) in the plane."""
    figure = _figure(5, 5)
    axes = figure.subplots()
    axes.scatter(points[:, 0], points[:, 1], s=4, alpha=0.5)
    axes.set_aspect("equal")
    return _render(figure)


def series(samples: np.ndarray, columns: int | None = None) -> Image.Image:
    """A picture of series (n, steps, channels), tile by tile: a curve a channel, all on one scale."""
    columns = min(columns or _about_square(len(samples)), len(samples))
    row, column = np.divmod(np.arange(len(samples)), columns)
    finite = samples[np.isfinite(samples)]
    low, high = (finite.min(), finite.max()) if finite.size else (0, 1)
    x = column[:, None] + np.linspace(0, 0.9, samples.shape[1])
    y = 0.9 * (samples - low) / (high - low or 1) - row[:, None, None]
    figure = _figure(8, 8 * (row[-1] + 1) / columns)
    axes = figure.subplots()
    axes.set(xlim=(-0.1, columns), ylim=(-0.1 - row[-1], 1))
    axes.set_axis_off()
    for channel in range(samples.shape[2]):
        axes.plot(x.T, y[..., channel].T, color=f"C{channel}", linewidth=0.8)
    return _render(figure)


def _about_square(n):
    return int(np.ceil(np.sqrt(n)))


def check_sample_shape(shape: Sequence[int]) -> None:
    """ValueError where no picture shows samples of a shape, which is one sample's, without the batch."""
    if len(shape) == 3 and shape[2] not in _CHANNELS:
        known = ", ".join(f"{count} ({what})" for count, what in _CHANNELS.items())
        raise ValueError(f"images have {shape[2]} channels; a picture shows {known}")
    if len(shape) not in (2, 3) and tuple(shape) != (2,):
        raise ValueError(
            f"samples have shape {('n', *shape)}; a picture needs images (n, height, width, channels), series "
            "(n, steps, channels) or points (n, 2)"
        )


def sheet(samples: np.ndarray, columns: int | None = None) -> Image.Image:
    """`grid` for images, `series` for series, `scatter` for points in the plane."""
    check_sample_shape(samples.shape[1:])
    if samples.ndim == 4:
        return grid(samples, columns)
    return series(samples, columns) if samples.ndim == 3 else scatter(samples)


def sample_sheet(model: Any, n: int, seed: int | None) -> Image.Image:
    """About n samples of a game as a picture; of a conditional one a row for each class, at most 32 of them.

    Points lie in no rows: their classes come in turn.
    """
    if not model.takes_labels:
        return sheet(centered(model.sample(n, seed=seed), model.black))
    if len(model.generator.output_shape) == 2:
        return sheet(model.sample(n, seed=seed, labels=np.arange(n) % model.label_width))
    columns = max(2, min(16, n // model.label_width))
    samples = model.sample_classes(columns, seed, range(min(_CLASSES, model.label_width)))
    return sheet(centered(samples.reshape(-1, *samples.shape[2:]), model.black), columns)


_CLASSES = 32  # rows of a sheet by classes
_OF_ALL_GAMES = {
    "Guesses of labels": ("classification_loss", "classification_accuracy"),
    "Losses": ("critic_loss", "generator_loss"),
}


def _panels(logged):
    """[(title, names)] of the panels that games and their parts have for what was logged; the losses last."""
    things = [each for registry in (GAMES, PENALTIES, OBJECTIVES) for each in registry.values()]
    panels = [*(panel for each in things for panel in each.panels.items()), *_OF_ALL_GAMES.items()]
    # Things share panels, such as the gradient penalty's, and may call different ones alike.
    return list(dict.fromkeys((title, tuple(names)) for title, names in panels if names[0] in logged))


def _score_of(logged):
    """The first score of a protocol in the logs, by which states are chosen: known of held-out images alone."""
    return next((n for n in logged if n.startswith("val_") and n.removeprefix("val_") not in logged), None)


def curves(rows: Sequence[Mapping[str, Any]]) -> Image.Image:
    """Every value that the game logs over the iterations, in training and on held-out data, and the samples' score.

    Args:
        rows: dicts with `iteration` and the logs, as in history.csv.
    """
    logged = dict.fromkeys(name for row in rows for name in row)  # in their order
    panels = _panels(logged)
    score = _score_of(logged)
    panels += [("Score of samples", (score,))] if score else []
    figure = _figure(4 * len(panels), 3.2)
    iterations = [row["iteration"] for row in rows]
    for axes, (title, names) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        for i, name in enumerate(names):
            color = f"C{i}"
            label = name if len(names) > 1 or name == score else "mean over the epoch"
            axes.plot(iterations, [row.get(name, np.nan) for row in rows], color=color, label=label, marker=".")
            if f"val_{name}" in logged:
                held_out = [row.get(f"val_{name}", np.nan) for row in rows]
                label = f"val_{name}" if len(names) > 1 else "held out, at its end"
                axes.plot(iterations, held_out, color=color, linestyle="--", label=label, marker=".")
        axes.set(title=title, xlabel="generator iteration")
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    return _render(figure)
