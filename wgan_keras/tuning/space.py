"""What a search varies: hyperparameters by name, with kind and range, over the dotted fields of a recipe.

    {
        "learning_rate": {"kind": "log_uniform", "low": 1e-5, "high": 1e-2,
                          "fields": ["generator_optimizer.learning_rate", "critic_optimizer.learning_rate"]},
        "game.n_critic": {"kind": "choice", "values": [1, 5]},
        "critic_optimizer": {"kind": "fixed", "value": {"name": "adam"}}
    }

A name without "fields" is itself the field; a number in a path is a place in a list, as in "game.penalties.0.weight".
Kinds: "uniform" and "log_uniform" (`low` to `high`, floats), "integer"
(`low` to `high`, both included), "choice" (`values`, any JSON), "fixed" (`value`: no hyperparameter, but a field that
differs from the recipe in every trial).
"""

import copy
import dataclasses
import difflib
import json
import math
import pathlib
from typing import Annotated, Any

from wgan_keras._schema import LARGE, Range, as_json, expected, fits
from wgan_keras._text import one_line, shown
from wgan_keras._types import PathLike
from wgan_keras.files.reading import read_json
from wgan_keras.games import GAMES
from wgan_keras.optimizers import ROLES, to_spec
from wgan_keras.presets.recipe import Recipe

_END = Annotated[float, Range(at_least=-LARGE, at_most=LARGE)]
_RANGES = {
    "uniform": ("low", "high"),
    "log_uniform": ("low", "high"),
    "integer": ("low", "high"),
    "choice": ("values",),
    "fixed": ("value",),
}
_OF_THE_SEARCH = ("data", "evaluation", "iterations")


def default_space(recipe: Recipe) -> dict[str, Any]:
    """The ranges of Lucic et al., 2018, "Are GANs Created Equal?", table 2, for the recipe's game; Adam throughout.

    The critic's batch normalization is varied where the critic is a DCGAN's and the game allows it. beta_1 ends at
    0.999, since Adam divides by 1 - beta_1.
    """

    def both(argument):
        return [f"{field}.{argument}" for field in ROLES]

    game = GAMES.find(recipe.game["name"])
    space = {
        "optimizer": {"kind": "fixed", "value": {"name": "adam"}, "fields": list(ROLES)},
        "learning_rate": {"kind": "log_uniform", "low": 1e-5, "high": 1e-2, "fields": both("learning_rate")},
        "beta_1": {"kind": "uniform", "low": 0.0, "high": 0.999, "fields": both("beta_1")},
        "n_critic": {"kind": "choice", "values": [1, 5], "fields": ["game.n_critic"]},
    }
    if game.default_critic_normalization == "batch" and recipe.critic["name"] == "dcgan_critic":
        values = [None, "batch"]
        space["critic_normalization"] = {"kind": "choice", "values": values, "fields": ["critic.normalization"]}
    return space | game.search_space()


def load_space(path: PathLike) -> dict[str, Any]:
    """A space from a JSON file; ValueError or FileNotFoundError name the file."""
    path = pathlib.Path(path).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"There is no space {path}; expected a JSON file such as docs/tune.py shows.")
    space = read_json(path, "See docs/tune.py for one.")
    try:
        for name, spec in space.items():
            Dimension.of(name, spec)
    except ValueError as error:
        raise ValueError(f"{path}: {one_line(error)}") from error
    return space


@dataclasses.dataclass(frozen=True)
class Dimension:
    """One entry of a space, checked: its `name`, `kind`, `fields`, and what bounds it."""

    name: str
    kind: str
    fields: tuple
    low: float | None = None
    high: float | None = None
    values: tuple = ()

    @classmethod
    def of(cls, name, spec):
        kind = spec.get("kind") if isinstance(spec, dict) else None
        if not isinstance(kind, str) or kind not in _RANGES:
            raise ValueError(f"The space's {name!r} is {shown(spec)}; expected a 'kind' out of {', '.join(_RANGES)}.")
        if set(spec) - {"fields"} != {"kind", *_RANGES[kind]}:
            raise ValueError(f"The space's {name!r} is {spec!r}; a {kind!r} has {', '.join(_RANGES[kind])}.")
        if kind == "choice" and not isinstance(spec["values"], list | tuple):
            given = shown(spec["values"])
            raise ValueError(f"The space's {name!r} has the values {given}; expected a list of two or more.")
        values = tuple(spec["values"]) if kind == "choice" else (spec["value"],) if kind == "fixed" else ()
        _check_json(name, values)
        if kind == "choice" and len(values) < 2:
            raise ValueError(f"The space's {name!r} has the values {list(values)!r}; expected two or more.")
        same = [value for i, value in enumerate(values) if value in values[:i]]
        if same:
            raise ValueError(f"The space's {name!r} has the value {same[0]!r} twice; expected values that differ.")
        fields = spec.get("fields", [name])
        if not isinstance(fields, list | tuple) or not fields or not all(isinstance(path, str) for path in fields):
            raise ValueError(f"The space's {name!r} has the fields {fields!r}; expected a list of one or more names.")
        found = cls(name, kind, tuple(fields), spec.get("low"), spec.get("high"), values)
        if kind == "choice":
            found._check_labels()
        for path in found.fields:
            if path.partition(".")[0] in _OF_THE_SEARCH:
                same = ", ".join(_OF_THE_SEARCH)
                raise ValueError(f"The space names {path!r}; {same} are the same for all trials of a search.")
        if not values:
            found._check_ends()
        return found

    def _check_ends(self):
        ends, goes = (self.low, self.high), f"The space's {self.name!r} goes from {self.low!r} to {self.high!r}"
        if not all(type(end) in (int, float) for end in ends):
            raise ValueError(f"{goes}; expected numbers.")
        if self.kind == "integer" and not all(type(end) is int for end in ends):
            raise ValueError(f"{goes}; expected whole numbers of an 'integer'.")
        above_zero = self.kind == "log_uniform"
        if not (0 if above_zero else -math.inf) < self.low < self.high:
            raise ValueError(f"{goes}; expected low < high{' above 0' if above_zero else ''}.")
        if not all(fits(end, _END) for end in ends):
            raise ValueError(f"{goes}; expected ends that are each {expected(_END)}.")

    def _check_labels(self):
        kept = {}
        for value, label in zip(self.values, self.labels, strict=True):
            if label in kept:
                raise ValueError(
                    f"The space's {self.name!r} has the values {kept[label]!r} and {value!r}, and a search keeps both "
                    f"as {label!r}; expected values that differ in that. Leave one out."
                )
            kept[label] = value

    @property
    def labels(self):
        """What keras-tuner chooses among, which must be of one type: whole numbers, or words (JSON but for words)."""
        if all(type(value) is int for value in self.values):
            return list(self.values)
        return [value if isinstance(value, str) else json.dumps(value) for value in self.values]

    def ask(self, hp):
        """A value from a `keras_tuner.HyperParameters`, which learns of the dimension by it."""
        if self.kind == "choice":
            return self.value_of(hp.Choice(self.name, self.labels))
        if self.kind == "integer":
            return hp.Int(self.name, self.low, self.high)
        return hp.Float(self.name, self.low, self.high, sampling="log" if self.kind == "log_uniform" else "linear")

    def value_of(self, label):
        """The recipe's value for what keras-tuner keeps."""
        return self.values[self.labels.index(label)] if self.kind == "choice" else label

    def position(self, label):
        """What keras-tuner keeps as a number for a figure or a regression; a choice by its place in `values`."""
        return self.labels.index(label) if self.kind == "choice" else label


class Space:
    """A recipe and the hyperparameters that vary in it.

    Args:
        recipe: a `recipes.Recipe`. Where the space varies an argument of an optimizer that the recipe leaves to the
            paper, the paper's optimizer is spelled out first.
        space: as this module's docstring shows.

    Raises:
        ValueError: a name, kind, range or value that no recipe has.
    """

    def __init__(self, recipe, space):
        entries = [Dimension.of(name, spec) for name, spec in space.items()]
        self._fixed = [d for d in entries if d.kind == "fixed"]
        self.dimensions = [d for d in entries if d.kind != "fixed"]
        if not self.dimensions:
            raise ValueError("The space varies nothing; expected at least one hyperparameter.")
        fields = dataclasses.asdict(recipe)
        _set_all(fields, ((d, d.values[0]) for d in self._fixed))
        paths = [path for d in self.dimensions for path in d.fields]
        self._recipe = _spelled_out(Recipe(**fields), paths)
        _ = self.corners

    @property
    def corners(self):
        """Recipes that have every choice and both ends of every range at least once."""
        tried = [d.values or (d.low, d.high) for d in self.dimensions]
        count = max(map(len, tried))
        return [self._applied([values[min(i, len(values) - 1)] for values in tried]) for i in range(count)]

    @property
    def combinations(self):
        """How many recipes there are."""
        return math.prod(map(_count, self.dimensions))

    def refuse_replaced(self):
        """ValueError where an entry sets what another has set before it, so that the former's values are lost."""
        before = {}
        for each in (*self._fixed, *self.dimensions):
            for path in each.fields:
                lost = next((other for other in before if f"{other}.".startswith(f"{path}.")), None)
                if lost is not None:
                    raise ValueError(
                        f"The space's {each.name!r} sets {path!r}, and so replaces {lost!r}, which {before[lost]!r} "
                        "sets before it: what is fixed is set first, then the others in their order. Leave one out, "
                        "or change the order."
                    )
                before[path] = each.name

    def recipe(self, hp):
        """The recipe of one trial."""
        return self._applied([d.ask(hp) for d in self.dimensions])

    def recipe_from(self, labels):
        """The recipe for {name: what keras-tuner keeps}."""
        return self._applied([d.value_of(labels[d.name]) for d in self.dimensions])

    def _applied(self, values):
        fields = dataclasses.asdict(self._recipe)
        _set_all(fields, zip(self.dimensions, values, strict=True))
        return Recipe(**fields)


def _check_json(name, values):
    """ValueError for an object, such as a penalty, whose name the search's file would not keep."""
    for value in values:
        try:
            json.dumps(as_json(value))
        except TypeError:
            raise ValueError(
                f"The space's {name!r} has the value {value!r}, which is not JSON; expected words for it, as "
                '{"name": "r1", "weight": 10.0}.'
            ) from None


def _count(dimension):
    if dimension.kind == "integer":
        return dimension.high - dimension.low + 1
    return len(dimension.values) or math.inf


def _set_all(fields, settings):
    for dimension, value in settings:
        for path in dimension.fields:
            _set(fields, path, copy.deepcopy(value))


def _set(fields, path, value):
    """fields["a"][0]["b"] = value for the path "a.0.b"."""
    *parents, last = path.split(".")
    place = fields
    for parent in parents:
        place = _inside(place).get(parent)
    if not isinstance(place, dict) or (not parents and last not in fields):
        known = [*fields, *(f"{name}.{k}" for name, inner in fields.items() for k in _paths(inner))]
        near = [*(k for k in known if k.endswith(f".{path}")), *difflib.get_close_matches(path, known)]
        hint = f" (did you mean {' or '.join(map(repr, dict.fromkeys(near)))}?)" if near else ""
        raise ValueError(f"The space names {path!r}, which no recipe has{hint}; the fields are {', '.join(fields)}.")
    place[last] = value


def _inside(place):
    """What is in an object by its names, in a list by its places "0", "1"; nothing in anything else."""
    if isinstance(place, list | tuple):
        return {str(i): each for i, each in enumerate(place)}
    return place if isinstance(place, dict) else {}


def _paths(place):
    """The paths of all that is in an object or a list."""
    for name, inner in _inside(place).items():
        yield from (name, *(f"{name}.{path}" for path in _paths(inner)))


def _spelled_out(recipe, paths):
    """The recipe with the paper's optimizers in place of None where a path leads into them."""
    wanted = [f for f in ROLES if getattr(recipe, f) is None and any(p.startswith(f"{f}.") for p in paths)]
    if not wanted:
        return recipe
    defaults = dict(zip(ROLES, GAMES.find(recipe.game["name"]).default_optimizers(), strict=True))
    return dataclasses.replace(recipe, **{field: to_spec(defaults[field]) for field in wanted})
