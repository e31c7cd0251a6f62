"""Train the `fashion_mnist_classifier` extractor; its weights and card go to wgan_keras/metrics/weights.

    python -m tools.train_classifier --seeds 0 1

trains one network a seed (14 epochs, about half an hour a seed on two busy cores), tests each once, after its last
epoch, and ships the first seed's, whatever the others reached. The card records every seed's test accuracy.
"""

import functools

import numpy as np

from tools.classifier_training import Classifier, main
from wgan_keras import data
from wgan_keras.metrics import classifier


def accuracies(learner, images, labels):
    probabilities = learner.predict(data.scale(images), batch_size=256, verbose=0)
    return {"accuracy": np.mean(probabilities.argmax(axis=-1) == labels)}


def facts(train_set, test_set):
    return {"classes": classifier.CLASSES, "trained_on": "the 60,000 training images of Fashion-MNIST"}


FASHION_MNIST = Classifier(
    build=classifier.build_classifier,
    read=functools.partial(data.load_raw, "fashion_mnist", labels=True),
    accuracies=accuracies,
    facts=facts,
    epochs=14,
    background=0,  # black
    shift=1,
)

if __name__ == "__main__":
    main("tools.train_classifier", __doc__, FASHION_MNIST)
