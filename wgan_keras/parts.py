"""What all parts of a game have in common: penalties, views and objectives, which compose with any game.

A part is a dataclass. Its fields are its arguments, checked by their annotations, and a recipe names it by a registry.
As a game's own arguments, they may be set later, and hold from the next step on; lists are kept as tuples. The part is
then as one that was built so, or the new value is refused and the old one stays. What `__post_init__` makes of the
arguments, such as fields with `init=False`, is made anew; it makes nothing else.
"""

import dataclasses
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self, TypeVar

from wgan_keras import _spec
from wgan_keras._registry import Registry
from wgan_keras._schema import as_json, check, parameters, plain


@dataclasses.dataclass
class Part:
    """Base of the parts of a game.

    Attributes:
        ties_samples: whether it makes of a minibatch what is no mean over its images; a game with it then has no
            `micro_batch`.
        least_images: of how many images of a minibatch it is made at least.
    """

    ties_samples: ClassVar[bool] = False
    least_images: ClassVar[int] = 1

    def __post_init__(self) -> None:
        """For checks of several fields together, and for what is made of them; also when one of them is set later."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _arguments(self):
            return super().__setattr__(name, value)
        annotation = typing.get_type_hints(type(self), include_extras=True)[name]
        check(f"{type(self).__name__} {name!r}", value, annotation)
        value = plain(value, annotation)
        if vars(self).get(name, value) != value:
            return self._become(dataclasses.replace(self, **{name: value}))
        return super().__setattr__(name, value)

    def _become(self, other: Self) -> None:
        """Takes over all that another part of its kind is made of, unless the game refuses it."""
        before = dict(vars(self))
        vars(self).update(vars(other))
        try:
            self._changed()
        except BaseException:
            vars(self).clear()
            vars(self).update(before)
            raise

    def _changed(self) -> object:
        """A field has got another value, of which a part of no game tells nobody."""

    def of_game(self, changed: Callable[[], object]) -> Self:
        """A copy for one game alone, which may keep in it what belongs to the game.

        Args:
            changed: is called when a field gets another value, which it refuses by an exception.
        """
        own = dataclasses.replace(self)
        object.__setattr__(own, "_changed", changed)
        return own


P = TypeVar("P", bound=type[Part])


def as_dataclass(part: P) -> P:
    """The class; TypeError where its own fields are none, for want of the decorator."""
    own = [name for name, kind in vars(part).get("__annotations__", {}).items() if "ClassVar" not in str(kind)]
    if own and "__dataclass_params__" not in vars(part):
        raise TypeError(
            f"{part.__name__} has the arguments {', '.join(own)} and is no dataclass, so that nothing sets them. Write "
            "@dataclasses.dataclass above it, below the line that registers it."
        )
    return part


class Parts:
    """In an annotation: each element is a part of a registry, or the dict by which a recipe names one."""

    def __init__(self, registry: Registry[type[Part]]) -> None:
        self.registry = registry

    def check(self, where: str, value: Iterable[Any]) -> None:
        for each in value:
            find(self.registry, each, where)

    def as_spec(self, value: Any) -> Any:
        """What was checked, as a recipe has it."""
        return [_as_spec(self.registry, each) for each in value]


class OnePart(Parts):
    """In an annotation: a part of a registry, the dict by which a recipe names one, or None."""

    def check(self, where: str, value: Any) -> None:
        if value is not None:
            find(self.registry, value, where)

    def as_spec(self, value: Any) -> Any:
        return None if value is None else _as_spec(self.registry, value)


def at_most_one(part: Part | None) -> tuple[Part, ...]:
    """A part that a game may lack, as those are that it has any number of."""
    return () if part is None else (part,)


def as_specs(function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the arguments `given` of a function or class, with every part as a recipe has it."""
    taken = parameters(function)
    found = dict(given)
    for name in found.keys() & taken.keys():
        for each in getattr(taken[name].annotation, "__metadata__", ()):
            if isinstance(each, Parts):
                found[name] = each.as_spec(found[name])
    return found


def _as_spec(registry, value):
    return spec(registry, value) if isinstance(value, Part) else value


def find(registry: Registry[Any], value: Any, where: str) -> Part:
    """A part: itself, or from {"name", and its arguments}.

    Args:
        where: what named it, for messages.

    Raises:
        ValueError: a name that nobody has registered, or arguments that the part does not take.
        TypeError: neither a part of this registry nor a mapping.
    """
    if registry.name_of(type(value)) is not None:
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"{where} has {value!r}; expected a registered {registry.kind}, or a dict with its name.")
    _check_annotated(registry, value)
    kind = _spec.check(where, value, registry, called=registry.kind)
    return kind(**_spec.arguments(value))


def _check_annotated(registry, value):
    """ValueError for an argument that the class has, and not as a field, for want of an annotation."""
    kind = registry.get(str(value.get("name")))
    for name in value if kind is not None else ():
        own = name in vars(kind) and not any(hasattr(base, name) for base in kind.__bases__)
        if own and name not in _arguments(kind):
            raise ValueError(
                f"{kind.__name__}.{name} has no annotation, and so is no argument of the {registry.kind}; write "
                f"{name}: {type(vars(kind)[name]).__name__} = ... in the class."
            )


def spec(registry: Registry[Any], part: Part) -> dict[str, Any]:
    """{"name", and all arguments} of a part, as a recipe has it."""
    name = registry.name_of(type(part))
    assert name is not None  # `find` lets no other in
    return _spec.of(name, {argument: as_json(getattr(part, argument)) for argument in _arguments(part)})


def _arguments(part: Part | type[Part]) -> list[str]:
    return [field.name for field in dataclasses.fields(part) if field.init]
