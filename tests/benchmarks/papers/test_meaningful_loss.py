"""What following means, the networks and rates of each training, and a short one."""

import json
import pathlib

import numpy as np
import pytest

from benchmarks.papers.meaningful_loss import claims, figure, trainings
from wgan_keras import data, metrics

FASHION = pathlib.Path(__file__).parents[2] / "data/fashion_mnist"
TOY = trainings.REDUCED._replace(width=2, units=8, iterations=4, interval=2)


def test_a_curve_follows_the_score_whatever_its_scale():
    score = np.array([9.0, 5.0, 4.0, 3.5])
    assert claims.correlation(np.exp(score), score) == pytest.approx(1)
    assert claims.correlation(-score, score) == pytest.approx(-1)
    assert claims.correlation(np.ones(4), score) == 0
    assert claims.correlation(np.array([1.0, 2.0, 3.0, 1.5]), score) == pytest.approx(-0.4)  # 1 - 6 * 14 / 60


def test_first_and_last_quarter():
    assert claims.first_and_last(np.array([4.0, 2.0, 9.0, 9.0, 9.0, 9.0, 1.0, 5.0])) == [3, 3]
    assert claims.first_and_last(np.array([4.0, 3.0, 1.0])) == [4, 1]


def test_the_ratio_of_quarters_tells_a_curve_that_stays_from_one_that_rises():
    ratios = [claims.last_over_first(*quarters) for quarters in [(4.0, 2.0), (0.0, 0.0), (0.0, 2.0)]]
    assert ratios == [0.5, 1, float("inf")]


def test_the_warm_up_is_left_out():
    logs = {
        "val_fid": [9.0, 5.0, 3.0, 2.0],
        "val_inception_score": [9.0, 3.0, 1.0, 2.0],
        "wasserstein_estimate": [0.1, 4.0, 3.0, 1.0],
    }
    found = claims.measured(logs, skipped=1)["wasserstein_estimate"]
    assert found["correlation"] == pytest.approx(1)
    assert found["agreement"] == pytest.approx(-0.5)  # of 4, 3, 1 and -3, -1, -2: 1 - 6 * 6 / 24
    assert found["correlation_of_all_looks"] == pytest.approx(-0.2)  # 1 - 6 * 12 / 60
    assert found["quarters"] == [4, 1]


def test_the_networks_and_rates_are_those_of_the_names():
    for name, training in trainings.TRAININGS.items():
        recipe = trainings.recipe(training, 3, TOY)
        assert recipe.game["seed"] == 3
        both = "both MLP" in name
        assert (recipe.critic["name"] == "mlp_critic") == both
        assert (recipe.generator["name"] == "mlp_generator") == (both or name.endswith(", MLP"))
        assert recipe.game["name"] == {"WGAN": "wgan", "WGAN-GP": "wgan_gp", "GAN": "gan"}[name.partition(",")[0]]
        rate = trainings.FAILING_RATE if "failing" in name else TOY.rates[training.game]
        assert recipe.generator_optimizer["learning_rate"] == recipe.critic_optimizer["learning_rate"] == rate


@pytest.mark.long
@pytest.mark.parametrize("name", ["WGAN-GP, MLP", "GAN, both MLP"])
def test_a_look_has_every_curve_and_its_score(name):
    images = data.load_raw("fashion_mnist", "train", FASHION)
    held_out = data.load_arrays("fashion_mnist", "test", FASHION)[:150]
    protocol = metrics.parse_protocol("fid_fashion_mnist_classifier_150")
    extractor = metrics.load_extractor(protocol.extractor)
    evaluation = metrics.Evaluation.from_images(protocol, extractor, held_out, held_out)
    protocol = metrics.parse_protocol("is_fashion_mnist_classifier_150")
    by_classifier = metrics.Evaluation.from_images(protocol, extractor, held_out, held_out)
    recipe = trainings.recipe(trainings.TRAININGS[name], 0, TOY)
    logs = trainings.watch(recipe, images, held_out, [evaluation, by_classifier], TOY.interval)
    curves = (*trainings.SCORES, *trainings.CURVES[recipe.game["name"]])
    record = json.loads(json.dumps({curve: logs[curve] for curve in curves}))  # as it is kept
    found = claims.measured(record, skipped=0)
    for curve in curves:
        first, last = found[curve]["values"]
        assert first != last and np.isfinite([first, last]).all()
    untrained = evaluation.scores(recipe.build().sample(150, seed=0))["fid"]
    assert found["val_fid"]["values"][0] != pytest.approx(untrained)  # the first look comes after updates


def known(correlations, quarters):
    """The numbers of every curve: its rank correlation, and its first and last quarter; a training's own go before."""

    def fields(name, curve):
        first, last = quarters.get((name, curve), quarters[curve])
        return {
            "values": [first, last],
            "correlation": correlations.get((name, curve), correlations.get(curve)),
            "correlation_of_all_looks": 0.0,
            "agreement": correlations.get((name, curve, "agreement"), AGREEMENTS.get(curve)),
            "quarters": [first, last],
        }

    return {
        name: {curve: fields(name, curve) for curve in (*trainings.SCORES, *trainings.CURVES[training.game])}
        for name, training in trainings.TRAININGS.items()
    }


CORRELATIONS = {
    "val_fid": 1.0,
    "wasserstein_estimate": 0.9,
    "val_wasserstein_estimate": 0.8,
    "js_estimate": -0.3,
    "generator_loss": -0.4,
}
AGREEMENTS = {"wasserstein_estimate": 0.9, "js_estimate": 0.1}
QUARTERS = {
    "val_fid": (9, 3),
    "val_inception_score": (1, 5),
    "wasserstein_estimate": (4, 1),
    "val_wasserstein_estimate": (4, 2),
    "js_estimate": (0.4, 0.6),
    "generator_loss": (1, 5),
    ("WGAN, both MLP, failing", "val_fid"): (9, 9),
    ("WGAN, both MLP, failing", "wasserstein_estimate"): (2, 2),
}


def refused(correlations, quarters):
    """The numbers of the claims that do not hold when five seeds have the same numbers."""
    found = claims.claims([known(correlations, quarters)] * 5)
    assert "undecided" not in {claim.verdict for claim in found}
    return [i for i, claim in enumerate(found) if claim.verdict == "not held"]


def test_all_claims_hold_on_the_papers_numbers():
    assert not refused(CORRELATIONS, QUARTERS)


@pytest.mark.parametrize(
    ("of", "correlation", "claim"),
    [
        (("WGAN, MLP", "wasserstein_estimate"), 0.4, 0),
        (("WGAN-GP, DCGAN", "wasserstein_estimate"), 0.4, 1),
        (("WGAN-GP, MLP", "val_wasserstein_estimate"), 0.4, 2),
        (("GAN, DCGAN", "js_estimate"), 0.6, 5),
        (("GAN, both MLP", "js_estimate"), -0.6, 7),
        (("GAN, MLP", "generator_loss"), 0.6, 8),
        (("WGAN, DCGAN", "wasserstein_estimate", "agreement"), 0.4, 9),
        (("WGAN-GP, MLP", "wasserstein_estimate", "agreement"), 0.4, 10),
        (("GAN, DCGAN", "js_estimate", "agreement"), 0.6, 11),
    ],
)
def test_one_curve_decides_its_own_claim_alone(of, correlation, claim):
    assert refused({**CORRELATIONS, of: correlation}, QUARTERS) == [claim]


@pytest.mark.parametrize(
    ("of", "quarters", "claim"),
    [
        (("WGAN, both MLP, failing", "val_fid"), (9, 3), 3),
        (("WGAN, both MLP, failing", "wasserstein_estimate"), (4, 1), 4),
        (("GAN, MLP", "js_estimate"), (0.6, 0.4), 6),
    ],
)
def test_quarters_decide_whether_a_curve_falls(of, quarters, claim):
    assert refused(CORRELATIONS, {**QUARTERS, of: quarters}) == [claim]


def test_the_picture_has_a_panel_for_each_curve_of_each_training():
    random = np.random.default_rng(0)
    logs = {
        name: {curve: random.random(4) for curve in ("val_fid", *trainings.CURVES[training.game])}
        for name, training in trainings.TRAININGS.items()
    }
    drawn = figure.draw(logs, trainings.REDUCED._replace(iterations=4, interval=1, warm_up=1))
    titles = [axes.get_title() for axes in drawn.axes if axes.get_title()]
    assert sorted(titles) == sorted([*trainings.TRAININGS, *(n for n in trainings.TRAININGS if n.startswith("GAN"))])
