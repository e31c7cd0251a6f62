"""One picture file to a square of pixels, with Pillow."""

import numpy as np
from PIL import Image, ImageOps

from wgan_keras._types import PathLike

_GRAY_MODES = {"1", "L", "LA", "La", "I", "I;16", "I;16L", "I;16B", "I;16N"}


def is_gray(image: Image.Image) -> bool:
    """Whether a picture is stored as grayscale (by its mode: a palette counts as color)."""
    return image.mode in _GRAY_MODES


def flatten(image: Image.Image) -> Image.Image:
    """A picture of any mode as opaque "L" (grayscale) or "RGB", transparency composited over white."""
    gray = is_gray(image)
    if image.mode.startswith("I"):  # 16 bits a pixel: Pillow's own conversion cuts at 255 instead of scaling
        pixels = np.asarray(image, np.float32) / 257
        image = Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L" if gray else "RGB")


def read_square(path: PathLike, size: int) -> tuple[np.ndarray, bool]:
    """The first frame of a picture file, upright, scaled to cover the square and cut to its center.

    Returns `(pixels, gray)`: uint8 (size, size, 3), and whether the file is grayscale (its three channels are
    then equal). A picture that already has the size keeps its exact pixels.
    """
    with Image.open(path) as image:
        gray = is_gray(image)
        # Composite before resizing: the colors under full transparency must not bleed into the edges.
        opaque = flatten(ImageOps.exif_transpose(image))
    square = ImageOps.fit(opaque, (size, size), Image.Resampling.LANCZOS)
    return np.asarray(square.convert("RGB")), gray
