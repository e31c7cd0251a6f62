"""The directions in which a generator's samples change most."""

import keras
import numpy as np


def principal(generator: keras.Model, latent_dim: int, most: int = 16) -> np.ndarray:
    """Unit vectors (k, latent_dim), the strongest first; k is at most `most`, and 0 where no layer tells them.

    A step a n in the latents moves the output of the first dense layer, A z + b, by a A n. The n that move it furthest
    are the eigenvectors of A^T A. Their signs are free: the largest component is positive here.

    Args:
        generator: takes latents, or [latents, labels].
        latent_dim: length of the latents.
        most: how many directions.

    References:
        Shen and Zhou, *Closed-Form Factorization of Latent Semantics in GANs*, 2021, arXiv 2007.06600, equation 5.
    """
    kernel = _first_kernel(generator, latent_dim)
    if kernel is None:
        return np.zeros((0, latent_dim), "float32")
    _, vectors = np.linalg.eigh(kernel @ kernel.T)  # the kernel is A^T; values ascend, vectors are columns
    found = vectors.T[::-1][:most]
    largest = np.take_along_axis(found, np.abs(found).argmax(axis=1, keepdims=True), axis=1)
    return (found * np.sign(largest)).astype("float32")


def _first_kernel(generator, latent_dim):
    """(latent_dim, units) float64: what the first dense layer multiplies the latents by; None where there is none.

    What else that layer takes, an embedding of labels, stands behind the latents.
    """
    labels = {id(each) for each in generator.inputs[1:]}
    for layer in generator._flatten_layers(include_self=False):
        if isinstance(layer, keras.layers.Dense) and id(layer.input) not in labels:
            kernel = keras.ops.convert_to_numpy(layer.kernel).astype("float64")
            return kernel[:latent_dim] if len(kernel) >= latent_dim else None
    return None
