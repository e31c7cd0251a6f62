"""One picture file to an array of pixels, with Pillow."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import IO

import numpy as np
from PIL import ExifTags, Image, ImageOps

from wgan_keras._types import PathLike
from wgan_keras.data.picture_format import PictureFormat

_GRAY_MODES = {"1", "L", "LA", "La", "I", "I;16", "I;16L", "I;16B", "I;16N"}
_LANCZOS = Image.Resampling.LANCZOS


def _padded(image, size):
    """All of a picture on white; Pillow leaves nothing of one that is thinner than half a pixel then."""
    scale = min(wanted / has for wanted, has in zip(size, image.size, strict=True))
    sides = [round(scale * side) for side in image.size]
    if 0 in sides:
        image = image.resize([max(1, side) for side in sides], _LANCZOS)
    return ImageOps.pad(image, size, method=_LANCZOS, color="white")


_RESIZE: dict[str, Callable[[Image.Image, tuple[int, int]], Image.Image]] = {
    "crop": functools.partial(ImageOps.fit, method=_LANCZOS),
    "pad": _padded,
    "stretch": lambda image, size: image.resize(size, _LANCZOS),
}
# How PNG stores a shade, by Pillow's names, that Pillow brings to 8 bits and its transparent one not.
_TO_8_BITS: dict[str, Callable[[int], int]] = {
    "L;2": lambda shade: 85 * shade,
    "L;4": lambda shade: 17 * shade,
    "RGB;16B": lambda shade: shade >> 8,
}


# How a picture of an EXIF orientation is turned upright; those of another number are.
_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Tags of TIFF, and what they are of unsigned 16 bits with black at 0.
_BITS, _BLACK, _SIGN = (258, (16,)), (262, 1), (339, (1,))


@contextlib.contextmanager
def opened(file: PathLike | IO[bytes]) -> Iterator[Image.Image]:
    """The first frame of a picture file, not yet decoded.

    Raises:
        ValueError: its numbers do not say which of them is white, as those of 16 unsigned bits do.
    """
    with Image.open(file) as image:
        if image.mode == "F" or (image.mode.startswith("I") and not _is_of_16_bits(image)):
            raise ValueError(
                "its pixels are of floating point, of 12, 32 or signed bits, or white at 0, which have no scale in "
                "common; save it with 8 bits, or with 16 unsigned and black at 0"
            )
        _bring_to_8_bits(image)
        yield image


def _bring_to_8_bits(image):
    """The transparent shade of a PNG, as its pixels will be."""
    shade = image.info.get("transparency")
    scaled = _TO_8_BITS.get(image.tile[0][3]) if image.format == "PNG" and shade is not None and image.tile else None
    if scaled is not None:
        image.info["transparency"] = tuple(map(scaled, shade)) if isinstance(shade, tuple) else scaled(shade)


def _is_of_16_bits(image):
    """Whether black is 0 and white 65535; what is no TIFF is brought to that by Pillow."""
    return image.format != "TIFF" or all(image.tag_v2.get(tag, usual) == usual for tag, usual in (_BITS, _BLACK, _SIGN))


def is_gray(mode: str) -> bool:
    """Whether pictures of one of Pillow's modes are stored as grayscale (a palette counts as color)."""
    return mode in _GRAY_MODES


def upright(image: Image.Image) -> Image.Image:
    """A picture turned as its metadata say, and as it is stored where they are damaged."""
    image.load()
    try:  # not `ImageOps.exif_transpose`, which reads and writes all of the metadata
        turn = _TURN.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # Pillow meets damaged metadata with exceptions of every type
        return image
    return image if turn is None else image.transpose(turn)


def flatten(image: Image.Image) -> Image.Image:
    """A picture of any mode as opaque "L" (grayscale) or "RGB", transparency composited over white."""
    gray = is_gray(image.mode)
    if image.mode.startswith("I"):  # 16 bits a pixel: Pillow's own conversion cuts at 255 instead of scaling
        pixels = np.asarray(image, np.float32)
        scaled = (pixels / 257).round().clip(0, 255).astype(np.uint8)
        scaled[pixels == image.info.get("transparency", -1)] = 255  # one shade, if any
        image = Image.fromarray(scaled)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L" if gray else "RGB")


def read_picture(file: PathLike | IO[bytes], picture_format: PictureFormat) -> np.ndarray:
    """The first frame of a picture file, upright: uint8 of `picture_format.shape`.

    A picture that already has the size keeps its exact pixels.
    """
    with opened(file) as image:
        # Composite before resizing: the colors under full transparency must not bleed into the edges.
        opaque = flatten(upright(image))
    fitted = _RESIZE[picture_format.resize](opaque, (picture_format.width, picture_format.height))
    return np.asarray(fitted.convert("L" if picture_format.channels == 1 else "RGB")).reshape(picture_format.shape)
