"""What a verb reads and writes: options of typer that are refused while the command line is read."""

import pathlib

import typer


def given(text):
    """The path of something to read, which is looked at where it is read."""
    text = str(text)  # a default is a path already
    if not text.strip() or "\0" in text:
        raise typer.BadParameter(f"{text!r} is no path.")
    try:
        return pathlib.Path(text).expanduser()  # the shell leaves that of --out=~/x
    except RuntimeError:
        raise typer.BadParameter(f"{text}: there is no such user's folder.") from None


def _path(text):
    path = given(text)
    try:
        path.exists()
    except OSError as error:  # a name that is too long, or a folder that may not be looked into
        raise typer.BadParameter(f"{text}: {error.strerror}.") from None
    if path.resolve().parent == path.resolve():
        raise typer.BadParameter(f"{text} is the root of all files; name a folder or file of your own below it.")
    return path


def folder(text):
    """The path of a folder that is there or can be made."""
    path = _path(text)
    if path.exists() and not path.is_dir():
        raise typer.BadParameter(f"{text} is a file, and so could not be written to as a folder.")
    return path


def file(text):
    """The path of a file that is there or can be made."""
    path = _path(text)
    if path.is_dir():
        raise typer.BadParameter(f"{text} is a folder; name a file.")
    if path.exists() and not path.is_file():
        raise typer.BadParameter(f"{text} is a pipe, socket or device; name a file.")
    return path


def file_or_folder(text):
    """The path of a file or a folder that is there or can be made."""
    path = _path(text)
    return path if path.is_dir() else file(text)


READ = {"parser": given, "metavar": "PATH"}
FOLDER = {"parser": folder, "metavar": "DIR"}
FILE = {"parser": file, "metavar": "FILE"}
FILE_OR_FOLDER = {"parser": file_or_folder, "metavar": "PATH"}
