"""Where data comes from and what its licence is: what a preset's metadata say of it."""

from wgan_keras.data import toys

_SETS = {
    "fashion_mnist": ("Fashion-MNIST, Zalando Research (Xiao, Rasul, Vollgraf, 2017)", "MIT"),
    "mnist": ("MNIST (LeCun, Cortes, Burges)", "CC BY-SA 3.0"),
    "cifar10": ("CIFAR-10 (Krizhevsky, 2009)", "none stated; cite the technical report"),
    "emoji": (
        "Noto Emoji by Google, the 64x64 pictures of the npm package emoji-datasource-google",
        "Apache-2.0 (pictures), MIT (their packaging)",
    ),
}


def provenance(name):
    """{"name", "source", "licence"} of a data set or a folder of pictures."""
    if name in toys.NAMES:
        return {"name": name, "source": "drawn on the spot by wgan_keras.data.toys", "licence": "none needed"}
    source, licence = _SETS.get(name, ("a folder of pictures of the user's own", "not known"))
    return {"name": name, "source": source, "licence": licence}
