"""Critics of features: a critic's network with another last layer."""

import numpy as np
import pytest

from wgan_keras.networks import dcgan_critic, dcgan_features, mlp_critic, mlp_features

PAIRS = [
    (mlp_features((2,), features=3, units=8, depth=2), mlp_critic((2,), units=8, depth=2)),
    (dcgan_features((16, 16, 1), 3, width=2, normalization="layer"), dcgan_critic((16, 16, 1), 2, "layer")),
]


@pytest.mark.parametrize(("features", "critic"), PAIRS, ids=["mlp", "dcgan"])
def test_features_are_linear_in_what_a_critics_score_is_linear_in(features, critic):
    """With the critic's weights in all layers but the last, and the score's as the first of three features; no bias."""
    assert features.output_shape == (None, 3)
    *inner, kernel, _ = critic.get_weights()  # its bias is 0 at first
    last = np.random.default_rng(0).normal(size=(kernel.shape[0], 3))
    last[:, :1] = kernel
    features.set_weights([*inner, last])
    images = np.random.default_rng(1).normal(size=(5, *critic.input_shape[1:])).astype("float32")
    np.testing.assert_allclose(features(images)[:, :1], critic(images), rtol=1e-4, atol=1e-5)


def test_they_know_how_they_were_built():
    assert PAIRS[0][0].built_by == {"name": "mlp_features", "input_shape": [2], "features": 3, "units": 8, "depth": 2}
    assert dcgan_features((16, 16, 1), width=2).output_shape == (None, 16)
    assert dcgan_features((16, 16, 1), width=2).name == "critic"
