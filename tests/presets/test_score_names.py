"""Which scores say what network they are of."""

import pytest

from wgan_keras.presets.score_names import label


@pytest.mark.parametrize(
    ("score", "protocol", "expected"),
    [
        ("fid", "fid_fashion_mnist_classifier_10k", "fid (Fashion-MNIST classifier)"),
        ("kid", "all_fashion_mnist_classifier_2048_train", "kid (Fashion-MNIST classifier)"),
        ("inception_score", "is_my_network_1k", "inception_score (my network)"),
        ("fid", "fid_pixels_300", "fid (pixels)"),
        ("fid", "fid_inception2015_50k_train", "fid"),
        ("fid", "all_inception_10k_train", "fid (Keras's Inception)"),
        ("precision", "prdc_fashion_mnist_classifier_10k", "precision"),
        ("modes_covered", "modes_eight_gaussians_10k", "modes_covered"),
    ],
)
def test_a_score_that_inception_defines_says_which_other_network_it_is_of(score, protocol, expected):
    assert label(score, protocol) == expected
