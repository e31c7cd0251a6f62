"""The training of a classifier whose features an extractor takes: by several seeds, of which the first is shipped."""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np

from benchmarks import command_line, machine
from wgan_keras import data
from wgan_keras.files.saving import sha256, whole_file, write_json
from wgan_keras.metrics.trained import FOLDER

BATCH = 128
PEAK_LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-3


class Classifier(NamedTuple):
    """What sets one classifier's training apart from another's.

    build: () -> the untrained model: images -> [features, probabilities, ...].
    read: a split -> (uint8 images, labels): an array of labels for each of the probabilities, in a tuple if several.
    accuracies: (model of the probabilities alone, images, labels) -> {name: share}.
    facts: (training set, test set) -> what else the card says.
    epochs: unless the command says otherwise.
    background, shift, most: as `Augmented` takes them.
    """

    build: Callable[[], keras.Model]
    read: Callable[[str], tuple[np.ndarray, Any]]
    accuracies: Callable[..., dict[str, float]]
    facts: Callable[..., dict[str, Any]]
    epochs: int
    background: int
    shift: int
    most: int | None = None


class Augmented(keras.utils.PyDataset):
    """Shuffled batches of images, half of them flipped left-right, all shifted by some pixels.

    Args:
        images: uint8 (N, height, width, channels).
        labels: an array (N,), or several in a tuple.
        background: the pixel value that comes in at the edge.
        shift: pixels at most, each way.
        seed: of everything random.
        most: pictures of one class, of the first labels, in an epoch, others in each; None for all.
    """

    def __init__(self, images, labels, background, shift, seed, most=None):
        super().__init__()
        edge = ((0, 0), (shift, shift), (shift, shift), (0, 0))
        padded = np.pad(images, edge, constant_values=background)
        # (image, row shift, column shift, channel, row, column): a view, nothing is copied until a batch is taken.
        self.shifted = np.lib.stride_tricks.sliding_window_view(padded, images.shape[1:3], axis=(1, 2))
        self.labels, self.shift, self.most = labels, shift, most
        self.random = np.random.default_rng(seed)
        self.order = self._new_order()

    def __len__(self):
        return len(self.order) // BATCH

    def __getitem__(self, index):
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        rows, columns = self.random.integers(0, 2 * self.shift + 1, (2, BATCH))
        batch = data.scale(np.moveaxis(self.shifted[chosen, rows, columns], 1, -1))
        flip = self.random.random(BATCH) < 0.5
        batch[flip] = batch[flip, :, ::-1]
        return batch, keras.tree.map_structure(lambda labels: labels[chosen], self.labels)

    def on_epoch_end(self):
        self.order = self._new_order()

    def _new_order(self):
        order = self.random.permutation(len(self.shifted))
        if self.most is None:
            return order
        classes = self.labels[0][order]
        some = [order[classes == number][: self.most] for number in np.unique(classes)]
        return self.random.permutation(np.concatenate(some))


def fit(learner, batches, epochs):
    """Trains a model of probabilities on batches; the learning rate rises in the first epoch and then falls to 0."""
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=1e-5,
        warmup_target=PEAK_LEARNING_RATE,
        warmup_steps=len(batches),
        decay_steps=len(batches) * (epochs - 1),
    )
    learner.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY),
        loss=["sparse_categorical_crossentropy"] * len(learner.outputs),
    )
    # Shuffling is Augmented's own work.
    learner.fit(batches, epochs=epochs, shuffle=False, verbose=2)


def train(classifier, seed, epochs, train_set, test_set):
    """One network from one seed, and its accuracies."""
    keras.utils.set_random_seed(seed)
    model = classifier.build()
    _, *probabilities = model.output
    learner = keras.Model(model.input, probabilities if len(probabilities) > 1 else probabilities[0])
    fit(learner, Augmented(*train_set, classifier.background, classifier.shift, seed, classifier.most), epochs)
    found = {"seed": seed}
    for split, images_and_labels in zip(data.SPLITS, (train_set, test_set), strict=True):
        for name, share in classifier.accuracies(learner, *images_and_labels).items():
            found[f"{split}_{name}"] = round(float(share), 4)
    print(found, flush=True)
    return model, found


def ship(model, shift, epochs, accuracies, **facts):
    """Write the weights, then the card with their sha256; each is moved into place whole.

    Args:
        model: of the first seed; its name is the extractor's.
        shift: pixels that images were shifted by at most.
        epochs: how often it was trained on them.
        accuracies: a dictionary for each seed.
        facts: what else the card says.
    """
    file = FOLDER / f"{model.name}.weights.h5"
    with whole_file(file) as temporary:
        model.save_weights(temporary)
    card = {
        "name": model.name,
        "weights": file.name,
        "sha256": sha256(file),
        "bytes": file.stat().st_size,
        "image_shape": model.input_shape[1:],
        "feature_width": model.output_shape[0][-1],
        **facts,
        "shipped_seed": accuracies[0]["seed"],
        "accuracies": accuracies,
        "training": {
            "epochs": epochs,
            "batch": BATCH,
            "optimizer": f"AdamW, weight decay {WEIGHT_DECAY}",
            "learning_rate": f"up to {PEAK_LEARNING_RATE} in the first epoch, then cosine decay to 0",
            "augmentation": f"left-right flips, shifts of up to {shift} pixels",
        },
        "date": datetime.date.today().isoformat(),
        "machine": machine.in_words(),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
    }
    write_json(FOLDER / f"{model.name}.json", card)


def main(module, docstring, classifier):
    """The command line `python -m module` of one classifier's training."""
    parser = command_line.parser(module, docstring)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1], help="the first one's is shipped; %(default)s")
    parser.add_argument("--epochs", type=int, default=classifier.epochs, help="%(default)s")
    options = parser.parse_args()
    sets = [classifier.read(split) for split in data.SPLITS]
    models, accuracies = zip(*(train(classifier, seed, options.epochs, *sets) for seed in options.seeds), strict=True)
    seeds = " ".join(map(str, options.seeds))
    command = f"python -m {module} --seeds {seeds} --epochs {options.epochs}"
    ship(models[0], classifier.shift, options.epochs, accuracies, **classifier.facts(*sets), command=command)
