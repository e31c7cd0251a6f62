"""Train the `emoji_classifier` extractor; its weights and card go to wgan_keras/metrics/weights.

    python -m tools.train_emoji_classifier --seeds 0 1

trains one network a seed on the categories and the families of `emoji_families`, tests each once, after its last epoch,
on characters that it has not seen in any family, and ships the first seed's, whatever the others reached. The card
records every seed's accuracies. About seven minutes a seed on one core.
"""

import numpy as np

from tools.classifier_training import Classifier, main
from wgan_keras import data
from wgan_keras.metrics import emoji_classifier

NAME = "emoji_families"


def read(split):
    """(images, (categories, families))."""
    images, categories = data.load_raw(NAME, split, image_size=emoji_classifier.IMAGE_SHAPE[0], labels=True)
    return images, (categories, data.load_attribute(NAME, "family", split))


def accuracies(learner, images, labels):
    """Of both facts; and of the categories the mean of each one's accuracy, as most emoji show people."""
    batches = [data.scale(images[start : start + 256]) for start in range(0, len(images), 256)]
    found = [np.concatenate(each) for each in zip(*map(learner.predict_on_batch, batches), strict=True)]
    right = [probabilities.argmax(axis=-1) == numbers for probabilities, numbers in zip(found, labels, strict=True)]
    by_category = [np.mean(right[0][labels[0] == number]) for number in range(emoji_classifier.CATEGORIES)]
    return {
        "category_accuracy": np.mean(right[0]),
        "category_mean_accuracy": np.mean(by_category),
        "family_accuracy": np.mean(right[1]),
    }


def facts(train_set, test_set):
    return {
        "categories": data.class_names(NAME),
        "families": data.attributes(NAME)["family"],
        "trained_on": f"the {len(train_set[0]):,} training pictures of {NAME}, tested on {len(test_set[0]):,}",
    }


EMOJI = Classifier(
    build=emoji_classifier.build_emoji_classifier,
    read=read,
    accuracies=accuracies,
    facts=facts,
    epochs=30,
    background=255,  # white
    shift=4,
    most=1_500,  # of a category in an epoch: three of five show people, most of them in other colors of skin
)

if __name__ == "__main__":
    main("tools.train_emoji_classifier", __doc__, EMOJI)
