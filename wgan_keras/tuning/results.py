"""The trials of a search as rows, and the best of them as a recipe."""

import collections
import csv
import pathlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import keras_tuner

from wgan_keras._schema import parameters
from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import whole_file
from wgan_keras.games import GAMES
from wgan_keras.presets.recipe import Recipe
from wgan_keras.tuning.oracles import REMEDY
from wgan_keras.tuning.search import Search
from wgan_keras.tuning.space import Space

Row: TypeAlias = dict[str, Any]


def read(out: PathLike) -> list[Row]:
    """One dict a finished trial of the search in the folder `out`, in the order they began.

    `trial`, `after` (the trial of Hyperband that it goes on with), each hyperparameter by name, the score at its
    best and at the end ("val_fid", "val_fid_final"), generator `iterations`, to be trained `up_to`, `critic_updates`,
    `seconds`, `failure` ("" or how it failed; it then has the scores of `tuning.failures`).
    """
    search = Search.load(out)
    n_critic = parameters(GAMES[search.recipe.game["name"]])["n_critic"].default  # where a recipe names none
    name = search.goal.name.removesuffix("_final")
    rows = []
    for path in pathlib.Path(out).expanduser().glob("trial_*/trial.json"):
        trial = read_json(path, REMEDY)
        try:
            if trial["status"] == "COMPLETED":
                rows.append(_row(search, name, n_critic, path, trial))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ValueError(
                f"{path} is damaged ({type(error).__name__}: {one_line(error)}); expected a trial as keras-tuner "
                f"keeps it. {REMEDY}"
            ) from error
    return sorted(rows, key=lambda row: int(row["trial"]))


def _row(search, name, n_critic, path, trial):
    metrics = {k: v["observations"][-1]["value"][0] for k, v in trial["metrics"]["metrics"].items()}
    labels = trial["hyperparameters"]["values"]
    iterations = round(metrics["iterations"])
    int(trial["trial_id"])  # by which rows are sorted
    return {
        "trial": trial["trial_id"],
        "after": labels.get("tuner/trial_id", ""),
        **{d.name: labels[d.name] for d in search.hypermodel.space.dimensions},
        name: metrics[name],
        f"{name}_final": metrics[f"{name}_final"],
        "iterations": iterations,
        "up_to": labels.get("tuner/epochs", 0) * search.hypermodel.epoch_iterations or search.iterations,
        "critic_updates": _critic_updates(metrics, search.hypermodel.space, labels, n_critic),
        "seconds": round(metrics["seconds"], 1),
        "failure": path.with_name("failure.txt").read_text() if metrics["failed"] else "",
    }


def _critic_updates(metrics, space, labels, n_critic):
    """As the trial says; those of the first version do not."""
    if "critic_updates" in metrics:
        return round(metrics["critic_updates"])
    return round(metrics["iterations"]) * space.recipe_from(labels).game.get("n_critic", n_critic)


def write_csv(rows: Sequence[Row], path: PathLike) -> None:
    with whole_file(path) as temporary, open(temporary, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def ends(rows: Sequence[Row]) -> list[Row]:
    """The rows that no later rung of Hyperband goes on with: each trained model once, as it was left."""
    gone_on_with = {row["after"] for row in rows}
    return [row for row in rows if row["trial"] not in gone_on_with]


def independent(rows: Sequence[Row]) -> list[Row]:
    """The rows whose values were drawn without regard to scores, and that were to be trained as far.

    All of a random search; of Hyperband those of its commonest first rung. A Bayesian search has none, strictly: its
    draws follow the scores.
    """
    begun = [row for row in rows if not row["after"]]
    commonest, _ = collections.Counter(row["up_to"] for row in begun).most_common(1)[0]
    return [row for row in begun if row["up_to"] == commonest]


def fewer(search: Search, rows: Sequence[Row]) -> str:
    """Why there are fewer trials than were asked for, in a sentence; "" if there are not."""
    if len(rows) >= (search.asked or 0):
        return ""
    spent = search.hours and sum(row["seconds"] for row in rows) >= 3600 * search.hours
    reason = f"the {search.hours:g} hours were spent" if spent else "no other values were drawn"
    return f"{len(rows)} of {search.asked} trials: {reason}."


def best(rows: Sequence[Row], goal: keras_tuner.Objective) -> Row | None:
    """The row with the best score among those that did not fail, nor went on to fail; None if there is none."""
    sound = [row for row in ends(rows) if not row["failure"]]
    return (max if goal.direction == "max" else min)(sound, key=lambda row: row[goal.name], default=None)


def winner(out: PathLike) -> Recipe:
    """The best trial of the search in `out` as a `Recipe`; its `iterations` are those of the recipe searched from.

    Raises:
        ValueError: there is none.
    """
    search, rows = Search.load(out), read(out)
    row = best(rows, search.goal)
    if row is None:
        raise ValueError(f"None of {len(rows)} trials came to an end without failing; see trials.csv for how.")
    return Space(search.recipe, search.space).recipe_from(row)
