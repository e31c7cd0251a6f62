"""The scores of a run, read back from their JSON file."""

from collections.abc import Iterable
from typing import Any

from wgan_keras._text import shown
from wgan_keras._types import PathLike
from wgan_keras.files.former_names import presently_named, presently_scored
from wgan_keras.files.reading import read_json


def read_scores(path: PathLike, identity: Iterable[str] = ()) -> dict[str, Any]:
    """What the file of an `Evaluate` holds: a dict whose `history` is a list of `epoch`, `iteration` and scores.

    Raises:
        ValueError: damaged, or a field of `identity` is not in it.
    """
    remedy = "Copy the run again, or delete the file: the scores so far are then lost."
    kept = presently_named(read_json(path, remedy))
    if "protocol" in kept:
        kept["protocol"] = presently_scored(kept["protocol"])
    lacking = [name for name in ("history", *identity) if name not in kept]
    if lacking:
        raise ValueError(f"{path} is damaged: it lacks {', '.join(lacking)}. {remedy}")
    history = kept["history"] if isinstance(kept["history"], list) else [kept["history"]]
    for entry in history:
        if not _is_entry(entry) or entry.keys() != history[0].keys():
            raise ValueError(
                f"{path} is damaged: 'history' has {shown(entry)}; expected 'epoch', 'iteration' and scores, all "
                f"numbers. {remedy}"
            )
    return kept


def _is_entry(entry):
    if not isinstance(entry, dict) or not all(type(value) in (int, float) for value in entry.values()):
        return False
    return all(type(entry.get(name)) is int for name in ("epoch", "iteration")) and len(entry) > 2
