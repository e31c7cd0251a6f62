"""About 14,000 emoji in color: the same characters as four families draw them, by their npm packages.

The categories are those of the npm package emoji-datasource, Unicode's.
"""

import pathlib
import tarfile
from typing import IO, Any, ClassVar, NamedTuple, cast

import numpy as np

from wgan_keras.data import emoji_table, iconify
from wgan_keras.data.dataset import SPLITS, register_data
from wgan_keras.data.drawn_pictures import SIDE, DrawnPictures, draw, pack
from wgan_keras.data.folder_listing import TEST_EVERY, Listing

_TABLE_PACKAGE = "emoji-datasource@16.0.0"
_CREDITS = "LICENSES.txt"


class Family(NamedTuple):
    """The npm package of a family, one version, so that one recipe means one set; its name and license for cards."""

    package: str
    name: str
    license: str


FAMILIES = {
    "fluent": Family("@iconify-json/fluent-emoji-flat@1.2.6", "Fluent Emoji by Microsoft", "MIT"),
    "noto": Family("@iconify-json/noto@1.2.9", "Noto Emoji by Google", "Apache-2.0"),
    "openmoji": Family("@iconify-json/openmoji@1.2.29", "OpenMoji by HfG Schwäbisch Gmünd", "CC-BY-SA-4.0"),
    "twemoji": Family("@iconify-json/twemoji@1.2.5", "Twemoji by Twitter and contributors", "CC-BY-4.0"),
}


@register_data("emoji_families")
class EmojiFamilies(DrawnPictures):
    """About 14,000 emoji of four families, in color: a folder of pictures that npm brings as drawings.

    The test split has every tenth character, in all families and colors of skin: none of its characters is in the
    training split. 29 of its 1,395 pictures are equal to a training picture of another character.
    """

    source = f"{', '.join(each.name for each in FAMILIES.values())}: npm packages of Iconify, drawn by resvg"
    license = ", ".join(f"{each.license} ({name})" for name, each in FAMILIES.items())
    classes = (
        *("Smileys & Emotion", "People & Body", "Animals & Nature", "Food & Drink", "Travel & Places"),
        *("Activities", "Objects", "Symbols", "Flags"),
    )
    attributes: ClassVar[dict[str, tuple[str, ...]]] = {"family": tuple(FAMILIES)}
    folder = "emoji_families@1"
    table = emoji_table.NAME

    def make(self, work: pathlib.Path, made: pathlib.Path) -> None:
        _extract_table(pack(_TABLE_PACKAGE, work / "table"), made)
        category_of = _by_code(made, "category")
        taken = {code for code, category in category_of.items() if category in self.classes}
        credits = []
        for family, (package, *_) in FAMILIES.items():
            icons = iconify.read(pack(package, work / family))
            drawings = {code: drawing for code, drawing in icons.drawings.items() if code in taken}
            draw(drawings.items(), made / family, len(drawings), family)
            credits.append(f"{family}: {icons.credit}; npm package {package}, drawn at {SIDE}x{SIDE} pixels\n")
        (made / _CREDITS).write_text("".join(credits), "utf-8")

    def names(self, listing: Listing, attribute: str | None) -> list[str]:
        if attribute is None:
            return _said(listing, "category")
        return [file.parent.name for file in listing.files]

    def split_of(self, listing: Listing, labels: np.ndarray | None) -> list[str]:
        train, test = SPLITS
        return [train if place % TEST_EVERY else test for place in _said(listing, "sort_order")]


def _said(listing: Listing, field: str) -> list[Any]:
    """What the table says of each picture."""
    values = _by_code(listing.root, field)
    lacking = [file for file in listing.files if file.stem not in values]
    if lacking:
        raise ValueError(
            f"{emoji_table.NAME} in {listing.root} says nothing of {len(lacking)} of {len(listing.files)} pictures, "
            f"the first is {lacking[0]}; remove them, or fetch the set again"
        )
    return [values[file.stem] for file in listing.files]


def _by_code(folder: pathlib.Path, field: str) -> dict[str, Any]:
    by_file = emoji_table.read_field(folder / emoji_table.NAME, field)
    return {iconify.plain(pathlib.PurePath(name).stem): value for name, value in by_file.items()}


def _extract_table(archive, folder):
    with tarfile.open(archive) as members:
        table = cast(IO[bytes], members.extractfile(f"package/{emoji_table.NAME}"))
        (folder / emoji_table.NAME).write_bytes(table.read())
