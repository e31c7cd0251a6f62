"""The one boundary of the command: whatever ends a verb becomes one line on stderr and an exit status."""

import os
import pathlib
import sys
import traceback

import typer
from typer.core import TyperGroup

from wgan_keras._text import one_line
from wgan_keras.cli.options import take_everywhere
from wgan_keras.runtime import output, processes, user_modules

_PACKAGE = str(pathlib.Path(__file__).parents[1])
_UsageError = typer.BadParameter.__base__  # click's, wherever typer keeps it
_BACKENDS = ("tensorflow", "jax")


class OneLine(TyperGroup):
    """A group of verbs whose errors are one line.

    `--debug`, anywhere on the command line, shows the traceback too; what `--import` names, anywhere on it as well,
    becomes the context's `obj`.
    """

    def main(self, args=None, *rest, standalone_mode=True, **options):
        given = list(sys.argv[1:] if args is None else args)
        output.show_any_name()
        try:
            kept, imports = take_everywhere(given)
            status = super().main(kept, *rest, standalone_mode=False, obj=imports, **options)
        except Exception as error:
            if not standalone_mode:
                raise
            if "--debug" in given:
                traceback.print_exception(error)
            typer.echo(f"wgan-keras: {told(error)}", err=True)
            status = 2 if isinstance(error, _UsageError) else 1
            if isinstance(error, ConnectionError) and processes.count() > 1:
                os._exit(status)  # the usual end would wait for the process that is gone
        return sys.exit(status) if standalone_mode else status


def told(error):
    """One line on an exception: what the user can mend as the library says it, all else as a fault of the library."""
    message = " ".join(str(error).split())
    if isinstance(error, _UsageError):
        verb = error.ctx.command_path if error.ctx else "wgan-keras"
        return f"{' '.join(error.format_message().split())} See: {verb} --help"
    if isinstance(error, typer.Abort):
        return "Stopped."
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
