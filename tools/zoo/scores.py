"""The scores on a preset's card: of the best and of the final state, over sampling seeds that chose neither."""

import numpy as np

from benchmarks.spread import spreads
from wgan_keras import data, metrics, scoring

_OF_EMOJI = {"emoji_families": "1k", "emoji": "300"}  # as many samples as there are test pictures
SAMPLING_SEEDS = (1, 2, 3)  # training chose the best state by samples of seed 0


def protocols(recipe):
    """The protocols a preset is scored under, by its data."""
    name = recipe.data["name"]
    if name == "fashion_mnist":
        by_class = ("conditional_fashion_mnist_classifier_10k",) if recipe.is_conditional else ()
        return ("all_fashion_mnist_classifier_10k", *by_class)
    if name in data.toys.mixtures():
        return (f"modes_{name}_10k", "w1_pixels_2000")
    chosen_by = recipe.evaluation["protocol"]
    if name not in _OF_EMOJI:
        return (chosen_by,)
    names = ("fid", "label_accuracy") if recipe.is_conditional else ("fid",)
    found = [f"{metric}_emoji_classifier_{_OF_EMOJI[name]}" for metric in names]
    return tuple(dict.fromkeys([*found, chosen_by]))


def references(recipe):
    """{protocol: its `metrics.Evaluation`} for a recipe."""
    return {name: scoring.reference(name, recipe.data["name"], **recipe.data_options) for name in protocols(recipe)}


def of_state(model, evaluations):
    """{"iteration", "protocols": {protocol: {score: {"mean", "std"}}}} of one state of a model over all seeds."""
    found = {}
    for name, evaluation in evaluations.items():
        reports = [scoring.evaluate(model, evaluation, seed).scores for seed in SAMPLING_SEEDS]
        found[name] = spreads(reports)
    return {"iteration": model.generator_iterations, "protocols": found}


def selection(recipe):
    """The rule by which training chose the best state, in words."""
    protocol, every = recipe.evaluation["protocol"], recipe.evaluation["every"]
    return (
        f"the best score under {protocol} of the evaluations after every {every:,} iterations, by samples of seed 0; "
        f"the scores of this card are of samples by the seeds {', '.join(map(str, SAMPLING_SEEDS))}, which had no say"
    )


def class_shares(model, evaluation):
    """Shares (10,) of the Fashion-MNIST classes among the samples of all seeds, by the evaluation's classifier."""
    tally = np.zeros(10)
    for seed in SAMPLING_SEEDS:
        for extracted in evaluation.extractor.batches(model.sample_batches(evaluation.protocol.count, seed)):
            tally += np.bincount(extracted.probabilities.argmax(axis=1), minlength=10)
    return (tally / tally.sum()).round(5).tolist()


def make(best, final, recipe, evaluations):
    """The field `scores` of a preset's metadata; `evaluations` are the recipe's `references`."""
    scores = {
        "selection": selection(recipe),
        "sampling_seeds": list(SAMPLING_SEEDS),
        "best": of_state(best, evaluations),
        "final": of_state(final, evaluations),
        "real_against_real": {name: evaluation.floor for name, evaluation in evaluations.items()},
    }
    classifier = _by_the_classifier(evaluations)
    return scores | ({"class_shares": class_shares(best, classifier)} if classifier else {})


def neighbors(model, evaluations, count=10):
    """(2 * count, ...) images: `count` samples, then to each the training image whose features are nearest.

    None where no evaluation has the features of the training images.
    """
    evaluation = _by_the_classifier(evaluations)
    if evaluation is None:
        return None
    samples = model.sample(count, seed=SAMPLING_SEEDS[0])
    nearest = metrics.nearest_neighbors(evaluation.extractor(samples).features, evaluation.neighbors).indices
    return np.concatenate([samples, data.scale(data.load_raw("fashion_mnist", "train")[nearest])])


def _by_the_classifier(evaluations):
    """The evaluation by the Fashion-MNIST classifier, which keeps the features of all training images, if any."""
    return next((each for each in evaluations.values() if each.extractor.name == "fashion_mnist_classifier"), None)
