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
    """The two losses must be written; all else has a usual form."""

    # Of the values that a step logs beside `critic_loss` and `generator_loss`, in order.
    log_names: tuple[str, ...] = ()
    # Of these, what is a mean over some of the images: {its name: the name by which the loss returns how many}. Over an
    # epoch it is then the mean over all of them; the number itself is not logged.
    log_weights: Mapping[str, str] = {}
    # Pictures of a run's logs: {title: names of the curves in one panel}.
    panels: Mapping[str, tuple[str, ...]] = {}
    # Of the usual recipe's DCGAN critic.
    default_critic_normalization: str | None = "batch"
    # The usual recipe's critic: the name of a network, where {family} is "dcgan", "mlp" or what else was asked for.
    default_critic: str = "{family}_critic"
    # Which networks of the usual recipe are built for the classes of labeled data.
    labeled_networks: tuple[str, ...] = ("generator", "critic")
    # Whether its losses make of a minibatch what is no mean over its images; then there is no `micro_batch`.
    ties_samples: bool = False
    # Whether one number from its critic says how real an image looks.
    critic_scores: bool = True
    # Of how many images its losses are made at least: 2 where they compare different ones.
    least_images: int = 1
    # Whether the label -1 is allowed, of an image without a label: a vector of zeros.
    labels_may_lack: bool = False

    def critic_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> tuple[Tensor, dict[str, Tensor]]:
        """What the critic minimizes, beside what its layers add to its loss.

        That is added for you. Of it `self.critic.losses` has the weights' regularizers alone: devices share the layers,
        so that each pass gathers what activities' regularizers and `add_loss` give.

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
