"""Samples from a saved model to files."""

import pathlib

import numpy as np

from wgan_keras import pictures, preset_files, presets
from wgan_keras.saving import load_model, whole_file


def draw(model, out, n=64, seed=None, form="grid", columns=None):
    """Writes samples of a saved model to `out`; returns what was written, in words.

    Args:
        model: a `.keras` file, a run's folder, or a preset by name, folder or `hf://`.
        out: ends in .png: one picture; in .npz: the array `samples`, float32 in [-1, 1]; else a folder of
            separate PNGs.
        n: how many samples; of an interpolation with `columns` steps in a row, n // columns rows.
        form: "grid", or "interpolation" (rows that walk on the sphere between two latents).
        columns: of the grid, or steps of an interpolation.

    Raises:
        FileNotFoundError, ValueError: no such model, or not a whole one; `out` of another kind, as a folder for points.
    """
    if form not in ("grid", "interpolation"):
        raise ValueError(f"form is {form!r}; expected 'grid' or 'interpolation'.")
    if n < 1:
        raise ValueError(f"n is {n}; expected at least 1 sample.")
    model, out = open_model(model), pathlib.Path(out).expanduser()
    if form == "interpolation":
        columns = columns or 8
        rows = max(1, n // columns)
        path = model.interpolate(rows, columns, seed=seed)
        samples = path.reshape(-1, *path.shape[2:])
    else:
        samples = model.sample(n, seed=seed)
    if out.suffix == ".npz":
        with whole_file(out) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(file, samples=samples)
        return f"an array of {samples.shape} to {out}"
    if out.suffix == ".png":
        pictures.save_png(pictures.sheet(samples, columns), out)
        return f"a picture of {len(samples)} samples to {out}"
    if out.suffix:
        raise ValueError(f"--out is {out}; expected a name that ends in .png or .npz, or a folder's name.")
    if samples.ndim != 4:
        raise ValueError(f"The samples are no images, of shape {samples.shape}; draw them to a .png or an .npz.")
    digits = len(str(len(samples) - 1))
    for i, one in enumerate(samples):
        pictures.save_png(pictures.image(one), out / f"{i:0{digits}d}.png")
    return f"{len(samples)} pictures to {out}/"


def open_model(name):
    """The model in a `.keras` file or in a run's folder, or a preset, as in `presets.from_preset`.

    Of a run it is the state that scored best, as in the run's own preset and samples, or the last if none was scored.
    """
    path = pathlib.Path(name).expanduser()
    if path.suffix == ".keras" or path.is_file():
        return load_model(path)
    of_run = preset_files.in_run(name, "best.keras") or preset_files.in_run(name, "gan.keras")
    return load_model(of_run) if of_run else presets.from_preset(name)
