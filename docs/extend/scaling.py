"""A view: the critic sees real and generated images at random scales."""

import dataclasses

from keras import ops

import wgan_keras


@wgan_keras.register_view("scaling")
@dataclasses.dataclass
class Scaling(wgan_keras.views.View):
    """Each image times a number of its own, uniform in [1 - spread, 1 + spread]."""

    spread: float = 0.2

    def __call__(self, images, seed, iteration):
        shape = (ops.shape(images)[0], *[1] * (len(images.shape) - 1))
        scale = 1 + self.spread * (2 * wgan_keras.random.uniform(shape, seed) - 1)
        return images * ops.cast(scale, images.dtype)
