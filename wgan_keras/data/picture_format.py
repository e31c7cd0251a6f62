"""What every picture of a set becomes: its size, how it gets there, gray or color."""

import dataclasses
import math
from typing import Any

from wgan_keras._schema import check, check_given, expected, fits
from wgan_keras._types import PathLike
from wgan_keras.pipelines.pixels import Channels, ImageSize, Resize, Side


@dataclasses.dataclass(frozen=True)
class PictureFormat:
    """The form of the arrays that pictures become.

    Args:
        image_size: pixels on a side of a square, or (height, width).
        resize: "crop" scales a picture to cover it and cuts to the center, "pad" scales it to fit in and puts white
            around it, "stretch" scales height and width apart.
        channels: 1 for gray, 3 for color; None leaves it to the pictures: 1 where all are stored as gray, else 3.

    Raises:
        ValueError: another `resize` or `channels`.
    """

    image_size: ImageSize
    resize: Resize = "crop"
    channels: Channels | None = None

    def __post_init__(self) -> None:
        check("resize", self.resize, Resize)
        check_given("channels", self.channels, Channels)

    @property
    def height(self) -> int:
        return self.image_size if isinstance(self.image_size, int) else self.image_size[0]

    @property
    def width(self) -> int:
        return self.image_size if isinstance(self.image_size, int) else self.image_size[1]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels), three channels where they are not known."""
        return self.height, self.width, self.channels or 3

    @property
    def key(self) -> tuple[int, int, str, int | None]:
        """What tells it from others."""
        return self.height, self.width, self.resize, self.channels

    def size(self, count: int) -> int:
        """The bytes of so many pictures."""
        return count * math.prod(self.shape)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    def with_channels(self, channels: Channels) -> "PictureFormat":
        """The same with as many channels as the pictures have, where none were asked for."""
        return self if self.channels else dataclasses.replace(self, channels=channels)


def check_image_size(image_size: Any, name: PathLike) -> ImageSize:
    """The size that pictures are to become, an int or a pair of them; ValueError if it is none."""
    if not fits(image_size, ImageSize):
        given = "no image_size" if image_size is None else f"image_size={image_size!r}"
        raise ValueError(
            f"{given} for the pictures of {str(name)!r}; expected the side in pixels of the square that every picture "
            f"becomes, {expected(Side)}, for example image_size=64 (in the command --image-size 64), or (height, width)"
        )
    return int(image_size) if fits(image_size, Side) else (int(image_size[0]), int(image_size[1]))
