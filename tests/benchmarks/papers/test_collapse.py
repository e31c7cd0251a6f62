"""The collapse table: what is counted, what is kept, in which order it is trained, what an ordering is decided by."""

import argparse

import keras
import numpy as np
import pytest

from benchmarks.papers.collapse import __main__ as command, points, published, stacked, stacked_networks, table
from benchmarks.papers.collapse.games import Games, minibatch
from benchmarks.papers.collapse.sets import DATA, SETS
from wgan_keras.data import toys

TINY = points.REDUCED._replace(generator_units=8, critic_units=4, iterations=2, batch_size=4)
TINY_STACKED = SETS["stacked_quarter"].settings("reduced")._replace(iterations=2, batch_size=4)


def test_modes_of_points_are_counted_by_both_rules():
    """Of 1,000 samples 1% of the expected 125 is two at a mode; one sample is enough for the papers."""
    centers, _ = toys.modes("eight_gaussians")
    samples = np.concatenate([np.repeat(centers[:1], 997, 0), centers[1:2], np.repeat(centers[2:3], 2, 0)])
    scores = SETS["ring"].score(samples)
    assert (scores["modes_by_one"], scores["modes_by_share"], scores["high_quality"]) == (3, 2, 1)
    shares = np.array([997, 1, 2]) / 1000
    assert scores["reverse_kl"] == pytest.approx(np.sum(shares * np.log(8 * shares)), abs=1e-4)


def probabilities(first, second):
    """Of two channels of two classes."""
    return np.moveaxis(np.array([[1 - np.array(p), p] for p in (first, second)]), -1, 0)


def test_modes_of_stacks_are_counted_by_both_rules():
    """Four modes of a 0.9 threshold: one with two sure samples, one with an unsure one, the others with none."""
    scores = stacked.scores(probabilities([0.05, 0.01, 0.95, 0.3], [0.99, 0.95, 0.8, 0.95]))
    assert (scores["modes_by_one"], scores["modes_by_share"], scores["high_quality"]) == (2, 1, 0.5)
    shares = np.array([3, 1]) / 4
    assert scores["reverse_kl"] == pytest.approx(np.sum(shares * np.log(4 * shares)), abs=1e-4)


def test_one_sure_sample_is_too_few_where_many_are_expected():
    """1% of the 250 expected at each of four modes is more than two."""
    first, second = np.full(1000, 0.01), np.full(1000, 0.01)
    first[:2], second[:3] = 0.99, 0.99
    assert stacked.scores(probabilities(first, second))["modes_by_share"] == 1
    first[:3] = 0.99
    assert stacked.scores(probabilities(first, second))["modes_by_share"] == 2


def test_the_critics_batch_normalization_is_kerass_in_training():
    x = np.random.default_rng(0).normal(1, 2, (4, 5, 5, 3)).astype("float32")
    reference = keras.layers.BatchNormalization(epsilon=1e-5)(x, training=True)
    np.testing.assert_allclose(stacked_networks.BatchStatistics()(x), reference, atol=2e-6)


@pytest.mark.parametrize(("name", "filters"), [("stacked_quarter", [2, 4, 8]), ("stacked_half", [4, 8, 16])])
def test_the_critics_stages_are_a_quarter_and_a_half_of_the_generators(name, filters):
    def stages(network, kind):
        return [layer.filters for layer in network.layers if type(layer) is kind]

    each = SETS[name]
    assert stages(each.networks.critic(each.settings("full")), keras.layers.Conv2D) == filters
    generator = each.networks.generator(each.settings("full"))
    assert stages(generator, keras.layers.Conv2DTranspose) == [32, 16, 8]
    assert generator.output_shape == (None, 28, 28, 3)


@pytest.mark.parametrize("technique", SETS["ring"].techniques)
def test_every_technique_is_a_game_on_points(technique):
    game = SETS["ring"].techniques[technique](points.networks, TINY, 0)
    assert game.generator.output_shape == (None, 2)
    assert game.generator.count_params() < 1_000


@pytest.mark.parametrize("technique", SETS["stacked_half"].techniques)
def test_every_technique_of_stacks_is_a_game_on_them(technique):
    game = SETS["stacked_half"].techniques[technique](stacked_networks, TINY_STACKED, 0)
    assert game.generator.output_shape[1:] == (28, 28, 3)
    packed = 4 if technique == "packing, 4" else 2 if technique == "packing, 2" else 1
    assert game.critic.input_shape == (None, 28, 28, 3 * packed)
    assert minibatch(game, TINY_STACKED) == 4 * packed  # the papers count packs


@pytest.fixture
def quick(without_xla, monkeypatch):
    monkeypatch.setattr(points, "AT_ONCE", 2)
    monkeypatch.setitem(points.Points.compile, "steps_per_execution", 2)


@pytest.mark.parametrize(
    "technique", [pytest.param("instance noise", marks=pytest.mark.long), "spectral normalization"]
)
def test_a_game_that_begins_again_is_a_new_one(technique, quick, eagerly):
    """State of all kinds goes back: weights, moments, averages, the seed; of a traced game in test_plane.py."""
    ring, grid, games = SETS["ring"], SETS["grid"], Games()
    for each, seed in ((grid, 1), (ring, 0)):
        game = games.begin(each, technique, TINY, seed)
        each.fit(game, TINY, seed)
    again = game.sample(50, seed=0)
    fresh = Games().begin(ring, technique, TINY, 0)
    assert fresh is not game
    ring.fit(fresh, TINY, 0)
    np.testing.assert_array_equal(fresh.sample(50, seed=0), again)


def test_a_training_gives_the_scores_that_the_table_shows(quick):
    scores = command.run(SETS["ring"], "packing, 2", TINY, 0, Games())
    rows = table.summary({"packing, 2": {"0": scores, "1": scores}}, SETS["ring"].techniques)
    assert rows["packing, 2"]["modes_by_one"] == (scores["modes_by_one"], 0, 2)
    text = table.of_set("ring", "reduced", TINY._asdict(), rows)
    assert f"| packing, 2 | 2 | {scores['modes_by_one']:.1f} ± 0.0 |" in text
    assert "| 7.9 ± 0.1 | 95.6 ± 2.0 |  | Lin et al. |" in text
    assert "2 of the published 400,000 iterations; 8 and 4 of the published 400 and 200 units" in text


def test_a_training_that_ended_in_nan_has_no_mode_and_is_told(monkeypatch):
    monkeypatch.setattr(points.Points, "fit", lambda self, game, settings, seed: None)
    monkeypatch.setattr("wgan_keras.GAN.sample", lambda self, n, seed: np.full((n, 2), np.nan))
    scores = command.run(SETS["ring"], "GAN", TINY, 0, Games())
    assert (scores["modes_by_one"], scores["modes_by_share"], scores["high_quality"]) == (0, 0, 0)
    whole = {"modes_by_one": 8, "modes_by_share": 6, "high_quality": 0.5, "reverse_kl": 0.3}
    rows = table.summary({"GAN": {"0": whole, "1": scores}, "R1": {"0": scores}}, ("GAN", "R1"))
    told = table.of_set("ring", "reduced", TINY._asdict(), rows)
    assert "| GAN | 2, 1 diverged | 4.0 ± 4.0 | 3.0 ± 3.0 | 25.0 ± 25.0 | 0.30 |" in told
    assert "| R1 | 1, 1 diverged | 0.0 | 0.0 | 0.0 |  |" in told


def test_two_papers_numbers_stand_side_by_side():
    assert table._of_others(published.NUMBERS["ring"]["GAN"]) == [
        "6.3 ± 0.5; 1.0",
        "98.2 ± 0.2; 99.3",
        "0.45",
        "Lin et al.; Srivastava et al.",
    ]


def test_the_data_themselves_reach_every_mode():
    scores = command.run(SETS["grid"], DATA, TINY, 0, Games())
    assert (scores["modes_by_one"], scores["modes_by_share"]) == (25, 25)
    assert scores["high_quality"] == pytest.approx(1 - np.exp(-4.5), abs=0.01)


def asked(**options):
    return argparse.Namespace(**{"techniques": None, "seeds": None, "first_seed": 0, "size": "reduced", **options})


def test_a_folder_to_take_from_holds_some_of_the_sets(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "path_of", lambda name, size: tmp_path / f"here/{name}_{size}.json")
    there = tmp_path / "there"
    kept = command.Kept(there / "ring_reduced.json", SETS["ring"].settings("reduced"), command.MODULE)
    kept.keep("GAN", 0, {"modes_by_one": 3}, 1.0)
    command.take(asked(sets=["ring", "grid"], take=[there]))
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["ring_reduced.json"]
    for missing in (asked(sets=["grid"], take=[there]), asked(sets=["grid"], take=[tmp_path / "mistyped"])):
        with pytest.raises(SystemExit, match=r"holds none of grid_reduced\.json; see --take and --size"):
            command.take(missing)


def test_without_a_kept_training_there_are_no_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "path_of", lambda name, size: tmp_path / name)
    monkeypatch.setattr(table.pages, "put", None)
    with pytest.raises(SystemExit, match="Nothing is kept in"):
        table.write()


def test_every_technique_has_a_seed_before_one_has_two():
    options = asked(sets=["ring", "stacked_half"], techniques=[DATA, "GAN", "R1"], size="full")
    order = list(command.trainings(options))
    first = [("ring", DATA), ("ring", "GAN"), ("ring", "R1"), ("stacked_half", DATA), ("stacked_half", "GAN")]
    assert order[:6] == [*((*each, 0) for each in first), ("ring", DATA, 1)]
    assert len(order) == 10 * 3 + 3 * 2  # R1 is not trained on stacks
    options.first_seed = 8
    assert list(command.trainings(options)) == order[-6:]  # seeds 8 and 9 of the ring


def test_every_published_technique_is_one_of_its_sets():
    for name, each in SETS.items():
        claimed = {technique for _, *pair in published.ORDERINGS[name] for technique in pair}
        assert {*published.NUMBERS[name], *claimed} <= set(each.techniques)


def test_larger_sizes_have_the_published_techniques():
    options = asked(sets=["ring"], seeds=1, size="longer")
    assert [technique for _, technique, _ in command.trainings(options)] == [DATA, *published.NUMBERS["ring"]]
    options.size = "reduced"
    assert [technique for _, technique, _ in command.trainings(options)] == [DATA, *SETS["ring"].techniques]
