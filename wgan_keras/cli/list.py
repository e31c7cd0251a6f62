"""`wgan-keras list`."""

import importlib
import inspect
from collections.abc import Iterable
from typing import Annotated

import typer

from wgan_keras._text import did_you_mean
from wgan_keras.runtime import startup

# The registry of each kind: its module and its name there.
REGISTRIES = {
    "games": ("wgan_keras.games", "GAMES"),
    "networks": ("wgan_keras.networks", "NETWORKS"),
    "data": ("wgan_keras.data", "DATASETS"),
    "metrics": ("wgan_keras.metrics", "METRICS"),
    "extractors": ("wgan_keras.metrics", "EXTRACTORS"),
    "penalties": ("wgan_keras.penalties", "PENALTIES"),
    "views": ("wgan_keras.views", "VIEWS"),
    "objectives": ("wgan_keras.objectives", "OBJECTIVES"),
    "optimizers": ("wgan_keras.optimizers", "OPTIMIZERS"),
    "schedules": ("wgan_keras.optimizers", "SCHEDULES"),
}
KINDS = ("presets", *REGISTRIES, "protocols")
_WITHOUT_KERAS = ("data",)


def list_registered(
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help=f"What to list: {', '.join(KINDS)}.")] = "presets",
):
    """List the trained models that come with the package, with their scores; or all that is registered of a kind.

    Nothing is trained, fetched or loaded; what --import brings is listed with the built-in.
    """
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS)
        raise typer.BadParameter(f"{kind!r} is no kind of thing{near}; expected {', '.join(KINDS)}.")
    if kind == "presets":
        from wgan_keras.presets import table

        typer.echo(table.text())
        return
    if kind not in _WITHOUT_KERAS:
        startup.load_keras()
    typer.echo(_table(_protocols() if kind == "protocols" else _registered(kind)))


def _registered(kind: str) -> list[tuple[str, str]]:
    module, name = REGISTRIES[kind]
    registry = getattr(importlib.import_module(module), name)
    return [(each, " ".join(filter(None, [_first_line(thing), _classes(thing)]))) for each, thing in registry.items()]


def _protocols() -> list[tuple[str, str]]:
    """The protocols of 10,000 samples; any other count will do as well."""
    from wgan_keras.metrics import METRICS, protocols

    return [
        (each.name, _first_line(METRICS[each.metrics[0]]) if len(each.metrics) == 1 else ", ".join(each.metrics))
        for each in protocols.examples()
    ]


def _classes(thing: object) -> str:
    """How many classes a data set with labels has, in brackets; "" of all else."""
    classes = getattr(thing, "classes", None)
    return f"({len(classes)} classes)" if isinstance(classes, tuple) else ""


def _first_line(thing: object) -> str:
    """Of its own docstring, not of the class it comes from; "" where it has none."""
    text = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    return inspect.cleandoc(text or "").partition("\n")[0]


def _table(rows: Iterable[tuple[str, str]]) -> str:
    rows = list(rows)
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name.ljust(width)}  {text}".rstrip() for name, text in rows)
