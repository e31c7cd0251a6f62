"""# Adding something of your own

A game, a network, a data set, a metric or a part of these that is yours is one file with one decorator. It then takes
part in recipes, presets, the command, the search and the scores like the built-in ones. The files of this page lie in
`docs/extend/`, and

    python docs/extend.py [FOLDER]

runs the page in about a minute and leaves what it makes in FOLDER (`runs/extend`).

| file | what it registers |
|---|---|
| [hinge.py](extend/hinge.py) | a game, `hinge` |
| [residual.py](extend/residual.py) | a pair of networks, `residual_generator` and `residual_critic` |
| [two_moons.py](extend/two_moons.py) | a data set, `two_moons` |
| [mean_gap.py](extend/mean_gap.py) | a metric, `gap` |
| [lengths.py](extend/lengths.py) | an extractor, `lengths` |
| [drift.py](extend/drift.py) | a penalty, `drift` |
| [scaling.py](extend/scaling.py) | a view, `scaling` |
| [inverse_root.py](extend/inverse_root.py) | a learning-rate schedule, `inverse_root` |

## A game

A game is a subclass of `AdversarialModel` with two losses. `critic` is a function from images to scores; `real` and
`fake` are minibatches. The alternation, the averaged generator, exact resumption and the files come from the base.

Whatever else the library must know of a game is an attribute of its class: `log_names` for further values that a step
logs, `panels` for their curves, `default_optimizers` for the paper's optimizers, `search_space` for what a search
varies, `ties_samples = True` if a loss is not a mean over images. A number that the game takes, as `clip_value` of
[wgan.py](../wgan_keras/models/wgan.py), is a [`wk.models.Setting`](reference/games.md#a-game-of-your-own); a game with
another argument is not saved, unless its `get_config` holds it. A critic returns one score per image, unless the game's
`check_critic_output` says otherwise; `default_critic` then names the network of the usual recipe.

## A penalty, a view, an objective

They go with every game. `register_penalty`, `register_view` and `register_objective` take a dataclass, whose fields are
the arguments in recipes and in `--penalty drift:weight=0.01`; each has an annotation
([reference](reference/parts.md#your-own)).

## A network

A network is a function that returns a Functional model. Its annotations say what its arguments may be, and recipes are
checked against them. A pair called `NAME_generator` and `NAME_critic` with `usual=` is chosen by `--network NAME`,
which needs both. A recipe file may name any two networks, such as a critic of yours beside a built-in generator.

## A data set

A data set is a subclass of `wgan_keras.data.DataSet` that reads its two splits, images as uint8, series or points as
float32.

## A metric

A metric is a subclass of `wgan_keras.metrics.Metric`. It says which scores it gives and which way each gets better.
Its name begins the names of its protocols: `gap_pixels_500`.
With `needs_labels = True` it is for conditional games, and finds the class that each sample was asked for in
`extracted.labels`.

An extractor is a function that returns a `wgan_keras.metrics.Extractor`, around one from a batch to (features,
probabilities or None). Its card says what two runs must share for their scores to be compared.

## An optimizer, a schedule

They are Keras's classes, registered by `register_optimizer` and `register_schedule`. `get_config` returns the arguments
of `__init__`, or no file could be opened.

## In Python

Importing the files registers what they hold.
"""

import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "runs/extend")
sys.path.insert(0, str(HERE / "extend"))

import drift  # noqa: E402, F401
import hinge  # noqa: E402, F401
import inverse_root  # noqa: E402, F401
import lengths  # noqa: E402, F401
import mean_gap  # noqa: E402, F401
import residual  # noqa: E402, F401
import scaling  # noqa: E402, F401
import two_moons  # noqa: E402, F401

import wgan_keras as wk  # noqa: E402

recipe = wk.recipes.standard(
    {"name": "hinge", "ema_decay": 0.99, "seed": 0, "penalties": [{"name": "drift"}], "views": [{"name": "scaling"}]},
    {"name": "two_moons"},
    (2,),
    network="residual",
    width=4,
    batch_size=64,
    iterations=200,
    critic_optimizer={"name": "adam", "learning_rate": {"name": "inverse_root", "first": 2e-3}},
    evaluation={"protocol": "gap_pixels_500", "every": 100},
)
recipe.save(FOLDER / "hinge.json")
gan = recipe.compile(recipe.build())
gan.fit(wk.data.load_arrays("two_moons"), batch_size=64, epochs=1, verbose=0)
gan.save(FOLDER / "gan.keras")
gan.save_to_preset(FOLDER / "preset")

"""## From the command

`--import` names a file, or a module, that is imported first. `python -m wgan_keras.cli` is the command `wgan-keras`. A
preset has no code, only names. Import the files that register these names before you open it.
"""


def command(*arguments):
    imports = [word for file in sorted(HERE.glob("extend/*.py")) for word in ("--import", str(file))]
    subprocess.run([sys.executable, "-m", "wgan_keras.cli", *imports, *map(str, arguments)], check=True)


shutil.rmtree(FOLDER / "run", ignore_errors=True)  # of an earlier time
command("train", FOLDER / "hinge.json", "--out", FOLDER / "run")
command("sample", FOLDER / "run", "--out", FOLDER / "samples.png")
command("evaluate", FOLDER / "run/preset", "--protocol", "gap_lengths_500", "--data", "two_moons")
