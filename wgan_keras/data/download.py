"""Fetching a named data set: through tensorflow-datasets, after a quick look whether the network is there, or npm."""

import threading
import urllib.error
import urllib.request

from wgan_keras.data import emoji
from wgan_keras.data.catalog import Location

# A small request to the place that each builder of tensorflow-datasets fetches from.
_SOURCES = {
    "fashion_mnist": "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/t10k-labels-idx1-ubyte.gz",
    "mnist": "https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz",
    "cifar10": "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
}
_REMEDIES = {
    "fashion_mnist": "`apt-get install dataset-fashion-mnist` (Debian, Ubuntu), or data_dir= a folder with "
    "the four IDX .gz files",
    "mnist": "data_dir= a folder with the four IDX .gz files, or with data prepared by tensorflow-datasets",
    "cifar10": "data_dir= a folder with data that tensorflow-datasets prepared on a machine with a network",
}


def fetch(name):
    """Downloads the set `name`, an image set or the emoji; returns its `Location`. ConnectionError if it cannot."""
    return Location("folder", emoji.download()) if name == emoji.NAME else Location("prepared", download(name))


def download(name):
    """Download and prepare `name` in tensorflow-datasets' default folder; returns the prepared folder.

    ConnectionError, within seconds when the network is not there, says what to do without it; ImportError, when
    tensorflow-datasets is not there, does too.
    """
    if not reachable(_SOURCES[name]):
        raise ConnectionError(_complaint(name, f"no answer from {_SOURCES[name]}"))
    try:
        import tensorflow_datasets as tfds
    except ImportError as error:
        raise ImportError(_complaint(name, error)) from error
    try:
        builder = tfds.builder(name)
        builder.download_and_prepare()
    except Exception as error:  # the downloader's failures have no common type
        raise ConnectionError(_complaint(name, f"{type(error).__name__}: {error}")) from error
    return builder.data_dir


def reachable(url, timeout=5.0):
    """Whether a HEAD request to `url` succeeds within `timeout` seconds."""
    answers = []

    def ask():
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=timeout):
                answers.append(True)
        except OSError:
            pass

    # In a thread, because urlopen's timeout does not bound the name look-up, which can hang for minutes.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    return bool(answers)


def _complaint(name, reason):
    return f"{name} is not on this machine and cannot be downloaded ({reason}); without a network use {_REMEDIES[name]}"
