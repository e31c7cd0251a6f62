"""The classifier of emoji on characters that it has not seen, and what damage does to its features."""

import pathlib

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from wgan_keras import data, metrics
from wgan_keras.metrics import emoji_classifier
from wgan_keras.metrics.trained import load_trained

SAMPLE = pathlib.Path(__file__).parents[1] / "data" / "emoji_families"


@pytest.fixture(scope="module")
def held_out():
    """(images, categories, families) of the sample's test split."""
    images, categories = data.load_raw("emoji_families", "test", SAMPLE, labels=True)
    return data.scale(images), categories, data.load_attribute("emoji_families", "family", "test", SAMPLE)


def test_it_tells_categories_and_families_of_held_out_characters(held_out):
    images, categories, families = held_out
    model, _ = load_trained(emoji_classifier.build_emoji_classifier, emoji_classifier.CARD)
    features, *found = model.predict_on_batch(images)
    assert features.shape == (len(images), emoji_classifier.FEATURE_WIDTH)
    assert np.mean(found[0].argmax(axis=1) == categories) > 0.7
    assert np.mean(found[1].argmax(axis=1) == families) > 0.9


def test_the_extractor_gives_the_categories_in_the_order_of_the_labels(held_out):
    images, categories, _ = held_out
    extracted = metrics.load_extractor("emoji_classifier")(images)
    np.testing.assert_allclose(extracted.probabilities.sum(axis=1), 1, rtol=1e-5)
    assert metrics.label_accuracy(extracted.probabilities, categories).mean() > 0.6


def test_the_card_keeps_its_promises():
    card = metrics.load_extractor("emoji_classifier").card
    assert card["categories"] == list(data.class_names("emoji_families"))
    assert card["families"] == list(data.attributes("emoji_families")["family"])
    assert len(card["accuracies"]) >= 2
    for each in card["accuracies"]:
        assert each["test_category_accuracy"] >= 0.8 and each["test_family_accuracy"] >= 0.95
    assert (emoji_classifier.CARD.parent / card["weights"]).stat().st_size < 3e6


def noise(images, level):
    return np.clip(images + level * np.random.default_rng(0).standard_normal(images.shape, np.float32), -1, 1)


def blur(images, level):
    return gaussian_filter(images, (0, level, level, 0))


def weave(images, level):
    rows, columns = np.indices(images.shape[1:3])
    return np.clip(images + level * np.where((rows + columns) % 2, 1, -1)[..., None], -1, 1).astype("float32")


@pytest.mark.parametrize(
    ("damage", "levels"), [(noise, [0, 0.1, 0.2, 0.4]), (blur, [0, 1, 2, 4]), (weave, [0, 0.1, 0.2, 0.4])]
)
def test_damage_moves_the_features_away(held_out, damage, levels):
    images, *_ = held_out
    extractor = metrics.load_extractor("emoji_classifier")
    means = [extractor(damage(images, level)).features.mean(axis=0) for level in levels]
    away = [np.linalg.norm(mean - means[0]) for mean in means]
    assert away[0] == 0 and np.all(np.diff(away) > 0), away


def test_its_protocols():
    protocol = metrics.parse_protocol("conditional_emoji_classifier_1k")
    assert protocol.metrics == ("intra_fid", "label_accuracy", "intra_diversity")
    assert metrics.EXTRACTORS[protocol.extractor].data == "emoji_families"
