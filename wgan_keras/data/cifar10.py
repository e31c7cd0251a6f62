"""CIFAR-10 (Krizhevsky 2009, *Learning Multiple Layers of Features from Tiny Images*): 60,000 in color, 32x32."""

from wgan_keras.data.dataset import register_data
from wgan_keras.data.tfds import FromTFDS


@register_data("cifar10")
class CIFAR10(FromTFDS):
    """60,000 photographs of animals and vehicles, in color, 32x32: by tensorflow-datasets."""

    name = "cifar10"
    source = "CIFAR-10 (Krizhevsky, 2009)"
    license = "none stated; cite the technical report"
    classes = ("Airplane", "Automobile", "Bird", "Cat", "Deer", "Dog", "Frog", "Horse", "Ship", "Truck")
    url = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    remedy = "data_dir= a folder with data that tensorflow-datasets prepared on a machine with a network"
