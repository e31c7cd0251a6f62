"""Any exception in one line, for the command, its worker processes and the trials of a search."""

import os
import pathlib
import traceback

from wgan_keras._text import one_line
from wgan_keras.runtime import user_modules

_PACKAGE = str(pathlib.Path(__file__).parents[1])
_BACKENDS = ("tensorflow", "jax")


def told(error: BaseException) -> str:
    """One line on an exception: what the user can mend as the library says it, all else as a fault of the library."""
    message = " ".join(str(error).split())
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend not in _BACKENDS and isinstance(error, ImportError | ValueError):  # which Keras tells in many ways
        return (
            f"KERAS_BACKEND is {backend!r}, and wgan_keras trains on TensorFlow and JAX. "
            "Set this environment variable to tensorflow or jax, or leave it out."
        )
    if _is_out_of_memory(error):
        return (
            f"Memory ran out ({one_line(error)}). Ask for less (a smaller batch size, "
            "width or image size, fewer samples, --micro-batch), or run where there is more."
        )
    if isinstance(error, OSError) and error.filename and error.strerror:  # the system's own
        return f"{error.filename}: {error.strerror}."
    place = user_modules.place_in(error)
    if place and not _raised_in(error).startswith(_PACKAGE):
        return f"{place}: {type(error).__name__}: {one_line(error)}"
    if _is_the_users(error) and message:
        return message
    return (
        f"This is a fault of the library: {type(error).__name__}: {one_line(error)} "
        "Run the same with --debug and report what it prints."
    )


def _is_out_of_memory(error):
    kind = type(error).__name__
    return isinstance(error, MemoryError) or kind == "ResourceExhaustedError" or "RESOURCE_EXHAUSTED" in str(error)


def _is_the_users(error):
    """Whether the message was written for the user: by this library, or by the system about a file or a module."""
    if isinstance(error, RecursionError | UnicodeError):
        return False
    if isinstance(error, OSError | ImportError | RuntimeError) and not isinstance(error, NotImplementedError):
        return True
    ours = _raised_in(error).startswith(_PACKAGE)
    return isinstance(error, ValueError | TypeError | NotImplementedError) and ours


def _raised_in(error):
    return traceback.extract_tb(error.__traceback__)[-1].filename if error.__traceback__ else ""
