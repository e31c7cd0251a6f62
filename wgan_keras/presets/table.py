"""The presets of the zoo as a table: for `wgan-keras list`, and for the pages. No framework is imported here."""

from typing import Any

from wgan_keras.files.reading import read_json
from wgan_keras.presets import files, store
from wgan_keras.presets.score_names import label

HEADINGS = ("preset", "game", "data", "score", "protocol", "parameters", "iterations", "training")


def rows() -> list[tuple[str, ...]]:
    """One tuple of strings a preset, under `HEADINGS`; the score is the best state's, over all sampling seeds."""
    found: list[tuple[str, ...]] = []
    for name in store.list_presets():
        folder = store.ZOO / name
        recipe = read_json(folder / files.CONFIG, "Install the package again.")
        metadata = files.read_metadata(folder)
        best = metadata["scores"]["best"]
        protocol, scores = next(iter(best["protocols"].items()))
        found.append(
            (
                name,
                recipe["game"]["name"],
                recipe["data"]["name"],
                score(scores, protocol),
                protocol,
                f"{metadata['parameters']['generator'] / 1e6:.2f} M",
                f"{best['iteration']:,} of {recipe['iterations']:,}",
                _training(metadata),
            )
        )
    return found


def score(scores: dict[str, Any], protocol: str) -> str:
    """The first score of a protocol as mean ± standard deviation, or what is to be known of a mixture's modes."""
    if "modes_covered" in scores:
        covered, modes, near = (scores[name]["mean"] for name in ("modes_covered", "modes", "high_quality"))
        return f"{covered:.3g}/{modes:.0f} modes, {near:.1%} high-quality"
    name, value = next(iter(scores.items()))
    return f"{label(name, protocol)} {spread(value['mean'], value['std'], '.3g')}"


def spread(mean: float, error: float | None, form: str = ".4g", error_form: str = ".1g") -> str:
    """`mean ± error`, each in its format, of a standard deviation or error; the mean alone where there is none."""
    told = f"{mean:{form}}"
    return told if error is None else f"{told} ± {error:{error_form}}"


def _training(metadata):
    """How long it took, and where not on a CPU as the others."""
    return duration(metadata["seconds"]) + (" on a GPU" if "GPU" in metadata["hardware"] else "")


def duration(seconds: float) -> str:
    """Seconds in words, as "3 h 05 min" or "12 min"."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def text() -> str:
    """The table for a terminal."""
    table = [HEADINGS, *rows()]
    if len(table) == 1:
        return "No presets are installed."
    widths = [max(len(row[i]) for row in table) for i in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in table)
