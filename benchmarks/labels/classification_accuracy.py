"""Classification Accuracy Score: a classifier is trained on samples alone, and tested on real images.

    python -m benchmarks.labels.classification_accuracy wgan_gp_fashion_mnist_labels
    python -m benchmarks.labels.classification_accuracy runs/mine --samples 60000

The game is asked for as many images of each class as there are among the first SAMPLES training images. The classifier
learns as long from these samples as, beside it, from those real images: samples that are wrong, or lack what the test
images need, cost accuracy. Source: Ravuri and Vinyals 2019, "Classification Accuracy Score for Conditional Generative
Models" (arXiv 1905.10887, section 3), with a ResNet-50 on ImageNet; Shmelkov et al. 2018 (arXiv 1807.09499) call it
GAN-train. Writes benchmarks/labels/results/classification_accuracy_NAME.json; takes minutes on two CPU cores.
"""

import json
import pathlib
import sys

import keras
import numpy as np
from keras import layers

from benchmarks import command_line, machine
from benchmarks.labels import RESULTS
from benchmarks.spread import spreads
from wgan_keras import data
from wgan_keras.files.saving import write_json
from wgan_keras.pipelines.classes import renumbered
from wgan_keras.samples import opening

MODULE = "benchmarks.labels.classification_accuracy"
SAMPLES = 20_000
SEEDS = (0, 1, 2)  # of the samples and of the classifier
UPDATES = 2_000
BATCH = 64
LEARNING_RATE = 2e-3  # falls to 0 by a cosine


def classifier(image_shape, classes):
    """A small convolutional network, the same for every game: images -> logits."""
    x = images = keras.Input(image_shape)
    for width in (16, 32, 64):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.MaxPooling2D(padding="same")(x)
    return keras.Model(images, layers.Dense(classes)(layers.Flatten()(x)))


def accuracy(train, test, classes, seed, updates=UPDATES):
    """The share of test images that a classifier trained on `train` gives their label; both are (images, labels)."""
    keras.utils.set_random_seed(seed)
    network = classifier(train[0].shape[1:], classes)
    schedule = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, updates)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(schedule), loss, metrics=["accuracy"])
    order = np.random.default_rng(seed)
    per_epoch = len(train[0]) // BATCH
    for done in range(0, updates, per_epoch):
        rows = order.permutation(len(train[0]))[: BATCH * min(per_epoch, updates - done)]
        network.fit(train[0][rows], train[1][rows], batch_size=BATCH, shuffle=False, verbose=0)
    return network.evaluate(*test, batch_size=256, verbose=0, return_dict=True)["accuracy"]


def measure(model, train, test, names, seed, updates=UPDATES):
    """{"samples", "real"}: accuracies after samples of a game by the labels of `train`, and after `train` itself."""
    images, labels = train
    samples = model.sample(labels=renumbered(labels, names, model.class_names), seed=seed)
    found = {"samples": (samples, labels), "real": (images, labels)}
    return {name: accuracy(each, test, len(names), seed, updates) for name, each in found.items()}


def result(model):
    """The file for a model, which another one's result does not replace."""
    return RESULTS / f"classification_accuracy_{opening.file_name(model)}.json"


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("model", help="a preset, a run's folder or a .keras file")
    parser.add_argument("--data", default="fashion_mnist", help="%(default)s")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="%(default)s")
    parser.add_argument("--updates", type=int, default=UPDATES, help="of the classifier; %(default)s")
    parser.add_argument("--out", type=pathlib.Path, help="default: the model's name in benchmarks/labels/results")
    return parser.parse_args()


def main():
    options = parse()
    model = opening.open_model(options.model)
    if not model.takes_labels:
        sys.exit(f"The generator of {options.model} takes no labels; expected a conditional game.")
    train, test = (data.load_arrays(options.data, split, labels=True) for split in data.SPLITS)
    train = tuple(each[: options.samples] for each in train)
    names = data.class_names(options.data)
    seeds = {}
    for seed in SEEDS:
        seeds[str(seed)] = measure(model, train, test, names, seed, options.updates)
        print(seed, seeds[str(seed)], flush=True)
    record = {
        **machine.provenance(MODULE),
        "model": options.model,
        "data": options.data,
        "samples": len(train[0]),
        "updates": options.updates,
        "batch": BATCH,
        "seeds": seeds,
        "accuracy": spreads(list(seeds.values())),
    }
    write_json(options.out or result(options.model), record)
    print(json.dumps(record["accuracy"]))


if __name__ == "__main__":
    main()
