"""What a run does not start over or go on from."""

import dataclasses
import json
import shutil

import pytest

from wgan_keras import training
from wgan_keras.data import picture_arrays


def test_a_folder_with_a_run_is_not_overwritten(uninterrupted, recipe):
    before = (uninterrupted / "gan.keras").read_bytes()
    with pytest.raises(FileExistsError, match=r"holds a run already; go on with it by --resume"):
        training.start(recipe, uninterrupted)
    assert (uninterrupted / "gan.keras").read_bytes() == before


def test_a_best_state_of_another_run_is_not_taken_for_this_ones(uninterrupted, tmp_path, recipe):
    shutil.copyfile(uninterrupted / "gan.keras", tmp_path / "best.keras")
    with pytest.raises(FileExistsError, match="holds a run already"):
        training.start(recipe, tmp_path)


def test_a_preset_or_a_search_is_not_overwritten(uninterrupted, tmp_path, recipe):
    shutil.copytree(uninterrupted / "preset", tmp_path / "preset")
    (tmp_path / "search").mkdir()
    (tmp_path / "search/search.json").write_text("{}")
    before = (tmp_path / "preset/config.json").read_bytes()
    for folder in ("preset", "search"):
        with pytest.raises(FileExistsError, match="holds a preset or a search"):
            training.start(recipe, tmp_path / folder)
    assert (tmp_path / "preset/config.json").read_bytes() == before


@pytest.mark.parametrize(
    "name", ["config.json", "run.json", "history.csv", "samples.png", "preset/config.json", "samples/epoch_0001.png"]
)
def test_a_file_of_something_else_is_not_overwritten(tmp_path, recipe, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text('{"port": 80}')
    expected = f"holds {name}, of something else, in whose place a run would write its own; choose another folder"
    with pytest.raises(FileExistsError, match=expected):
        training.start(recipe, tmp_path)
    assert [path.read_text() for path in tmp_path.rglob("*.*")] == ['{"port": 80}']


def test_a_recipe_that_is_not_the_runs_own_is_not_overwritten(tmp_path, recipe):
    dataclasses.replace(recipe, batch_size=7).save(tmp_path / "config.json")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/config.json").write_text(json.dumps({**dataclasses.asdict(recipe), "game": {"name": "unknown"}}))
    for folder in (tmp_path, tmp_path / "mine"):
        with pytest.raises(FileExistsError, match=r"holds config\.json, of something else"):
            training.start(recipe, folder)


def test_its_own_recipe_and_a_run_without_a_checkpoint_are_no_obstacle(tmp_path, recipe, monkeypatch):
    monkeypatch.setattr(training, "_train", lambda *rest: "trained")
    recipe.save(tmp_path / "config.json")
    assert training.start(recipe, tmp_path) == "trained"
    (tmp_path / "history.csv").touch()
    assert training.start(dataclasses.replace(recipe, batch_size=7), tmp_path) == "trained"
    (tmp_path / "config.json").unlink()  # killed before it was written
    assert training.start(recipe, tmp_path) == "trained"
    assert json.loads((tmp_path / "config.json").read_text())["batch_size"] == recipe.batch_size


@pytest.mark.parametrize("folder", ["samples", "tensorboard"])
def test_a_run_that_would_write_among_its_pictures_is_refused(tmp_path, of_pictures, folder):
    recipe = of_pictures(tmp_path / folder)
    with pytest.raises(ValueError, match=r"holds the training images, and what is made in .* choose another folder"):
        training.start(recipe, tmp_path)
    assert len(list((tmp_path / folder).iterdir())) == 20
    (tmp_path / "run").mkdir()
    (tmp_path / "run/samples").symlink_to(tmp_path / folder)
    with pytest.raises(ValueError, match="among them"):
        training.start(recipe, tmp_path / "run")


@pytest.mark.usefixtures("eagerly")
def test_a_run_in_its_own_pictures_is_refused_and_other_data_are_not_gone_on_with(tmp_path, monkeypatch, of_pictures):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pictures = tmp_path / "pictures"
    recipe = of_pictures(pictures)
    with pytest.raises(ValueError, match="every picture is a training image, those drawn in training too"):
        training.start(recipe, pictures / "runs/latest")
    assert len(list(pictures.iterdir())) == 20
    training.start(recipe, tmp_path / "run")
    training.resume(tmp_path / "run")
    monkeypatch.setattr(picture_arrays, "LEAST", 0)  # the same pictures mapped from the cache are the same data
    training.resume(tmp_path / "run")
    (pictures / "07.png").unlink()
    with pytest.raises(ValueError, match="pictures came, went or changed"):
        training.resume(tmp_path / "run")


def test_a_damaged_run_json_is_named(uninterrupted, tmp_path):
    run = shutil.copytree(uninterrupted, tmp_path / "run")
    for content in ("", "{}", "[]"):
        (run / "run.json").write_text(content)
        with pytest.raises(ValueError, match=r"run\.json is damaged"):
            training.resume(run)


def test_weights_to_score_by_are_for_recipes_that_score(tmp_path, recipe):
    with pytest.raises(ValueError, match=r"weights is 'inception\.h5', but the recipe has no evaluation"):
        training.start(recipe, tmp_path / "run", weights="inception.h5")
    scored = dataclasses.replace(recipe, evaluation={"protocol": "fid_inception_300", "every": 4})
    with pytest.raises(FileNotFoundError, match=r"missing\.h5"):
        training.start(scored, tmp_path / "run", weights=tmp_path / "missing.h5")
    with pytest.raises(FileNotFoundError, match=r"elsewhere\.h5"):
        training.resume(tmp_path / "run", weights=tmp_path / "elsewhere.h5")


def test_a_folder_without_a_run_cannot_be_resumed(tmp_path, recipe):
    recipe.save(tmp_path / "config.json")  # of a preset, say
    with pytest.raises(FileNotFoundError, match=r"no run in .* to resume"):
        training.resume(tmp_path)


def test_the_recipe_of_a_model_is_no_runs(tmp_path, recipe):
    dataclasses.replace(recipe, data=None, batch_size=None, iterations=None).save(tmp_path / "config.json")
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(ValueError, match=r"config\.json names no data"):
        training.resume(tmp_path)


def test_a_checkpoint_of_another_recipe_is_not_gone_on_with(uninterrupted, tmp_path, recipe):
    others = {
        "game": {"game": {**recipe.game, "gradient_penalty_weight": 3.0}},
        "critic": {"critic": {**recipe.critic, "depth": 2}},
        "generator_optimizer": {"generator_optimizer": {**recipe.generator_optimizer, "beta_1": 0.25}},
    }
    for field, change in others.items():
        run = shutil.copytree(uninterrupted, tmp_path / field)
        dataclasses.replace(recipe, **change).save(run / "config.json")
        with pytest.raises(ValueError, match=rf"gan\.keras is of a run with another {field} than .*config\.json says"):
            training.resume(run)


def test_epochs_have_one_length(tmp_path, recipe):
    evaluation = {"protocol": "w1_pixels_100", "every": 3}
    with pytest.raises(ValueError, match="epoch_iterations is 5, but the recipe evaluates every 3 iterations"):
        training.start(dataclasses.replace(recipe, evaluation=evaluation), tmp_path / "run", epoch_iterations=5)


def test_a_resumed_run_that_scores_nothing_takes_no_weights_either(uninterrupted, tmp_path):
    (tmp_path / "weights.h5").touch()
    with pytest.raises(ValueError, match=r"weights\.h5', but the recipe has no evaluation to use them"):
        training.resume(uninterrupted, weights=tmp_path / "weights.h5")
