"""ONNX Runtime Web, which runs the networks in the page: from npm once, then from the user's cache folder."""

import pathlib
import tarfile
from typing import IO, cast

from wgan_keras.files import npm
from wgan_keras.files.cache import cache_folder
from wgan_keras.files.saving import add_folder
from wgan_keras.files.temporaries import workshop

PACKAGE = "onnxruntime-web@1.30.0"
# The build for the CPU alone. Those for GPUs are twice as large, and slower for networks this small.
FILES = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
_INSIDE = "package/dist/"


def is_kept() -> bool:
    """Whether `folder` needs no network."""
    return all((_place() / name).is_file() for name in FILES)


def _place():
    return cache_folder() / "npm" / PACKAGE


def folder() -> pathlib.Path:
    """The folder of `FILES`; they are fetched where they are not there.

    Raises:
        ConnectionError: npm is not there, or has no answer.
    """
    kept = _place()
    if not is_kept():
        with workshop(kept.parent) as place:
            new = place / "files"
            new.mkdir()
            _unpack(_pack(place, kept), new)
            add_folder(new, kept, is_kept)
    return kept


def _pack(place, kept):
    try:
        return npm.pack(PACKAGE, place)
    except npm.NoPackageError as error:
        raise ConnectionError(
            f"The page runs networks by the npm package {PACKAGE}, which is not on this machine and cannot be "
            f"downloaded ({error}). Install npm, or put {', '.join(FILES)} from its dist/ into {kept}."
        ) from None


def _unpack(archive, target):
    with tarfile.open(archive) as members:
        for name in FILES:
            member = cast(IO[bytes], members.extractfile(_INSIDE + name))
            (target / name).write_bytes(member.read())
