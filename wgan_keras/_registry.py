"""The things of one kind that a recipe can name, built in or a user's own.

Everything that lists, checks, documents, tunes or draws a kind of thing reads its registry, or an attribute of the
registered thing: there is no second table.
"""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from wgan_keras._text import did_you_mean, listed

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Names and what they stand for, in the order of registration.

    Args:
        kind: what the things are, for messages: "game", "network".
        decorator: the public name of `register`, for messages.
        check: raises TypeError for a thing that is none of the kind; it may return another thing to register in its
            place.
        home: the module that registers the built-in things, imported when the registry is first read. None where
            whoever can read the registry has imported it.
    """

    def __init__(self, kind: str, decorator: str, check: Callable[[str, T], T], home: str | None = None) -> None:
        self.kind = kind
        self.decorator = decorator
        self._check = check
        self._home = home
        self._registered: dict[str, T] = {}

    @property
    def _things(self) -> dict[str, T]:
        if self._home is not None:
            importlib.import_module(self._home)
        return self._registered

    def register(self, name: str) -> Callable[[T], T]:
        """A decorator that registers a thing under `name`.

        Args:
            name: lower-case letters, digits and underscores, a letter first.

        Raises:
            ValueError: the name is of another form, or another thing has it.
            TypeError: the thing is none of this kind.
        """
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ValueError(
                f"The {self.kind}'s name is {name!r}; expected lower-case letters, digits and underscores, as "
                f"{self.decorator}('my_{self.kind.replace(' ', '_')}')."
            )

        def add(thing: T) -> T:
            thing = self._check(name, thing)
            if self._registered.setdefault(name, thing) is not thing:
                there = _place(self._registered[name])
                raise ValueError(f"{name!r} is the name of a {self.kind} already: {there}. Choose another.")
            return thing

        return add

    def find(self, name: object, where: str | None = None) -> T:
        """The thing of a name.

        Args:
            name: what a recipe or a user gives.
            where: what named it, for the message; by default the kind.

        Raises:
            ValueError: nobody has registered the name.
        """
        if isinstance(name, str) and name in self._things:
            return self._things[name]
        # The list comes last: a long message is cut there.
        raise ValueError(
            f"{where or f'The {self.kind}'} names {name!r}{did_you_mean(name, self)}; expected one of your own, "
            f"registered by @wgan_keras.{self.decorator}({name!r}) in a module that is imported first (in the command: "
            f"--import FILE), or {listed(self)}."
        )

    def name_of(self, thing: object) -> str | None:
        """The name of a registered thing, None for any other."""
        return next((name for name, each in self._things.items() if each is thing), None)

    def __getitem__(self, name: str) -> T:
        return self._things[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)


def subclass_of(
    base: type, kind: str, public_name: str, then: Callable[[Any], Any] = lambda thing: thing
) -> Callable[[str, Any], Any]:
    """The `check` of a registry of classes: TypeError for what is no subclass of `base`, by its public name.

    Args:
        then: the class -> what is registered.
    """

    def check(name: str, thing: Any) -> Any:
        if not (isinstance(thing, type) and issubclass(thing, base)):
            raise TypeError(f"The {kind} {name!r} is {thing!r}; expected a subclass of {public_name}.")
        return then(thing)

    return check


def _place(thing: object) -> str:
    named = thing if hasattr(thing, "__qualname__") else type(thing)
    return f"{named.__module__}.{named.__qualname__}"
