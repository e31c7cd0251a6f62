"""The folder of a run: what run.json says, what holds when it goes on, and what of others it does not overwrite."""

import dataclasses
import pathlib
from collections.abc import Sequence
from typing import Literal

from wgan_keras._schema import Count, check_file
from wgan_keras._types import PathLike
from wgan_keras.data import catalog
from wgan_keras.files.contents import refuse_taken
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import write_json
from wgan_keras.presets.files import WEIGHTS
from wgan_keras.presets.recipe import Recipe, is_recipe
from wgan_keras.runtime import processes

CONFIG, SETTINGS = "config.json", "run.json"
FOLDERS = ("samples", "preset", "tensorboard")  # of a run, in its own
_WRITTEN = (SETTINGS, "history.csv", "curves.png", "samples/epoch_*.png", "samples.png", "preset/*", "scores.json")
_REMEDY = "Copy the run again, or start another."


@dataclasses.dataclass(frozen=True)
class Settings:
    """What run.json says beside the recipe; a run of an earlier version does not say the last ones.

    Fields:
        data_dir, weights: as they were given.
        epoch_iterations: an epoch's length; None where the recipe's evaluations end one, or, in a run of an earlier
            version, for a pass over the data.
        data_sha256: of the data, both splits.
        held_out: which of many test images the held-out estimates are of: a "subsample" of all; None, in a run of an
            earlier version, the first, so that its curve goes on.
    """

    data_dir: str | None
    epoch_iterations: Count | None
    weights: str | None = None
    data_sha256: str | None = None
    held_out: Literal["subsample"] | None = None


def read_settings(out: pathlib.Path) -> Settings:
    """The `Settings` of the run in the folder `out`.

    Raises:
        FileNotFoundError: there is no run.json.
        ValueError: it is damaged.
    """
    given = read_json(out / SETTINGS, _REMEDY)
    check_file(out / SETTINGS, given, Settings, _REMEDY)
    return Settings(**given)


def write_settings(out: pathlib.Path, settings: Settings) -> None:
    write_json(out / SETTINGS, dataclasses.asdict(settings))


def whole_path(path: PathLike | None) -> str | None:
    """A path that holds from any working directory, None for none."""
    return None if path is None else str(pathlib.Path(path).expanduser().resolve())


def with_data(recipe: Recipe, name: str) -> Recipe:
    """The same recipe for data of another name."""
    assert recipe.data is not None  # one that trains has some
    return dataclasses.replace(recipe, data={**recipe.data, "name": name})


def with_data_found(
    recipe: Recipe,
    out: pathlib.Path,
    data_name: PathLike | None,
    kind: str = "run",
    written: Sequence[str] = FOLDERS,
) -> Recipe:
    """The recipe of what was begun in `out` with its folder of pictures where it lies now.

    Args:
        data_name: that folder; None: where it lay.
        kind: what was begun there, for messages.
        written: names of the folders in `out` that it writes pictures to.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: a `data_name` for what learns from no folder, or that is no folder's, or in which it writes; a
            recipe without data.
    """
    if recipe.data is None:
        raise ValueError(f"{out / CONFIG} names no data, and so is not the {kind}'s; put that back, or start another.")
    name = recipe.data["name"]
    if data_name is None:
        try:
            return with_data(recipe, catalog.absolute(name))
        except (FileNotFoundError, ValueError) as error:
            raise type(error)(
                f"{error}. The {kind} in {out} learns from it; if its pictures lie elsewhere now, say where: "
                "--data FOLDER (in Python data_name=)."
            ) from None
    if not catalog.is_folder(name) or not catalog.is_folder(str(data_name)):
        raise ValueError(
            f"The data are to be {str(data_name)!r}, and the {kind} in {out} learns from {name!r}; only a folder of "
            "pictures may be named anew, by its path. Where the files of a named set lie is for --data-dir."
        )
    catalog.refuse_within(out, data_name, written=written)
    return with_data(recipe, catalog.absolute(str(data_name)))


def check_same_data(out: PathLike, before: str | None, now: str) -> None:
    """ValueError if what was begun in `out` has other data now, by their sha256; None is not known."""
    if before not in (None, now):
        raise ValueError(
            f"The data of {out} have sha256 {now}, and {before} when it began: pictures came, went or changed. Put "
            "them back as they were, or start another in another folder."
        )


def refuse_begun(out: pathlib.Path) -> None:
    """A new run goes into a folder without a run's checkpoint, a preset or a search.

    Raises:
        FileExistsError: there is one.
    """
    if any((out / name).exists() for name in ("gan.keras", "best.keras")):
        raise FileExistsError(f"{out} holds a run already; go on with it by --resume, or choose another folder.")
    if any((out / name).exists() for name in (WEIGHTS, "search.json")):
        raise FileExistsError(f"{out} holds a preset or a search, whose config.json is another; choose another folder.")


def refuse_files_of_others(out: pathlib.Path, recipe: Recipe) -> None:
    """A new run by `recipe` in the folder `out` overwrites nothing but a run that has no checkpoint yet.

    Raises:
        FileExistsError: it would overwrite what is no run's, such as the config.json of another program.
    """
    if not processes.writes():  # its files may be those of the first process, which writes them meanwhile
        return
    config = out / CONFIG
    if _holds(read_settings, out) and (not config.exists() or is_recipe(config)):
        return
    own = _holds(lambda path: Recipe.load(path) == recipe, config)  # that which the run is trained by
    refuse_taken(out, _WRITTEN if own else (CONFIG, *_WRITTEN), "a run")


def _holds(read, path):
    """Whether something is there that can be read so, and is not false."""
    try:
        return bool(read(path))
    except (OSError, ValueError):
        return False
