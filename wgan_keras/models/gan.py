"""The original GAN (Goodfellow et al., 2014), minimax or non-saturating."""

from typing import Any, Literal

import keras
from keras import ops

from wgan_keras import losses
from wgan_keras._schema import Share
from wgan_keras._types import Tensor
from wgan_keras.games import register_game
from wgan_keras.models.adversarial import AdversarialModel
from wgan_keras.models.checks import NCritic
from wgan_keras.models.critic import Critic
from wgan_keras.models.hooks import Seeds
from wgan_keras.models.settings import Setting

Loss = Literal["minimax", "non_saturating"]

_GENERATOR_LOSSES = {
    "minimax": losses.minimax_generator_loss,
    "non_saturating": losses.non_saturating_generator_loss,
}


@register_game("gan")
class GAN(AdversarialModel):
    """The original GAN (Goodfellow et al., 2014): the critic tells real images from fake ones by a logistic loss.

    The critic is the discriminator and its output a logit: D(x) = sigmoid(critic(x)).

    L = E log D(x) + E log(1 - D(g(z))). Logs: `critic_loss` (-L, with smoothed labels if any), `generator_loss`,
    `js_estimate` (L/2 + log 2: 0 for a blind discriminator, log 2 for a perfect one), `critic_accuracy` (share of real
    and fake images told apart).

    Args:
        loss: the generator's: "non_saturating" (-log D) or "minimax" (log(1 - D)).
        label_smoothing: s in [0, 1): the discriminator's target for real images is 1 - s (Salimans et al., 2016).
        n_critic: k, discriminator updates per generator update.

    The other arguments are those of `AdversarialModel`.

    References:
        "Generative Adversarial Networks", arXiv 1406.2661, Algorithm 1. "Improved Techniques for Training GANs", arXiv
        1606.03498, section 3.4.
    """

    log_names = ("js_estimate", "critic_accuracy")
    panels = {"Jensen-Shannon estimate": ("js_estimate",), "Critic accuracy": ("critic_accuracy",)}

    loss_name = Setting(Loss, argument="loss")
    label_smoothing = Setting(Share)

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        loss: Loss = "non_saturating",
        label_smoothing: Share = 0.0,
        n_critic: NCritic = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, critic, n_critic=n_critic, **kwargs)
        self.loss_name = loss
        self.label_smoothing = label_smoothing

    def critic_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> tuple[Tensor, dict[str, Tensor]]:
        real_scores, fake_scores = critic(real), critic(fake)
        value = losses.discriminator_value(real_scores, fake_scores)
        smoothed = losses.discriminator_value(real_scores, fake_scores, self.label_smoothing)
        told_apart = ops.concatenate([real_scores > 0, fake_scores < 0])
        return -smoothed, {
            "js_estimate": losses.js_estimate(value),
            "critic_accuracy": ops.mean(ops.cast(told_apart, "float32")),
        }

    def generator_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> Tensor:
        return _GENERATOR_LOSSES[self.loss_name](critic(fake))
