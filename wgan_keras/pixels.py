"""From stored pixels to what networks take."""

import numpy as np


def scale(array: np.ndarray) -> np.ndarray:
    """Images uint8 in [0, 255] to float32 in [-1, 1] by x / 127.5 - 1; points float32 pass unchanged."""
    if array.dtype != np.uint8:
        return array
    images = array.astype(np.float32)
    images /= 127.5
    images -= 1.0
    return images
