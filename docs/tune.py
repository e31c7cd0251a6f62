"""# Searching for hyperparameters

    python docs/tune.py [FOLDER]

runs this guide on points in the plane, in about a minute, and leaves its searches in FOLDER (`runs/guide`). The same
words and names hold for images:

    wgan-keras tune wgan_gp_fashion_mnist --trials 4 --iterations 200 --out runs/search

draws four sets of hyperparameters, trains each for 200 generator iterations, scores 10,000 samples five times on the
way, and writes to `runs/search`:

- `report.html`: every trial, the score against each hyperparameter, the expected best score against the number of
  trials (of independent draws: not by Bayesian search), the importance of each hyperparameter (from 10 trials on)
- `trials.csv`: one row a trial: hyperparameters, score at its best and at the end, iterations, up to how many it was to
  be trained, critic updates, seconds, failure
- `trial_*/`: `trial.json`, `scores.json`; `gan.keras` of the best trial, or of all of Hyperband's
- `search.json`: the settings

Killed at any moment, the same command goes on, and so does `wgan-keras tune --out runs/search`. The trial that was
under way goes on from its last evaluation.
"""

import json
import pathlib
import subprocess
import sys

import keras_tuner

from wgan_keras import recipes, tuning

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "runs/guide")
FOLDER.mkdir(parents=True, exist_ok=True)

"""## What it searches for

A score of samples under a named protocol: `--protocol fid_fashion_mnist_classifier_10k --objective val_fid`, taken at
its best (`--at best`) or at the end of training (`--at end`). Losses and Wasserstein estimates are refused: their scale
depends on the hyperparameters, so that trials cannot be compared by them. The best of many noisy evaluations is a
little better than the model deserves; train the winner again, by several seeds, before you believe its score.

A trial ends at once when a loss or a sample is not finite, or when all samples are one image. It counts as failed, with
the score of an untrained generator or of one that has collapsed to one image, whichever is worse, and the search goes
on. A trial that trains soundly but badly can still score worse than that; a failed trial is never the winner.

## In Python

`GANHyperModel` is a `keras_tuner.HyperModel`, and works with keras-tuner's own tuners. It starts from a recipe, whose
length is that of a trial.
"""

recipe = recipes.standard({"name": "wgan_gp"}, {"name": "eight_gaussians"}, (2,), width=8, iterations=100)
tuner = keras_tuner.RandomSearch(
    tuning.GANHyperModel(recipe, protocol="w1_pixels_512"),
    objective=keras_tuner.Objective("val_wasserstein_1", "min"),
    max_trials=2,
    directory=FOLDER / "keras_tuner",
)
tuner.search(verbose=0)  # on the recipe's data; or search(images), search(dataset_of_batches)
print(tuner.get_best_hyperparameters()[0].values)

"""Killed, keras-tuner's own tuners may repeat a finished trial or forget one; `wgan-keras tune` does neither.

## The space

The default is the one of Lucic et al., "Are GANs Created Equal?" (2018), for the recipe's game, with Adam for both
networks: learning rate 1e-5 to 1e-2 (log-uniform), beta_1 0 to 0.999, n_critic 1 or 5; batch normalisation in the
critic or none (not for WGAN-GP); clip value 1e-3 to 1 (WGAN), penalty weight 0.1 to 100 (WGAN-GP), both log-uniform.

Your own is a dictionary, `GANHyperModel(recipe, space)`, or the same as a JSON file. A name is a field of the recipe,
with dots, or it lists the `fields` it sets. Kinds: `uniform`, `log_uniform` and `integer` with `low` and `high`,
`choice` with `values`, `fixed` with a `value`. A name that no recipe has is refused.
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

`--iterations` are generator iterations of a trial, scored every `--epoch-iterations` (a divisor; by default a fifth, so
that a trial is scored five times). Each takes n_critic critic updates, so trials with n_critic = 5 cost
about five times those with 1. `--trials` says how many trials. `--hours` are hours of training and evaluation: no trial
begins once the finished ones, of all workers, took so many together.

`--tuner random` (the default), `bayesian`, or `hyperband`: that one starts many trials, gives each a part of
`--iterations`, and the best third of them three times as much, going on exactly from their checkpoints. Its number of
trials follows from `--iterations` divided by `--epoch-iterations`.

`--to-preset DIR` writes the winner's recipe, from which `wgan-keras train DIR/config.json` trains at the recipe's own
length.
"""

subprocess.run(
    [
        *(sys.executable, "-m", "wgan_keras.cli", "tune", FOLDER / "recipe.json"),
        *("--space", FOLDER / "space.json", "--protocol", "w1_pixels_512"),
        *("--iterations", "100", "--trials", "2", "--out", FOLDER / "search", "--to-preset", FOLDER / "winner"),
    ],
    check=True,
)
print(recipes.Recipe.load(FOLDER / "winner" / "config.json"))

"""## More than one process, more than one machine

`--workers 3` starts three workers and a chief on this machine, which talk over the loopback address. A worker that is
killed is started again, and its trial goes on from its checkpoint.

On several machines with a shared folder, run the same command on each, with keras-tuner's own variables:

    export KERASTUNER_ORACLE_IP=10.0.0.1 KERASTUNER_ORACLE_PORT=8000    # the chief's address, the same everywhere
    KERASTUNER_TUNER_ID=chief   wgan-keras tune wgan_gp_fashion_mnist --out /shared/search    # on one machine
    KERASTUNER_TUNER_ID=worker0 wgan-keras tune wgan_gp_fashion_mnist --out /shared/search    # on each, its own name

The chief needs no accelerator; it writes the report when all trials are over. If a worker is lost, start one again
under the same name, on any machine: the chief gives it the trial that name had. keras-tuner's connection has neither
encryption nor a password: keep it to a network you trust. Numbers reach workers in float32, so that learning rates
differ from those of a search in one process in the eighth digit.
"""
