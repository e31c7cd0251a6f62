"""How the progress of what takes time is shown: by something that wraps it, as `tqdm.tqdm` does."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

Progress: TypeAlias = Callable[..., Iterable[Any]]  # called with the items, their number `total` and perhaps a `desc`


def silent(items: Iterable[Any], total: int | None = None, desc: str | None = None) -> Iterable[Any]:
    """A `Progress` that shows nothing."""
    return items
