"""`wgan-keras list KIND`."""

import importlib

import pytest
from typer.testing import CliRunner

from wgan_keras.cli import app
from wgan_keras.cli.list import KINDS, REGISTRIES
from wgan_keras.data import DataSet, dataset
from wgan_keras.metrics import METRICS, parse_protocol
from wgan_keras.presets import store


def lines(*arguments):
    result = CliRunner().invoke(app, ["list", *arguments])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_presets_are_what_is_listed_by_default():
    assert lines() == lines("presets")
    assert [line.split()[0] for line in lines()[1:]] == store.list_presets()


@pytest.mark.parametrize("kind", REGISTRIES)
def test_a_kind_is_its_registry_in_order(kind):
    module, name = REGISTRIES[kind]
    registry = getattr(importlib.import_module(module), name)
    assert [line.split()[0] for line in lines(kind)] == list(registry)
    assert any(len(line.split()) > 1 for line in lines(kind))


def test_beside_a_name_is_the_first_line_of_its_own_docstring(monkeypatch):
    class Without(DataSet):
        pass

    def read_twice():
        """Twice.

        And again.
        """

    monkeypatch.setattr(dataset.DATASETS, "_registered", {"without": Without, "a": read_twice})
    assert lines("data") == ["without", "a        Twice."]


def test_a_data_set_with_labels_says_how_many_classes_it_has():
    found = {line.split()[0]: line for line in lines("data")}
    assert found["fashion_mnist"].endswith("(10 classes)")
    assert found["stacked_fashion_mnist"].endswith("(1000 classes)")
    assert not [name for name in ("swiss_roll", "eight_gaussians") if "classes" in found[name]]


def test_every_protocol_listed_is_one_and_every_metric_has_one():
    names = [line.split()[0] for line in lines("protocols")]
    assert len(set(names)) == len(names) and "modes_eight_gaussians_10k" in names
    assert {metric for name in names for metric in parse_protocol(name).metrics} == set(METRICS)
    assert "is_pixels_10k" not in names  # pixels have no class probabilities


def test_another_kind_is_refused_with_the_nearest():
    result = CliRunner().invoke(app, ["list", "game"])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert f"'game' is no kind of thing (did you mean 'games'?); expected {', '.join(KINDS)}." in result.output
