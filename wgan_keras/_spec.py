"""A thing as recipes have it: its registered name and its arguments in one object, {"name": "r1", "weight": 10.0}.

It is put together, taken apart, checked and built here alone.
"""

import types
from collections.abc import Collection, Mapping
from typing import Any

from wgan_keras._registry import Registry
from wgan_keras._schema import check_call, check_names


def of(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The object of a name and the arguments that go with it."""
    return {"name": name, **arguments}


def arguments(spec: Mapping[str, Any]) -> dict[str, Any]:
    """All but the name."""
    return {key: value for key, value in spec.items() if key != "name"}


def check(
    where: str,
    spec: Any,
    registry: Registry[Any],
    given: Collection[str] = (),
    annotations: Mapping[str, Any] = types.MappingProxyType({}),
    called: str | None = None,
) -> Any:
    """The thing that `spec` names; it takes the arguments that are there.

    Args:
        where: what has the spec, for messages.
        given: parameters that come from elsewhere and may not be named.
        annotations: of parameters that the thing leaves without, by name.
        called: the thing in messages about its arguments; None: as `where`.

    Raises:
        ValueError: no object with a name, a name that nobody has registered, or an argument that the thing has not,
            lacks, or does not allow.
    """
    check_names(where, spec, None, required=("name",))
    thing = registry.find(spec["name"], where)
    check_call(f"{called or where} {spec['name']!r}", spec, thing, given, annotations)
    return thing


def build(spec: Mapping[str, Any], registry: Registry[Any], *given: Any) -> Any:
    """What the named thing makes of its arguments, after those that come from elsewhere."""
    return registry.find(spec["name"])(*given, **arguments(spec))
