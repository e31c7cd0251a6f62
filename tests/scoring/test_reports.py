"""What a model scores under a protocol, and which images its report is about."""

import pathlib

import numpy as np

from wgan_keras import data, scoring

SAMPLE = pathlib.Path(__file__).parents[1] / "data/fashion_mnist"


class RealImages:
    """A perfect generator: it deals out test images."""

    def sample_batches(self, n, seed, batch_size):
        images = data.load_arrays("fashion_mnist", "test", data_dir=SAMPLE)
        yield from np.array_split(images[np.random.default_rng(seed).permutation(len(images))[:n]], -(-n // batch_size))


def test_one_seed_one_report_and_another_seed_another(model):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    one, two, other = (scoring.evaluate(model, evaluation, seed).scores for seed in (0, 0, 1))
    assert one == two
    assert one != other


def test_real_images_score_near_the_floor_and_an_untrained_generator_far_from_it(unconditional):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    real, fake = scoring.evaluate(RealImages(), evaluation), scoring.evaluate(unconditional, evaluation)
    assert real.scores["sliced_wasserstein"] < 2 * real.floor["sliced_wasserstein"]
    assert fake.ratios["sliced_wasserstein"] > 10


def test_a_report_names_the_images_it_is_about(model):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    report = scoring.evaluate(RealImages(), evaluation)
    assert report.to_dict()["data"] == evaluation.data
    assert report.table().startswith("swd_pixels_300 of fashion_mnist\n")
    others = [scoring.reference("w1_pixels_300", name).data for name in ("eight_gaussians", "swiss_roll")]
    assert [each["name"] for each in others] == ["eight_gaussians", "swiss_roll"]
    assert len({each["sha256"] for each in (*others, evaluation.data)}) == 3
