"""The study at toy size: two games searched, their winners trained again, one of which diverges."""

import csv
import json
import shutil
import sys

import numpy as np
import pytest

from benchmarks.study import __main__ as study, page, retraining, trainings
from benchmarks.study.preset import in_the_winners_place
from benchmarks.study.record import Record
from wgan_keras import presets, recipes, training
from wgan_keras.metrics.checks import NotFiniteError
from wgan_keras.recipes import Recipe, standard
from wgan_keras.tuning import GANHyperModel
from wgan_keras.tuning.search import Search

DATA = {"name": "fashion_mnist"}


@pytest.fixture(scope="module", autouse=True)
def one_hidden_layer(shallow):
    """In each network, as to trace a step takes as long as there are layers."""
    deep = recipes.standard
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "standard", lambda *given, **fields: shallow(deep(*given, **fields)))
        yield


def play(folder, *arguments):
    """The study on points in the plane, in `folder`."""
    small = ["--data", "eight_gaussians", "--protocol", "w1_pixels_64", "--width", "1", "--batch-size", "16"]
    small += ["--trials", "2", "--iterations", "4", "--work", folder / "work", "--out", folder / "out"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        patch.setattr(sys, "argv", ["study", *map(str, small), *arguments])
        study.main()


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """The folder of a study of two games whose searches are over."""
    folder = tmp_path_factory.mktemp("searched")
    play(folder, "--games", "gan", "wgan")
    return folder


@pytest.fixture
def go_on_with(searched, tmp_path):
    """go_on_with(*games): their searches are over in the study that is run next."""

    def copy(*games):
        for game in games:
            for room in ("work", "out"):
                shutil.copytree(searched / room / game, tmp_path / room / game)

    return copy


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(*arguments): the study; returns {game: its study.json} and README.md."""
    monkeypatch.setattr(study, "EVALUATIONS", 2)
    monkeypatch.setattr(retraining, "EVALUATIONS", 2)

    def call(*arguments):
        play(tmp_path, *arguments)
        records = {path.parent.name: Record(path) for path in tmp_path.glob("out/*/study.json")}
        return records, (tmp_path / "out/README.md").read_text()

    return call


@pytest.mark.long
@pytest.mark.parametrize(
    ("game", "failure"),
    [("wgan", NotFiniteError("52 of 64 images have NaN")), ("gan", RuntimeError("critic_loss is nan"))],
)
def test_a_winner_that_diverges_is_reported_and_the_others_scored(game, failure, run, go_on_with, monkeypatch):
    start = training.start

    def diverges(recipe, folder):
        if recipe.seed == 2:
            raise failure
        return start(recipe, folder)

    monkeypatch.setattr(training, "start", diverges)
    go_on_with(game)
    records, text = run("--games", game, "--retrain-iterations", "4", "--retrain-seeds", "3")
    again = records[game]["retrained"]
    assert [each["failure"] for each in again["seeds"]] == ["", str(failure), ""]
    one, _, other = again["seeds"]
    assert one["wasserstein_1"] != other["wasserstein_1"]
    mean, std = (one["wasserstein_1"] + other["wasserstein_1"]) / 2, one["wasserstein_1"] - other["wasserstein_1"]
    assert f"| [{game}]({game}/report.html) | 2 | 0 | {records[game]['search']['critic_updates']} | " in text
    assert f"{mean:.3g} ± {abs(std) / np.sqrt(2):.2g} (2 of 3 seeds, 1 diverged, 4 iterations)" in text
    assert Recipe(**records[game]["winner"]).game["name"] == game
    assert records[game]["search"]["command"].endswith("--iterations 4 --games gan wgan")
    assert one["command"].endswith(f"--iterations 4 --games {game} --retrain-iterations 4 --retrain-seeds 3")


@pytest.mark.long
def test_what_is_kept_is_not_done_again(run, go_on_with, tmp_path, monkeypatch):
    """Games may be played in several sittings, on machines that keep --out alone."""
    monkeypatch.setattr(Search, "run", lambda *_: pytest.fail("searched again"))
    go_on_with("gan")
    _, text = run("--games", "gan", "--retrain-iterations", "4", "--retrain-seeds", "1")
    assert "[wgan]" not in text
    (tmp_path / "work").rename(tmp_path / "lost")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/gan/*") if path.name != "study.json"}
    first = json.loads((tmp_path / "out/gan/study.json").read_text())
    records, text = run("--games", "gan", "--retrain-iterations", "4", "--retrain-seeds", "2")
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert [each["seed"] for each in records["gan"]["retrained"]["seeds"]] == [1, 2]
    assert records["gan"]["retrained"]["seeds"][0] == first["retrained"]["seeds"][0]
    assert [path.name for path in tmp_path.glob("work/gan/*")] == ["retrained_2"]


@pytest.mark.long
def test_another_study_is_not_gone_on_with(run, go_on_with, tmp_path):
    go_on_with("gan")
    run("--games", "gan", "--retrain-iterations", "4", "--retrain-seeds", "1")
    with pytest.raises(FileExistsError, match="is of a study with another trials, seed"):
        run("--games", "wgan", "--trials", "3", "--seed", "1")
    assert not (tmp_path / "work/wgan").exists()
    with pytest.raises(FileExistsError, match="is of a study with another retrain_iterations"):
        run("--games", "gan", "--retrain-iterations", "6", "--retrain-seeds", "2")
    (tmp_path / "out").rename(tmp_path / "lost")
    with pytest.raises(FileExistsError, match="retrained_1 has a run of another recipe"):
        run("--games", "gan", "--retrain-iterations", "6", "--retrain-seeds", "1")


@pytest.fixture
def failing(monkeypatch):
    """Trials fail before they train."""
    failed = GANHyperModel.untrained
    monkeypatch.setattr(GANHyperModel, "train", lambda self, *_, **__: failed(self, "critic_loss is nan"))


def test_a_game_whose_trials_all_failed_is_reported_as_such(run, failing):
    records, text = run("--games", "gan", "wgan", "--retrain-iterations", "40")
    for game in ("gan", "wgan"):
        assert (records[game]["search"]["best"], records[game]["search"]["failed"]) == (None, 2)
        assert f"| [{game}]({game}/report.html) | 2 | 2 | 0 | none |" in text


@pytest.fixture
def preset(tmp_path):
    """The folder of an untrained preset of wider networks, other batches and hyperparameters of its own."""
    adam = {"name": "adam", "learning_rate": 0.007, "beta_1": 0.25}
    fields = {"batch_size": 8, "iterations": 4, "generator_optimizer": adam, "critic_optimizer": adam}
    game = {"name": "wgan_gp", "n_critic": 2, "gradient_penalty_weight": 3.0}
    recipe = standard(game, {"name": "eight_gaussians"}, (2,), width=2, **fields)
    presets.save(recipe.compile(recipe.build()), recipe, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.mark.long  # what its parts are made of is told below
def test_a_preset_is_scored_as_it_is_and_by_its_hyperparameters_in_the_winners_place(run, preset, tmp_path):
    arguments = ("--games", "wgan_gp", "--retrain-iterations", "4", "--retrain-seeds", "2", "--presets", str(preset))
    records, text = run(*arguments)
    record = Record(tmp_path / "out/presets/mine.json")
    winner, own = (Recipe.load(tmp_path / f"work/{of}/retrained_2/config.json") for of in ("wgan_gp", "presets/mine"))
    given = Recipe.load(preset / "config.json")
    assert own.game == {**given.game, "ema_decay": winner.game["ema_decay"], "seed": 2}
    for same in ("generator", "critic", "data", "batch_size", "iterations", "evaluation"):
        assert getattr(own, same) == getattr(winner, same)
    for same in ("generator_optimizer", "critic_optimizer"):
        assert getattr(own, same) == getattr(given, same) != getattr(winner, same)
    found = record["retrained"]["seeds"]
    assert found[0]["parameters"] == records["wgan_gp"]["retrained"]["seeds"][0]["parameters"]
    assert found[0]["parameters"] != record["as_it_is"]["parameters"]
    mean = (found[0]["wasserstein_1"] + found[1]["wasserstein_1"]) / 2
    assert f"| preset mine | | | | | {record['as_it_is']['wasserstein_1']:.3g} |" in text
    assert f"| mine's hyperparameters in the winners' place | | | | | {mean:.3g} ± " in text
    ours = [each["wasserstein_1"] for each in records["wgan_gp"]["retrained"]["seeds"]]
    assert [at["iteration"] for at in found[0]["evaluations"]] == [2, 4]
    assert found[0]["evaluations"][1]["wasserstein_1"] != found[1]["evaluations"][1]["wasserstein_1"]
    (axes,) = trainings.figure(records, {"mine": record}, "wasserstein_1").axes
    assert [line.get_ydata()[1] for line in axes.lines[2:]] == [
        each["evaluations"][1]["wasserstein_1"] for each in found
    ]
    assert [each.get_text() for each in axes.get_legend().get_texts()] == ["the search's winner", "as mine"]
    assert f"which were chosen by hand: {np.mean(ours):.3g} against {mean:.3g}." in text
    (tmp_path / "work").rename(tmp_path / "lost")
    assert run(*arguments)[1] == text
    assert not (tmp_path / "work/presets").exists()


@pytest.mark.parametrize(
    ("winner", "preset", "direction", "verdict"),
    [
        ((1.0, 2.0), (2.1, 3.0), "min", "by every seed better than"),
        ((1.0, 2.0), (0.1, 0.9), "min", "by every seed worse than"),
        ((1.0, 2.0), (1.9, 5.0), "min", "no farther than seeds are from"),
        ((1.0, 2.0), (0.1, 0.9), "max", "by every seed better than"),
    ],
)
def test_a_winner_is_better_where_each_seed_says_so(winner, preset, direction, verdict):
    assert page._verdict(winner, preset, direction) == verdict


def test_a_presets_kind_of_network_stays_and_its_size_is_the_studys():
    given, place = (
        standard({"name": "gan", "ema_decay": e}, DATA, (28, 28, 1), width=w) for e, w in ((0.9, 8), (0.99, 4))
    )
    given.critic["normalization"] = "layer"
    found = in_the_winners_place(given, place)
    assert found.critic == {**place.critic, "normalization": "layer"}
    assert (found.generator, found.game["ema_decay"]) == (place.generator, 0.99)
    with pytest.raises(ValueError, match="has a mlp_generator, and the study a dcgan_generator"):
        in_the_winners_place(standard({"name": "gan"}, DATA, (28, 28, 1), network="mlp"), place)


def test_a_preset_with_another_recipe_or_length_is_refused_before_the_searches(run, failing, preset, tmp_path):
    with pytest.raises(ValueError, match=r"mine was trained for 4 iterations.*--retrain-iterations is 8"):
        run("--presets", str(preset), "--retrain-iterations", "8")
    assert not (tmp_path / "work").exists()
    other = "wgan_gp_emoji was trained on emoji_families, and the study is of eight_gaussians"
    with pytest.raises(ValueError, match=other):
        run("--presets", "wgan_gp_emoji")
    assert not (tmp_path / "work").exists()
    run("--games", "gan", "--presets", str(preset))
    config = json.loads((preset / "config.json").read_text())
    config["game"]["n_critic"] = 3
    (preset / "config.json").write_text(json.dumps(config))
    with pytest.raises(FileExistsError, match=r"mine\.json is of another recipe"):
        run("--games", "gan", "wgan", "--presets", str(preset))
    assert not (tmp_path / "work/wgan").exists()


def test_a_preset_that_is_not_there_is_refused_before_the_searches(run):
    with pytest.raises(ValueError, match="did you mean 'wgan_gp_fashion_mnist'"):
        run("--presets", "wgan_gp_fashion_mnst")


def test_a_length_that_cannot_be_evaluated_is_refused_before_the_searches(run, capsys, monkeypatch):
    monkeypatch.setattr(study, "EVALUATIONS", 20)
    with pytest.raises(SystemExit):
        run("--retrain-iterations", "30")
    assert "expected a multiple of 20" in capsys.readouterr().err


def test_the_page_that_is_kept_is_that_of_its_records(tmp_path):
    kept = shutil.copytree(study.RESULTS, tmp_path / "study")
    before = (kept / "README.md").read_text()
    page.write(kept)
    assert (kept / "README.md").read_text() == before
    for path in kept.glob("*/study.json"):
        record = json.loads(path.read_text())
        with open(path.with_name("trials.csv")) as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == record["search"]["trials"] == record["settings"]["trials"]
        best = min(float(row["val_fid"]) for row in rows if not row["failure"])
        assert best == record["search"]["best"]["val_fid"]
