"""The arguments of a usual recipe that networks of images share."""

from typing import Any


def usual_generator(shape: list[int], width: int, latent_dim: int | None, normalization: str | None) -> dict[str, Any]:
    """Of a generator, whose normalization is its own."""
    return {"image_shape": shape, "latent_dim": 128 if latent_dim is None else latent_dim, "width": width}


def usual_critic(shape: list[int], width: int, latent_dim: int | None, normalization: str | None) -> dict[str, Any]:
    """Of a critic, whose normalization the game says."""
    return {"image_shape": shape, "width": width, "normalization": normalization}
