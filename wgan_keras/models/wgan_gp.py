"""Wasserstein GAN with gradient penalty (Gulrajani et al., 2017)."""

import keras
from keras import ops

from wgan_keras import losses
from wgan_keras._schema import NonNegative, check
from wgan_keras.games import register_game
from wgan_keras.models.adversarial import AdversarialModel
from wgan_keras.models.checks import NCritic
from wgan_keras.models.second_derivatives import check_penalized
from wgan_keras.models.settings import Setting
from wgan_keras.penalties import GradientPenalty, gradient_penalty


def _weight(value):
    check("gradient_penalty_weight", value, NonNegative)
    return float(value)


def _adam(learning_rate, beta_1):
    return keras.optimizers.Adam(1e-4 if learning_rate is None else learning_rate, beta_1, 0.9)


@register_game("wgan_gp")
class WGANGP(AdversarialModel):
    """WGAN whose critic is held near gradient norm 1 between real and fake images instead of being clipped.

    The critic descends E f(g(z)) - E f(x) + lambda E (||grad f(x^)|| - 1)^2. Logs: `critic_loss` (with the penalty),
    `generator_loss`, `wasserstein_estimate` (without it), `gradient_penalty` (before lambda), `gradient_norm`.

    Args:
        gradient_penalty_weight: lambda.
        one_sided: penalize only norms above 1.

    The other arguments are those of `AdversarialModel`.

    Raises:
        ValueError: the critic has batch normalization, which ties the images of a batch together, while the penalty
            is on the gradient of each image by itself; or a layer whose second derivative is missing or wrong on this
            backend (when the first step is taken, if it is found by measuring).
    """

    log_names = ("wasserstein_estimate", "gradient_penalty", "gradient_norm")
    panels = {"Wasserstein estimate": ("wasserstein_estimate",), **GradientPenalty.panels}
    default_critic_normalization = None  # a batch's would tie the images together, whose gradients are each their own

    gradient_penalty_weight = Setting(_weight)
    one_sided = Setting(bool)

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        gradient_penalty_weight: NonNegative = 10.0,
        one_sided: bool = False,
        n_critic: NCritic = 5,
        **kwargs,
    ) -> None:
        super().__init__(generator, critic, n_critic=n_critic, **kwargs)
        self.gradient_penalty_weight = gradient_penalty_weight
        self.one_sided = one_sided
        check_penalized(self.critic)

    @property
    def differentiates_critic(self):
        return bool(self.gradient_penalty_weight) or super().differentiates_critic

    @classmethod
    def default_optimizers(cls, learning_rate=None):
        return _adam(learning_rate, 0.0), _adam(learning_rate, 0.0)

    @classmethod
    def usual_arguments(cls, shape, learning_rate):
        if tuple(shape) != (2,):
            return super().usual_arguments(shape, learning_rate)
        # The settings of the improved-WGAN code for points in the plane.
        adam = _adam(learning_rate, 0.5)
        return {"game": {"gradient_penalty_weight": 0.1}, "generator_optimizer": adam, "critic_optimizer": adam}

    @classmethod
    def search_space(cls):
        fields = ["game.gradient_penalty_weight"]
        return {"gradient_penalty_weight": {"kind": "log_uniform", "low": 0.1, "high": 100.0, "fields": fields}}

    def critic_loss(self, critic, real, fake, seed):
        estimate = losses.wasserstein_estimate(critic(real), critic(fake))
        penalty, norms = gradient_penalty(critic.inference, real, fake, self.one_sided, seed)
        loss = -estimate + self.gradient_penalty_weight * penalty
        return loss, {
            "wasserstein_estimate": estimate,
            "gradient_penalty": penalty,
            "gradient_norm": ops.mean(norms),
        }

    def generator_loss(self, critic, real, fake, seed):
        return losses.wasserstein_generator_loss(critic(fake))

    def get_config(self):
        return {
            **super().get_config(),
            "gradient_penalty_weight": self.gradient_penalty_weight,
            "one_sided": self.one_sided,
        }
