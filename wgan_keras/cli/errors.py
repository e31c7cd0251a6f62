"""The one boundary of the command: whatever ends a verb becomes one line on stderr and an exit status."""

import os
import sys
import traceback

import typer
from typer.core import TyperGroup

from wgan_keras.cli.options import take_everywhere
from wgan_keras.runtime import errors, output, processes

_UsageError = typer.BadParameter.__base__  # click's, wherever typer keeps it


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
    """One line on an exception: of the command line as typer says it, else as `runtime.errors` does."""
    if isinstance(error, _UsageError):
        verb = error.ctx.command_path if error.ctx else "wgan-keras"
        return f"{_sentence(error)} See: {verb} --help"
    return "Stopped." if isinstance(error, typer.Abort) else errors.told(error)


def _sentence(error):
    """What typer says of the command line; pydantic, by which it reads values, leaves out which one came."""
    text = " ".join(error.format_message().split()).replace("Value error, ", "", 1)
    read = getattr(error.__cause__, "errors", list)()
    if read:
        text = text.replace("Input should be", f"{read[0]['input']!r} is not", 1)
    return text if text.endswith((".", "?", "!")) else f"{text}."
