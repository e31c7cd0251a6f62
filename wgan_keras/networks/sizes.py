"""How large the parts of a network may be: what is larger by mistake is refused before it is built."""

from typing import Annotated

from wgan_keras._schema import Range, Shape

LatentDim = Annotated[int, Range(at_least=1, at_most=65_536)]
Width = Annotated[int, Range(at_least=1, at_most=16_384)]
Units = Annotated[int, Range(at_least=1, at_most=131_072)]
Depth = Annotated[int, Range(at_least=1, at_most=1_000)]  # Keras takes a second for a hundred layers
Growth = Annotated[int, Range(at_least=1, at_most=64)]
Classes = Annotated[int, Range(at_least=2, at_most=65_536)]

__all__ = ["Classes", "Depth", "Growth", "LatentDim", "Shape", "Units", "Width", "halvings"]

_COARSEST = range(4, 8)  # pixels on the short side where the convolutions stop


def halvings(image_shape: Shape) -> int:
    """How often (height, width) halve until the short side is 4 to 7 pixels.

    Raises:
        ValueError: the sides do not halve that far.
    """
    if len(image_shape) != 3:
        raise ValueError(f"image_shape is {tuple(image_shape)}; expected (height, width, channels).")
    height, width, _ = image_shape
    count, side = 0, min(height, width)
    while side > max(_COARSEST) and side % 2 == 0:
        count, side = count + 1, side // 2
    if side not in _COARSEST or count == 0 or height % 2**count or width % 2**count:
        raise ValueError(
            f"Convolutional networks cannot halve {height}x{width} pixels down to 4..7 on the short side. "
            "Use a size such as 28, 32, 40, 48, 56, 64, 80, 96, 112 or 128, or resize the images."
        )
    return count
