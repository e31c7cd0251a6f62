"""A recipe with a space as keras-tuner knows it: `build` makes a trial's model, `fit` trains and scores it."""

import functools
import pathlib
from collections.abc import Sequence
from typing import Any

import keras
import keras_tuner
import numpy as np

from wgan_keras import backend, callbacks, data, metrics, scoring
from wgan_keras._schema import Count, Seed, check
from wgan_keras._types import PathLike
from wgan_keras.backend.labels import length
from wgan_keras.callbacks.checkpoint import checkpoint_at
from wgan_keras.presets.recipe import Recipe
from wgan_keras.tuning.failures import StopOnDivergence, failure_of, failure_scores
from wgan_keras.tuning.objective import TOLD, check_objective, summary
from wgan_keras.tuning.space import Space, default_space
from wgan_keras.tuning.timer import Stopwatch

_EVALUATIONS = (5, 4, 3, 2, 1)  # of a trial, unless told: the first that divides its iterations


class GANHyperModel(keras_tuner.HyperModel):
    """A `keras_tuner.HyperModel` for any of its tuners:

        tuner = keras_tuner.RandomSearch(
            GANHyperModel(recipe), objective=keras_tuner.Objective("val_fid", "min"), max_trials=20)
        tuner.search()        # on the recipe's data, or search(images), or search(dataset of batches)

    An epoch is `epoch_iterations` generator iterations, after which 10,000 samples (or what the protocol says) are
    scored. A trial reports every score at its best (`val_fid`) and at the end (`val_fid_final`), `iterations`,
    `critic_updates`, `seconds`, and `failed` (1.0 or 0.0): a trial that diverges, or for which the memory does not
    suffice, ends at once, with the scores of `tuning.failures`.

    Args:
        recipe: the `recipes.Recipe` that the trials vary; its `iterations` are a trial's length.
        space: see `tuning.space`; None for `default_space(recipe)`.
        protocol: a protocol's name, or a `metrics.Evaluation` of your own data; None for the recipe's own, or for
            "fid_fashion_mnist_classifier_10k" on Fashion-MNIST.
        epoch_iterations: generator iterations between evaluations, a divisor of the recipe's; None for a fifth of them,
            or the largest part that divides them.
        seed: of the samples that are scored.
        data_dir: as in `scoring.reference`.
        weights: as there.

    Raises:
        ValueError: a space, protocol or interval that does not go with the recipe, or a recipe without data.
    """

    def __init__(
        self,
        recipe: Recipe,
        space: dict[str, Any] | None = None,
        protocol: str | metrics.Evaluation | None = None,
        *,
        epoch_iterations: int | None = None,
        seed: int = 0,
        data_dir: PathLike | None = None,
        weights: PathLike | None = None,
    ) -> None:
        super().__init__()
        self.recipe = _with_data(recipe)
        self.space = Space(recipe, default_space(recipe) if space is None else space)
        self.protocol = protocol or scoring.default_protocol(recipe)
        asked = metrics.parse_protocol(self.protocol) if isinstance(self.protocol, str) else self.protocol.protocol
        scoring.check_labels_taken(asked, recipe.is_conditional)
        iterations = self.recipe.iterations
        whole = next(iterations // k for k in _EVALUATIONS if iterations % k == 0)
        self.epoch_iterations = whole if epoch_iterations is None else epoch_iterations
        check("epoch_iterations", self.epoch_iterations, Count)
        check("seed", seed, Seed)
        if iterations % self.epoch_iterations:
            raise ValueError(
                f"A trial of {iterations} iterations is to be evaluated every {epoch_iterations}; expected a "
                "divisor, so that its end is scored."
            )
        self.seed = seed
        self._where: dict[str, Any] = {"data_dir": data_dir, **self.recipe.data_options}
        self._weights = weights

    def declare_hyperparameters(self, hp: keras_tuner.HyperParameters) -> None:
        self.space.recipe(hp)

    def build(self, hp: keras_tuner.HyperParameters) -> keras.Model:
        """The trial's model with its initial weights and its optimizers."""
        recipe = self.space.recipe(hp)
        return recipe.compile(recipe.build())

    def fit(
        self,
        hp: keras_tuner.HyperParameters,
        model: keras.Model,
        x: Any = None,
        *,
        epochs: int | None = None,
        initial_epoch: int = 0,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        **kwargs: Any,
    ) -> dict[str, float]:
        """Trains `model` from `initial_epoch` to `epochs`, or to the recipe's last iteration; returns what is reported.

        Args:
            x: images, or a pair (images, labels); a `tf.data.Dataset` or a `keras.utils.PyDataset` of batches; in place
                of the recipe's data.
            callbacks: called after the evaluation, whose scores they find in the logs.
            kwargs: further arguments of `keras.Model.fit`.

        Raises:
            keras_tuner.errors.FatalValueError: the tuner's objective, which it gives to its callbacks, is none that
                trials can be compared by: a loss, a score the protocol does not give, or the wrong direction.
        """
        self._check_objectives(callbacks)
        recipe = self.space.recipe(hp)
        done = model.generator_iterations
        until = recipe.iterations if epochs is None else done + (epochs - initial_epoch) * self.epoch_iterations
        found, _ = self.train(model, recipe, until, x, callbacks, **kwargs)
        return found

    def train(
        self,
        model: keras.Model,
        recipe: Recipe,
        until: int,
        x: Any = None,
        extra_callbacks: Sequence[keras.callbacks.Callback] = (),
        folder: pathlib.Path | None = None,
        watch: Stopwatch | None = None,
        **kwargs: Any,
    ) -> tuple[dict[str, float], str | None]:
        """(what is reported, how it failed or None) of a model trained on to generator iteration `until`.

        With a `folder` the evaluations, the seconds and a checkpoint are kept there after every epoch. A model that
        comes from such a checkpoint goes on exactly where it stopped, on the next minibatch of the recipe's data. A
        `watch` that was started before counts the seconds since then, and keeps them where it was told to.
        """
        watch = watch or Stopwatch(folder and folder / "seconds.txt")
        evaluate = callbacks.Evaluate(self.evaluation, path=folder and folder / "scores.json", seed=self.seed)
        checkpoint = [checkpoint_at(folder / "gan.keras")] if folder else []
        done, length = model.generator_iterations, self.epoch_iterations
        watchdog, failure = StopOnDivergence(done), None
        try:
            # No epochs are left where a trial was killed between its end and its record.
            model.fit(
                self._batches(x, recipe, done * model.n_critic),
                initial_epoch=done // length,
                epochs=until // length,
                steps_per_epoch=length,
                callbacks=[watchdog, evaluate, *extra_callbacks, watch, *checkpoint],
                **kwargs,
            )
        except Exception as error:
            failure = failure_of(error)
        scores = summary(evaluate.history) if failure is None else self.failure_scores
        return _told(scores, watchdog.iteration, watchdog.iteration * model.n_critic, watch.seconds, failure)

    def untrained(self, failure: str, seconds: float = 0.0) -> tuple[dict[str, float], str | None]:
        """What `train` returns, of a trial that failed before it."""
        return _told(self.failure_scores, 0, 0, seconds, failure)

    def check_batch_size(self, recipe: Recipe) -> None:
        """ValueError if the data have fewer images than the recipe's batches."""
        count = length(self._data)
        if (recipe.batch_size or 0) > count:
            raise ValueError(
                f"batch_size is {recipe.batch_size}, and {self.recipe.data['name']} has {count} images to train on; "
                "expected batches of at most so many."
            )

    @functools.cached_property
    def failure_scores(self) -> dict[str, float]:
        """What every failed trial is said to have reached."""
        return summary([failure_scores(self.evaluation, self.space.corners[0].build())])

    def _check_objectives(self, callbacks):
        for goal in (getattr(callback, "objective", None) for callback in callbacks):
            for each in getattr(goal, "objectives", [goal] if goal else []):
                try:
                    check_objective(each, self.evaluation.protocol)
                except ValueError as error:
                    raise keras_tuner.errors.FatalValueError(str(error)) from None

    @functools.cached_property
    def evaluation(self) -> metrics.Evaluation:
        """The `metrics.Evaluation`, made once for all trials."""
        if not isinstance(self.protocol, str):
            return self.protocol
        return scoring.reference(self.protocol, self.recipe.data["name"], **self._where, weights=self._weights)

    @functools.cached_property
    def data_sha256(self) -> str:
        """Of the recipe's data, both splits, with the labels that the game takes."""
        return data.sha256(*keras.tree.flatten(self._splits))

    @property
    def _data(self):
        """Images to train on, or (images, labels) for a game that takes these."""
        return self._splits[0]

    @functools.cached_property
    def _splits(self):
        """(train, test)."""
        scoring.check_class_names(self.recipe, self._where["data_dir"])
        return data.load_splits(self.recipe.data["name"], **self._where, labels=self.recipe.takes_labels)[:2]

    def _batches(self, x, recipe, first_batch):
        """Endless batches from batch number `first_batch` on; a dataset of the user's own begins anew."""
        pipeline = backend.pipeline(x)
        if pipeline is not None:
            return pipeline.endless(x)
        if x is None:
            x = self._data
        arrays = tuple(map(np.asarray, x)) if isinstance(x, tuple) else np.asarray(x)
        return data.stream(arrays, recipe.batch_size, recipe.seed, first_batch)


def _told(scores, iterations, critic_updates, seconds, failure):
    values = (float(iterations), float(critic_updates), seconds, float(failure is not None))
    return {**scores, **dict(zip(TOLD, values, strict=True))}, failure


def _with_data(recipe: Recipe) -> Any:
    """The recipe, if it names data, and so batches and iterations too."""
    if recipe.data is None:
        raise ValueError("The recipe is of a model whose training is not known: it names no data to search on.")
    return recipe
