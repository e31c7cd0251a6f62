"""Drawing from a generator: latents from the prior, images from latents, paths between latents."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from keras import ops

from wgan_keras import random
from wgan_keras._types import PathLike, Tensor


def draw_latents(prior: str, n: int, latent_dim: int, seed: int | None) -> Tensor:
    """(n, latent_dim) float32 from "normal" N(0, 1) or "uniform" U(-1, 1)."""
    if prior == "uniform":
        return 2 * random.uniform((n, latent_dim), seed) - 1
    return random.normal((n, latent_dim), seed)


def slerp(start: np.ndarray, end: np.ndarray, steps: int) -> np.ndarray:
    """Spherical interpolation: (n, steps, latent_dim) from two arrays of (n, latent_dim).

    Directions turn at constant angular speed and lengths change linearly, so that every point is as likely under
    N(0, 1) as its ends (White, *Sampling Generative Networks*, 2016); a straight line would cut through the middle.
    """
    t = np.linspace(0, 1, steps)[None, :, None]
    length = [np.linalg.norm(z, axis=-1, keepdims=True)[:, None] for z in (start, end)]
    a, b = start[:, None] / length[0], end[:, None] / length[1]
    angle = np.arccos(np.clip(np.sum(a * b, axis=-1, keepdims=True), -1, 1))
    sine = np.sin(angle)
    parallel = sine < 1e-6  # one direction: the two weights' limit is linear
    sine = np.where(parallel, 1, sine)
    weight_a = np.where(parallel, 1 - t, np.sin((1 - t) * angle) / sine)
    weight_b = np.where(parallel, t, np.sin(t * angle) / sine)
    return (weight_a * a + weight_b * b) * ((1 - t) * length[0] + t * length[1])


def lerp(start: np.ndarray, end: np.ndarray, steps: int) -> np.ndarray:
    """Straight interpolation, (n, steps, latent_dim), which stays in the cube of U(-1, 1)."""
    return np.linspace(start, end, steps, axis=1)


class Sampling:
    """`sample` and `interpolate` for a model with `latent_dim`, `latent_prior` and a `predict_on_batch`."""

    latent_dim: int
    latent_prior: str
    sampler: Any  # a `keras.Model`
    predict_on_batch: Callable[[np.ndarray], Tensor]

    def sample(
        self, n: int, seed: int | None = None, latents: np.ndarray | None = None, batch_size: int = 256
    ) -> np.ndarray:
        """Images as numpy float32 (n, *shape), in [-1, 1] for the networks of this library.

        Args:
            n: how many.
            seed: int; the same seed and n give the same images. None gives new ones.
            latents: (n, latent_dim) to use instead of drawing them.
            batch_size: how many to make at once.

        Raises:
            ValueError: n below 1, or latents of another shape.
        """
        return np.concatenate(list(self.sample_batches(n, seed, latents, batch_size)))

    def sample_batches(
        self, n: int, seed: int | None = None, latents: np.ndarray | None = None, batch_size: int = 256
    ) -> Iterator[np.ndarray]:
        """The images of `sample`, up to `batch_size` at a time, for sets that need not be held at once."""
        for name, value in (("n", n), ("batch_size", batch_size)):
            if int(value) != value or value < 1:
                raise ValueError(f"{name} is {value}; expected a whole number, at least 1.")
        if latents is None:
            latents = ops.convert_to_numpy(draw_latents(self.latent_prior, n, self.latent_dim, seed))
        latents = np.asarray(latents, "float32")
        if latents.shape != (n, self.latent_dim):
            raise ValueError(f"latents have shape {latents.shape}; expected {(n, self.latent_dim)}.")
        size = min(batch_size, n)
        # One batch shape only, so that the generator is traced and compiled once: the last batch is filled up.
        filled = np.concatenate([latents, latents[: -n % size]])
        starts = range(0, n, size)
        return (np.asarray(self.predict_on_batch(filled[i : i + size]), "float32")[: n - i] for i in starts)

    def interpolate(self, n: int = 8, steps: int = 8, seed: int | None = None) -> np.ndarray:
        """A grid of images (n, steps, *shape): each row walks from one random latent to another.

        On the sphere (`slerp`) under the normal prior, straight (`lerp`) under the uniform one.
        """
        if n < 1 or steps < 2:
            raise ValueError(f"n is {n} and steps {steps}; expected at least 1 row of at least 2 images.")
        ends = ops.convert_to_numpy(draw_latents(self.latent_prior, 2 * n, self.latent_dim, seed))
        walk = slerp if self.latent_prior == "normal" else lerp
        path = walk(ends[:n], ends[n:], steps).astype("float32")
        images = self.sample(n * steps, latents=path.reshape(n * steps, self.latent_dim))
        return images.reshape(n, steps, *images.shape[1:])

    def export(self, filepath: PathLike, *args: Any, **kwargs: Any) -> Any:
        """Keras's `export`, of the generator that samples are drawn from: latents (batch, latent_dim) -> images."""
        return self.sampler.export(os.path.expanduser(filepath), *args, **kwargs)
