"""Train the `fashion_mnist_classifier` extractor; its weights and card go to wgan_keras/metrics/weights.

    python -m tools.train_classifier --seeds 0 1

trains one network a seed (14 epochs, about half an hour a seed on two busy cores), tests each once, after its last
epoch, and ships the first seed's, whatever the others reached. The card records every seed's test accuracy.
"""

import argparse
import datetime
import json
import os
import pathlib

import keras
import numpy as np

from benchmarks import machine
from wgan_keras import data
from wgan_keras.files.saving import sha256
from wgan_keras.metrics import classifier

WEIGHTS_FOLDER = pathlib.Path(classifier.__file__).parent / "weights"
NAME = "fashion_mnist_classifier"
BATCH = 128
PEAK_LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-3
MAX_SHIFT = 1  # pixels


class Augmented(keras.utils.PyDataset):
    """Shuffled batches of images, half of them flipped left-right, all shifted by up to MAX_SHIFT pixels."""

    def __init__(self, images, labels, seed):
        super().__init__()
        edge = ((0, 0), (MAX_SHIFT, MAX_SHIFT), (MAX_SHIFT, MAX_SHIFT), (0, 0))
        padded = np.pad(images, edge, constant_values=-1.0)  # -1 is black, the background
        # (image, row shift, column shift, channel, row, column): a view, nothing is copied until a batch is
        # taken.
        self.shifted = np.lib.stride_tricks.sliding_window_view(padded, images.shape[1:3], axis=(1, 2))
        self.labels = labels
        self.random = np.random.default_rng(seed)
        self.order = self.random.permutation(len(labels))

    def __len__(self):
        return len(self.labels) // BATCH

    def __getitem__(self, index):
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        rows, columns = self.random.integers(0, 2 * MAX_SHIFT + 1, (2, BATCH))
        batch = np.moveaxis(self.shifted[chosen, rows, columns], 1, -1)
        flip = self.random.random(BATCH) < 0.5
        batch[flip] = batch[flip, :, ::-1]
        return batch, self.labels[chosen]

    def on_epoch_end(self):
        self.order = self.random.permutation(len(self.labels))


def train(seed, epochs, train_set, test_set):
    """One network from one seed: the [features, probabilities] model, and its accuracies as a dictionary."""
    keras.utils.set_random_seed(seed)
    model = classifier.build_classifier()
    learner = keras.Model(model.input, model.output[1])  # shares its weights with model
    batches = Augmented(*train_set, seed)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=1e-5,
        warmup_target=PEAK_LEARNING_RATE,
        warmup_steps=len(batches),
        decay_steps=len(batches) * (epochs - 1),
    )
    learner.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    # Shuffling is Augmented's own work.
    learner.fit(batches, epochs=epochs, shuffle=False, verbose=2)
    accuracies = {
        "seed": seed,
        "train_accuracy": _accuracy(learner, *train_set),
        "test_accuracy": _accuracy(learner, *test_set),
    }
    print(accuracies, flush=True)
    return model, accuracies


def _accuracy(learner, images, labels):
    probabilities = learner.predict(images, batch_size=256, verbose=0)
    return round(float(np.mean(probabilities.argmax(axis=-1) == labels)), 4)


def ship(model, accuracies, epochs, command):
    """Write the weights, then the card with their sha256; each is moved into place whole."""
    file = WEIGHTS_FOLDER / f"{NAME}.weights.h5"
    unfinished = WEIGHTS_FOLDER / f"{NAME}.unfinished.weights.h5"
    model.save_weights(unfinished)
    os.replace(unfinished, file)
    card = {
        "name": NAME,
        "weights": file.name,
        "sha256": sha256(file),
        "bytes": file.stat().st_size,
        "image_shape": classifier.IMAGE_SHAPE,
        "feature_width": classifier.FEATURE_WIDTH,
        "classes": classifier.CLASSES,
        "trained_on": "the 60,000 training images of Fashion-MNIST",
        "shipped_seed": accuracies[0]["seed"],
        "accuracies": accuracies,
        "training": {
            "epochs": epochs,
            "batch": BATCH,
            "optimizer": f"AdamW, weight decay {WEIGHT_DECAY}",
            "learning_rate": f"up to {PEAK_LEARNING_RATE} in the first epoch, then cosine decay to 0",
            "augmentation": f"left-right flips, shifts of up to {MAX_SHIFT} pixels",
        },
        "command": command,
        "date": datetime.date.today().isoformat(),
        "machine": machine.in_words(),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
    }
    unfinished = WEIGHTS_FOLDER / f"{NAME}.unfinished.json"
    unfinished.write_text(json.dumps(card, indent=2) + "\n")
    os.replace(unfinished, WEIGHTS_FOLDER / f"{NAME}.json")


def main():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--epochs", type=int, default=14)
    arguments = parser.parse_args()
    train_set, test_set = [
        (data.load_arrays("fashion_mnist", split), np.asarray(data.load_labels("fashion_mnist", split)))
        for split in ("train", "test")
    ]
    trained = [train(seed, arguments.epochs, train_set, test_set) for seed in arguments.seeds]
    seeds = " ".join(map(str, arguments.seeds))
    command = f"python -m tools.train_classifier --seeds {seeds} --epochs {arguments.epochs}"
    ship(trained[0][0], [accuracies for _, accuracies in trained], arguments.epochs, command)


if __name__ == "__main__":
    main()
