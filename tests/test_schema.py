"""Values against annotations: what a recipe, a file or an argument may hold."""

import dataclasses
from collections.abc import Sequence
from typing import Annotated, Literal

import keras
import pytest

from wgan_keras._schema import (
    Count,
    NonNegative,
    Positive,
    Range,
    Seed,
    Shape,
    Share,
    check,
    check_call,
    check_fields,
    check_file,
    parameters,
)


@pytest.mark.parametrize(
    "annotation, allowed, refused",
    [
        (int, [0, -3, 10**30], [1.0, True, "1", None]),
        (float, [0, 0.5, -1e300, 10**400], [float("nan"), float("inf"), True, "0.5", None]),
        (bool, [True, False], [0, 1, None, "true"]),
        (str, ["", "a"], [None, 1, b"a"]),
        (float | None, [None, 1], [True, "none"]),
        (Literal["batch", "layer"] | None, ["batch", None], ["Batch", 0, False]),
        (Literal[1, 2], [1], [True, 1.0, 3]),
        (Count, [1, 10**12], [0, -1, 1.5, True, 10**12 + 1]),
        (Positive, [1e-300, 3, 1e30], [0, -1.0, float("nan"), 1e31, 10**400]),
        (NonNegative, [0, 0.0], [-1e-9]),
        (Share, [0, 0.999], [1, 1.0, -0.1]),
        (Seed, [0, 2**32 - 1], [-1, 2**32, 0.0]),
        (tuple[Count, Count], [[3, 4], (1, 1)], [[3], [1, 2, 3], [0, 1], 3, []]),
        (Shape, [[28, 28, 1], (2,), []], [28, [0], [2.0], [None], "28", [1] * 9]),
        (Annotated[float, Range(above=0, at_most=1)], [0.1, 1], [0, 1.1]),
        (dict, [{}], [[], None]),
        (list, [[], ("a", 1)], ["a", {}, None]),
        (None, [None, 3, "anything"], []),
    ],
)
def test_what_an_annotation_allows(annotation, allowed, refused):
    for value in allowed:
        check("it", value, annotation)
    for value in refused:
        with pytest.raises(ValueError, match=r"^it is .*; expected "):
            check("it", value, annotation)


def test_the_message_says_what_came_and_what_was_expected():
    for annotation, value, words in [
        (Positive, 0, "lr is 0; expected a number, above 0 and at most 1e+30."),
        (Share | None, 1, "lr is 1; expected a number, at least 0 and below 1 or null."),
        (Literal["batch"] | None, "b", "lr is 'b'; expected 'batch' or null."),
        (
            Shape,
            3,
            "lr is 3; expected a list of at most 8, each a whole number, at least 1 and at most 1,000,000,000,000.",
        ),
    ]:
        with pytest.raises(ValueError) as caught:
            check("lr", value, annotation)
        assert str(caught.value) == words


class Base:
    def __init__(self, network, *, n_critic: Count, seed: Seed | None = None, **kwargs):
        pass


class Derived(Base):
    def __init__(self, network, *, n_critic: Count = 5, weight: NonNegative = 10.0, **kwargs):
        pass


def test_a_class_has_its_bases_parameters_as_far_as_kwargs_reaches():
    found = parameters(Derived)
    assert set(found) == {"network", "n_critic", "weight", "seed"}
    assert found["n_critic"].default == 5 and not found["n_critic"].required
    assert found["network"].required


def test_a_call_is_held_against_the_parameters():
    check_call("game", {"name": "derived", "n_critic": 1}, Derived, given=("network",))
    for spec, words in [
        ({"name": "derived", "n_crtic": 1}, "game takes no 'n_crtic' .did you mean 'n_critic'"),
        ({"name": "derived", "network": 1}, "game takes no 'network'"),
        ({"name": "derived", "weight": -1}, "game 'weight' is -1; expected a number, at least 0"),
        ([], "expected an object"),
    ]:
        with pytest.raises(ValueError, match=words):
            check_call("game", spec, Derived, given=("network",))
    with pytest.raises(ValueError, match="game lacks 'network'"):
        check_call("game", {"name": "derived"}, Derived)


def test_parameters_without_annotations_take_those_that_are_told():
    check_call("adam", {"beta_1": 3}, keras.optimizers.Adam)
    with pytest.raises(ValueError, match="adam 'beta_1' is 3; expected a number, at least 0 and below 1"):
        check_call("adam", {"beta_1": 3}, keras.optimizers.Adam, annotations={"beta_1": Share})


@dataclasses.dataclass
class Inner:
    size: Count


@dataclasses.dataclass
class Form:
    epochs: Count
    name: str | None = None
    inner: Inner | None = None
    table: dict[str, dict[str, float]] | None = None
    rows: Sequence[Sequence[float]] = ()


def test_a_file_is_held_against_a_dataclass():
    check_fields("run.json", {"epochs": 3}, Form)
    for fields, words in [
        ({}, "run.json lacks 'epochs'"),
        ({"epochs": True}, "run.json 'epochs' is True; expected a whole number, at least 1"),
        ({"epochs": 1, "nme": "x"}, "takes no 'nme' .did you mean 'name'"),
        (None, "run.json is None; expected an object"),
    ]:
        with pytest.raises(ValueError, match=words):
            check_fields("run.json", fields, Form)


def test_the_parts_of_a_file_are_checked_at_any_depth():
    whole = {"epochs": 1, "inner": {"size": 1}, "table": {"a": {"b": 0.5}}, "rows": [[0.5] * 100] * 100}
    check_file("run.json", whole, Form, "Copy it again.")
    for fields, words in [
        ({"inner": {"size": 0}}, "'inner' 'size' is 0; expected a whole number, at least 1"),
        ({"inner": {}}, "'inner' lacks 'size'."),
        ({"inner": [1]}, "'inner' is [1]; expected an object or null."),
        ({"table": {"a": {"b": None}}}, "'table' 'a' 'b' is None; expected a number."),
        ({"rows": [[1], [1, "2"]]}, "'rows'[1][1] is '2'; expected a number."),
        ({"extra": 1}, "it takes no 'extra'"),
    ]:
        with pytest.raises(ValueError) as caught:
            check_file("run.json", {**whole, **fields}, Form, "Copy it again.")
        assert str(caught.value).startswith(f"run.json is damaged: {words}")
        assert str(caught.value).endswith(". Copy it again.")
