"""A game: the hinge loss (Lim and Ye 2017, *Geometric GAN*, arXiv 1705.02894, equations 2 and 3)."""

from keras import ops

import wgan_keras


@wgan_keras.register_game("hinge")
class HingeGAN(wgan_keras.AdversarialModel):
    """A real image costs nothing above a score of 1, a fake one nothing below -1."""

    log_names = ("real_within_margin",)
    panels = {"Real images within the margin": ("real_within_margin",)}

    def critic_loss(self, critic, real, fake, seed):
        real_scores, fake_scores = critic(real), critic(fake)
        loss = ops.mean(ops.relu(1 - real_scores)) + ops.mean(ops.relu(1 + fake_scores))
        return loss, {"real_within_margin": ops.mean(ops.cast(real_scores < 1, "float32"))}

    def generator_loss(self, critic, real, fake, seed):
        return -ops.mean(critic(fake))
