"""Protocol names, and evaluations that two runs agree on."""

import json
import pathlib

import numpy as np
import pytest

from wgan_keras import data, metrics
from wgan_keras.data import toys

SAMPLE = pathlib.Path(__file__).parents[1] / "data" / "fashion_mnist"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fid_fashion_mnist_classifier_10k", (("fid",), "fashion_mnist_classifier", 10_000, "test", None)),
        ("kid_inception_2048_train", (("kid",), "inception", 2048, "train", None)),
        ("modes_eight_gaussians_10k", (("modes",), "pixels", 10_000, "test", "eight_gaussians")),
        ("w1_pixels_2k_test", (("w1",), "pixels", 2000, "test", None)),
        ("all_pixels_1k", (("fid", "kid", "prdc", "swd", "memorization"), "pixels", 1000, "test", None)),
    ],
)
def test_names(name, expected):
    protocol = metrics.parse_protocol(name)
    assert protocol.name == name
    parts = protocol.metrics, protocol.extractor, protocol.count, protocol.split, protocol.mixture
    assert parts == expected


def test_a_name_of_version_0_1_is_todays():
    assert metrics.parse_protocol("memorisation_pixels_300") == metrics.parse_protocol("memorization_pixels_300")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fid", "is no protocol"),
        ("fid_inception", "is no protocol"),
        ("ssim_inception_10k", r"'ssim'; expected one of fid"),
        ("fid_resnet_10k", r"'resnet'.*inception"),
        ("modes_inception_10k", "twenty_five_gaussians"),
        ("fid_inception_0k", "0k samples"),
        ("fid_inception_10k_validation", "is no protocol"),
    ],
)
def test_unknown_names(name, message):
    with pytest.raises(ValueError, match=message):
        metrics.parse_protocol(name)


@pytest.fixture(scope="module")
def evaluation():
    protocol = metrics.parse_protocol("all_fashion_mnist_classifier_500")
    train, test = (data.load_arrays("fashion_mnist", split, data_dir=SAMPLE) for split in ("train", "test"))
    extractor = metrics.load_extractor("fashion_mnist_classifier")
    return metrics.Evaluation.from_images(protocol, extractor, train, test)


def noisy_images(count=500):
    images = data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE)[:count]
    noise = np.random.default_rng(0).normal(0, 0.3, size=images.shape)
    return np.clip(images + noise, -1, 1).astype("float32")


def test_scores_are_the_metrics_own(evaluation):
    images = noisy_images()
    scores = evaluation.scores(images)
    features = evaluation.extractor(images).features
    test = evaluation.protocol.draw(data.load_arrays("fashion_mnist", "test", data_dir=SAMPLE))
    reference = evaluation.extractor(test).features
    assert scores["fid"] == pytest.approx(metrics.frechet_distance(reference, features), rel=1e-6)
    assert scores["coverage"] == pytest.approx(metrics.prdc(reference, features).coverage, abs=0.01)
    assert {"kid", "kid_std", "inception_score", "sliced_wasserstein", "memorization_z"} < set(scores)


def test_two_evaluations_agree_exactly(evaluation):
    images = noisy_images()
    assert evaluation.scores(images) == evaluation.scores(images)


def test_the_report_has_the_real_images_row_and_the_ratio(evaluation):
    report = evaluation.report(noisy_images())
    assert report.ratios["fid"] == report.scores["fid"] / report.floor["fid"] > 1
    assert "memorization_z" not in report.floor
    written = json.loads(json.dumps(report.to_dict()))
    assert written["protocol"]["name"] == "all_fashion_mnist_classifier_500"
    assert written["scores"] == report.scores
    assert written["real_against_real"] == report.floor
    assert written["extractor"]["sha256"] == evaluation.extractor.card["sha256"]
    lines = report.table().splitlines()
    (row,) = [line for line in lines if line.startswith("fid (Fashion-MNIST classifier)  ")]
    assert row.split()[3:] == [
        f"{report.scores['fid']:.4g}",
        f"{report.floor['fid']:.4g}",
        f"{report.ratios['fid']:.3g}",
    ]


@pytest.mark.parametrize(
    ("scaled", "message"),
    [
        (
            lambda images: (images + 1) / 2,
            r"The test split holds floats from 0 to 1; expected \[-1, 1\]\. Take 2 \* im",
        ),
        (lambda images: (images + 1) * 127.5, r"The test split holds floats from 0 to 255; expected \[-1, 1\]"),
        (lambda images: ((images + 1) * 127.5).astype("uint8"), r"Images are uint8; expected floats in \[-1, 1\]"),
    ],
    ids=["[0, 1]", "[0, 255]", "bytes"],
)
def test_real_pictures_of_another_range_are_refused(scaled, message):
    images = np.linspace(-1, 1, 16, dtype="float32").reshape(4, 2, 2, 1)
    extractor = metrics.Extractor("flat", lambda batch: (batch.reshape(len(batch), -1), None), {})
    with pytest.raises(ValueError, match=message):
        metrics.Evaluation.from_images(metrics.parse_protocol("swd_pixels_4"), extractor, images, scaled(images))


def test_real_training_images_score_the_floor(evaluation):
    train = evaluation.protocol.draw(data.load_arrays("fashion_mnist", "train", data_dir=SAMPLE))
    scores = evaluation.scores(train)
    assert {name: scores[name] for name in evaluation.floor} == evaluation.floor
    assert scores["memorization_z"] < -10


def test_the_train_split_as_reference(evaluation):
    protocol = metrics.parse_protocol("fid_fashion_mnist_classifier_500_train")
    swapped = metrics.Evaluation(protocol, evaluation.extractor, evaluation.train, evaluation.test)
    assert swapped.reference is evaluation.train.features
    assert swapped.floor["fid"] == pytest.approx(evaluation.floor["fid"], rel=1e-9)


def test_modes_of_a_mixture():
    protocol = metrics.parse_protocol("modes_eight_gaussians_1k")
    points = [toys.sample("eight_gaussians", 1000, seed) for seed in range(3)]
    pixels = metrics.load_extractor("pixels")
    report = metrics.Evaluation.from_images(protocol, pixels, points[0], points[1]).report(points[2])
    assert report.scores["modes_covered"] == report.floor["modes_covered"] == 8
    assert report.ratios == {}


def test_wrong_counts(evaluation):
    with pytest.raises(ValueError, match="scores 500 samples; 499 came"):
        evaluation.scores(noisy_images(499))
    protocol = metrics.parse_protocol("fid_pixels_2k")
    with pytest.raises(ValueError, match="needs 2000 images; 10 came"):
        protocol.draw(np.zeros((10, 2)))


@pytest.fixture
def few_and_many():
    """5 points and 20, and an extractor of points and of probabilities."""
    points = np.random.default_rng(0).uniform(size=(25, 2)).astype("float32")
    probabilities = lambda batch: np.stack([batch[:, 0], 1 - batch[:, 0]], axis=1)  # noqa: E731
    return (
        points[:5],
        points[5:],
        metrics.Extractor("own", lambda batch: (batch, probabilities(batch)), {"name": "own"}),
    )


@pytest.mark.parametrize(
    ("names", "split", "few"),
    [
        (("fid", "is"), "train", {"test"}),
        (("is",), "test", {"test"}),
        (("is",), "test", {"train", "test"}),
        (("memorization", "fid"), "test", {"train"}),
        (("memorization",), "train", {"train"}),
    ],
)
def test_only_the_images_that_samples_are_compared_with_must_be_enough(few_and_many, names, split, few):
    five, twenty, extractor = few_and_many
    protocol = metrics.Protocol("those", names, "own", 12, split)
    splits = [five if name in few else twenty for name in ("train", "test")]
    evaluation = metrics.Evaluation.from_images(protocol, extractor, *splits)
    assert [evaluation.train is None, evaluation.test is None] == ["train" in few, "test" in few]
    report = evaluation.report(twenty[:12])
    expected = {score for name in names for score in metrics.METRICS[name].scores}
    assert set(report.scores) == expected
    other = "test" if split == "train" else "train"
    has_row = [name for name in names if name != "memorization" and other not in few]
    assert set(report.floor) == {score for name in has_row for score in metrics.METRICS[name].scores}
    assert len(report.table().splitlines()) == 2 + len(expected)
    with pytest.raises(ValueError, match=f"There are fewer than 12 {min(few)} images, so that those has no features"):
        evaluation.of_split(min(few))


@pytest.mark.parametrize(
    ("name", "split", "lacking"),
    [("fid", "test", "test"), ("fid", "train", "train"), ("memorization", "train", "test")],
)
def test_too_few_of_those_are_counted(few_and_many, name, split, lacking):
    five, twenty, extractor = few_and_many
    splits = [five if each == lacking else twenty for each in ("train", "test")]
    with pytest.raises(ValueError, match=f"compares samples with 12 {lacking} images, of which there are 5; take a"):
        metrics.Evaluation.from_images(metrics.Protocol("those", (name,), "own", 12, split), extractor, *splits)


@pytest.mark.parametrize(
    ("name", "sizes", "fewer"),
    [
        ("kid_pixels_200", (300, 30), "kid_pixels_30"),
        ("fid_inception2015_10k_train", (300, 30), "kid_inception2015_300_train"),
        ("all_pixels_10k_train", (300, 30), "kid_pixels_30_train"),
    ],
)
def test_one_that_fits_is_suggested(name, sizes, fewer):
    with pytest.raises(ValueError, match=f"take a protocol of at most as many, such as {fewer}\\.$"):
        metrics.parse_protocol(name).drawn_splits(dict(zip(("train", "test"), sizes, strict=True)))


def test_an_inception_score_without_probabilities():
    protocol = metrics.Protocol("is_pixels_10", ("is",), "pixels", 10)
    points = np.random.default_rng(0).normal(size=(10, 2)).astype("float32")
    evaluation = metrics.Evaluation.from_images(protocol, metrics.load_extractor("pixels"), points, points)
    with pytest.raises(ValueError, match="no class probabilities"):
        evaluation.scores(points)
