"""What a game defines: its two losses, and what the library must know to train, search and draw it."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import keras

from wgan_keras._types import Tensor
from wgan_keras.models.checks import check_scores
from wgan_keras.models.critic import Critic
from wgan_keras.models.critic_end import check_unlimited
from wgan_keras.models.labels import label_width
from wgan_keras.optimizers import ROLES

Seeds: TypeAlias = Any  # a keras.random.SeedGenerator


class Hooks:
    """The two losses must be written; all else has a usual form.

    Attributes:
        log_names: the values that a step logs beside `critic_loss` and `generator_loss`, in order.
        log_weights: {a value of `log_names` that is a mean over some of the images: the name by which the loss returns
            how many}. Over an epoch the value is then the mean over all of them; the number itself is not logged.
        panels: pictures of a run's logs: {title: names of the curves in one panel}.
        default_critic_normalization: normalization of the usual recipe's DCGAN critic.
        default_critic: the usual recipe's critic: the name of a network, where {family} is "dcgan", "mlp" or what else
            was asked for.
        labeled_networks: which networks of the usual recipe are built for the classes of labeled data.
        ties_samples: whether the losses make of a minibatch what is no mean over its images; the game then has no
            `micro_batch`.
        critic_scores: whether one number from the critic says how real an image looks.
        least_images: how many images the losses need at least: 2 where they compare different ones.
        labels_may_lack: whether the label -1 is allowed, of an image without a label; it becomes a vector of zeros.
    """

    log_names: tuple[str, ...] = ()
    log_weights: Mapping[str, str] = {}
    panels: Mapping[str, tuple[str, ...]] = {}
    default_critic_normalization: str | None = "batch"
    default_critic: str = "{family}_critic"
    labeled_networks: tuple[str, ...] = ("generator", "critic")
    ties_samples: bool = False
    critic_scores: bool = True
    least_images: int = 1
    labels_may_lack: bool = False

    def critic_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> tuple[Tensor, dict[str, Tensor]]:
        """What the critic minimizes. What its layers add to the loss, by regularizers or `add_loss`, is added for you.

        `self.critic.losses` holds regularizers of weights alone. Regularizers of activities and `add_loss` are gathered
        at each pass through the critic, because devices share its layers.

        Args:
            critic: a function from images (m, ...) to scores (m, 1), the labels of a conditional game filled in;
                `self.critic` is the network itself.
            real: a minibatch (m, ...), as the critic is shown it.
            fake: another of generated images; no gradient leads to the generator.
            seed: for random numbers of the loss's own, as `wgan_keras.random.uniform(shape, seed)`.

        Returns:
            The scalar, and the scalars that `log_names` and `log_weights` name.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no critic_loss. Write critic_loss(self, critic, real, fake, seed), which "
            "returns a scalar and a dict of what it logs: return loss, {}."
        )

    def generator_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> Tensor:
        """What the generator minimizes; the arguments are those of `critic_loss`, `real` the step's last minibatch.

        `fake` leads the gradient to the generator; the critic's weights stay as they are.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no generator_loss. Write generator_loss(self, critic, real, fake, seed), which "
            "returns a scalar alone: return loss."
        )

    @classmethod
    def width_of_labels(cls, generator: keras.Model, critic: keras.Model) -> int | None:
        """The length of the label vectors in the data, None for data without labels; by default what networks take.

        Raises:
            ValueError: networks that do not agree about labels.
        """
        return label_width(generator, critic)

    @classmethod
    def check_critic_output(cls, generator: keras.Model, critic: keras.Model) -> None:
        """Refuses a critic that does not return what the game's losses take; by default scores (batch, 1), any numbers.

        The critic takes what the generator makes: that has been checked before.

        Raises:
            ValueError: another output, or one that a sigmoid or another function limits.
        """
        check_scores(critic)
        check_unlimited(critic, cls.__name__)

    @classmethod
    def default_optimizers(cls, learning_rate: float | None = None) -> tuple[keras.Optimizer, keras.Optimizer]:
        """New (generator_optimizer, critic_optimizer) with the paper's settings, at another learning rate if given."""
        rate = 2e-4 if learning_rate is None else learning_rate
        return keras.optimizers.Adam(rate, 0.5), keras.optimizers.Adam(rate, 0.5)

    @classmethod
    def usual_arguments(cls, shape: tuple[int, ...], learning_rate: float | None) -> dict[str, Any]:
        """What of the usual recipe depends on the game, for samples of a shape: `game` arguments, and optimizers."""
        if learning_rate is None:
            return {}
        return dict(zip(ROLES, cls.default_optimizers(learning_rate), strict=True))

    @classmethod
    def search_space(cls) -> dict[str, Any]:
        """What a search varies of this game by default, in the form of `tuning.space`."""
        return {}

    def constrain(self) -> None:
        """Puts the game's constraints on the critic's trainable variables, when it is built and compiled."""

    def critic_state(self) -> dict[str, Tensor]:
        """Scalars to log about the critic's weights, once a step."""
        return {}
