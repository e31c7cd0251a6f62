"""Icon sets as the npm packages @iconify-json/NAME hold them: all drawings of a set in one JSON file.

The form is that of https://iconify.design/docs/types/iconify-json.html. Sets of emoji have a second file, chars.json,
which says the icon of each code.
"""

import json
import pathlib
import tarfile
from typing import IO, Any, NamedTuple, cast


class Icons(NamedTuple):
    """A set of emoji: `drawings`, {code: SVG document}, and a line that says its author and license.

    A code is the hexadecimal numbers of the emoji's characters, without the variation selector: "1f44b-1f3fb".
    """

    drawings: dict[str, str]
    credit: str


def read(archive: pathlib.Path) -> Icons:
    """The set in the archive of a package.

    Raises:
        ValueError: it holds no set of emoji.
    """
    try:
        with tarfile.open(archive) as members:
            icons, codes, info = (_json(members, f"{name}.json") for name in ("icons", "chars", "info"))
        drawings = {plain(code): _drawing(icons, name) for code, name in codes.items()}
        return Icons(drawings, _credit(info))
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{archive.name} holds no emoji in Iconify's form ({type(error).__name__}: {error}); "
            "fetch the package again"
        ) from error


def plain(code: str) -> str:
    """A code without the variation selector fe0f, which packages write or leave out as they like."""
    return "-".join(part for part in code.lower().split("-") if part != "fe0f")


def _json(members: tarfile.TarFile, name: str) -> Any:
    return json.load(cast(IO[bytes], members.extractfile(f"package/{name}")))


def _drawing(icons, name):
    icon = {**icons, **icons["icons"][name]}  # an icon of its own size says so
    frame = f"{icon.get('left', 0)} {icon.get('top', 0)} {icon['width']} {icon['height']}"
    # A few are no squares; width and height make them ones.
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" viewBox="{frame}">{icon["body"]}</svg>'


def _credit(info):
    author, license = info["author"], info["license"]
    return f"{info['name']} by {author['name']} ({author['url']}), license {license['spdx']} ({license['url']})"
