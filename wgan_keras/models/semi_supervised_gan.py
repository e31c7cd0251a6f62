"""Semi-supervised GAN (Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen, 2016)."""

from typing import Any

import keras
from keras import ops

from wgan_keras import losses
from wgan_keras._types import Tensor
from wgan_keras.games import register_game
from wgan_keras.models.adversarial import AdversarialModel
from wgan_keras.models.critic import Critic
from wgan_keras.models.critic_end import check_unlimited_logits
from wgan_keras.models.hooks import Seeds
from wgan_keras.shares import whole


@register_game("semi_supervised_gan")
class SemiSupervisedGAN(AdversarialModel):
    """The critic is a classifier that learns from a few labels, and from all images which are real.

    It has K outputs for the classes of real images, beside one, fixed to 0, for generated ones, and descends
    -E log p(y | x, x is real) over the images with a label, -E log D(x) over all real ones and -E log(1 - D(g(z))). The
    generator descends -E log D(g(z)), or, as the paper advises and recipes have it, matches features
    (`objectives.FeatureMatching`).

    The data are (images, labels), and the label of an image without one is -1. Of few labels most minibatches would see
    none: repeat the images that have one until they are about half of the data. The trained classifier is `critic`.

    Logs: `critic_loss`, `generator_loss`, `supervised_loss`, `unsupervised_loss`, `labeled_accuracy` (share of the
    images with a label whose class has the largest logit). `supervised_loss` and `labeled_accuracy` are means over the
    images with a label of all batches, and 0 where none has one.

    Args:
        generator: takes latents alone.
        critic: (batch, *shape) -> logits (batch, K), such as `networks.dcgan_classifier`.

    The other arguments are those of `AdversarialModel`.

    Raises:
        ValueError: a generator that takes labels, a critic that does or that returns no logits but what a softmax makes
            of them.

    References:
        "Improved Techniques for Training GANs", arXiv 1606.03498, section 5.
    """

    log_names = ("supervised_loss", "unsupervised_loss", "labeled_accuracy")
    log_weights = {"supervised_loss": "labeled", "labeled_accuracy": "labeled"}
    panels = {"Classifier": ("supervised_loss", "unsupervised_loss"), "Accuracy": ("labeled_accuracy",)}
    default_critic = "{family}_classifier"
    default_critic_normalization = None  # batch statistics would mix what real and generated images are like
    labeled_networks = ("critic",)
    labels_may_lack = True
    ties_samples = True

    @classmethod
    def width_of_labels(cls, generator: keras.Model, critic: keras.Model) -> int | None:
        return critic.outputs[0].shape[-1]

    @classmethod
    def check_critic_output(cls, generator: keras.Model, critic: keras.Model) -> None:
        returned = critic.outputs[0].shape
        if len(generator.inputs) + len(critic.inputs) > 2 or len(returned) != 2 or (returned[1] or 0) < 2:
            raise ValueError(
                f"The generator takes {len(generator.inputs)} inputs, the critic {len(critic.inputs)}, and the critic "
                f"returns {returned}; expected a generator of latents alone, and a critic from images alone to logits "
                "(batch, classes), such as wgan_keras.networks.dcgan_classifier."
            )
        check_unlimited_logits(critic, critic.outputs[0])

    def critic_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> tuple[Tensor, dict[str, Tensor]]:
        logits, labels = whole(critic(real)), whole(critic.labels)  # how many have a label is known of all together
        supervised = losses.supervised_loss(logits, labels)
        unsupervised = losses.unsupervised_loss(logits, whole(critic(fake)))
        logs = {"supervised_loss": supervised, "unsupervised_loss": unsupervised, "labeled": ops.sum(labels)}
        return supervised + unsupervised, {**logs, "labeled_accuracy": _accuracy(logits, labels)}

    def generator_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> Tensor:
        return losses.realness_generator_loss(critic(fake))

    @classmethod
    def usual_arguments(cls, shape: tuple[int, ...], learning_rate: float | None) -> dict[str, Any]:
        usual = super().usual_arguments(shape, learning_rate)
        return {**usual, "game": {"objective": {"name": "feature_matching"}}}


def _accuracy(logits, labels):
    """Of the images that have a label; 0 where none has."""
    right = ops.cast(ops.argmax(logits, -1) == ops.argmax(labels, -1), "float32") * ops.sum(labels, -1)
    return ops.sum(right) / ops.maximum(ops.sum(labels), 1.0)
