"""Images have channels last here, whatever Keras is configured to."""

import keras
import pytest

from wgan_keras import networks
from wgan_keras.metrics.classifier import build_classifier
from wgan_keras.metrics.emoji_classifier import build_emoji_classifier

SHAPE = (8, 8, 1)


@pytest.fixture(autouse=True)
def channels_first():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    yield
    assert keras.config.image_data_format() == "channels_first"
    keras.config.set_image_data_format(before)


@pytest.mark.parametrize(
    ("build", "inner", "outer"),
    [
        (lambda: networks.dcgan_generator(SHAPE, 2, width=1, upsampling="resize"), (2,), SHAPE),
        (lambda: networks.dcgan_critic(SHAPE, width=1), SHAPE, (1,)),
        (lambda: networks.dcgan_features(SHAPE, 3, width=1), SHAPE, (3,)),
        (lambda: networks.dcgan_classifier(SHAPE, 3, width=1), SHAPE, (3,)),
        (lambda: networks.mlp_critic(SHAPE, units=1, depth=1), SHAPE, (1,)),
        (lambda: networks.autoencoder_critic(SHAPE, width=1), SHAPE, SHAPE),
        (lambda: networks.resnet_generator(SHAPE, 2, width=1), (2,), SHAPE),
        (lambda: networks.resnet_critic(SHAPE, width=1), SHAPE, (1,)),
        (build_classifier, (28, 28, 1), [(128,), (10,)]),
        (build_emoji_classifier, (64, 64, 3), [(128,), (9,), (4,)]),
    ],
)
def test_built_in_networks_have_channels_last(build, inner, outer):
    with keras.StatelessScope(initialize_variables=False):  # no values are drawn
        network = build()
    shapes = keras.tree.map_structure(lambda x: x.shape[1:], [network.input, network.output])
    assert shapes == [inner, outer]
    formats = {getattr(layer, "data_format", None) for layer in network._flatten_layers()}
    assert formats <= {"channels_last", None}
