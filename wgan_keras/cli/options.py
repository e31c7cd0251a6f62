"""Options that several verbs share, that go with every verb, or that do not go together."""

import json
import re
import shlex
from collections.abc import Collection
from typing import Any

import typer

from wgan_keras import _spec
from wgan_keras.runtime import user_modules

MODEL = (
    "A .keras file, a run's folder (its best state where the recipe evaluates, else its last), or a preset: its name "
    "(see `list`), its folder, or hf://user/repo."
)
EVERYWHERE = "--import FILE.py and --debug go with every verb; see: wgan-keras --help"


def take_everywhere(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Takes `--import` and `--debug`, which may stand before or after the verb, out of a command line.

    Returns:
        The other arguments, and the values of `--import`.

    Raises:
        typer.BadParameter: `--import` without a value.
    """
    others, imports, given = [], [], iter(arguments)
    for argument in given:
        if argument == "--":
            others.append(argument)
            break
        if argument == "--import":
            value = next(given, None)
            if value is None:
                raise typer.BadParameter("Option '--import' requires an argument: FILE.py, or a module's name.")
            imports.append(value)
        elif argument.startswith("--import="):
            imports.append(argument.removeprefix("--import="))
        elif argument != "--debug":
            others.append(argument)
    return [*others, *given], imports


PART = "NAME[:KEY=VALUE,...]"
_COMMAS = re.compile(r",(?![^\[]*\])")  # but for those of a list


def part_of(option: str, text: str) -> dict[str, Any]:
    """A part as a recipe has it, from "pack:k=2" or "r1"; values are JSON, or else words.

    Args:
        option: that gave the text, for messages.

    Raises:
        typer.BadParameter: the text is of another form, or gives an argument twice.
    """
    name, colon, given = text.partition(":")
    arguments = [each.partition("=") for each in _COMMAS.split(given)] if colon else []
    keys = [key for key, _, _ in arguments]
    if not name or not all(key and equals and value for key, equals, value in arguments):
        raise typer.BadParameter(f"{option} is {text!r}; expected {PART}, such as pack:k=2.")
    if "name" in keys or len(set(keys)) < len(keys):
        raise typer.BadParameter(f"{option} is {text!r}; expected each argument once, and the name before the colon.")
    return _spec.of(name, {key: _value(value) for key, _, value in arguments})


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def image_size_of(text: str) -> int | tuple[int, int]:
    """A side, or (height, width) of "96x64", which is the width and the height, as sizes of pictures are written.

    Raises:
        typer.BadParameter: the text is of another form.
    """
    if not re.fullmatch(r"[0-9]{1,5}(x[0-9]{1,5})?", text):
        raise typer.BadParameter(f"{text!r} is no size; expected a side such as 64, or a width and height, 96x64.")
    width, cross, height = text.partition("x")
    return (int(height), int(width)) if cross else int(width)


IMAGE_SIZE: Any = {"parser": image_size_of, "metavar": "SIDE|WIDTHxHEIGHT"}


def read_data(data: dict[str, Any], data_dir: Any, labels: bool = False) -> tuple[dict[str, Any], tuple[Any, Any]]:
    """({"name", and how it is read} as a recipe has it, both splits) of data that are named by options.

    The report on a folder is told, and its name becomes one that is found from any working directory.
    """
    from tqdm import tqdm

    from wgan_keras import data as datasets, recipes
    from wgan_keras.data.catalog import absolute

    train, test, report = datasets.load_splits(**data, data_dir=data_dir, progress=tqdm, labels=labels)
    if report is not None:
        typer.echo(str(report))
    return recipes.data_spec(**{**data, "name": absolute(data["name"])}), (train, test)


def imports_again() -> str:
    """The options `--import` of this process, for a line that says how to go on; "" where there was none."""
    return "".join(f" --import {shlex.quote(each)}" for each in user_modules.imported())


def given_again(context: typer.Context, names: Collection[str]) -> str:
    """Those of some options that were given on the command line, for a line that says how to go on; "" of none.

    Args:
        names: of their parameters.
    """
    given = [each for each in context.command.params if each.name in names and is_given(context, each.name)]
    return "".join(f" {each.opts[0]}{_value_again(each, context.params[each.name])}" for each in given)


def _value_again(option, value):
    return "" if option.is_flag else f" {shlex.quote(str(value))}"


def is_given(context, name):
    """Whether the parameter of that name was given on the command line."""
    return context.get_parameter_source(name).name == "COMMANDLINE"


def refuse_others(context, known, why):
    """Refuses what was given on the command line and is not among `known`, names of parameters.

    Raises:
        ValueError: names the options.
    """
    given = (parameter for parameter in context.command.params if is_given(context, parameter.name))
    others = [parameter.opts[0] for parameter in given if parameter.name not in known]
    if others:
        raise ValueError(f"{', '.join(others)} would change nothing here: {why}.")
