"""The directions in which a generator's samples change most."""

import itertools

import keras
import numpy as np

from wgan_keras.layers import SpectralNormalization
from wgan_keras.models.checks import runs_known_code

_SCALED = (SpectralNormalization, keras.layers.SpectralNormalization)
_KEEPING = (keras.layers.Concatenate, keras.layers.Identity, keras.layers.Dropout)  # latents as they are, in samples


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
    kernel = _first_kernel(generator, generator.inputs[0], slice(0, latent_dim))
    if kernel is None:
        return np.zeros((0, latent_dim), "float32")
    _, vectors = np.linalg.eigh(kernel @ kernel.T)  # the kernel is A^T; values ascend, vectors are columns
    found = vectors.T[::-1][:most]
    largest = np.take_along_axis(found, np.abs(found).argmax(axis=1, keepdims=True), axis=1)
    return (found * np.sign(largest)).astype("float32")


def _first_kernel(network, tensor, columns):
    """(latent_dim, units) float64: what the first dense layer multiplies the latents by; None where that is not sure.

    It is sure where the latents, alone or beside others as an embedding of labels, go into that layer and nowhere else.

    Args:
        tensor: of the network's graph, which holds the latents.
        columns: where they stand in it.
    """
    while (node := _only_use(network, tensor)) is not None:
        layer = node.operation
        layer = layer.layer if isinstance(layer, _SCALED) else layer  # by a number, which turns no direction
        if not runs_known_code(layer):
            return None
        if isinstance(layer, keras.layers.Dense):
            return keras.ops.convert_to_numpy(layer.kernel).astype("float64")[columns]
        place = _places(node, tensor)[0]
        if isinstance(layer, keras.Model):
            return _first_kernel(layer, layer.inputs[place], columns)
        if not isinstance(layer, _KEEPING):
            return None
        before = sum(each.shape[-1] for each in node.input_tensors[:place])
        tensor, columns = node.outputs[0], slice(columns.start + before, columns.stop + before)
    return None


def _only_use(network, tensor):
    """The call that takes a tensor of the network's graph, where it is one, and takes it once; else None."""
    graph = getattr(network, "_functional", network)  # of a Sequential
    calls = itertools.chain.from_iterable(getattr(graph, "_nodes_by_depth", {}).values())
    nodes = [node for node in calls if _places(node, tensor)]
    return nodes[0] if len(nodes) == 1 and len(_places(nodes[0], tensor)) == 1 else None


def _places(node, tensor):
    return [place for place, each in enumerate(node.input_tensors) if each is tensor]
