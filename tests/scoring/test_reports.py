"""What a model scores under a protocol, and which images its report is about."""

import pathlib
import types

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras import data, metrics, scoring

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


@pytest.mark.parametrize(("micro_batch", "at_once"), [(None, 256), (1000, 256), (100, 100)])
def test_samples_are_made_by_no_more_at_once_than_training_computes(micro_batch, at_once):
    asked = []
    model = types.SimpleNamespace(
        micro_batch=micro_batch, sample_batches=lambda *_, batch_size: asked.append(batch_size) or []
    )
    evaluation = types.SimpleNamespace(
        protocol=metrics.parse_protocol("swd_pixels_300"), labels=None, data=None, report=lambda *_: None
    )
    scoring.evaluate(model, evaluation, progress=lambda batches, total: asked.append(total))
    assert asked == [at_once, -(-300 // at_once)]


def test_real_images_score_near_the_floor_and_an_untrained_generator_far_from_it(unconditional):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    real, fake = scoring.evaluate(RealImages(), evaluation), scoring.evaluate(unconditional, evaluation)
    assert real.scores["sliced_wasserstein"] < 2 * real.floor["sliced_wasserstein"]
    assert fake.ratios["sliced_wasserstein"] > 10


def test_samples_behind_a_sigmoid_score_as_those_behind_a_tanh(reference):
    """2 sigmoid(2x) - 1 = tanh(x)."""
    scores = []
    for factor, end in ((1, "tanh"), (2, "sigmoid")):
        z, shape = keras.Input((2,)), (28, 28, 1)
        x = keras.layers.Dense(784, kernel_initializer=keras.initializers.RandomNormal(seed=1))(z)
        generator = keras.Model(z, keras.layers.Activation(end)(keras.layers.Reshape(shape)(factor * x)))
        game = wk.GAN(generator, wk.networks.mlp_critic(shape, units=1, depth=1))
        scores.append(scoring.evaluate(game, reference("swd_pixels_300")).scores["sliced_wasserstein"])
    assert scores[0] == pytest.approx(scores[1], rel=1e-4)


def test_a_report_names_the_images_it_is_about(model):
    evaluation = scoring.reference("swd_pixels_300", "fashion_mnist", SAMPLE)
    report = scoring.evaluate(RealImages(), evaluation)
    assert report.to_dict()["data"] == evaluation.data
    assert report.table().startswith("swd_pixels_300 of fashion_mnist\n")
    others = [scoring.reference("w1_pixels_300", name).data for name in ("eight_gaussians", "swiss_roll")]
    assert [each["name"] for each in others] == ["eight_gaussians", "swiss_roll"]
    assert len({each["sha256"] for each in (*others, evaluation.data)}) == 3
