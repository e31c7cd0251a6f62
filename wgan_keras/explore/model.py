"""One model of the page: what of it the page can show, and its files."""

import dataclasses
import json
import pathlib
import shutil
from typing import Any

from keras import ops

from wgan_keras import plots
from wgan_keras.explore.card import card
from wgan_keras.explore.directions import principal
from wgan_keras.presets import files, store
from wgan_keras.samples import opening

LIMIT = 50 * 10**6  # bytes of both networks, which a phone still fetches and holds
PICTURES, POINTS = 64, 1024  # samples of a seed, which other counts would change
GENERATOR, CRITIC, DESCRIPTION = "generator.onnx", "critic.onnx", "model.json"


@dataclasses.dataclass
class Model:
    """A trained game under the name that the command was given.

    Raises:
        ValueError: its samples are neither pictures nor points, its labels no classes, or its networks too large for a
            page.
    """

    name: str
    game: Any
    preset: pathlib.Path | None = None  # its folder, where the card's files lie

    def __post_init__(self) -> None:
        if len(self.shape) != 3 and self.shape != (2,):
            raise ValueError(
                f"The samples of {self.name} have shape {self.shape}; the page shows pictures, (height, width, "
                "channels), and points, (2,). See: wgan-keras sample"
            )
        plots.check_sample_shape(self.shape)
        if self.game.takes_labels and not self.game.draws_labels:
            raise ValueError(
                f"The labels that {self.name} was trained on were no classes, for which the page has buttons. Leave it "
                "out, or use model.sample(labels=...) in Python."
            )
        size = 4 * (self.game.sampler.count_params() + self.game.critic.count_params())
        if size > LIMIT:
            raise ValueError(
                f"The networks of {self.name} have {size / 1e6:,.0f} MB, too large for a page, which takes at most "
                f"{LIMIT / 1e6:.0f}. Leave it out, or use wgan-keras sample."
            )

    @classmethod
    def open(cls, name: str) -> "Model":
        """Of a preset, a run or a `.keras` file, as the command `sample` takes them."""
        return cls(name, opening.open_model(name), _preset_folder(name))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.game.sampler.outputs[0].shape[1:]

    @property
    def directory(self) -> str:
        """The name of its folder, which goes into links."""
        return opening.file_name(self.name)

    @property
    def is_scored(self) -> bool:
        """Whether the critic gives one number for one picture, whatever is beside it, that says how real it looks."""
        critic = self.game.critic
        one_for_one = critic.inputs[0].shape[1:] == self.shape and critic.outputs[0].shape[1:] == (1,)
        compares = any(getattr(layer, "ties_samples", False) for layer in critic._flatten_layers())
        return self.game.critic_scores and one_for_one and not compares

    def write(self, folder: pathlib.Path) -> None:
        """Makes `folder` with the networks, the figures of the card, and model.json, which describes all of it."""
        folder.mkdir(parents=True)
        self.game.export(folder / GENERATOR, "onnx", "generator")
        if self.is_scored:
            self.game.export(folder / CRITIC, "onnx", "critic")
        words = card(self.name, self.preset)
        for figure in words["figures"]:
            shutil.copyfile(self.preset / figure, folder / figure)
        (folder / DESCRIPTION).write_text(json.dumps(self.description() | {"card": words}))

    def description(self) -> dict[str, Any]:
        """What the page needs to know to draw latents, labels and samples as `sample` does."""
        game = self.game
        return {
            "name": self.name,
            "shape": self.shape,
            "samples": PICTURES if len(self.shape) == 3 else POINTS,
            "latentDim": game.latent_dim,
            "prior": game.latent_prior,
            "directions": [[round(float(x), 6) for x in n] for n in principal(game.sampler, game.latent_dim)],
            "classes": _classes(game) if game.takes_labels else None,
            "scored": self.is_scored,
        }


def _classes(game):
    counts = ops.convert_to_numpy(game.label_counts)
    return {
        "names": list(game.class_names or map(str, range(game.label_width))),
        "counts": counts.tolist() if counts.max() > 0 else [1] * game.label_width,
        "ofCritic": _takes_labels(game.critic),
    }


def _takes_labels(network):
    return len(network.inputs) > 1


def _preset_folder(name):
    """Where the card's files lie; None for a `.keras` file, and for a run that has no preset."""
    if pathlib.Path(name).suffix == ".keras":
        return None
    folder = store.locate(name)
    return folder if (folder / files.METADATA).is_file() else None
