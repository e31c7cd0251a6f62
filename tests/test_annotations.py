"""The signatures of what users call are annotated, down to the last argument; mypy checks what they say."""

import functools
import importlib
import inspect

import pytest

MODULES = (
    "callbacks",
    "constraints",
    "data",
    "data.dataset",
    "data.toys",
    "divergences",
    "explore",
    "export",
    "films",
    "forms",
    "games",
    "layers",
    "losses",
    "metrics",
    "models.ebgan",
    "models.exporting",
    "models.f_gan",
    "models.files",
    "models.gan",
    "models.hinge_gan",
    "models.hooks",
    "models.loading",
    "models.lsgan",
    "models.mmd_gan",
    "models.relativistic_gan",
    "models.sampling",
    "models.wgan",
    "models.wgan_gp",
    "networks",
    "networks.registry",
    "objectives",
    "optimizers",
    "parts",
    "penalties",
    "plots",
    "presets",
    "presets.files",
    "presets.store",
    "presets.table",
    "presets.usual",
    "recipes",
    "samples.opening",
    "samples.writing",
    "files.saving",
    "presets.score_names",
    "scoring",
    "training",
    "tuning",
    "views",
)


def public(module):
    """{name: function or class} of a module: those in its `__all__`, else those it defines without an underscore."""
    own = [name for name, thing in vars(module).items() if getattr(thing, "__module__", None) == module.__name__]
    names = getattr(module, "__all__", [name for name in own if not name.startswith("_")])
    found = {name: getattr(module, name) for name in names}
    return {name: thing for name, thing in found.items() if inspect.isfunction(thing) or inspect.isclass(thing)}


def functions(name, thing):
    """(name, function) of a function, or of every public method that a class itself defines."""
    if inspect.isfunction(thing):
        yield name, thing
        return
    for method, member in vars(thing).items():
        if method in ("__init__", "__call__") or not method.startswith("_"):
            if isinstance(member, property):
                member = member.fget
            elif isinstance(member, functools.cached_property):
                member = member.func
            member = inspect.unwrap(getattr(member, "__func__", member))
            if inspect.isfunction(member):
                yield f"{name}.{method}", member


def lacking(function):
    signature = inspect.signature(function)
    lacks = [name for name, each in signature.parameters.items() if each.annotation is each.empty and name != "self"]
    lacks = [name for name in lacks if name != "cls"]
    return lacks + ["return"] * (signature.return_annotation is signature.empty)


def test_what_lacks_is_found():
    class Half:
        def __init__(self, x: int):
            pass

        @property
        def side(self):
            pass

    found = {name: lacking(function) for name, function in functions("Half", Half)}
    assert found == {"Half.__init__": ["return"], "Half.side": ["return"]}


@pytest.mark.parametrize("name", MODULES)
def test_public_signatures_are_annotated(name):
    things = public(importlib.import_module(f"wgan_keras.{name}"))
    assert things
    found = {each: function for name, thing in things.items() for each, function in functions(name, thing)}
    assert {each: lacking(function) for each, function in found.items() if lacking(function)} == {}
