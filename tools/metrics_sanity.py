"""Do scores fall with the images: real images made worse step by step, scored against the test set.

    python -m tools.metrics_sanity
    python -m tools.metrics_sanity --extractor emoji_classifier --count 1000

takes training images of the data that the extractor belongs to, damages them more and more, and scores each set
against as many test images. It writes tools/metrics_sanity_EXTRACTOR.json and .png; for Fashion-MNIST in ten minutes on
two busy cores.
"""

import datetime
import pathlib
import time

import keras
import numpy as np
from matplotlib.figure import Figure
from scipy.ndimage import gaussian_filter

from benchmarks import command_line, machine
from wgan_keras import data, metrics
from wgan_keras.files.saving import whole_file, write_json

MODULE = "tools.metrics_sanity"
RESULTS = pathlib.Path(__file__).parent
SEED = 0  # of the noise


def add_noise(images, labels, std):
    """Gaussian noise of standard deviation `std`, in units of the range [-1, 1], clipped to it."""
    noise = np.random.default_rng(SEED).standard_normal(images.shape, np.float32)
    return np.clip(images + np.float32(std) * noise, -1, 1)


def blur(images, labels, radius):
    """A Gaussian blur of standard deviation `radius` pixels."""
    return gaussian_filter(images, (0, radius, radius, 0))


def leave_classes_out(images, labels, count):
    """As many images, of the classes from number `count` on; images of those are repeated in their order."""
    return images[np.resize(np.flatnonzero(labels >= count), len(images))]


def repeat(images, labels, copies):
    """As many images, but so many copies of each: what a generator does that has memorized few."""
    return images[np.resize(np.arange(0, len(images), copies), len(images))]


def weave(images, labels, amplitude):
    """A checkerboard of single pixels, the texture that strided convolutions leave."""
    rows, columns = np.indices(images.shape[1:3])
    board = np.where((rows + columns) % 2, amplitude, -amplitude)[None, :, :, None]
    return np.clip(images + board.astype(np.float32), -1, 1)


# What is done to the images, what its level is called on the axis, and the levels.
DEGRADATIONS = {
    "noise": (add_noise, "std of the noise", [0, 0.05, 0.1, 0.2, 0.4, 0.8]),
    "blur": (blur, "std of the blur, pixels", [0, 0.5, 1, 1.5, 2, 3]),
    "classes left out": (leave_classes_out, "classes left out", [0, 1, 3, 5, 7]),
    "memorizing": (repeat, "copies of each image", [1, 3, 10, 30, 100, 300]),
    "weave": (weave, "amplitude of the weave", [0, 0.05, 0.1, 0.2, 0.4, 0.8]),
}
PANELS = {
    "Fréchet distance": ["fid"],
    "kernel distance": ["kid"],
    "sliced Wasserstein": ["sliced_wasserstein"],
    "precision and recall": ["precision", "recall"],
    "density and coverage": ["density", "coverage"],
    "inception score": ["inception_score"],
}


def score_all(evaluation, images, labels):
    """{degradation: [{level, seconds, every score}, ...]}; the seconds are extraction and all metrics."""
    curves = {}
    for name, (degrade, _, levels) in DEGRADATIONS.items():
        curves[name] = []
        for level in levels:
            degraded = degrade(images, labels, level)
            start = time.perf_counter()
            scores = evaluation.scores(degraded)
            seconds = round(time.perf_counter() - start, 1)
            curves[name].append({"level": level, "seconds": seconds, **scores})
            print(f"{name} {level}: fid {scores['fid']:.3f}, {seconds} s", flush=True)
    return curves


def draw(curves, file):
    """A row a metric, a column a degradation."""
    size = (3.2 * len(curves), 2.0 * len(PANELS))
    figure = Figure(figsize=size)
    axes = figure.subplots(len(PANELS), len(curves), sharey="row", squeeze=False)
    for row, (title, names) in zip(axes, PANELS.items(), strict=True):
        row[0].set_ylabel(title)
        for axis, curve in zip(row, curves.values(), strict=True):
            for name in names:
                levels, values = [each["level"] for each in curve], [each[name] for each in curve]
                axis.plot(levels, values, marker="o", markersize=3, label=name)
            axis.grid(alpha=0.3)
        if len(names) > 1:
            row[0].legend(fontsize=8)
    for axis, name in zip(axes[-1], curves, strict=True):
        axis.set_xlabel(DEGRADATIONS[name][1])
    figure.tight_layout()
    figure.savefig(file, dpi=110)


def evaluate(extractor_name, count):
    """(evaluation, its images before any damage, their labels)."""
    protocol = metrics.Protocol(
        name=f"sanity_{extractor_name}_{count}",
        metrics=("fid", "kid", "is", "prdc", "swd"),
        extractor=extractor_name,
        count=count,
    )
    extractor = metrics.load_extractor(extractor_name)
    name = metrics.EXTRACTORS[extractor_name].data
    train, labels = data.load_arrays(name, "train", labels=True)
    evaluation = metrics.Evaluation.from_images(protocol, extractor, train, data.load_arrays(name, "test"))
    return evaluation, protocol.draw(train), protocol.draw(labels)


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--extractor", default="fashion_mnist_classifier", help="one of a data set, by name")
    parser.add_argument("--count", type=int, default=10_000, help="images a set; %(default)s")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="the folder to write to")
    arguments = parser.parse_args()

    evaluation, images, labels = evaluate(arguments.extractor, arguments.count)
    curves = score_all(evaluation, images, labels)
    with whole_file(arguments.out / f"metrics_sanity_{arguments.extractor}.png") as temporary:
        draw(curves, temporary)
    result = {
        "command": f"python -m {MODULE} --extractor {arguments.extractor} --count {arguments.count}",
        "date": datetime.date.today().isoformat(),
        "machine": machine.in_words(),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "seed": SEED,
        "protocol": evaluation.protocol.name,
        "extractor_sha256": evaluation.extractor.card["sha256"],
        "real_against_real": evaluation.floor,
        "curves": curves,
    }
    write_json(arguments.out / f"metrics_sanity_{arguments.extractor}.json", result)


if __name__ == "__main__":
    main()
