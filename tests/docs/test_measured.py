"""What docstrings say was measured here is what the trainings gave."""

import json

import pytest

import wgan_keras as wk
from benchmarks.papers import means, small_folder
from benchmarks.papers.collapse.sets import path_of

MEASURED = {
    wk.penalties.R1: ["R1"],
    wk.penalties.R2: ["R2"],
    wk.penalties.DRAGAN: ["DRAGAN"],
    wk.penalties.HistoricalAveraging: ["historical averaging"],
    wk.views.InstanceNoise: ["instance noise"],
    wk.views.Pack: ["packing, 2", "packing, 4"],
    wk.objectives.FeatureMatching: ["feature matching"],
    wk.objectives.Unrolled: ["unrolled, 1 step", "unrolled, 5 steps", "unrolled, 10 steps"],
    wk.objectives.PullingAway: ["EBGAN, pulling away", "EBGAN"],
    wk.layers.MinibatchDiscrimination: ["minibatch discrimination"],
    wk.layers.MinibatchStandardDeviation: ["minibatch standard deviation"],
    wk.layers.VirtualBatchNormalization: ["virtual batch normalization"],
    wk.layers.SpectralNormalization: ["spectral normalization"],
    wk.LSGAN: ["LSGAN"],
    wk.HingeGAN: ["hinge"],
    wk.RelativisticGAN: ["relativistic average"],
    wk.FGAN: ["f-GAN, reverse KL"],
    wk.EBGAN: ["EBGAN"],
    wk.MMDGAN: ["MMD-GAN"],
    wk.WGAN: ["WGAN"],
    wk.WGANGP: ["WGAN-GP"],
}


def modes(technique):
    """As a docstring has them: of the ring and of the grid."""
    kept = [json.loads(path_of(name, "reduced").read_text())["trainings"][technique] for name in ("ring", "grid")]
    assert [len(seeds) for seeds in kept] == [10, 10]
    each = (means.mean([training["modes_by_one"] for training in seeds.values()]) for seeds in kept)
    return " and ".join(mean.in_words() for mean in each)


@pytest.mark.parametrize("kind", MEASURED, ids=lambda kind: kind.__name__)
def test_a_docstring_tells_how_many_modes_were_found(kind):
    told = " ".join(kind.__doc__.split())
    assert "Measured here, by ten trainings each on 8 Gaussians in a ring and on 25 in a grid:" in told
    compared = [] if kind is wk.objectives.PullingAway else ["GAN"]
    for technique in [*MEASURED[kind], *compared]:
        assert modes(technique) in told


def test_that_of_the_augmentation_tells_distances_and_gaps():
    told = " ".join(wk.views.DiffAugment.__doc__.split())
    kept = json.loads(small_folder.RESULT.read_text())["trainings"]
    seeds = [list(kept[name].values()) for name in (small_folder.NONE, "color", "cutout", "flip", "translation", "all")]
    distances = [means.mean([training["end"] for training in each]).in_words() for each in seeds]
    gaps = [means.mean(list(map(small_folder.gap, each))).in_words(0, 100) for each in seeds]
    assert all(len(each) == 3 for each in seeds)
    assert (
        "is {} without it, {} with color, {} with cutout, {} with flips, {} with translation and {} with all".format(
            *distances
        )
        in told
    )
    assert "In that order {}, {}, {}, {}, {} and {}%".format(*gaps) in told
