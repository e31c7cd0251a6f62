"""What a score is called where people read it.

FID (Heusel et al. 2017, arXiv 1706.08500), KID (Bińkowski et al. 2018, arXiv 1801.01401) and the Inception score
(Salimans et al. 2016, arXiv 1606.03498) are defined by the Inception network of December 2015. The same formula on
another network's features, Keras's Inception among them, gives other numbers, not to be compared with theirs, and its
label says which network that is.
"""

import re

_OF_INCEPTION = ("fid", "kid", "inception_score")
_INCEPTION = "inception2015"
_IN_WORDS = {"inception": "Keras's Inception"}


def label(score: str, protocol: str) -> str:
    """`fid (Fashion-MNIST classifier)` for "fid" under "fid_fashion_mnist_classifier_10k".

    Args:
        score: its name in logs and files, which stays as it is there.
        protocol: the name of the protocol that gave it.

    Returns:
        The score's name, with the network in brackets where the name alone would mean Inception of 2015.
    """
    network = re.sub(r"^[a-z0-9]+_|_\d+k?(_train|_test)?$", "", protocol)
    if score not in _OF_INCEPTION or network == _INCEPTION:
        return score
    words = _IN_WORDS.get(network, network.replace("fashion_mnist", "Fashion-MNIST").replace("_", " "))
    return f"{score} ({words})"
