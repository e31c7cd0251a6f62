"""The scores of a cell against closed forms, and the benchmark on a zoo of untrained networks."""

import pathlib

import numpy as np
import pytest

from benchmarks.papers import architectures as benchmark
from tools.zoo import recipes
from wgan_keras import data, feature_cache, metrics, presets
from wgan_keras.data import fashion_mnist
from wgan_keras.presets import store
from wgan_keras.recipes import standard

FASHION = pathlib.Path(__file__).parents[2] / "data/fashion_mnist"
SETTINGS = benchmark.Settings(samples=150)


@pytest.fixture
def zoo(tmp_path, monkeypatch):
    """An empty zoo, and Fashion-MNIST's first images."""
    monkeypatch.setattr(store, "ZOO", tmp_path)
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: tmp_path / ".cache")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "nothing"))
    monkeypatch.setattr(fashion_mnist, "DEBIAN", FASHION)
    return tmp_path


def test_spread_is_the_mean_squared_distance_of_two_rows():
    features = np.random.default_rng(0).normal(size=(30, 4)).astype("float32")
    distances = np.sum((features[:, None] - features[None]) ** 2, axis=-1)
    assert benchmark.spread(features) == pytest.approx(distances.mean(), rel=1e-6)


def test_separation_is_that_of_the_nearest_other_row_and_0_of_rows_that_repeat():
    features = np.random.default_rng(0).normal(size=(31, 4)).astype("float32")
    distances = np.linalg.norm(features[:, None] - features[None], axis=-1) + np.diag(np.full(31, np.inf))
    assert benchmark.separation(features) == pytest.approx(np.median(distances.min(axis=1)), rel=1e-5)
    assert benchmark.separation(np.repeat(features[:9], 3, axis=0)) == pytest.approx(0, abs=1e-3)


def test_copies_of_one_image_have_no_diversity_and_real_images_have_all_of_it():
    images = data.load_arrays("fashion_mnist", "test", FASHION)
    protocol = metrics.parse_protocol("prdc_fashion_mnist_classifier_200")
    extractor = metrics.load_extractor(protocol.extractor)
    evaluation = metrics.Evaluation.from_images(protocol, extractor, images[:200], images[200:400])
    copies = benchmark.score(np.repeat(images[:1], 200, axis=0), evaluation, early_fid=1.0)
    assert copies.spread == pytest.approx(0, abs=1e-6)
    assert copies.smallest_class == 0 and copies.recall < 0.05
    real = benchmark.score(images[:200], evaluation, early_fid=1.0)
    assert real.spread == pytest.approx(1, abs=0.15)
    assert real.recall > 0.7 and real.fid < copies.fid / 5


def test_the_cells_are_the_zoos():
    cells = {benchmark.preset(game, each) for game in benchmark.GAMES for each in benchmark.GENERATORS}
    assert cells == set(recipes.cells())


def test_a_missing_preset_is_named(zoo):
    with pytest.raises(SystemExit, match=r"The zoo has no gan_fashion_mnist, gan_mlp_fashion_mnist, .*; train them"):
        benchmark.run(SETTINGS)


@pytest.mark.long
def test_untrained_networks_hold_no_quality(zoo, shallow):
    for game in benchmark.GAMES:
        for i, each in enumerate(benchmark.GENERATORS):
            shape = {"network": "mlp", "width": 1, "latent_dim": 4}
            recipe = shallow(standard({"name": game, "seed": i}, {"name": "fashion_mnist"}, (28, 28, 1), **shape))
            folder = zoo / benchmark.preset(game, each)
            presets.save(recipe.build(), recipe, folder)
            # The DCGANs train twice as long, and get better in that time.
            fids = [9, 8, 2, 1] if each == "" else [9, 6]
            rows = "".join(f"{1_000 * (k + 1)},{fid}\n" for k, fid in enumerate(fids))
            (folder / "history.csv").write_text(f"iteration,val_fid\n{rows}")
    result = benchmark.run(SETTINGS)
    assert set(result.numbers) == set(store.list_presets())
    fids = {name: scores["fid"] for name, scores in result.numbers.items()}
    assert len(set(fids.values())) == 3  # the games differ in nothing but training
    assert {scores["early_fid"] for scores in result.numbers.values()} == {6, 8}
    (depends,) = (claim for claim in result.claims if "depends less" in claim.claim)
    assert depends.number == 1
    assert result.claims[0].verdict == "not held" and result.claims[0].number == 0
    assert result.figures["sheet"].axes[0].get_title().startswith("WGAN, DCGAN")


GOOD = benchmark.Scores(
    fid=3, precision=0.8, recall=0.6, coverage=0.4, spread=0.9, separation=1.0, smallest_class=0.08, early_fid=4
)
FAIR = GOOD._replace(fid=8, coverage=0.2, early_fid=8)
COLLAPSED = benchmark.Scores(20, 0.8, 0.0, coverage=0.02, spread=0.5, separation=0.3, smallest_class=0, early_fid=20)


def cells(gan, wgan):
    """Scores of all nine: three of the GAN, three of WGAN, WGAN-GP's good ones."""
    rows = {"gan": gan, "wgan": wgan, "wgan_gp": (GOOD, FAIR, FAIR)}
    return {(game, cell): rows[game][i] for game in rows for i, cell in enumerate(benchmark.GENERATORS)}


def test_the_verdicts_of_the_papers_cells_and_of_the_games_exchanged():
    held = [
        claim.verdict == "held" for claim in benchmark.claims(cells((GOOD, COLLAPSED, COLLAPSED), (GOOD, FAIR, FAIR)))
    ]
    assert all(held)
    held = [
        claim.verdict == "held" for claim in benchmark.claims(cells((GOOD, FAIR, FAIR), (GOOD, COLLAPSED, COLLAPSED)))
    ]
    assert held == [True, *[False] * 8, True]


def test_blobs_of_both_games_are_no_samples():
    found = benchmark.claims(cells((COLLAPSED,) * 3, (COLLAPSED,) * 3))
    names = [claim.claim for claim in found if claim.verdict == "held"]
    assert names == [
        "There the GAN fails to learn",
        "They are better than those of the GAN's MLP",  # as good as; a tie
        "WGAN depends less on the generator's architecture than the GAN",
        "WGAN-GP makes samples with all generators",
    ]
