"""# The search, step by step

This page is a program. It searches on points in the plane, takes about a minute, and leaves its files in `runs/guide`
or in a folder that you name:

    python docs/tune.py [FOLDER]

Images are searched in the same way, also from the command line:

    wgan-keras tune wgan_gp_fashion_mnist --trials 4 --iterations 200 --out runs/search

This tries four sets of hyperparameters. It trains each for 200 generator iterations, scores 10,000 samples five times
during that, and writes to `runs/search`:

- `report.html`: every trial; the score against each hyperparameter; the best score to expect of a number of trials
  (not with Bayesian search, whose trials depend on each other); from 10 trials on, the importance of each
  hyperparameter
- `trials.csv`: one row for each trial, with its hyperparameters, its best score and its last, iterations done and
  planned, critic updates, seconds, and the failure if it failed
- `trial_*/`: `trial.json` and `scores.json` of each trial, and `gan.keras` of the best one (with Hyperband, of all)
- `search.json`: the settings of the search

A search that is killed goes on with the same command, or with `wgan-keras tune --out runs/search`. The trial in
progress goes on from its last evaluation. With `--data FOLDER` it finds a folder of pictures that has been moved.
"""

import json
import pathlib
import subprocess
import sys

import keras_tuner

from wgan_keras import recipes, tuning

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "runs/guide")
FOLDER.mkdir(parents=True, exist_ok=True)

"""## What is searched for

A trial is judged by a score of its samples under a named protocol, such as
`--protocol fid_fashion_mnist_classifier_10k --objective val_fid`. `--at best` takes the best of its evaluations,
`--at end` the last. Losses and Wasserstein estimates are refused: their scale depends on the hyperparameters, so they
cannot compare trials.

The best of many noisy evaluations looks a little better than the model is. Train the winner again with several seeds
before you believe its score.

A trial fails, and ends at once, when a loss or a sample is not finite or when all samples are the same image. It then
gets the score of an untrained generator, or of one that makes a single image, whichever is worse. The search goes on.
A failed trial never wins, even if a sound trial scores worse.

## In Python

`GANHyperModel` is a `keras_tuner.HyperModel` and works with keras-tuner's own tuners. It starts from a recipe. The
length of the recipe is the length of a trial.
"""

recipe = recipes.standard({"name": "wgan_gp"}, {"name": "eight_gaussians"}, (2,), width=8, iterations=100)
tuner = keras_tuner.RandomSearch(
    tuning.GANHyperModel(recipe, protocol="w1_pixels_256"),
    objective=keras_tuner.Objective("val_wasserstein_1", "min"),
    max_trials=2,
    directory=FOLDER / "keras_tuner",
)
tuner.search(verbose=0)  # on the recipe's data; or search(images), search(dataset_of_batches)
print(tuner.get_best_hyperparameters()[0].values)

"""If they are killed, keras-tuner's own tuners may repeat a finished trial or lose one. `wgan-keras tune` does
neither.

## The space

The default is the space of Lucic et al., "Are GANs Created Equal?" (2018), for the game of the recipe. Both networks
use Adam.

| hyperparameter | range |
|---|---|
| learning rate | 1e-5 to 1e-2, log-uniform |
| beta_1 | 0 to 0.999, uniform |
| n_critic | 1 or 5 |
| batch normalization in the critic | with or without (not for WGAN-GP) |
| clip value (WGAN) | 1e-3 to 1, log-uniform |
| penalty weight (WGAN-GP) | 0.1 to 100, log-uniform |

Your own space is a dictionary, `GANHyperModel(recipe, space)`, or a JSON file. A name in it is a field of the recipe,
written with dots. Any other name lists the `fields` that it sets. The kinds are `uniform`, `log_uniform` and
`integer` with `low` and `high`; `choice` with `values`; and `fixed` with a `value`. A name that no recipe has is
refused.
"""

space = {
    "learning_rate": {
        "kind": "log_uniform",
        "low": 1e-4,
        "high": 1e-2,
        "fields": ["generator_optimizer.learning_rate", "critic_optimizer.learning_rate"],
    },
    "game.n_critic": {"kind": "integer", "low": 1, "high": 8},
    "critic.depth": {"kind": "choice", "values": [2, 3]},
    "batch_size": {"kind": "fixed", "value": 128},
}
(FOLDER / "space.json").write_text(json.dumps(space, indent=2))
recipe.save(FOLDER / "recipe.json")

"""## Budgets

`--iterations` is the number of generator iterations of a trial. It is scored every `--epoch-iterations`, which must
divide that number; by default five times. Each iteration makes n_critic critic updates, so a trial with n_critic = 5
costs about five times as much as one with 1.

`--trials` is the number of trials. `--hours` limits the hours of training and evaluation: when the finished trials of
all workers have taken so many together, no new one begins.

`--tuner` is `random` (the default), `bayesian` or `hyperband`. Hyperband starts many trials, gives each a part of
`--iterations`, and gives the best third three times as much. These go on exactly from their checkpoints. The number
of its trials follows from `--iterations` divided by `--epoch-iterations`.

`--to-preset DIR` writes the winner's recipe. `wgan-keras train DIR/config.json` then trains it at the length of the
original recipe.
"""

subprocess.run(
    [
        *(sys.executable, "-m", "wgan_keras.cli", "tune", FOLDER / "recipe.json"),
        *("--space", FOLDER / "space.json", "--protocol", "w1_pixels_256"),
        *("--iterations", "100", "--trials", "2", "--out", FOLDER / "search", "--to-preset", FOLDER / "winner"),
    ],
    check=True,
)
print(recipes.Recipe.load(FOLDER / "winner" / "config.json"))

"""## Several processes, several machines

`--workers 3` starts three workers on this machine and a chief, which hands out the trials over the loopback address.
A worker that is killed is started again, and its trial goes on from its checkpoint.

On several machines with a shared folder, run the same command on each, with keras-tuner's own variables:

    # the address of the chief, the same on all machines
    export KERASTUNER_ORACLE_IP=10.0.0.1 KERASTUNER_ORACLE_PORT=8000
    # on one machine
    KERASTUNER_TUNER_ID=chief wgan-keras tune wgan_gp_fashion_mnist --out /shared/search
    # on each machine, with a name of its own
    KERASTUNER_TUNER_ID=worker0 wgan-keras tune wgan_gp_fashion_mnist --out /shared/search

The chief needs no accelerator. It writes the report when all trials are over. If a worker is lost, start one with the
same name on any machine: it gets the lost worker's trial.

keras-tuner's connection is neither encrypted nor protected by a password. Use it only in a network that you trust.
Workers get numbers in float32, so their learning rates differ in the eighth digit from those of a search in one
process.
"""
