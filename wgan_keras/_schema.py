"""What a parameter may be, said once by its annotation, and checked for recipes, files and arguments alike.

    def dcgan_critic(image_shape: Shape, width: Count = 64, normalization: Literal["batch", "layer"] | None = None)

`check_call` holds a recipe's {"name", arguments} against such a function or class; `check_file` holds a JSON file
against a dataclass, whose fields may be dataclasses again. A parameter without an annotation takes any JSON value.
"""

import dataclasses
import inspect
import math
import numbers
import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np

from wgan_keras._text import did_you_mean, listed, shown
from wgan_keras._types import PathLike


@dataclasses.dataclass(frozen=True)
class Range:
    """The numbers that a parameter may have; None is no bound."""

    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        return (
            (self.above is None or value > self.above)
            and (self.at_least is None or value >= self.at_least)
            and (self.below is None or value < self.below)
            and (self.at_most is None or value <= self.at_most)
        )

    def __str__(self) -> str:
        words = ((f.name.replace("_", " "), getattr(self, f.name)) for f in dataclasses.fields(self))
        return " and ".join(f"{word} {_in_words(bound)}" for word, bound in words if bound is not None)


def _in_words(bound: float) -> str:
    return f"{bound:,}" if isinstance(bound, int) else f"{bound:g}"


_UNIONS = (typing.Union, types.UnionType)
LONGEST = 8  # of a `list` or `tuple`, such as the axes of a shape; a `Sequence` may have any length
LARGE = 1e30  # float32 ends at 3.4e38, and what is computed from a parameter is to stay below

Count = Annotated[int, Range(at_least=1, at_most=10**12)]
Positive = Annotated[float, Range(above=0, at_most=LARGE)]
NonNegative = Annotated[float, Range(at_least=0, at_most=LARGE)]
Share = Annotated[float, Range(at_least=0, below=1)]
Fraction = Annotated[float, Range(at_least=0, at_most=1)]
Seed = Annotated[int, Range(at_least=0, at_most=2**32 - 1)]
Shape = tuple[Count, ...]


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A parameter's `annotation`, None for none, and whether it must be given."""

    annotation: Any
    required: bool
    default: Any = None


def parameters(function: Callable[..., Any]) -> dict[str, Parameter]:
    """The named parameters of a function, or of a class's `__init__` and its bases' as far as **kwargs reaches."""
    found: dict[str, Parameter] = {}
    for called, named in _signatures(function):
        hints = typing.get_type_hints(called, include_extras=True)
        found = {p.name: Parameter(hints.get(p.name), p.default is p.empty, p.default) for p in named} | found
    return found


def defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """{name: default} of its `parameters`, `inspect.Parameter.empty` for none; of annotations that say nothing too."""
    found: dict[str, Any] = {}
    for _, named in _signatures(function):
        found = {p.name: p.default for p in named} | found
    return found


def _signatures(function):
    for step in inspect.getmro(function)[:-1] if inspect.isclass(function) else (function,):
        called = vars(step).get("__init__") if inspect.isclass(step) else step
        if called is None:
            continue  # it is called by a base's
        given = inspect.signature(called).parameters.values()
        yield called, [p for p in given if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) and p.name != "self"]
        if not any(p.kind is p.VAR_KEYWORD for p in given) or step.__module__.startswith("keras"):
            break


def check_call(
    where: str,
    spec: Mapping[str, Any],
    function: Callable[..., Any],
    given: Collection[str] = (),
    annotations: Mapping[str, Any] = types.MappingProxyType({}),
) -> None:
    """`spec` holds arguments that `function` takes, beside its "name".

    Args:
        where: what `spec` is, for messages.
        given: parameters that come from elsewhere and may not be named.
        annotations: of parameters that the function leaves without, by name.

    Raises:
        ValueError: an argument that the function has not, lacks, or does not allow.
    """
    taken = {name: p for name, p in parameters(function).items() if name not in given}
    check_names(where, spec, ["name", *taken], [name for name, p in taken.items() if p.required])
    for name, value in spec.items():
        if name != "name":
            annotation = taken[name].annotation
            check(f"{where} {name!r}", value, annotations.get(name) if annotation is None else annotation)


def check_file(path: PathLike, fields: Mapping[str, Any], form: type, remedy: str) -> None:
    """What a JSON file holds has the form of a dataclass.

    Args:
        path: the file, for the message.
        remedy: a sentence for the message, what to do about a file that has another form.

    Raises:
        ValueError: names the file and the field.
    """
    try:
        check_fields("", fields, form)
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error} {remedy}") from error


def check_fields(where: str, fields: Mapping[str, Any], form: type) -> None:
    """`fields` are those of the dataclass `form`, each of its annotation.

    Raises:
        ValueError: names the field.
    """
    hints = typing.get_type_hints(form, include_extras=True)
    missing = dataclasses.MISSING
    needed = [f.name for f in dataclasses.fields(form) if f.default is missing and f.default_factory is missing]
    check_names(where, fields, [f.name for f in dataclasses.fields(form)], needed)
    for name, value in fields.items():
        check(f"{where} {name!r}".lstrip(), value, hints[name])


def check_names(
    where: str, fields: Mapping[str, Any], known: Collection[str] | None, required: Collection[str] = ()
) -> None:
    """`fields` is an object with no other names than the known ones, and with all that are required."""
    where = where or "it"
    if not isinstance(fields, Mapping):
        raise ValueError(f"{where} is {shown(fields)}; expected an object with names and values.")
    for name in fields:
        if known is not None and name not in known:
            raise ValueError(f"{where} takes no {name!r}{did_you_mean(name, known)}; expected {listed(known)}.")
    missing = [name for name in required if name not in fields]
    if missing:
        raise ValueError(f"{where} lacks {listed(missing)}.")


def check(where: str, value: Any, annotation: Any) -> None:
    """`value` is what `annotation` allows, and so are its parts.

    Whatever in the annotation has a `check(where, value)` of its own agrees as well.

    Raises:
        ValueError: says what came and what was expected.
    """
    if not fits(value, annotation):
        raise ValueError(f"{where} is {shown(value)}; expected {expected(annotation)}.")
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        for each in inner[1:]:
            if not isinstance(each, Range):
                each.check(where, value)
    elif origin in _UNIONS:
        check(where, value, next(each for each in inner if fits(value, each)))
    elif isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        check_fields(where, value, annotation)
    elif origin is dict:
        for name, each in value.items():
            check(f"{where} {name!r}", each, inner[1])
    elif origin is Sequence:
        for i, each in enumerate(value):
            check(f"{where}[{i}]", each, inner[0])


def check_given(where: str, value: Any, annotation: Any) -> None:
    """As `check`, of an argument that is None where nobody gives it: messages do not offer null."""
    if value is not None:
        check(where, value, annotation)


def whole_number(where: str, value: Any, at_least: int | None = None) -> int:
    """`value` as Python's own: of numpy's numbers, sums would overflow and JSON knows none.

    Raises:
        ValueError: no whole number, such as 4.0, or one below `at_least`.
    """
    annotation = int if at_least is None else Annotated[int, Range(at_least=at_least)]
    check(where, value, annotation)
    return int(value)


def plain(value: Any, annotation: Any) -> Any:
    """`value`, which fits, in Python's own types: 2 as 2.0 where a number is expected.

    Lists come as tuples, which nobody can change after they were read.
    """
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return plain(value, inner[0])
    if origin in _UNIONS:
        return plain(value, next(each for each in inner if fits(value, each)))
    if origin in (tuple, list, Sequence):
        return tuple(plain(each, inner[0]) for each in value)
    if isinstance(value, list):
        return tuple(plain(each, Any) for each in value)
    return annotation(value) if annotation in (int, float) else value


def as_json(value: Any) -> Any:
    """A value as recipes and files have it: lists in the place of tuples, Python's numbers in that of NumPy's."""
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def expected(annotation: Any) -> str:
    """What an annotation allows, in words."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return ", ".join([expected(inner[0]), *(str(bound) for bound in inner[1:] if isinstance(bound, Range))])
    if origin in _UNIONS:
        return " or ".join(dict.fromkeys(map(expected, inner)))
    if origin is Literal:
        return " or ".join("null" if value is None else repr(value) for value in inner)
    if origin in (tuple, list):
        count = str(len(inner)) if _has_length(annotation) else f"at most {LONGEST}"
        return f"a list of {count}, each {expected(inner[0])}"
    if _is_list(annotation):
        return "a list"
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "a string", types.NoneType: "null"}
    return names.get(annotation, "an object" if _is_object(annotation) else "any value")


def _has_length(annotation: Any) -> bool:
    """Whether a tuple's annotation says how many it holds, all alike, as tuple[int, int] does."""
    inner = typing.get_args(annotation)
    return typing.get_origin(annotation) is tuple and Ellipsis not in inner


def fits(value: Any, annotation: Any) -> bool:
    """Whether `value` is what `annotation` allows; not so the parts of objects and of a `Sequence`."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return fits(value, inner[0]) and all(bound.holds(value) for bound in inner[1:] if isinstance(bound, Range))
    if origin in _UNIONS:
        return any(fits(value, each) for each in inner)
    if origin is Literal:
        return any(value == each and type(value) is type(each) for each in inner)
    if origin in (tuple, list):
        lengths = (len(inner),) if _has_length(annotation) else range(LONGEST + 1)
        return isinstance(value, list | tuple) and len(value) in lengths and all(fits(each, inner[0]) for each in value)
    if _is_object(annotation):
        return isinstance(value, Mapping)
    if _is_list(annotation):
        return isinstance(value, list | tuple)
    if annotation is int:
        return isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if annotation is float:
        real = isinstance(value, numbers.Real) and not isinstance(value, bool)
        return fits(value, int) or (real and math.isfinite(value))
    if annotation in (None, types.NoneType):
        return value is None or annotation is None
    kind = origin or annotation
    return kind is Any or not isinstance(kind, type) or isinstance(value, kind)


def _is_list(annotation: Any) -> bool:
    """Whether it allows a list of any length, a tuple being one."""
    return typing.get_origin(annotation) is Sequence or annotation in (list, tuple, Sequence)


def _is_object(annotation: Any) -> bool:
    return dataclasses.is_dataclass(annotation) or dict in (annotation, typing.get_origin(annotation))
