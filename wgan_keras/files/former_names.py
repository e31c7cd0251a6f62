"""Names in the spelling of version 0.1, whose files, protocols and presets are read for ever."""

import re
from typing import Any

_SCORES = {
    "neighbour_distance": "neighbor_distance",
    "held_out_neighbour_distance": "held_out_neighbor_distance",
    "memorisation_z": "memorization_z",
}
_NAMES = {**_SCORES, **{f"val_{then}": f"val_{now}" for then, now in _SCORES.items()}, "licence": "license"}
_METRIC = re.compile(r"^memorisation(?=_(fashion_mnist_classifier|inception|pixels)_\d)")  # of a protocol


def present(name: str) -> str:
    """The name of today for one of then; any other name as it is, such as one of the user's own."""
    return _NAMES.get(name) or _METRIC.sub("memorization", name)


def presently_named(value: Any) -> Any:
    """JSON with the names of its objects' fields as they are today, at any depth."""
    if isinstance(value, dict):
        return {present(name): presently_named(each) for name, each in value.items()}
    return [presently_named(each) for each in value] if isinstance(value, list) else value


def presently_scored(protocol: Any) -> Any:
    """The protocol in a file of scores, a name or the object that a report makes of it, with the names of today."""
    if isinstance(protocol, str):
        return present(protocol)
    if not isinstance(protocol, dict) or not isinstance(protocol.get("metrics"), list):
        return protocol
    ending = f"_{protocol.get('extractor')}_{protocol.get('count')}"  # by which a metric of then is known
    metrics = [present(f"{metric}{ending}").removesuffix(ending) for metric in protocol["metrics"]]
    return {**protocol, "name": present(str(protocol.get("name"))), "metrics": metrics}
