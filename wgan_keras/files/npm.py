"""Packages of npm's registry, by npm itself; where they are kept is their users' business."""

import pathlib
import subprocess

PATIENCE = 300  # seconds


class NoPackageError(ConnectionError):
    """npm brought no package; the message is the reason alone, to go into another's."""


def pack(package: str, folder: pathlib.Path) -> pathlib.Path:
    """The archive, a .tgz in `folder`, that `npm pack` writes of "name@version". Its files lie in `package/`.

    Raises:
        NoPackageError: npm is not there, or has no answer.
    """
    command = ["npm", "pack", package]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except FileNotFoundError:
        raise NoPackageError("npm is not installed") from None
    except subprocess.CalledProcessError as error:
        # The first lines say what is wrong, the last where npm keeps its log.
        reason = "; ".join(error.stderr.strip().splitlines()[:2])
        raise NoPackageError(reason or f"npm pack ended with {error.returncode}") from None
    except subprocess.TimeoutExpired:
        raise NoPackageError(f"npm has not answered for {PATIENCE} seconds") from None
    archive = next(folder.glob("*.tgz"), None)
    if archive is None:
        raise NoPackageError("npm pack wrote its archive elsewhere; see pack-destination in npm's settings")
    return archive
