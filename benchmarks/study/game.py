"""One game of the study: its search, then its winner trained by each seed. What is over is kept at once."""

import argparse
import dataclasses
import datetime
import json
import os
import platform
import shlex
import shutil
import sys

import keras

from wgan_keras import data, recipes, scoring, training
from wgan_keras.saving import load_model, whole_file
from wgan_keras.tuning import analysis, default_space, report, results, workers
from wgan_keras.tuning.hypermodel import default_protocol
from wgan_keras.tuning.search import Search

EVALUATIONS = 20  # of a winner's training
KEPT = ("search.json", "trials.csv", "report.html", "*.png")

_SETTINGS = ("data", "protocol", "width", "batch_size", "ema_decay", "trials", "iterations", "epoch_iterations", "seed")


def settings_of(options):
    """What all games of a study have in common."""
    return {name: getattr(options, name) for name in _SETTINGS}


def refuse_another(options):
    """FileExistsError if the folder options.out holds games of a study with other settings."""
    for path in sorted(options.out.glob("*/study.json")):
        kept = json.loads(path.read_text())
        other = [name for name, value in settings_of(options).items() if kept["settings"][name] != value]
        trained = kept.get("retrained", {}).get("iterations")
        if None not in (trained, options.retrain_iterations) and trained != options.retrain_iterations:
            other.append("retrain_iterations")
        if other:
            raise FileExistsError(
                f"{path} is of a study with another {', '.join(other)}. Choose another folder for --out, or go on with "
                "that study by its own settings."
            )


class Game:
    """A game, its search in the folder `work`, and the record of both in the folder `out`.

    Args:
        name: of the game.
        options: of the command line.
    """

    def __init__(self, name, options):
        self.options = options
        self.work, self.out = options.work / name, options.out / name
        recipe = _recipe(name, options)
        self.planned = Search(
            recipe,
            default_space(recipe),
            options.protocol or default_protocol(recipe),
            iterations=options.iterations,
            epoch_iterations=options.epoch_iterations,
            trials=options.trials,
            seed=options.seed,
        )
        self._path = self.out / "study.json"
        self.record = json.loads(self._path.read_text()) if self._path.exists() else {}

    def search(self):
        """The search to its end, unless it is in the record."""
        if self.record:
            return
        self.planned.save(self.work)
        workers.run_saved(self.planned, self.work, self.options.workers)
        best = report.write(self.work)
        self.out.mkdir(parents=True, exist_ok=True)
        for path in (path for pattern in KEPT for path in self.work.glob(pattern)):
            with whole_file(self.out / path.name) as temporary:
                shutil.copyfile(path, temporary)
        winner = dataclasses.asdict(results.winner(self.work)) if best else None
        self._keep(
            settings=settings_of(self.options),
            protocol=self.planned.protocol,
            objective=self.planned.goal.name,
            real_against_real=self.planned.hypermodel.evaluation.floor,
            scoring_seed=self.options.seed + 1,
            search={**_ran(self.options.workers), **_found(self.planned, self.work)},
            winner=winner,
        )

    def retrain(self):
        """The winner's trainings by the seeds that the record lacks; none if all trials failed."""
        if not self.record["winner"]:
            return
        iterations = self.options.retrain_iterations
        done = self.record.get("retrained", {"iterations": iterations, "seeds": []})
        for seed in range(1, self.options.retrain_seeds + 1):  # 0 was the search's
            if seed not in [each["seed"] for each in done["seeds"]]:
                done["seeds"].append({"seed": seed, **_ran(), **self._trained(seed)})
                self._keep(retrained=done)

    def score(self, model):
        """{"parameters": the generator's and the critic's, every score of the protocol}.

        Of samples by a seed of its own: options.seed's chose the winners, 0's their best states and the presets'.
        """
        parameters = {role: getattr(model, role).count_params() for role in ("generator", "critic")}
        evaluation = self.planned.hypermodel.evaluation
        return {"parameters": parameters, **scoring.evaluate(model, evaluation, self.options.seed + 1).scores}

    def _trained(self, seed):
        """{"failure", and, if it came to an evaluation, `score`}.

        The state scored is chosen as the zoo's are: the best of its evaluations, twenty here; of a training that
        diverged, those before it.

        Raises:
            FileExistsError: the run of that seed has another recipe, of another winner or length.
        """
        winner, iterations = recipes.Recipe(**self.record["winner"]), self.options.retrain_iterations
        recipe = dataclasses.replace(
            winner,
            game={**winner.game, "seed": seed},
            iterations=iterations,
            evaluation={"protocol": self.planned.protocol, "every": iterations // EVALUATIONS},
        )
        folder = self.work / f"retrained_{seed}"
        begun = (folder / "config.json").exists()
        if begun and recipes.Recipe.load(folder / "config.json") != recipe:
            raise FileExistsError(f"{folder} has another recipe than this winner's. Remove it, and it begins anew.")
        failure, stopped = "", None
        try:
            _, stopped = training.resume(folder) if begun else training.start(recipe, folder)
        except RuntimeError as error:
            if type(error) is not RuntimeError:  # of the framework
                raise
            failure = str(error)  # a loss is NaN
        if stopped:
            sys.exit(128 + stopped)
        best = folder / "best.keras"
        return {"failure": failure, **(self.score(load_model(best)) if best.exists() else {})}

    def _keep(self, **news):
        self.record |= news
        with whole_file(self._path) as temporary:
            temporary.write_text(json.dumps(self.record, indent=2) + "\n")


def _recipe(game, options):
    shape = data.load_raw(options.data, "test").shape[1:]
    fields = {"width": options.width, "batch_size": options.batch_size}
    given = {"name": game, "ema_decay": options.ema_decay, "seed": 0}
    return recipes.standard(given, {"name": options.data}, shape, **fields)


def _ran(workers=1):
    """What made a number: the command, the day, the machine."""
    return {
        "command": f"python -m benchmarks.study {shlex.join(_deciding(sys.argv[1:]))}",
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {workers} at once",
        "keras": keras.version(),
    }


def _deciding(arguments):
    """Those of the command line that a number can depend on: not the folders."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for folder in ("--work", "--out"):
        parser.add_argument(folder)
    return parser.parse_known_args(arguments)[1]


def _found(search, out):
    """What the search in the folder `out` found."""
    rows, goal = results.read(out), search.goal
    mean, std = analysis.expected_best([row[goal.name] for row in rows], goal.direction)
    return {
        "trials": len(rows),
        "failed": sum(bool(row["failure"]) for row in rows),
        "generator_iterations": sum(row["iterations"] for row in rows),
        "critic_updates": sum(row["critic_updates"] for row in rows),
        "hours": round(sum(row["seconds"] for row in rows) / 3600, 2),
        "best": results.best(rows, goal),
        "expected_best": {"mean": mean.tolist(), "std": std.tolist()},
    }
