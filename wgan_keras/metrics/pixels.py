"""The numbers themselves as features, of images or of points in the plane."""

from wgan_keras.metrics.extractors import Extractor, register_extractor


@register_extractor("pixels")
def pixels() -> Extractor:
    """Images or points (n, ...) -> themselves, flattened."""
    return Extractor("pixels", lambda batch: (batch.reshape(len(batch), -1), None), {"name": "pixels"})
