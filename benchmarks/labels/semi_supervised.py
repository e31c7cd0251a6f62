"""Few labels: `SemiSupervisedGAN` on all images against the same classifier on the labeled ones alone.

    python -m benchmarks.labels.semi_supervised [--labels 100 1000] [--splits 10] [--iterations 4000]

draws so many labels of Fashion-MNIST's training set, evenly over the classes, anew for each split, and trains both with
the same networks, optimizer and minibatches of labeled images: half of a minibatch has labels, and the game learns from
the other half and from its generator's images as well. Reports the errors on the 10,000 test images, in percent, mean ±
standard error over the splits. Every training is kept in benchmarks/labels/results/semi_supervised.json at once; the
same command goes on after a kill. `python -m benchmarks.labels.table` makes a table of docs/labels.md of it.
"""

import json
import pathlib
import sys

import keras
import numpy as np

import wgan_keras as wk
from benchmarks import command_line, machine
from benchmarks.labels import RESULTS
from benchmarks.papers.means import mean
from wgan_keras import data
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.labels.semi_supervised"
RESULT = RESULTS / "semi_supervised.json"
CLASSES = 10
SHAPE = (28, 28, 1)
BATCH = 100  # half with labels; Salimans et al. have 100 with and 100 without
RATE = 3e-4  # of Adam, as theirs


def classifier(width):
    return wk.networks.dcgan_classifier(SHAPE, CLASSES, width=width, normalization="layer", dropout=0.5)


def chosen(labels, count, split):
    """Indices of `count` images, as many of each class."""
    rng = np.random.default_rng([split, count])
    each = [rng.permutation(np.flatnonzero(labels == k))[: count // CLASSES] for k in range(CLASSES)]
    return np.concatenate(each)


def half_labeled(images, labels, few, iterations, split):
    """Batches (images, labels): half of the few, half of all with the label -1; the same for the same split."""
    rng = np.random.default_rng(split)
    for _ in range(iterations):
        rows = np.concatenate([rng.choice(few, BATCH // 2), rng.choice(len(images), BATCH // 2)])
        yield data.scale(images[rows]), np.concatenate([labels[rows[: BATCH // 2]], np.full(BATCH // 2, -1)])


def adam():
    return keras.optimizers.Adam(RATE, 0.5)


def by_the_game(batches, iterations, split, width):
    generator = wk.networks.dcgan_generator(SHAPE, latent_dim=100, width=width)
    game = wk.SemiSupervisedGAN(
        generator, classifier(width), objective=wk.objectives.FeatureMatching(), seed=split, n_critic=1
    )
    game.compile(adam(), adam())
    game.fit(batches, steps_per_epoch=iterations, verbose=0)
    return game.critic


def by_labels_alone(batches, iterations, split, width):
    network = classifier(width)
    network.compile(adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    labeled = ((x[: BATCH // 2], y[: BATCH // 2]) for x, y in batches)
    network.fit(labeled, steps_per_epoch=iterations, verbose=0)
    return network


WAYS = {"semi_supervised_gan": by_the_game, "labels_alone": by_labels_alone}


def error(network, images, labels):
    """In percent."""
    logits = network.predict(data.scale(images), batch_size=500, verbose=0)
    return float(100 * np.mean(logits.argmax(-1) != labels))


def summary(errors):
    found = mean(list(errors.values()))
    return {
        "mean": round(found.value, 2),
        "standard_error": None if found.error is None else round(found.error, 2),
        "splits": found.seeds,
    }


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--labels", type=int, nargs="+", default=[100, 1_000], help="multiples of 10; %(default)s")
    parser.add_argument("--splits", type=int, default=10, help="%(default)s")
    parser.add_argument("--iterations", type=int, default=4_000, help="%(default)s")
    parser.add_argument("--width", type=int, default=16, help="filters of the finest stage; %(default)s")
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s")
    return parser.parse_args()


def main():
    options = parse()
    settings = {"iterations": options.iterations, "width": options.width}
    record = json.loads(options.out.read_text()) if options.out.exists() else {**settings, "errors": {}}
    if {name: record[name] for name in settings} != settings:
        sys.exit(f"{options.out} is of other iterations or another width; remove it, or choose another --out.")
    (images, labels), (test_images, test_labels) = data.load_splits("fashion_mnist", labels=True)[:2]
    for split in range(options.splits):
        for count in options.labels:
            few = chosen(labels, count, split)
            for way, train in WAYS.items():
                errors = record["errors"].setdefault(str(count), {}).setdefault(way, {})
                if str(split) in errors:
                    continue
                keras.utils.set_random_seed(split)
                batches = half_labeled(images, labels, few, options.iterations, split)
                network = train(batches, options.iterations, split, options.width)
                errors[str(split)] = round(error(network, test_images, test_labels), 2)
                print(count, way, split, errors[str(split)], flush=True)
                _keep(record, options.out)


def _keep(record, path):
    record["summary"] = {
        count: {way: summary(errors) for way, errors in ways.items() if errors}
        for count, ways in record["errors"].items()
    }
    record |= machine.provenance(MODULE)
    write_json(path, record)


if __name__ == "__main__":
    main()
