"""Images as arrays: what pictures may become, and from stored pixels to what networks take."""

from typing import Annotated, Any, Literal, TypeAlias

import numpy as np

from wgan_keras._schema import Range

Side = Annotated[int, Range(at_least=1, at_most=16_384)]  # pixels
ImageSize: TypeAlias = Side | tuple[Side, Side]  # of a square, or (height, width)
Resize = Literal["crop", "pad", "stretch"]
Channels = Literal[1, 3]  # gray, color


def native(array: np.ndarray) -> np.ndarray:
    """The array in this machine's order of bytes, which frameworks take any array to have."""
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def scale(array: np.ndarray, black: float = -1.0) -> np.ndarray:
    """Images uint8 in [0, 255] to float32 in [black, 1], by x / 127.5 - 1; points float32 pass unchanged."""
    return from_bytes(array.astype(np.float32), black) if array.dtype == np.uint8 else array


def from_bytes(pixels: Any, black: float = -1.0) -> Any:
    """Floats in [0, 255] to [black, 1]: a tensor of any framework, or an array, which is changed in its place."""
    pixels /= 255 / (1 - black)
    pixels += black
    return pixels


def to_bytes(images: Any, black: float = -1.0) -> Any:
    """Floats in [black, 1] to [0, 255], not rounded: an array or a tensor of any framework."""
    return (images - black) * (255 / (1 - black))


def centered(images: np.ndarray, black: float) -> np.ndarray:
    """Images in [black, 1], black being -1 or 0, as images in [-1, 1]."""
    return images if black == -1 else 2 * images - 1


def check_range(images: np.ndarray, holder: str, name: str) -> None:
    """ValueError where pictures in floats are not in [-1, 1], or none of their pixels is below 0.

    Args:
        holder: what holds them, and `name`, what they are called there; for the message.
    """
    low, high = float(images.min()), float(images.max())
    if max(high, -low) > 1.001 or low >= 0:
        raise ValueError(
            f"{holder} holds floats from {low:.4g} to {high:.4g}; expected [-1, 1]. Take 2 * {name} - 1 where they are "
            f"in [0, 1], {name} / 127.5 - 1 where they are in [0, 255]."
        )
