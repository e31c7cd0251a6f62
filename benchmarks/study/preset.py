"""A preset to compare with: its score as it is, and what its hyperparameters reach in the winners' place."""

import dataclasses
import pathlib

from benchmarks.study import provenance
from benchmarks.study.game import recipe_of
from benchmarks.study.record import Record
from wgan_keras import presets

_SIZES = ("width", "units", "depth", "latent_dim")


class Preset:
    """A preset, its record in the folder `out`, its trainings in the folder `work`.

    Its hyperparameters (the optimizers', the game's, the critic's normalization) are trained in networks of the
    winners' size, with their batches, average and seeds; the preset itself may have others.

    Args:
        name: of the preset, or its folder.
        options: of the command line.

    Raises:
        FileExistsError: the record is of other hyperparameters, networks, batches or iterations.
        ValueError: the preset is of other data or other kinds of networks, or was not trained for
            options.retrain_iterations.
    """

    def __init__(self, name, options):
        self.name = name
        preset = presets.open_recipe(name)
        if options.retrain_iterations not in (None, preset.iterations):
            raise ValueError(
                f"{name} was trained for {preset.iterations} iterations, for which its learning rates were chosen; "
                f"--retrain-iterations is {options.retrain_iterations}. Give it that number, or compare another preset."
            )
        trained_on = preset.data["name"] if preset.data else "unknown data"
        if trained_on != options.data:
            raise ValueError(f"{name} was trained on {trained_on}, and the study is of {options.data}.")
        self._recipe = in_the_winners_place(preset, recipe_of(preset.game["name"], options))
        file = pathlib.Path(name).name
        self._work, self._record = options.work / "presets" / file, Record(options.out / "presets" / f"{file}.json")
        if self._record and self._record["recipe"] != dataclasses.asdict(self._recipe):
            path = self._record.path
            raise FileExistsError(f"{path} is of another recipe. Remove it, or choose another folder for --out.")

    def score(self, retraining):
        """The preset as it is."""
        found = {**provenance.of_now(), **retraining.score(presets.from_preset(self.name))}
        self._record.keep(recipe=dataclasses.asdict(self._recipe), as_it_is=found)

    def retrain(self, retraining):
        """The trainings by its hyperparameters that the record lacks."""
        retraining.by_seeds(self._recipe, self._work, self._record)


def in_the_winners_place(preset, place):
    """The recipe of a preset with the networks' size, the batches and the average of the recipe `place`."""
    return dataclasses.replace(
        preset,
        game={**preset.game, "ema_decay": place.game["ema_decay"]},
        generator=_resized(preset.generator, place.generator),
        critic=_resized(preset.critic, place.critic),
        batch_size=place.batch_size,
        evaluation=None,
    )


def _resized(network, place):
    if network["name"] != place["name"]:
        raise ValueError(f"The preset has a {network['name']}, and the study a {place['name']}; expected the same.")
    return {**network, **{size: place[size] for size in _SIZES if size in place}}
