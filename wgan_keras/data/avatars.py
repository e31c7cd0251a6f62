"""12,000 people in color, all alike in place and size: DiceBear's avatars in the style Open Peeps, by npm."""

import json
import pathlib
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from typing import ClassVar

from wgan_keras.data.dataset import register_data
from wgan_keras.data.drawn_pictures import DrawnPictures, draw, pack
from wgan_keras.data.folder_listing import Listing

COUNT = 12_000
_PACKAGES = {"core": "@dicebear/core@9.4.3", "open-peeps": "@dicebear/open-peeps@9.4.3"}  # one version, one set
_SCRIPT = pathlib.Path(__file__).with_suffix(".mjs")
_LICENSE = "LICENSE"


@register_data("avatars")
class Avatars(DrawnPictures):
    """12,000 avatars, in color, faces in one place: Open Peeps, with their hair or hat as labels.

    11,883 are distinct; 21 of the 1,200 test pictures are equal to a training picture.
    """

    source = "Open Peeps by Pablo Stanley, put together by DiceBear (npm package @dicebear/open-peeps), drawn by resvg"
    license = "CC0-1.0 (drawings), MIT (DiceBear)"
    classes = (
        *("afro", "bangs", "bangs2", "bantuKnots", "bear", "bun", "bun2", "buns", "cornrows", "cornrows2", "dreads1"),
        *("dreads2", "flatTop", "flatTopLong", "grayBun", "grayMedium", "grayShort", "hatBeanie", "hatHip", "hijab"),
        *("long", "longAfro", "longBangs", "longCurly", "medium1", "medium2", "medium3", "mediumBangs", "mediumBangs2"),
        *("mediumBangs3", "mediumStraight", "mohawk", "mohawk2", "noHair1", "noHair2", "noHair3", "pomp", "shaved1"),
        *("shaved2", "shaved3", "short1", "short2", "short3", "short4", "short5", "turban", "twists", "twists2"),
    )
    attributes: ClassVar[dict[str, tuple[str, ...]]] = {
        "face": (
            *("angryWithFang", "awe", "blank", "calm", "cheeky", "concerned", "concernedFear", "contempt", "cute"),
            *("cyclops", "driven", "eatingHappy", "explaining", "eyesClosed", "fear", "hectic", "lovingGrin1"),
            *("lovingGrin2", "monster", "old", "rage", "serious", "smile", "smileBig", "smileLOL", "smileTeethGap"),
            *("solemn", "suspicious", "tired", "veryAngry"),
        ),
        "skin": ("#ffdbb4", "#edb98a", "#d08b5b", "#ae5d29", "#694d3d"),
        "hair": (
            *("#2c1b18", "#e8e1e1", "#ecdcbf", "#d6b370", "#f59797"),
            *("#b58143", "#a55728", "#724133", "#4a312c", "#c93305"),
        ),
        "clothing": ("#e78276", "#ffcf77", "#fdea6b", "#78e185", "#9ddadb", "#8fa7df", "#e279c7"),
    }
    folder = "avatars@1"
    table = "avatars.json"

    def make(self, work: pathlib.Path, made: pathlib.Path) -> None:
        modules = work / "node_modules/@dicebear"
        modules.mkdir(parents=True)
        for name, package in _PACKAGES.items():
            with tarfile.open(pack(package, work / name)) as members:
                members.extractall(work / name, filter="data")
            (work / name / "package").rename(modules / name)
        shutil.copy(_SCRIPT, work)  # Node looks for packages beside the script
        shutil.copy(modules / "open-peeps" / _LICENSE, made)
        chosen: dict[str, dict[str, str]] = {}
        draw(_drawings(work, chosen), made, COUNT, "avatars")
        (made / self.table).write_text(json.dumps(chosen))

    def names(self, listing: Listing, attribute: str | None) -> list[str]:
        table = listing.root / self.table
        try:
            chosen = json.loads(table.read_text())
            return [chosen[file.stem][attribute or "head"] for file in listing.files]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{table} is damaged, or not of these pictures ({type(error).__name__}: {error}); fetch them again"
            ) from error


def _drawings(work: pathlib.Path, chosen: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """(name, SVG document) of each avatar; what it is made of goes into `chosen`.

    Raises:
        ConnectionError: Node.js, which comes with npm, is not there or fails.
    """
    try:
        process = subprocess.Popen(["node", _SCRIPT.name, str(COUNT)], cwd=work, stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        raise ConnectionError("avatars are put together by Node.js, which is not installed; install node") from None
    with process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout):
            avatar = json.loads(line)
            name = f"{number:05}"
            drawing = avatar.pop("drawing")
            chosen[name] = avatar
            yield name, drawing
    if process.returncode != 0 or len(chosen) != COUNT:
        raise ConnectionError(f"Node.js ended with {process.returncode} after {len(chosen)} of {COUNT} avatars")
