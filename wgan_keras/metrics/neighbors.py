"""Euclidean distances between feature sets in blocks of rows; no n x m matrix is ever whole in memory."""

from collections.abc import Iterator

import numpy as np

BLOCK_BYTES = 64 * 2**20  # one block of float64 distances


def squared_distance_blocks(x: np.ndarray, y: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield (rows, distances): a slice of x's rows, and their squared distances (rows, m) to all of y.

    They are |x|^2 - 2 x.y + |y|^2 in float64: one matrix product a block, of rows [x, |x|^2, 1] and columns
    [-2 y, 1, |y|^2]. The error is at most 4 width eps max(|x|^2, |y|^2).
    """
    x_norms, y_norms = (x * x).sum(axis=1, keepdims=True), (y * y).sum(axis=1, keepdims=True)
    left = np.concatenate([x, x_norms, np.ones_like(x_norms)], axis=1)
    right = np.concatenate([-2 * y, np.ones_like(y_norms), y_norms], axis=1).T
    height = max(1, BLOCK_BYTES // (8 * len(y)))
    for start in range(0, len(x), height):
        rows = slice(start, start + height)
        distances = left[rows] @ right
        yield rows, np.maximum(distances, 0, out=distances)


def closed(x: np.ndarray, squared_radii: np.ndarray) -> np.ndarray:
    """The squared radii (n,) of the balls around the rows of x, widened by the rounding of a point on their surface.

    Such a point y has |y|^2 <= 2 (|x|^2 + r^2). The bound is each ball's own: a far point widens no other's.
    """
    return squared_radii + 8 * x.shape[1] * np.finfo(np.float64).eps * ((x * x).sum(axis=1) + squared_radii)


def squared_radii(x: np.ndarray, k: int) -> np.ndarray:
    """The squared distance (n,) of each row of x to its k-th nearest other row."""
    radii = np.empty(len(x))
    for rows, distances in squared_distance_blocks(x, x):
        own = np.arange(len(x))[rows]
        distances[np.arange(len(own)), own] = 0.0  # itself, rounding undone: place 0 of the order
        radii[rows] = np.partition(distances, k, axis=1)[:, k]
    return radii


def nearest(queries: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row of queries the distance (n,) to the nearest row of reference, and that row's index (n,)."""
    distances, indices = np.empty(len(queries)), np.empty(len(queries), np.int64)
    for rows, squared in squared_distance_blocks(queries, reference):
        indices[rows] = squared.argmin(axis=1)
        # The found pair again by its difference: a copy is then at 0, not at the product's rounding.
        distances[rows] = np.linalg.norm(queries[rows] - reference[indices[rows]], axis=1)
    return distances, indices
