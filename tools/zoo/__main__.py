"""Make a preset of the zoo from a finished run, its card, and the pages' tables of presets.

    python -m tools.zoo runs/wgan_gp_fashion_mnist wgan_gp_fashion_mnist
    python -m tools.zoo

The first reads config.json, best.keras, gan.keras, scores.json and history.csv of the run and writes zoo/NAME. Of
Fashion-MNIST it scores 60,000 samples by every metric, which takes about ten minutes on two cores. The second writes
the cards of all presets anew, from what the zoo holds of them.
"""

import datetime
import json
import math
import pathlib
import shutil

from benchmarks import command_line, machine
from tools.zoo import card, gallery, golden, scores
from wgan_keras import callbacks, data, load_model, plots, presets
from wgan_keras.files.saving import move_folder
from wgan_keras.files.temporaries import workshop
from wgan_keras.presets import store
from wgan_keras.recipes import Recipe

_NEEDED = ("config.json", "best.keras", "gan.keras", "scores.json", "history.csv")


def make(run, name, hardware, seconds=None):
    """Writes zoo/NAME from the folder of a finished run, whole or not at all; returns the preset's folder.

    Args:
        hardware: what the run was trained on, in words.
        seconds: the run's wall time, where its history does not say it.

    Raises:
        FileNotFoundError: a file of the run is missing.
        ValueError: the run is not finished, its data are not of `data.DATASETS`, or its wall time is not known.
    """
    run = pathlib.Path(run)
    missing = [file for file in _NEEDED if not (run / file).is_file()]
    if missing:
        raise FileNotFoundError(f"{run} is no finished run whose recipe evaluates: it lacks {', '.join(missing)}.")
    recipe = Recipe.load(run / "config.json")
    best, final = load_model(run / "best.keras"), load_model(run / "gan.keras")
    _check(run, recipe, best, final)
    evaluations = scores.references(recipe)
    known = {
        "date": datetime.date.fromtimestamp((run / "gan.keras").stat().st_mtime).isoformat(),
        "hardware": hardware,
        "seconds": seconds if seconds is not None else _seconds(run),
        "data": data.provenance(recipe.data["name"]),
        "scores": scores.make(best, final, recipe, evaluations),
        "golden": golden.make(best, recipe),
    }
    target = store.ZOO / name
    with workshop(store.ZOO) as parent:
        folder = parent / name
        presets.save(best, recipe, folder, **known)
        _draw(best, callbacks.read_history(run / "history.csv"), evaluations, folder)
        shutil.copyfile(run / "history.csv", folder / "history.csv")
        card.write(folder)
        move_folder(folder, target)
    return target


def _check(run, recipe, best, final):
    done = final.generator_iterations
    if done != recipe.iterations:
        raise ValueError(f"{run} is at iteration {done} of {recipe.iterations}; train it to its end first.")
    chosen = json.loads((run / "scores.json").read_text())["best"]["iteration"]
    if best.generator_iterations != chosen:
        raise ValueError(f"{run}/best.keras is not of iteration {chosen}, the best in scores.json; resume the run.")
    if recipe.data["name"] not in data.DATASETS:
        known = ", ".join(data.DATASETS)
        raise ValueError(f"The run's data are {recipe.data['name']!r}; anyone can retrain on {known}.")


def _seconds(run):
    rows = callbacks.read_history(run / "history.csv")
    total = sum(row.get("seconds", math.nan) for row in rows)
    if math.isnan(total):
        raise ValueError(f"{run}/history.csv has no seconds for some epochs; give the wall time by --seconds.")
    return round(total)


def _draw(model, history, evaluations, folder):
    """curves.png; samples.png: 64 images, or 2,000 points; and neighbors.png where features can be compared."""
    plots.save_png(plots.curves(history), folder / "curves.png")
    count = 64 if len(model.generator.output_shape) == 4 else 2_000
    plots.save_png(plots.sample_sheet(model, count, scores.SAMPLING_SEEDS[0]), folder / "samples.png")
    pairs = scores.neighbors(model, evaluations)
    if pairs is not None:
        plots.save_png(plots.grid(pairs, columns=len(pairs) // 2), folder / "neighbors.png")


def main():
    parser = command_line.parser("tools.zoo", __doc__)
    parser.add_argument("run", type=pathlib.Path, nargs="?", help="the folder of a finished run")
    parser.add_argument("name", nargs="?", help="of the preset")
    parser.add_argument(
        "--hardware",
        default=machine.in_words(),
        help="what it was trained on; default: this machine",
    )
    parser.add_argument("--seconds", type=float, help="the wall time, for a run whose history does not say it")
    arguments = parser.parse_args()
    if arguments.run is None:
        for name in store.list_presets():
            card.write(store.ZOO / name)
    elif arguments.name is None:
        parser.error(f"{arguments.run} came without a name for its preset.")
    else:
        print(make(arguments.run, arguments.name, arguments.hardware, arguments.seconds))
    gallery.write()


if __name__ == "__main__":
    main()
