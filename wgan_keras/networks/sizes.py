"""How large the parts of a network may be: what is larger by mistake is refused before it is built."""

from typing import Annotated

from wgan_keras._schema import Range, Shape

LatentDim = Annotated[int, Range(at_least=1, at_most=65_536)]
Width = Annotated[int, Range(at_least=1, at_most=16_384)]
Units = Annotated[int, Range(at_least=1, at_most=131_072)]
Depth = Annotated[int, Range(at_least=1, at_most=1_000)]  # Keras takes a second for a hundred layers
Growth = Annotated[int, Range(at_least=1, at_most=64)]

__all__ = ["Depth", "Growth", "LatentDim", "Shape", "Units", "Width"]
