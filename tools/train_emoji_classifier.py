"""Train the `emoji_classifier` extractor; its weights and card go to wgan_keras/metrics/weights.

    python -m tools.train_emoji_classifier --seeds 0 1

trains one network a seed on the categories and the families of `emoji_families`, tests each once, after its last epoch,
on characters that it has not seen in any family, and ships the first seed's, whatever the others reached. The card
records every seed's accuracies. About seven minutes a seed on one core.
"""

import keras
import numpy as np

from benchmarks import command_line
from tools.classifier_training import Augmented, fit, ship
from wgan_keras import data
from wgan_keras.metrics import emoji_classifier

NAME = "emoji_families"
WHITE = 255  # the background
MAX_SHIFT = 4  # pixels
MOST = 1_500  # pictures of a category in an epoch: three of five show people, most of them in other colors of skin


def read(split):
    """(images, (categories, families))."""
    images, categories = data.load_raw(NAME, split, image_size=emoji_classifier.IMAGE_SHAPE[0], labels=True)
    return images, (categories, data.load_attribute(NAME, "family", split))


def train(seed, epochs, train_set, test_set):
    """One network from one seed: the [features, categories, families] model, its batches and its accuracies."""
    keras.utils.set_random_seed(seed)
    model = emoji_classifier.build_emoji_classifier()
    learner = keras.Model(model.input, model.output[1:])  # shares its weights with model
    batches = Augmented(*train_set, WHITE, MAX_SHIFT, seed, MOST)
    fit(learner, batches, epochs)
    accuracies = {"seed": seed, **_accuracies(learner, "train", *train_set), **_accuracies(learner, "test", *test_set)}
    print(accuracies, flush=True)
    return model, batches, accuracies


def _accuracies(learner, split, images, labels):
    """Of both facts; and of the categories the mean of each one's accuracy, as most emoji show people."""
    batches = [data.scale(images[start : start + 256]) for start in range(0, len(images), 256)]
    found = [np.concatenate(each) for each in zip(*map(learner.predict_on_batch, batches), strict=True)]
    right = [probabilities.argmax(axis=-1) == numbers for probabilities, numbers in zip(found, labels, strict=True)]
    by_category = [np.mean(right[0][labels[0] == number]) for number in range(emoji_classifier.CATEGORIES)]
    values = {"category": np.mean(right[0]), "category_mean": np.mean(by_category), "family": np.mean(right[1])}
    return {f"{split}_{name}_accuracy": round(float(value), 4) for name, value in values.items()}


def main():
    parser = command_line.parser("tools.train_emoji_classifier", __doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--epochs", type=int, default=30)
    arguments = parser.parse_args()
    train_set, test_set = map(read, data.SPLITS)
    trained = [train(seed, arguments.epochs, train_set, test_set) for seed in arguments.seeds]
    model, batches, _ = trained[0]
    seeds = " ".join(map(str, arguments.seeds))
    ship(
        *(model, batches, arguments.epochs, [accuracies for *_, accuracies in trained]),
        categories=data.class_names(NAME),
        families=data.attributes(NAME)["family"],
        trained_on=f"the {len(train_set[0]):,} training pictures of {NAME}, tested on {len(test_set[0]):,}",
        command=f"python -m tools.train_emoji_classifier --seeds {seeds} --epochs {arguments.epochs}",
    )


if __name__ == "__main__":
    main()
