"""One game of the study: its search, then its winner trained by each seed. What is over is kept at once."""

import dataclasses
import shutil

from benchmarks.study import provenance
from benchmarks.study.record import Record
from wgan_keras import data, recipes
from wgan_keras.files.saving import whole_file
from wgan_keras.scoring import default_protocol
from wgan_keras.tuning import default_space, report, results, workers
from wgan_keras.tuning.search import Search

KEPT = ("search.json", "trials.csv", "report.html", "*.png")

_SETTINGS = ("data", "protocol", "width", "batch_size", "ema_decay", "trials", "iterations", "epoch_iterations", "seed")


def settings_of(options):
    """What all games of a study have in common."""
    return {name: getattr(options, name) for name in _SETTINGS}


def refuse_another(options):
    """FileExistsError if the folder options.out holds games of a study with other settings."""
    for path in sorted(options.out.glob("*/study.json")):
        kept = Record(path)
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
        recipe = recipe_of(name, options)
        self.planned = Search(
            recipe,
            default_space(recipe),
            options.protocol or default_protocol(recipe),
            iterations=options.iterations,
            epoch_iterations=options.epoch_iterations,
            trials=options.trials,
            seed=options.seed,
        )
        self.record = Record(self.out / "study.json")

    def search(self):
        """The search to its end, unless it is in the record."""
        if self.record:
            return
        with workers.held(self.work):
            self.planned.save(self.work)
            workers.run_saved(self.planned, self.work, self.options.workers)
            best = report.write(self.work)
        self.out.mkdir(parents=True, exist_ok=True)
        for path in (path for pattern in KEPT for path in self.work.glob(pattern)):
            with whole_file(self.out / path.name) as temporary:
                shutil.copyfile(path, temporary)
        winner = dataclasses.asdict(results.winner(self.work)) if best else None
        self.record.keep(
            settings=settings_of(self.options),
            protocol=self.planned.protocol,
            objective=self.planned.goal.name,
            direction=self.planned.goal.direction,
            real_against_real=self.planned.hypermodel.evaluation.floor,
            scoring_seed=self.options.seed + 1,
            search={**provenance.of_now(self.options.workers), **_found(self.planned, self.work)},
            winner=winner,
        )

    def retrain(self, retraining):
        """The winner's trainings by the seeds that the record lacks; none if all trials failed."""
        if self.record["winner"]:
            retraining.by_seeds(recipes.Recipe(**self.record["winner"]), self.work, self.record)


def recipe_of(game, options):
    """A game with its paper's hyperparameters, in the networks of the study."""
    shape = data.load_raw(options.data, "test").shape[1:]
    fields = {"width": options.width, "batch_size": options.batch_size}
    given = {"name": game, "ema_decay": options.ema_decay, "seed": 0}
    return recipes.standard(given, {"name": options.data}, shape, **fields)


def _found(search, out):
    """What the search in the folder `out` found."""
    rows = results.read(out)
    return {
        "trials": len(rows),
        "failed": sum(bool(row["failure"]) for row in rows),
        "generator_iterations": sum(row["iterations"] for row in rows),
        "critic_updates": sum(row["critic_updates"] for row in rows),
        "hours": round(sum(row["seconds"] for row in rows) / 3600, 2),
        "best": results.best(rows, search.goal),
    }
