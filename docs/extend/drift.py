"""A penalty: the critic's scores stay near zero (Karras et al. 2018, arXiv 1710.10196, appendix A.1)."""

import dataclasses

from keras import ops

import wgan_keras


@wgan_keras.register_penalty("drift")
@dataclasses.dataclass
class Drift(wgan_keras.penalties.Penalty):
    """weight E f(x)^2, on real images."""

    weight: float = 1e-3
    log_names = ("drift",)
    panels = {"Drift of the scores": ("drift",)}

    def critic_term(self, critic, real, fake, seed):
        drift = ops.mean(ops.square(critic(real)))
        return self.weight * drift, {"drift": drift}
