"""Every change of a criterion after its number had been seen, with the reason."""

from typing import NamedTuple


class Change(NamedTuple):
    benchmark: str
    claim: str
    before: str
    now: str
    reason: str


CHANGES = ()
