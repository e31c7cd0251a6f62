"""Moving pictures: GIF and WebP by Pillow, MP4 by ffmpeg."""

import itertools
import pathlib
from collections.abc import Iterable, Iterator

from PIL import Image, ImageOps

from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.data.pictures import flatten
from wgan_keras.files.saving import whole_file


def write(frames: Iterable[Image.Image], path: PathLike, fps: int) -> int:
    """Writes a film that starts again at its end, whole or not at all.

    Args:
        frames: pictures of one size, at least 1.
        path: ends in one of `SUFFIXES`.
        fps: pictures a second; GIF counts in hundredths of a second.

    Returns:
        How many pictures it has.

    Raises:
        ValueError: a picture of another size than the first.
        ImportError: an .mp4 without imageio-ffmpeg.
        NotWrittenError: the file cannot be written.
    """
    path = pathlib.Path(path).expanduser()
    counted = _Counted(frames)
    with whole_file(path) as temporary:
        _WRITERS[path.suffix](counted, temporary, fps)
    return counted.count


def enlarged(picture: Image.Image, side: int) -> Image.Image:
    """A picture, made larger by a whole factor until its longer side has `side` pixels."""
    return ImageOps.scale(picture, max(1, -(-side // max(picture.size))), Image.Resampling.NEAREST)


def opened(path: PathLike) -> Image.Image:
    """The picture in a file, which is closed again.

    Raises:
        ValueError: the file is no picture, or not a whole one.
    """
    try:
        with Image.open(path) as picture:
            return picture.copy()
    except OSError as error:  # of Pillow, which a film's writer would take for one of writing
        raise ValueError(
            f"{path} is no whole picture ({one_line(error)}); remove it, and the film goes without."
        ) from None


class _Counted:
    """Frames that are counted as they are taken, each of the size of the first."""

    def __init__(self, frames: Iterable[Image.Image]) -> None:
        self._frames = frames
        self.count = 0

    def __iter__(self) -> Iterator[Image.Image]:
        size = None
        for frame in self._frames:
            size = size or frame.size
            if frame.size != size:
                raise ValueError(
                    f"Picture {self.count} of the film has {frame.size} pixels; expected {size}, as before."
                )
            self.count += 1
            yield frame


def _gif(frames, path, fps):
    """On white: GIF has no shades of opacity, and lets the picture before shine through."""
    _animate(map(flatten, frames), path, "GIF", fps)


def _webp(frames, path, fps):
    _animate(frames, path, "WebP", fps, lossless=True)


def _animate(frames, path, format, fps, **options):
    first, *others = frames
    duration = round(1000 / fps)
    first.save(path, format, save_all=True, append_images=others, duration=duration, loop=0, **options)


def _mp4(frames, path, fps):
    try:
        import imageio_ffmpeg
    except ImportError:
        raise ImportError(
            "An .mp4 needs imageio-ffmpeg: pip install 'wgan_keras[video]'; or write a .gif or .webp."
        ) from None
    frames = map(_even, frames)
    first = next(frames)
    # Frames of even sides alone can be halved for the colors, which players expect (yuv420p).
    film = imageio_ffmpeg.write_frames(path, first.size, fps=fps, macro_block_size=2, quality=8)
    film.send(None)
    for frame in itertools.chain([first], frames):
        film.send(frame.tobytes())
    film.close()


def _even(picture):
    """The picture in RGB on white, with a white line where a side is odd."""
    width, height = picture.size
    even = Image.new("RGB", (width + width % 2, height + height % 2), "white")
    even.paste(flatten(picture))
    return even


_WRITERS = {".gif": _gif, ".webp": _webp, ".mp4": _mp4}
SUFFIXES = tuple(_WRITERS)
