"""A conditional recipe is searched on labeled data, by a score of the classes asked for."""

import dataclasses

import numpy as np
import pytest

from wgan_keras import data
from wgan_keras.recipes import standard
from wgan_keras.tuning import results
from wgan_keras.tuning.search import Search

CENTERS = np.array([[2, 0], [-2, 0], [0, 2]], "float32")
SPACE = {"game.n_critic": {"kind": "choice", "values": [1, 2]}}
PROTOCOL = "conditional_pixels_90"


class ThreeClasses(data.DataSet):
    classes = ("right", "left", "up")

    def read(self, location, split, image_size=None):
        return CENTERS[self.read_labels(location, split)] + np.random.default_rng(0).normal(size=(90, 2)).astype("f")

    def read_labels(self, location, split):
        return np.arange(90) % 3


@pytest.fixture
def recipe(monkeypatch, shallow):
    monkeypatch.setattr(data.DATASETS, "_registered", {**data.DATASETS, "three_classes": ThreeClasses})
    named = {"name": "three_classes"}
    sizes = {"width": 1, "batch_size": 8, "class_names": ThreeClasses.classes}
    return shallow(standard({"name": "gan"}, named, (2,), **sizes))


@pytest.mark.usefixtures("eagerly")
def test_trials_of_a_conditional_game_are_ranked_by_a_score_of_labels(recipe, tmp_path):
    search = Search(recipe, SPACE, PROTOCOL, iterations=2, epoch_iterations=1, trials=2)
    search.save(tmp_path)
    search.open(tmp_path).search(verbose=0)
    assert (search.goal.name, search.goal.direction) == ("val_intra_fid", "min")
    rows = results.read(tmp_path)
    assert [(row["iterations"], row["failure"]) for row in rows] == [(2, "")] * 2
    assert rows[0]["val_intra_fid"] != rows[1]["val_intra_fid"]


def test_pairs_of_ones_own_take_the_place_of_the_recipes_data(recipe):
    search = Search(recipe, SPACE, PROTOCOL, iterations=4, epoch_iterations=4)
    hypermodel, three = search.hypermodel, ThreeClasses()
    own = [three.read(None, "train"), three.read_labels(None, "train")]
    found = []
    for x in (None, tuple(own), (own[0], own[1][::-1].copy())):
        model = recipe.compile(recipe.build())
        model.run_eagerly = True
        found.append(hypermodel.train(model, recipe, 4, x, verbose=0)[0]["val_intra_fid"])
    assert found[0] == found[1] != found[2]


def test_a_recipe_without_labels_has_no_such_score(recipe):
    plain = dataclasses.replace(
        recipe,
        generator={k: v for k, v in recipe.generator.items() if k != "classes"},
        critic={k: v for k, v in recipe.critic.items() if k not in ("classes", "conditioning")},
        game={"name": "gan"},
    )
    with pytest.raises(ValueError, match="this game's generator takes no labels"):
        Search(plain, SPACE, PROTOCOL)
