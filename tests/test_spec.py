"""A thing as recipes have it: what is taken apart is what was put together, and a wrong one is named."""

import pytest

from wgan_keras import _spec
from wgan_keras._registry import Registry
from wgan_keras._schema import Count

THINGS = Registry("thing", "register_thing", lambda name, thing: thing)


@THINGS.register("pair")
def pair(first, second: Count = 2):
    return first, second


def test_name_and_arguments_are_taken_apart_as_they_were_put_together():
    spec = _spec.of("pair", {"second": 5})
    assert spec == {"name": "pair", "second": 5} and _spec.arguments(spec) == {"second": 5}
    assert _spec.check("here", spec, THINGS, given=("first",)) is pair
    assert _spec.build(spec, THINGS, 1) == (1, 5)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (5, "here is 5; expected an object"),
        ({"second": 5}, "here lacks 'name'"),
        ({"name": "pairs"}, "here names 'pairs' .did you mean 'pair'"),
        ({"name": "pair", "first": 1}, "here 'pair' takes no 'first'"),
        ({"name": "pair", "second": 0}, "here 'pair' 'second' is 0; expected a whole number"),
    ],
)
def test_a_wrong_one_is_named(spec, message):
    with pytest.raises(ValueError, match=message):
        _spec.check("here", spec, THINGS, given=("first",))
    with pytest.raises(ValueError, match="this 'pair' takes no 'third'"):
        _spec.check("here", {"name": "pair", "third": 1}, THINGS, called="this")
