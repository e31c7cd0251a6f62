"""A search in a folder: its settings, its trials, and going on with it.

search.json      the settings
oracle.json      what the oracle knows; trial_.../, a folder a trial, see `tuning.tuner`
trials.csv, report.html and its pictures, when it is over: see `tuning.results` and `tuning.report`
"""

import dataclasses
import functools
import json
import pathlib
import typing
from typing import Annotated, Self

import keras_tuner

from wgan_keras._schema import Count, Positive, Range, Seed, as_json, check, check_file
from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.data.catalog import absolute, is_folder, refuse_within
from wgan_keras.files.contents import refuse_taken
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import as_written, write_json
from wgan_keras.metrics.extractors import may_be_compared
from wgan_keras.presets.recipe import Recipe, check_precision
from wgan_keras.run_folder import check_same_data, whole_path, with_data_found
from wgan_keras.tuning import oracles
from wgan_keras.tuning.hypermodel import GANHyperModel
from wgan_keras.tuning.objective import objective
from wgan_keras.tuning.oracles import REMEDY
from wgan_keras.tuning.tuner import GANTuner

TUNERS = ("random", "hyperband", "bayesian")
TRIALS = 20  # unless told
_FACTOR = 3  # of Hyperband: a third of the trials go on, three times as long
_PICTURES = ("hyperparameters.png", "expected_best.png", "importance.png")
_WRITTEN = ("oracle.json", "tuner.json", "trial_*", "trials.csv", "report.html", *_PICTURES)
_FOLDERS = ("tensorboard",)  # whose trials are replaced; a folder named as one of trials is refused by _WRITTEN
# Of trials.csv, beside the hyperparameters and the scores.
COLUMNS = ("trial", "after", "iterations", "up_to", "critic_updates", "seconds", "failure")
_FOUND = ("data_sha256", "extractor")  # by `save`
MAY_CHANGE = ("trials", "hours", "data_dir", "weights")  # when a search is gone on with


@dataclasses.dataclass(frozen=True)
class Search:
    """Everything a search depends on.

    Fields:
        recipe: the `recipes.Recipe` that the trials vary.
        space: see `tuning.space`.
        protocol: a protocol's name.
        objective, at: see `tuning.objective.objective`.
        tuner: "random"; "hyperband", which gives most trials a part of `iterations` and the best the whole; or
            "bayesian".
        iterations: generator iterations of a trial, at most. Each takes n_critic critic updates.
        epoch_iterations: generator iterations between evaluations, and Hyperband's shortest trial; see `GANHyperModel`.
        trials: how many; None for 20, or as many as `hours` allow. Hyperband's own count is one pass over its brackets.
        hours: of training and evaluation; once the finished trials of all workers took them together, no trial
            begins. None: no limit.
        seed: of the oracle's draws and of the samples scored. The recipe's own rules the training.
        data_dir: where a named data set lies.
        weights: the file of the extractor "inception" or "inception2015".
        data_sha256: of the data, as `save` finds them; None before, and in a search of an earlier version.
        extractor: the card of the protocol's extractor, likewise.

    Raises:
        ValueError: a field out of range, or a space or objective that does not go with the recipe.
    """

    recipe: Recipe
    space: dict
    protocol: str
    objective: str | None = None
    at: str = "best"
    tuner: str = "random"
    iterations: Count = 1_000
    epoch_iterations: Count | None = None
    trials: Annotated[int, Range(at_least=1, at_most=1_000_000)] | None = None
    hours: Positive | None = None
    seed: Seed = 0
    data_dir: str | None = None
    weights: str | None = None
    data_sha256: str | None = dataclasses.field(default=None, compare=False)
    extractor: dict | None = dataclasses.field(default=None, compare=False)

    def __post_init__(self):
        if self.tuner not in TUNERS:
            raise ValueError(f"The tuner is {self.tuner!r}; expected one of {', '.join(TUNERS)}.")
        for name, annotation in typing.get_type_hints(type(self), include_extras=True).items():
            if name in ("iterations", "epoch_iterations", "trials", "hours", "seed"):
                check(name, getattr(self, name), annotation)
        if self.tuner == "hyperband" and self.trials is not None:
            raise ValueError("Hyperband's brackets set the number of trials; leave it out, or choose another tuner.")
        if self.tuner == "hyperband" and self._epochs < _FACTOR:
            raise ValueError(
                f"A trial of {self.iterations} iterations is evaluated after every {self.hypermodel.epoch_iterations}; "
                f"Hyperband needs {_FACTOR} evaluations or more to choose by. Expected a smaller epoch_iterations."
            )
        _ = self.hypermodel, self.goal  # checked

    @functools.cached_property
    def goal(self) -> keras_tuner.Objective:
        """The `keras_tuner.Objective`."""
        return objective(self.protocol, self.objective, self.at)

    @functools.cached_property
    def hypermodel(self) -> GANHyperModel:
        return GANHyperModel(
            dataclasses.replace(self.recipe, iterations=self.iterations, evaluation=None),
            self.space,
            self.protocol,
            epoch_iterations=self.epoch_iterations,
            seed=self.seed,
            data_dir=self.data_dir,
            weights=self.weights,
        )

    @property
    def _epochs(self):
        return self.iterations // self.hypermodel.epoch_iterations

    @property
    def asked(self) -> int | None:
        """How many trials there are to be; None where Hyperband's brackets or the hours decide."""
        return self.trials or (None if self.hours or self.tuner == "hyperband" else TRIALS)

    def oracle(self) -> keras_tuner.Oracle:
        # keras-tuner takes seed 0 for none, and draws from the seeds that follow: two searches are to share none.
        # Failures are scores here, and never end a search.
        common = {"objective": self.goal, "seed": 1 + 10_000 * self.seed, "max_consecutive_failed_trials": None}
        if self.tuner == "hyperband":
            passes = None if self.hours else 1
            oracle = oracles.HyperbandOracle(
                max_epochs=self._epochs, factor=_FACTOR, hyperband_iterations=passes, **common
            )
        else:
            kind = oracles.RandomOracle if self.tuner == "random" else oracles.BayesianOracle
            oracle = kind(max_trials=self.asked, **common)
        oracle.max_seconds = 3600 * self.hours if self.hours else float("inf")
        return oracle

    def open(self, out: PathLike) -> GANTuner:
        """The `GANTuner` of this search in the folder `out`, gone on with if it was begun there."""
        out = pathlib.Path(out).expanduser().resolve()
        return GANTuner(self.oracle(), self.hypermodel, directory=str(out.parent), project_name=out.name)

    def run(self, out: PathLike) -> None:
        """Runs the search in the folder `out` to its end, or takes the part in it that keras-tuner's environment names.

        A search that has just been saved has its reference at hand; one that is loaded reads it again.
        """
        self.open(out).search(verbose=0)

    def save(self, out: PathLike) -> None:
        """Writes search.json, of a search that can be run, from any working directory: folders by their whole paths.

        Raises:
            FileExistsError: `out` holds another search, or files of something else that this one would overwrite.
            ValueError: a hyperparameter is named as another column of trials.csv, or replaces what another one has
                set; too few values differ for Hyperband; the data do not go with the protocol,
                networks of the space not with the game, or batches not with the data; the data or the extractor are not
                those that the search began with; `out` lies among its pictures, or they in a folder that it writes to.
        """
        path = pathlib.Path(out).expanduser() / "search.json"
        given = json.loads(json.dumps(as_json(dataclasses.asdict(self)), default=str))  # as it will be read
        fields = given | self._whole_paths(given["recipe"])
        if path.exists():
            self._check_goes_on(out, _kept_in(path), given, fields)
        else:
            self._check_begins(out)
        write_json(path, {**fields, "data_sha256": self.hypermodel.data_sha256, "extractor": self._card})

    def _check_goes_on(self, out, kept, given, fields):
        """The search in `out` is this one, by what its search.json has kept.

        Args:
            given: the fields of this one as they are.
            fields: the same with folders by their whole paths.
        """
        same = _wherever_pictures_lie if kept.get("data_sha256") else dict  # by which they are compared below
        kept, given, now = map(same, (kept, given, fields))
        settled = [name for name in now if name not in (*_FOUND, *MAY_CHANGE)]
        # Earlier versions kept a relative folder as it was given.
        other = [name for name in settled if kept.get(name) not in (now[name], given[name])]
        _refuse_incomplete(pathlib.Path(out))
        if other:
            raise FileExistsError(
                f"{out} holds a search with another {', '.join(other)}. Choose another folder, or go on with "
                "that one with its own settings."
            )
        check_same_data(out, kept.get("data_sha256"), self.hypermodel.data_sha256)
        _check_same_extractor(out, kept.get("extractor"), self._card)

    def _check_begins(self, out):
        """The search can be run, and `out` has room for it."""
        self._check_names()
        self.hypermodel.space.refuse_replaced()
        self._check_first_rung()
        refuse_taken(pathlib.Path(out).expanduser(), _WRITTEN, "a search")
        refuse_within(out, self.hypermodel.recipe.data["name"], self.data_dir, _FOLDERS)
        _ = self.hypermodel.evaluation
        for recipe in self.hypermodel.space.corners:
            self.hypermodel.check_batch_size(recipe)
            check_precision(recipe.build())

    @property
    def _card(self):
        return as_written(as_json(self.hypermodel.evaluation.extractor.card))

    def _check_names(self):
        best = self.goal.name.removesuffix("_final")
        scores = (best, f"{best}_final")
        for dimension in self.hypermodel.space.dimensions:
            if dimension.name in (*COLUMNS, *scores):
                raise ValueError(
                    f"The space names a hyperparameter {dimension.name!r}, as trials.csv names a column of its own. "
                    'Give it another name, and what it varies as its "fields".'
                )

    def _check_first_rung(self):
        count = self.hypermodel.space.combinations
        if self.tuner == "hyperband" and count < (rung := self.oracle().first_rung):
            raise ValueError(
                f"The space has {count} combinations of values, and Hyperband's first rung is of {rung} models that "
                "differ. Let the space vary more, or choose another tuner."
            )

    def _whole_paths(self, recipe):
        data = {**recipe["data"], "name": absolute(recipe["data"]["name"])}
        where = {"data_dir": whole_path(self.data_dir), "weights": whole_path(self.weights)}
        return {"recipe": {**recipe, "data": data}, **where}

    def with_data_found(self, out: PathLike, data_name: PathLike | None) -> Self:
        """The search in `out` with its folder of pictures where it lies now; see `run_folder.with_data_found`."""
        out = pathlib.Path(out).expanduser()
        return dataclasses.replace(self, recipe=with_data_found(self.recipe, out, data_name, "search", _FOLDERS))

    @classmethod
    def load(cls, out: PathLike) -> Self:
        """The search in a folder; FileNotFoundError if there is none, ValueError if its search.json is damaged."""
        path = pathlib.Path(out).expanduser() / "search.json"
        if not path.exists():
            raise FileNotFoundError(f"There is no search in {out}: it has no search.json.")
        fields = read_json(path, REMEDY)
        check_file(path, fields, cls, REMEDY)
        try:
            return cls(**{**fields, "recipe": Recipe(**fields["recipe"])})
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path} is damaged: {one_line(error)} {REMEDY}") from error


def _kept_in(path):
    """The fields of a search.json; FileExistsError if it is no search's."""
    kept = read_json(path, REMEDY)
    if not {"recipe", "space", "protocol"} <= kept.keys():
        raise FileExistsError(f"{path} is of something else than a search; choose another folder.")
    return kept


def _refuse_incomplete(out):
    """ValueError if trials came to their end and what was known of them is gone; keras-tuner would begin again."""
    gone = [name for name in ("oracle.json", "tuner.json") if not (out / name).exists()]
    if not gone:
        return
    for path in sorted(out.glob("trial_*/trial.json")):
        if read_json(path, REMEDY).get("status") == "COMPLETED":
            raise ValueError(f"{out} has trials, as {path.parent.name}, and no {gone[0]} to go on by. {REMEDY}")


def _check_same_extractor(out, before, now):
    """ValueError if the trials so far were scored by another extractor, by its card; None is not known."""
    if before is not None and not may_be_compared(before, now):
        raise ValueError(
            f"The trials of {out} are scored by the extractor {before}, and this one is {now}; such scores are never "
            "compared. Give the file of weights that it began with (--weights), or start another in another folder."
        )


def run(out: PathLike) -> None:
    """`Search.run` of the search in the folder `out`."""
    Search.load(out).run(out)


def _wherever_pictures_lie(fields):
    """The fields of a search.json, those of two equal but for where their folder of pictures lies."""
    data = fields["recipe"].get("data") if isinstance(fields["recipe"], dict) else None
    if not isinstance(data, dict) or not is_folder(str(data.get("name"))):
        return fields
    return {**fields, "recipe": {**fields["recipe"], "data": {**data, "name": None}}}
