"""The signatures of what users call are annotated, down to the last argument; mypy checks what they say."""

import functools
import importlib
import inspect
import pathlib

import wgan_keras

ROOT = pathlib.Path(wgan_keras.__file__).parent
# What the library says to itself: users call none of it, or call it through a signature that is covered.
INTERNAL = {
    "backend": "generators jax_sharding labels piece py_data reached state "
    "tf_blocks tf_data tf_derivatives tf_layers tf_replicas tf_strategy",  # behind the verbs of `backend`
    "cli": "app data errors evaluate explore export list options paths sample train tune upload",  # Typer calls them
    "metrics": "exact_wasserstein frechet inception_score intra_diversity intra_fid kernel_distance label_accuracy "
    "memorization mode_coverage prdc sliced_wasserstein spectrum stacked_modes support_size",  # as `Metric.compute`
    "models": "average checks critic_end freezing grouping labels log_means minibatches pieces rates read_only "
    "second_derivatives settings sharing terminate_on_nan",  # of the step
    "files": "folders hdf5 temporaries",
    "layers": "precision",
    "runtime": "memory output startup",
    "networks": "counting labels normalization",  # what builders share
    "tuning": "analysis failures objective oracles report space timer tuner workers",  # behind `Search`
}
INTERNAL = {f"{room}.{name}" for room, names in INTERNAL.items() for name in names.split()}


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
            if inspect.isfunction(member) and member.__module__ == thing.__module__:  # not Python's, of a Protocol
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


def lacks(name):
    """{function or method: what its signature lacks} of a module."""
    things = public(importlib.import_module(f"wgan_keras.{name}"))
    found = {each: function for name, thing in things.items() for each, function in functions(name, thing)}
    return {each: lacking(function) for each, function in found.items() if lacking(function)}


def test_public_signatures_are_annotated():
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.rglob("*.py")]
    names = [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    assert len(names) > 150 and set(names) > INTERNAL
    found = {name: lacks(name) for name in names if name not in ("__init__", *INTERNAL)}
    assert {name: lack for name, lack in found.items() if lack} == {}


def test_what_is_left_out_is_what_lacks():
    assert {name for name in INTERNAL if lacks(name)} == INTERNAL
