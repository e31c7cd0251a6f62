"""MNIST (LeCun, Bottou, Bengio, Haffner 1998): 70,000 handwritten digits, gray, 28x28, ten classes."""

from wgan_keras.data.dataset import register_data
from wgan_keras.data.tfds import FromTFDS


@register_data("mnist")
class MNIST(FromTFDS):
    """70,000 handwritten digits, gray, 28x28: by tensorflow-datasets, or as IDX files."""

    name = "mnist"
    source = "MNIST (LeCun, Cortes, Burges)"
    license = "CC BY-SA 3.0"
    classes = tuple("0123456789")
    url = "https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz"
    remedy = "data_dir= a folder with the four IDX .gz files, or with data prepared by tensorflow-datasets"
    as_idx = True
