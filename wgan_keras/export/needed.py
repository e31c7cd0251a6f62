"""What of the user's own a saved network is made of, which a process that opens it must import."""

import json
import pathlib
import zipfile

import keras

from wgan_keras._text import listed
from wgan_keras.files.descriptions import descriptions, name_of

_UNREGISTERED = ""  # what Keras keeps no module of
_KNOWN = ("keras", "builtins", __name__.partition(".")[0])


def modules(saved: pathlib.Path) -> tuple[str, ...]:
    """The modules of the user's own that hold layers, activations and the like of the network in a `.keras` file.

    Raises:
        ValueError: some are not registered with Keras, or are defined where the program started, in a script or
            notebook, which no other process can import.
    """
    with zipfile.ZipFile(saved) as archive:
        entries = list(descriptions(json.loads(archive.read("config.json"))))
    found = {name_of(entry): module for entry in entries if (module := _module(entry)).partition(".")[0] not in _KNOWN}
    unreachable = [name.rpartition(">")[2] for name, module in found.items() if module in (_UNREGISTERED, "__main__")]
    if unreachable:
        raise ValueError(
            f"The network has {listed(unreachable)}, which the conversion, a process of its own on TensorFlow, cannot "
            "import. Define that in a module of its own, not in the script or notebook that runs, under "
            "@keras.saving.register_keras_serializable()."
        )
    return tuple(dict.fromkeys(found.values()))


def _module(entry):
    """Where the object is defined; Keras calls every function's module "builtins"."""
    known = keras.saving.get_registered_object(name_of(entry))
    return getattr(known, "__module__", entry.get("module") or _UNREGISTERED)
