"""Train the `fashion_mnist_classifier` extractor; its weights and card go to wgan_keras/metrics/weights.

    python -m tools.train_classifier --seeds 0 1

trains one network a seed (14 epochs, about half an hour a seed on two busy cores), tests each once, after its last
epoch, and ships the first seed's, whatever the others reached. The card records every seed's test accuracy.
"""

import keras
import numpy as np

from benchmarks import command_line
from tools.classifier_training import Augmented, fit, ship
from wgan_keras import data
from wgan_keras.metrics import classifier

BLACK = 0  # the background
MAX_SHIFT = 1  # pixels


def train(seed, epochs, train_set, test_set):
    """One network from one seed: the [features, probabilities] model, its batches and its accuracies."""
    keras.utils.set_random_seed(seed)
    model = classifier.build_classifier()
    learner = keras.Model(model.input, model.output[1])  # shares its weights with model
    batches = Augmented(*train_set, BLACK, MAX_SHIFT, seed)
    fit(learner, batches, epochs)
    accuracies = {
        "seed": seed,
        "train_accuracy": _accuracy(learner, *train_set),
        "test_accuracy": _accuracy(learner, *test_set),
    }
    print(accuracies, flush=True)
    return model, batches, accuracies


def _accuracy(learner, images, labels):
    probabilities = learner.predict(data.scale(images), batch_size=256, verbose=0)
    return round(float(np.mean(probabilities.argmax(axis=-1) == labels)), 4)


def main():
    parser = command_line.parser("tools.train_classifier", __doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--epochs", type=int, default=14)
    arguments = parser.parse_args()
    train_set, test_set = (data.load_raw("fashion_mnist", split, labels=True) for split in data.SPLITS)
    trained = [train(seed, arguments.epochs, train_set, test_set) for seed in arguments.seeds]
    model, batches, _ = trained[0]
    seeds = " ".join(map(str, arguments.seeds))
    ship(
        *(model, batches, arguments.epochs, [accuracies for *_, accuracies in trained]),
        classes=classifier.CLASSES,
        trained_on="the 60,000 training images of Fashion-MNIST",
        command=f"python -m tools.train_classifier --seeds {seeds} --epochs {arguments.epochs}",
    )


if __name__ == "__main__":
    main()
