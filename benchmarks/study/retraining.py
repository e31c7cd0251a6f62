"""A recipe trained for long by several seeds, and the score of each. What is over is kept at once."""

import dataclasses
import json

from benchmarks import trainings
from benchmarks.study import provenance
from wgan_keras import scoring
from wgan_keras.metrics.checks import NotFiniteError
from wgan_keras.models.loading import load_model

EVALUATIONS = 20  # of a training


class Retraining:
    """Trainings for options.retrain_iterations by the seeds 1 to options.retrain_seeds.

    Args:
        options: of the command line.
        evaluation: what scores a trained model.
    """

    def __init__(self, options, evaluation):
        self.options, self.evaluation = options, evaluation

    def by_seeds(self, recipe, work, record):
        """Trains by the seeds that the `Record` lacks, in work/retrained_SEED, and keeps each as soon as it is over."""
        for seed in range(1, self.options.retrain_seeds + 1):  # 0 was the search's
            if seed not in [each["seed"] for each in record.trainings]:
                told = {"seed": seed, **provenance.of_now(), **self._trained(recipe, seed, work / f"retrained_{seed}")}
                iterations = self.options.retrain_iterations
                record.keep(retrained={"iterations": iterations, "seeds": [*record.trainings, told]})

    def score(self, model):
        """{"parameters": the generator's and the critic's, every score of the protocol}.

        Of samples by a seed of its own: options.seed's chose the winners, 0's their best states and the presets'.
        """
        parameters = {role: getattr(model, role).count_params() for role in ("generator", "critic")}
        return {"parameters": parameters, **scoring.evaluate(model, self.evaluation, self.options.seed + 1).scores}

    def _trained(self, recipe, seed, folder):
        """{"failure", "evaluations" by iteration, and, if it came to one, `score`}.

        The state scored is chosen as the zoo's are: the best of its evaluations, twenty here; of a training that
        diverged, those before it.

        Raises:
            FileExistsError: the folder's run has another recipe, of other hyperparameters or another length.
        """
        iterations = self.options.retrain_iterations
        recipe = dataclasses.replace(
            recipe,
            game={**recipe.game, "seed": seed},
            iterations=iterations,
            evaluation={"protocol": self.evaluation.protocol.name, "every": iterations // EVALUATIONS},
        )
        failure = ""
        try:
            trainings.finish(recipe, folder)
        except (RuntimeError, NotFiniteError) as error:
            if type(error) not in (RuntimeError, NotFiniteError):  # of the framework
                raise
            failure = str(error)  # a loss or a sample is NaN
        best, scores = folder / "best.keras", folder / "scores.json"
        told = {"failure": failure, "evaluations": json.loads(scores.read_text())["history"] if scores.exists() else []}
        return {**told, **(self.score(load_model(best)) if best.exists() else {})}
