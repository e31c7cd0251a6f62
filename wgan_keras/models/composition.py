"""How the parts of a game make one step: its own losses, with penalties, views, an objective and a classifier."""

import collections
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

import keras
import numpy as np
from keras import ops

from wgan_keras._registry import Registry
from wgan_keras._schema import NonNegative
from wgan_keras._types import MixedIntoModel, Tensor
from wgan_keras.backend.labels import LabelKind
from wgan_keras.losses.means import in_float32
from wgan_keras.models.checks import check_shapes_agree
from wgan_keras.models.critic import Critic
from wgan_keras.models.hooks import Seeds
from wgan_keras.models.labels import encode, network_inputs
from wgan_keras.models.own_losses import alone, check_signatures, with_logs
from wgan_keras.models.read_only import random_states, tentatively
from wgan_keras.models.second_derivatives import check_penalized, check_second_derivatives, check_unrolled
from wgan_keras.models.settings import Fixed, OfClassifier
from wgan_keras.models.sharing import check_shares
from wgan_keras.objectives import OBJECTIVES
from wgan_keras.parts import Part, at_most_one, find, spec
from wgan_keras.penalties import PENALTIES
from wgan_keras.views import VIEWS
from wgan_keras.views.view import joined_by, shape_shown_by, shown_by

CLASSIFICATION_LOGS = ("classification_loss", "classification_accuracy")  # of a critic that guesses labels


class Composed(MixedIntoModel):
    """For a game, mixed in before `keras.Model`: `critic_value` and `generator_value` are what its steps minimize."""

    penalties, views, objective = Fixed(), Fixed(), Fixed()
    classification_weights = OfClassifier(tuple[NonNegative, NonNegative])

    _measured = _shares_measured = False

    def compose(
        self,
        penalties: Sequence[Any],
        views: Sequence[Any],
        objective: Any,
        classification_weights: tuple[float, float],
    ) -> None:
        """Takes the parts, each as an object or as a recipe names it."""
        self.penalties = tuple(self._own(PENALTIES, each, "penalties") for each in penalties)
        self.views = tuple(self._own(VIEWS, each, "views") for each in views)
        self.objective = None if objective is None else self._own(OBJECTIVES, objective, "objective")
        self.classification_weights = classification_weights

    def _own(self, registry: Registry[Any], value: Any, where: str) -> Part:
        return find(registry, value, where).of_game(changed=self._part_changed)

    def _part_changed(self):
        check_shapes_agree(self.generator, self.critic, self.shown_shape)
        self.check_parts()
        self.trace_anew()

    def build_parts(self) -> None:
        """Makes what the parts keep, and refuses networks that they cannot use, when the networks are there."""
        check_signatures(self)
        _check_distinct([*self.log_names, *self.part_log_names])
        if self.views:  # of its own, because Keras hands a validation on JAX no optimizer's variables
            self.iterations = self.add_state((), "iterations", "int32")
        for penalty in self.penalties:
            penalty.build(self)
        self.check_parts()

    def check_parts(self) -> None:
        """Refuses parts that do not go with each other, and networks that they cannot use.

        Raises:
            ValueError: names the part or the layer.
        """
        _check_joining_last(self.views)
        if self.label_width is not None:
            _check_not_joining(self.views)
        if any(penalty.differentiates_critic for penalty in self.penalties):
            _check_scores(self.critic, type(self).__name__)
            check_penalized(self.critic)
        if self.objective is not None:
            self.objective.check(self)
        if self.unrolls_critic:
            check_unrolled(self.critic)

    def add_state(self, shape: tuple[int, ...], name: str, dtype: str = "float32") -> keras.Variable:
        """A variable of zeros that training moves by no gradient, and that the game's files hold."""
        return self.add_weight(shape=shape, name=name, dtype=dtype, initializer="zeros", trainable=False)

    @property
    def label_kind(self) -> LabelKind | None:
        """The labels that the data must have; None for a game without."""
        return None if self.label_width is None else LabelKind(self.label_width, -1 if self.labels_may_lack else 0)

    @property
    def differentiates_critic(self) -> bool:
        """Whether a step takes the gradient of the critic by each of its images."""
        return any(penalty.differentiates_critic for penalty in self.penalties)

    @property
    def unrolls_critic(self) -> bool:
        """Whether a step differentiates through updates of the critic."""
        return self.objective is not None and self.objective.unrolls_critic

    @property
    def validation_objective(self) -> Any:
        """The objective, but none that updates the critic: a validation learns nothing."""
        return None if self.unrolls_critic else self.objective

    def tentatively(self) -> AbstractContextManager[Any]:
        """Within it the game's variables may be moved; after it they are as before, but for the random states."""
        variables = [*self.variables, *self.critic_optimizer.variables]
        return tentatively(variables, [*random_states(self.critic), self.seed_generator.state])

    @property
    def least_batch(self) -> int:
        """How many images a minibatch must have."""
        return joined_by(self.views) * max(
            each.least_images for each in (self, *self.penalties, *at_most_one(self.objective))
        )

    @property
    def classifies(self) -> bool:
        """Whether the critic guesses the labels as well (AC-GAN)."""
        return self.label_width is not None and len(self.critic.outputs) == 2

    @property
    def part_log_names(self) -> tuple[str, ...]:
        """Of what the parts log beside the game."""
        parts = (*self.penalties, *at_most_one(self.objective))
        classification = CLASSIFICATION_LOGS if self.classifies else ()
        return (*(name for part in parts for name in part.log_names), *classification)

    def shown(self, images: Tensor, seed: Seeds) -> Tensor:
        """Images as the critic is shown them."""
        for view in self.views:
            images = shown_by(view, images, seed, self.iterations)
        return images

    def critic_value(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> tuple[Tensor, dict[str, Tensor]]:
        """(what the critic minimizes, in float32 whatever a game's or a penalty's own code returns; logs)."""
        value, logs = with_logs(self.critic_loss(critic, real, fake, seed), self, "critic_loss")
        value = in_float32(value)
        for penalty in self.penalties:
            term, more = with_logs(penalty.critic_term(critic, real, fake, seed), penalty, "critic_term")
            value, logs = value + in_float32(term), {**logs, **more}
        if self.classifies:
            term, more = _classification(critic, real)
            value, logs = value + self.classification_weights[0] * term, {**logs, **more}
        return value, logs

    def generator_value(
        self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds, objective: Any
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The same of the generator; `objective` stands for the game's own loss where it is not None."""
        if objective is None:
            value = alone(self.generator_loss(critic, real, fake, seed), self, "generator_loss")
            logs: dict[str, Tensor] = {}
        else:
            value, logs = with_logs(objective(self, critic, real, fake, seed), objective, "__call__")
        value = in_float32(value)
        for penalty in self.penalties:
            term, more = with_logs(penalty.generator_term(), penalty, "generator_term")
            value, logs = value + in_float32(term), {**logs, **more}
        if self.classifies:
            term, _ = _classification(critic, fake)
            value = value + self.classification_weights[1] * term
        return value, logs

    def after_update(self, player: Literal["critic", "generator"]) -> None:
        """What parts keep is brought up to date when the "critic" or the "generator" has moved."""
        if self.views and player == "generator":
            self.iterations.assign(self.iterations + 1)
        for penalty in self.penalties:
            penalty.after_update(player)

    def make_train_function(self, force: bool = False) -> None:
        if (self.differentiates_critic or self.unrolls_critic) and not self._measured:
            check_second_derivatives(self.critic, self._two_images())
            self._measured = True
        if self.has_shares and not self._shares_measured:
            check_shares(
                self, *self.random_batch(2 * self.device_count * joined_by(self.views), self.generator.output_shape[1:])
            )
            self._shares_measured = True
        super().make_train_function(force)

    def _two_images(self):
        """Random inputs of the critic, for two images."""
        images, labels = self.random_batch(2, self.shown_shape(self.generator.output_shape[1:]))
        return network_inputs(self.critic, images, labels)

    def random_batch(self, size: int, shape: Sequence[int]) -> tuple[np.ndarray, np.ndarray | None]:
        """(images, labels or None) of no data."""
        images = np.random.default_rng(0).uniform(-1, 1, (size, *shape))
        labels = None if self.label_width is None else encode(np.arange(size) % self.label_width, self.label_width)
        return images.astype("float32"), labels

    def shown_shape(self, shape: Sequence[int | None]) -> tuple[int | None, ...]:
        """The shape of one of what the critic is shown, from that of an image."""
        return shape_shown_by(self.views, shape)

    def parts_config(self) -> dict[str, Any]:
        """The parts that there are, as a recipe names them, for the game's configuration."""
        config = {
            "penalties": [spec(PENALTIES, each) for each in self.penalties],
            "views": [spec(VIEWS, each) for each in self.views],
            "objective": self.objective and spec(OBJECTIVES, self.objective),
        }
        return {name: value for name, value in config.items() if value}


def _check_joining_last(views):
    for view in views[:-1]:
        if view.joins > 1:
            raise ValueError(
                f"The view {VIEWS.name_of(type(view))!r} makes one of {view.joins} images, and {len(views)} views "
                "were given, of which it is not the last; the others change images one by one. Put it last."
            )


def _check_not_joining(views):
    for view in views:
        if view.joins > 1:
            raise ValueError(
                f"The view {VIEWS.name_of(type(view))!r} makes one of {view.joins} images, and this game is "
                "conditional: the images that it joins have labels of their own, of which the critic takes one. Leave "
                "the view out, or build the networks without classes."
            )


def _check_scores(critic, game):
    returned = critic.outputs[0].shape
    if returned != (None, 1):
        raise ValueError(
            f"The critic of a {game} returns {returned}, and a gradient penalty is on the gradient of one score an "
            "image. Leave the penalty out, or take a game between scores, such as GAN or WGAN."
        )


def _check_distinct(names):
    twice = [name for name, count in collections.Counter(names).items() if count > 1]
    if twice:
        raise ValueError(
            f"{', '.join(map(repr, twice))} would be logged twice: a penalty was given twice, or the game has it "
            "built in. Give it once, with the sum of the weights."
        )


def _classification(critic, images):
    """(mean cross-entropy of the labels under the critic's logits, logs), in float32."""
    logits = ops.cast(critic.outputs(images)[1], "float32")
    loss = -ops.mean(ops.sum(critic.labels * ops.log_softmax(logits), axis=-1))
    right = ops.argmax(logits, -1) == ops.argmax(critic.labels, -1)
    return loss, dict(zip(CLASSIFICATION_LOGS, (loss, ops.mean(ops.cast(right, "float32"))), strict=True))
