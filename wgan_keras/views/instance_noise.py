"""Instance noise: the critic sees real and generated images through the same Gaussian noise."""

import dataclasses
from typing import Any

from keras import ops

from wgan_keras import random
from wgan_keras._schema import Count, NonNegative
from wgan_keras._types import Tensor
from wgan_keras.views.view import View, register_view


@register_view("instance_noise")
@dataclasses.dataclass
class InstanceNoise(View):
    """Instance noise: Gaussian noise on real and generated images, which fades as training goes on.

    The critic sees x + sigma e, e ~ N(0, I), where sigma = std * max(0, 1 - iteration / until).

    The noise makes the supports of real and generated images overlap, so that no critic separates them perfectly.

    Measured here, by ten trainings each on 8 Gaussians in a ring and on 25 in a grid: 7.2 ± 0.6 and 16.2 ± 2.1 modes; a
    plain GAN 7.8 ± 0.1 and 16.9 ± 0.9.

    Args:
        std: sigma at first, in units of the images, which usually span [-1, 1].
        until: the generator iteration at which there is no noise any more; None for noise that stays as it is.

    References:
        Sønderby, Caballero, Theis, Shi, Huszár, *Amortised MAP Inference for Image Super-resolution*, 2016,
        arXiv 1610.04490. Arjovsky and Bottou, *Towards Principled Methods for Training Generative
        Adversarial Networks*, 2017, arXiv 1701.04862, section 3.
    """

    std: NonNegative = 0.1
    until: Count | None = None

    def __call__(self, images: Tensor, seed: Any, iteration: Tensor) -> Tensor:
        noise = ops.cast(random.normal(ops.shape(images), seed), images.dtype)
        return images + ops.cast(self.deviation(iteration), images.dtype) * noise

    def deviation(self, iteration: Tensor | int) -> Tensor | float:
        """Sigma at a generator iteration."""
        if self.until is None:
            return self.std
        return self.std * ops.maximum(0.0, 1 - ops.cast(iteration, "float32") / self.until)
