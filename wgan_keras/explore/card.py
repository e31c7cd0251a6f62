"""What the page says about a model beside its pictures: its preset's recipe, scores and figures."""

import dataclasses
import pathlib
import shlex
from typing import Any

from wgan_keras.presets import files, table
from wgan_keras.presets.recipe import Recipe
from wgan_keras.publishing.recipe import without_paths

FIGURES = ("curves.png", "neighbors.png")


def card(name: str, folder: pathlib.Path | None) -> dict[str, Any]:
    """{"facts": pairs of words, "commands", "scores", "recipe", "figures"} for JSON; a part that is not known is empty.

    Args:
        name: as the command takes it.
        folder: of the preset; None where the model is a file by itself.
    """
    word = shlex.quote(name)
    sample = f"wgan-keras sample {word} --seed 0"
    if folder is None:
        return {"facts": [], "commands": [sample], "scores": [], "recipe": None, "figures": []}
    recipe = without_paths(dataclasses.asdict(Recipe.load(folder / files.CONFIG)))
    metadata = files.read_metadata(folder)
    train = [f"wgan-keras train {word} --out runs/again"] if recipe["data"] else []
    return {
        "facts": _facts(recipe, metadata),
        "commands": [sample, *train],
        "scores": _scores(metadata["scores"]) if metadata.get("scores") else [],
        "recipe": recipe,
        "figures": [figure for figure in FIGURES if (folder / figure).is_file()],
    }


def _facts(recipe, metadata):
    data = metadata.get("data")
    of_data = f" ({data['source']}; {data['license']})" if data else ""
    facts = [("Game", recipe["game"]["name"])]
    if recipe["data"]:
        facts.append(("Data", f"{recipe['data']['name']}{of_data}"))
    facts += [
        (role.capitalize(), f"{recipe[role]['name']}, {count:,} parameters")
        for role, count in metadata["parameters"].items()
    ]
    if recipe["iterations"]:
        facts.append(("Training", f"{recipe['iterations']:,} generator iterations of batch {recipe['batch_size']}"))
    if metadata.get("seconds") is not None:
        facts.append(("Time", f"{table.duration(metadata['seconds'])} with all evaluations"))
    return facts


def _scores(scores):
    """A table a protocol: {"protocol", "rows": (score, of the best state, of real data)}."""
    real = scores["real_against_real"]
    return [
        {
            "protocol": protocol,
            "rows": [
                (
                    name,
                    table.spread(value["mean"], value["std"] or None),
                    f"{real[protocol][name]:.4g}" if name in real.get(protocol, {}) else "",
                )
                for name, value in found.items()
            ],
        }
        for protocol, found in scores["best"]["protocols"].items()
    ]
