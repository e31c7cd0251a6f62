"""Samples from a saved model to files."""

import math
import pathlib
from collections.abc import Sequence
from typing import Annotated

import numpy as np

from wgan_keras import plots
from wgan_keras._progress import Progress, silent
from wgan_keras._schema import Count, Range, Seed, check_given
from wgan_keras._text import listed
from wgan_keras._types import PathLike
from wgan_keras.data.folder_listing import list_any
from wgan_keras.files.saving import whole_file
from wgan_keras.runtime import memory
from wgan_keras.samples import films, opening
from wgan_keras.samples.forms import BATCH, FOLDER, FORMS

_USUAL = 64  # samples
_Columns = Annotated[int, Range(at_least=1, at_most=1_000_000)]


def write(
    model: PathLike,
    out: PathLike,
    n: int | None = None,
    seed: int | None = None,
    form: str = "grid",
    columns: int | None = None,
    labels: Sequence[str | int] | None = None,
    progress: Progress = silent,
) -> str:
    """Writes samples of a saved model to `out`; returns what was written, in words.

    Args:
        model: a `.keras` file, a run's folder, or a preset by name, folder or `hf://`.
        out: ends in .png: one picture; in .npz: the array `samples`, float32 in [-1, 1]; in .gif, .webp or .mp4: a
            film; else a folder of separate PNGs.
        n: how many samples, None for 64; in rows of `columns` n // columns rows.
        form: "grid"; "interpolation" (rows that walk on the sphere between two latents); "classes" (of a conditional
            game a row for each class, a column for each latent); "video" (a walk through n // columns latents and back
            to the first); or "training" (the sample grids of a run's epochs).
        columns: of the grid, or steps from one latent to the next.
        labels: of a conditional game: classes by name or number, taken in turn, by sample or by row; None draws them.
        progress: wraps the batches of samples for a folder, as `tqdm.tqdm(batches, total=how_many)`.

    Raises:
        FileNotFoundError, ValueError: no such model, or not a whole one; `out` of another kind than the form, as a
            folder for points; more samples than memory holds; an unknown class, or labels for a game that takes none;
            an argument that changes nothing, as `n` of classes, or `columns` of a grid in an .npz.
        FileExistsError: a folder that holds other pictures, which would be taken for samples too.
        ImportError: an .mp4 without imageio-ffmpeg.
    """
    if form not in FORMS:
        raise ValueError(f"form is {form!r}; expected {listed(FORMS)}.")
    kind = FORMS[form]
    check_given("n", n, Count)
    check_given("seed", seed, Seed)
    check_given("columns", columns, _Columns)
    out = pathlib.Path(out).expanduser()
    suffix = FOLDER if out.is_dir() else out.suffix
    _check_suffix(suffix, out, form)
    asked = kind(model if kind.of_run else opening.open_model(model), n or _USUAL, seed, columns, labels or None)
    _refuse_unused(asked.unused(suffix), n=n, seed=seed, columns=columns, labels=labels or None)
    if not kind.of_run:
        _refuse_too_many(asked, suffix, kept=suffix != FOLDER or form != "grid")
    if suffix == FOLDER:
        return _write_each(asked, out, progress)
    if suffix in films.SUFFIXES:
        return f"a film of {films.write(asked.frames(), out, kind.fps)} pictures to {out}"
    samples = np.concatenate(list(asked.shown()))
    if suffix == ".npz":
        with whole_file(out) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(file, samples=samples)
        return f"an array of {samples.shape} to {out}"
    plots.save_png(plots.sheet(samples, asked.columns), out)
    return f"a picture of {len(samples)} samples to {out}"


def _check_suffix(suffix, out, form):
    """ValueError where no file that ends so holds samples in that form."""
    suffixes = FORMS[form].suffixes
    if suffix in suffixes:
        return
    expected = [f"a name that ends in {' or '.join(filter(None, suffixes))}"]
    expected += ["a folder's name"] if FOLDER in suffixes else []
    others = [name for name, each in FORMS.items() if suffix in each.suffixes]
    remedy = f" Or take the form {' or '.join(others)}." if others else ""
    raise ValueError(f"--out is {out}; expected for the form {form} {', or '.join(expected)}.{remedy}")


def _refuse_unused(unused, **given):
    """ValueError where something is given that changes nothing; see `Form.unused`."""
    names, why = unused
    others = [name for name in names if given[name] is not None]
    if others:
        raise ValueError(f"{', '.join(others)} would change nothing here: {why}.")


def _write_each(asked, folder, progress):
    """A PNG a sample, written as the samples are made."""
    shape = asked.model.generator.output_shape[1:]
    if len(shape) != 3:
        raise ValueError(f"The samples are no images, of shape {shape}; draw them to a .png or an .npz.")
    digits = len(str(asked.total - 1))
    names = [f"{number:0{digits}d}.png" for number in range(asked.total)]
    _refuse_other_pictures(folder, names)
    paths = (folder / name for name in names)
    for batch in progress(asked.shown(), total=-(-asked.total // BATCH)):
        for one in batch:
            plots.save_png(plots.image(one), next(paths))
    return f"{asked.total} pictures to {folder}/"


def _refuse_other_pictures(folder, names):
    """FileExistsError where pictures would stay among these, as `000.png` beside `00.png`: one set to any reader."""
    pictures = list_any(folder).files if folder.exists() else []
    own = {folder / name for name in names}
    others = [path.relative_to(folder) for path in pictures if path not in own]
    if others:
        raise FileExistsError(
            f"{folder} holds other pictures, such as {others[0]}, which would be taken for samples of this set; name a "
            "new folder, or remove them."
        )


def _refuse_too_many(asked, suffix, kept):
    """ValueError if more than memory holds: latents, samples where they are `kept` together, and a sheet of images."""
    shape = asked.model.generator.output_shape[1:]
    needed = 4 * asked.total * (asked.model.latent_dim + (2 * math.prod(shape) if kept else 0))
    if suffix == ".png" and len(shape) == 3:
        needed += plots.grid_bytes(asked.total, shape, asked.columns)
    memory.refuse_beyond(needed, f"{asked.total:,} samples", "ask for fewer at a time (-n, --columns)")
