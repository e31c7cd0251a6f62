"""What following means, the networks and rates of each training, and a short one."""

import pathlib

import numpy as np
import pytest

from benchmarks import meaningful_loss as benchmark
from wgan_keras import data, metrics

FASHION = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"
TOY = benchmark.REDUCED._replace(width=2, units=8, iterations=4, interval=2)


def test_a_curve_follows_the_score_whatever_its_scale():
    score = np.array([9.0, 5.0, 4.0, 3.5])
    assert benchmark.correlation(np.exp(score), score) == pytest.approx(1)
    assert benchmark.correlation(-score, score) == pytest.approx(-1)
    assert benchmark.correlation(np.ones(4), score) == 0
    assert benchmark.correlation(np.array([1.0, 2.0, 3.0, 1.5]), score) == pytest.approx(-0.4)  # 1 - 6 * 14 / 60


def test_change_is_the_last_quarter_over_the_first():
    assert benchmark.change(np.array([4.0, 2.0, 9.0, 9.0, 9.0, 9.0, 1.0, 5.0])) == 1
    assert benchmark.change(np.array([4.0, 3.0, 1.0])) == 0.25


def test_the_networks_and_rates_are_those_of_the_names():
    for name, training in benchmark.TRAININGS.items():
        recipe = benchmark.recipe(training, TOY)
        both = "both MLP" in name
        assert (recipe.critic["name"] == "mlp_critic") == both
        assert (recipe.generator["name"] == "mlp_generator") == (both or name.endswith(", MLP"))
        assert recipe.game["name"] == {"WGAN": "wgan", "WGAN-GP": "wgan_gp", "GAN": "gan"}[name.partition(",")[0]]
        rate = benchmark.FAILING_RATE if "failing" in name else TOY.rates[training.game]
        assert recipe.generator_optimizer["learning_rate"] == recipe.critic_optimizer["learning_rate"] == rate


@pytest.mark.parametrize("name", ["WGAN-GP, MLP", "GAN, both MLP"])
def test_a_look_has_every_curve_and_its_score(name):
    images = data.load_raw("fashion_mnist", "train", FASHION)
    held_out = data.load_arrays("fashion_mnist", "test", FASHION)[:150]
    protocol = metrics.parse_protocol("fid_fashion_mnist_classifier_150")
    extractor = metrics.load_extractor(protocol.extractor)
    evaluation = metrics.Evaluation.from_images(protocol, extractor, held_out, held_out)
    recipe = benchmark.recipe(benchmark.TRAININGS[name], TOY)
    logs = benchmark.train(recipe, images, held_out, evaluation, TOY.interval)
    found = benchmark.measured(benchmark.TRAININGS[name], logs)
    for curve in ("fid", *benchmark.CURVES[recipe.game["name"]]):
        first, last = found[curve]["values"]
        assert first != last and np.isfinite([first, last]).all()
        assert found[curve]["change"] == pytest.approx(last / first)
    untrained = evaluation.scores(recipe.build().sample(150, seed=0))["fid"]
    assert found["fid"]["values"][0] != pytest.approx(untrained)  # the first look comes after updates


def test_the_verdicts_of_known_numbers():
    def curve(correlation, change):
        return {"correlation_with_fid": correlation, "change": change}

    good, bad = curve(0.9, 0.2), curve(-0.3, 1.2)
    numbers = {
        name: {"fid": {"change": 0.1}}
        | dict.fromkeys(benchmark.CURVES[training.game], bad if training.game == "gan" else good)
        for name, training in benchmark.TRAININGS.items()
    }
    failing = {"WGAN, both MLP, failing": {"fid": {"change": 1.0}, "wasserstein_estimate": curve(0.0, 1.0)}}
    assert all(claim.held for claim in benchmark.claims(numbers | failing))
    # With WGAN's and the GAN's curves the wrong way round nothing of it holds but what is about WGAN-GP.
    wrong = {
        name: {"fid": {"change": 0.1}}
        | dict.fromkeys(benchmark.CURVES[training.game], good if training.game == "gan" else curve(-0.9, 0.2))
        for name, training in benchmark.TRAININGS.items()
    }
    assert not any(claim.held for claim in benchmark.claims(wrong))
