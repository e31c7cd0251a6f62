"""Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747): 70,000 garments, gray, 28x28, ten classes."""

from pathlib import Path
from typing import ClassVar

from wgan_keras.data import idx
from wgan_keras.data.dataset import Location, register_data
from wgan_keras.data.tfds import FromTFDS

DEBIAN = Path("/usr/share/datasets/fashion-mnist")  # Debian's package dataset-fashion-mnist


@register_data("fashion_mnist")
class FashionMNIST(FromTFDS):
    """70,000 garments, gray, 28x28: by tensorflow-datasets, as IDX files, or from Debian's package."""

    name = "fashion_mnist"
    source = "Fashion-MNIST, Zalando Research (Xiao, Rasul, Vollgraf, 2017)"
    license = "MIT"
    classes: ClassVar[tuple[str, ...]] = (
        *("T-shirt", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    )
    url = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/t10k-labels-idx1-ubyte.gz"
    remedy = (
        "`apt-get install dataset-fashion-mnist` (Debian, Ubuntu), or data_dir= a folder with the four IDX .gz files"
    )
    as_idx = True

    def find(self, data_dir: Path | None = None) -> Location | None:
        found = super().find(data_dir)
        return found or (Location("idx", DEBIAN) if idx.is_idx_folder(DEBIAN) else None)
