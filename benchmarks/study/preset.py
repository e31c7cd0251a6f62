"""A preset to compare with: its score as it is, and what its hyperparameters reach in the winners' place."""

import dataclasses
import json
import pathlib

from benchmarks.study import origin
from benchmarks.study.game import recipe_of
from wgan_keras import presets
from wgan_keras.saving import whole_file


class Preset:
    """A preset, its record in the folder `out`, its trainings in the folder `work`.

    Its hyperparameters are trained in the networks, with the batches and by the seeds of the winners, so that they
    alone make the difference; the preset itself may have other networks and batches.

    Args:
        name: of the preset, or its folder.
        options: of the command line.

    Raises:
        FileExistsError: the record is of other hyperparameters, networks, batches or iterations.
        ValueError: the preset was not trained for options.retrain_iterations.
    """

    def __init__(self, name, options):
        self.name = name
        preset = presets.open_recipe(name)
        if options.retrain_iterations not in (None, preset.iterations):
            raise ValueError(
                f"{name} was trained for {preset.iterations} iterations, for which its learning rates were chosen; "
                f"--retrain-iterations is {options.retrain_iterations}. Give it that number, or compare another preset."
            )
        self._recipe = dataclasses.replace(
            recipe_of(preset.game["name"], options),
            game=preset.game,
            generator_optimizer=preset.generator_optimizer,
            critic_optimizer=preset.critic_optimizer,
            iterations=preset.iterations,
        )
        file = pathlib.Path(name).name
        self._work, self._path = options.work / "presets" / file, options.out / "presets" / f"{file}.json"
        self._record = json.loads(self._path.read_text()) if self._path.exists() else {}
        if self._record.get("recipe", dataclasses.asdict(self._recipe)) != dataclasses.asdict(self._recipe):
            raise FileExistsError(f"{self._path} is of another recipe. Remove it, or choose another folder for --out.")

    def score(self, retraining):
        """The preset as it is."""
        found = {**origin.of_now(), **retraining.score(presets.from_preset(self.name))}
        self._keep(recipe=dataclasses.asdict(self._recipe), as_it_is=found)

    def retrain(self, retraining):
        """The trainings by its hyperparameters that the record lacks."""
        done = self._record.get("retrained")
        retraining.by_seeds(self._recipe, self._work, done, lambda news: self._keep(retrained=news))

    def _keep(self, **news):
        self._record |= news
        with whole_file(self._path) as temporary:
            temporary.write_text(json.dumps(self._record, indent=2) + "\n")
