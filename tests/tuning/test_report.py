"""What is told of a search whose trials fail, and the figures of one that has many."""

import dataclasses
import json

import pytest
from PIL import Image

import wgan_keras as wk
from wgan_keras.games import GAMES
from wgan_keras.tuning import GANHyperModel, report, results
from wgan_keras.tuning.failures import Failed
from wgan_keras.tuning.oracles import HyperbandOracle
from wgan_keras.tuning.tuner import GANTuner


def scores(value, failed=0.0):
    found = {"val_wasserstein_1": value, "val_wasserstein_1_final": value + 1}
    return {**found, "iterations": 3.0, "seconds": 1.0, "failed": failed}


@pytest.fixture
def hyperband(tmp_path, small, monkeypatch):
    """hyperband(train): two trials and a rung that goes on with the better one, in `tmp_path`, trained by a stub."""

    def run(train):
        monkeypatch.setattr(GANHyperModel, "train", train)
        monkeypatch.setattr(GANTuner, "_open", lambda *arguments: None)
        search = small()
        search.save(tmp_path)
        oracle = HyperbandOracle(search.goal, max_epochs=2, factor=2, seed=1)
        oracle.max_trials = 3
        GANTuner(oracle, search.hypermodel, directory=tmp_path.parent, project_name=tmp_path.name).search(verbose=0)

    return run


def test_a_failed_trial_is_told_and_one_that_goes_on_with_it_is_not_trained(tmp_path, hyperband):
    trained = []

    def fails(self, model, recipe, until, *arguments, **options):
        trained.append(until)
        return scores(2.0, failed=1.0), f"critic_loss is nan at iteration {until - 1}"

    hyperband(fails)
    assert trained == [3, 3]
    rows = results.read(tmp_path)
    assert [row["failure"] for row in rows] == ["critic_loss is nan at iteration 2"] * 3
    assert [bool(row["after"]) for row in rows] == [False, False, True]
    assert report.write(tmp_path) is None
    page = (tmp_path / "report.html").read_text()
    assert "2 models by random search, 2 of them failed" in page
    assert "No trial came to its end." in page
    with pytest.raises(ValueError, match="None of 3 trials"):
        results.winner(tmp_path)


def test_the_critic_updates_of_a_game_that_sets_their_number_itself(tmp_path, small, monkeypatch):
    monkeypatch.setattr(GAMES, "_registered", dict(GAMES))

    @wk.register_game("mine")
    class Mine(wk.WGANGP):
        def __init__(self, generator, critic, **kwargs):
            super().__init__(generator, critic, **{**kwargs, "n_critic": 4})

        def fit(self, *arguments, callbacks, **options):
            callbacks[0].on_train_batch_end(1, {"critic_loss": 0.0, "generator_loss": 0.0})
            raise Failed("that will do")

    recipe = dataclasses.replace(small().recipe, game={"name": "mine"})
    search = dataclasses.replace(
        small(trials=1), recipe=recipe, space={"batch_size": {"kind": "choice", "values": [8, 9]}}
    )
    search.save(tmp_path)
    search.open(tmp_path).search(verbose=0)
    assert [(row["iterations"], row["critic_updates"]) for row in results.read(tmp_path)] == [(2, 8)]


def test_a_rung_that_goes_on_to_fail_wins_nothing(tmp_path, hyperband):
    """Of two trials the better one goes on and diverges; the worse one is the best that was left."""
    first = iter([1.0, 2.0])

    def trains(self, model, recipe, until, *arguments, **options):
        return (scores(next(first)), None) if until == 3 else (scores(9.0, failed=1.0), "critic_loss is nan")

    hyperband(trains)
    assert [row["val_wasserstein_1"] for row in results.read(tmp_path)] == [1.0, 2.0, 9.0]
    assert report.write(tmp_path)["val_wasserstein_1"] == 2.0
    assert "In all 6 iterations" in (tmp_path / "report.html").read_text()


def test_hyperbands_statistics_are_of_the_first_rung_alone(tmp_path, small, monkeypatch):
    """Those that go on were chosen by their score, so they are no draws."""
    seen, expected_best = [], report.analysis.expected_best

    def trains(self, model, recipe, until, *arguments, **options):
        return scores(recipe.game["n_critic"] + 100 / until), None

    def remember(values, direction):
        seen.append(values)
        return expected_best(values, direction)

    monkeypatch.setattr(report.analysis, "expected_best", remember)
    monkeypatch.setattr(GANHyperModel, "train", trains)
    monkeypatch.setattr(GANTuner, "_open", lambda *arguments: None)
    search = small(trials=None, tuner="hyperband", iterations=9, epoch_iterations=1)
    search = dataclasses.replace(search, space={"game.n_critic": {"kind": "integer", "low": 1, "high": 1000}})
    search.save(tmp_path)
    search.open(tmp_path).search(verbose=0)
    report.write(tmp_path)
    rows = results.read(tmp_path)
    lengths = [row["up_to"] for row in rows]
    first = [row for row in rows if row["up_to"] == min(lengths)]
    assert seen == [[row["val_wasserstein_1"] for row in first]]
    assert any(row["after"] for row in rows)
    text = f"of the {len(first)} models that began with {min(lengths)} iterations"
    assert text in (tmp_path / "report.html").read_text()
    panels = report.against_each(search, rows).axes
    assert [each.get_text() for each in panels[0].get_legend().get_texts()] == [
        f"{length} iterations" for length in sorted(set(lengths))
    ]


def test_a_bayesian_search_has_no_expected_best(tmp_path, small, monkeypatch):
    monkeypatch.setattr(GANHyperModel, "train", lambda *_, **__: (scores(1.0), None))
    monkeypatch.setattr(GANTuner, "_open", lambda *arguments: None)
    search = small(tuner="bayesian")
    search.save(tmp_path)
    search.open(tmp_path).search(verbose=0)
    report.write(tmp_path)
    assert not (tmp_path / "expected_best.png").exists()
    assert "expected_best.png" not in (tmp_path / "report.html").read_text()


def test_many_trials_get_importances_and_the_winner_is_one_that_did_not_fail(tmp_path, small, monkeypatch):
    def trains(self, model, recipe, until, *arguments, **options):
        n = recipe.game["n_critic"]
        return (scores(0.5, 1.0), "gone") if n == 3 else (scores(1.0 / n), None)

    monkeypatch.setattr(GANHyperModel, "train", trains)
    monkeypatch.setattr(GANTuner, "_open", lambda *arguments: None)
    search = small(trials=9)
    search.save(tmp_path)
    search.open(tmp_path).search(verbose=0)
    best = report.write(tmp_path)
    assert (best["game.n_critic"], best["val_wasserstein_1"], best["val_wasserstein_1_final"]) == (2, 0.5, 1.5)
    assert not (tmp_path / "importance.png").exists()  # nine trials are too few
    report.save(report.importances(search, 2 * results.read(tmp_path)), tmp_path / "importance.png")
    Image.open(tmp_path / "importance.png").verify()


def test_a_search_without_a_finished_trial_has_no_report(tmp_path, small):
    small().save(tmp_path)
    with pytest.raises(ValueError, match="nothing to report"):
        report.write(tmp_path)
    assert json.loads((tmp_path / "search.json").read_text())["trials"] == 3
