"""A registry of the things that a recipe can name."""

import pytest

from wgan_keras._registry import Registry


def a_class(name, thing):
    if not isinstance(thing, type):
        raise TypeError(f"{name!r} is {thing!r}; expected a class.")
    return thing


@pytest.fixture
def animals():
    return Registry("beast", "register_beast", a_class)


def test_a_thing_is_found_under_its_name_in_the_order_of_registration(animals):
    @animals.register("zebra")
    class Zebra:
        pass

    @animals.register("ant")
    class Ant:
        pass

    assert list(animals) == ["zebra", "ant"]
    assert animals.find("ant") is animals["ant"] is Ant
    assert animals.name_of(Zebra) == "zebra"
    assert animals.name_of(int) is None


def test_a_name_is_given_twice_to_the_same_thing_and_never_to_another(animals):
    animals.register("number")(int)
    animals.register("number")(int)
    with pytest.raises(ValueError, match=r"'number' is the name of a beast already: builtins\.int"):
        animals.register("number")(float)
    assert animals["number"] is int


@pytest.mark.parametrize("name", ["Zebra", "", "two words", "1st", "a-b", None, 3])
def test_names_are_lower_case_words(animals, name):
    with pytest.raises(ValueError, match="expected lower-case letters"):
        animals.register(name)


def test_what_is_none_of_the_kind_is_refused(animals):
    with pytest.raises(TypeError, match="expected a class"):
        animals.register("three")(3)
    assert not animals


@pytest.mark.parametrize("name", ["zebbra", None, ["zebra"], {}])
def test_an_unknown_name_is_refused_with_how_to_register_it(animals, name):
    animals.register("zebra")(int)
    with pytest.raises(ValueError, match=r"expected one of your own.*register_beast.*, or 'zebra'") as caught:
        animals.find(name, "the zoo")
    assert str(caught.value).startswith("the zoo names ")
    assert ("did you mean 'zebra'?" in str(caught.value)) == (name in ("zebbra", ["zebra"]))
