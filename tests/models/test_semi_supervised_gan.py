"""SemiSupervisedGAN: its losses as a softmax over K + 1 classes, images without labels, what its critic must return."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import wgan_keras as wk
from wgan_keras import losses
from wgan_keras.explore.model import Model

K = 3
CENTERS = np.array([[2, 0], [-2, 0], [0, 2]], "float32")


def labeled(n, seed=0):
    """n points around the center of their class, and their classes."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, K, n)
    return (CENTERS[y] + 0.3 * rng.normal(size=(n, 2))).astype("float32"), y


@pytest.fixture
def game():
    keras.utils.set_random_seed(0)
    critic = wk.networks.mlp_classifier((2,), K, units=16, depth=1)
    model = wk.SemiSupervisedGAN(wk.networks.mlp_generator((2,), 2, units=16, depth=1), critic, seed=0)
    model.compile(*(keras.optimizers.Adam(3e-3, 0.5) for _ in range(2)))
    return model


def test_the_losses_are_cross_entropies_of_a_softmax_over_one_class_more():
    """By p_model over K + 1 classes, the last logit 0, in float64 (section 5 of the paper)."""
    rng = np.random.default_rng(0)
    real, fake = 3 * rng.normal(size=(2, 5, K))
    classes = np.array([2, -1, 0, 1, -1])

    def p(logits):
        e = np.exp(np.concatenate([logits, np.zeros((len(logits), 1))], 1))
        return e / e.sum(1, keepdims=True)

    has = classes >= 0
    given_real = p(real)[np.arange(5), classes] / (1 - p(real)[:, K])
    supervised = -np.log(given_real[has]).mean()
    unsupervised = -np.log(1 - p(real)[:, K]).mean() - np.log(p(fake)[:, K]).mean()
    np.testing.assert_allclose(losses.supervised_loss(real, ops.one_hot(classes, K)), supervised, rtol=1e-5)
    np.testing.assert_allclose(losses.unsupervised_loss(real, fake), unsupervised, rtol=1e-5)
    np.testing.assert_allclose(losses.realness_generator_loss(fake), -np.log(1 - p(fake)[:, K]).mean(), rtol=1e-5)


def test_the_labels_are_the_critics_alone(game):
    """The generator takes none: nothing that draws samples asks for them."""
    assert game.loop(2, 3, seed=0).shape == (2, 3, 2)
    assert game.interpolate(2, 3, seed=0).shape == (2, 3, 2)
    assert Model("game", game).description()["classes"] is None


@pytest.mark.usefixtures("eagerly")
def test_images_without_labels_have_no_part_in_the_supervised_loss_and_are_not_counted(game):
    x, y = labeled(8)
    y[::2] = -1
    logs = game.test_on_batch(x, y, return_dict=True)
    alone = game.test_on_batch(x[1::2], y[1::2], return_dict=True)
    np.testing.assert_allclose(logs["supervised_loss"], alone["supervised_loss"], rtol=1e-5)
    np.testing.assert_allclose(logs["labeled_accuracy"], alone["labeled_accuracy"])
    assert game.test_on_batch(x, -np.ones(8, int), return_dict=True)["supervised_loss"] == 0
    game.train_on_batch(x, y)
    np.testing.assert_array_equal(game.label_counts, np.bincount(y[1::2], minlength=K))


@pytest.mark.parametrize("eager", [pytest.param(False, marks=pytest.mark.long), True])
def test_over_batches_the_logs_are_means_over_the_images_with_a_label(game, eager):
    """Wherever they are: 3 of them in the first of four batches, none in the second, 1 in the third, 2 in the last."""
    game.compile(run_eagerly=eager)
    x, y = labeled(4 * 8 - 3)
    y[[0, 8, 17, 26]] = (y[[0, 8, 17, 26]] + 1) % K
    y[~np.isin(np.arange(len(y)), [0, 1, 2, 17, 26, 27])] = -1
    has = y >= 0
    of_them = game.test_on_batch(x[has], y[has], return_dict=True)
    found = game.evaluate(x, y, batch_size=8, verbose=0, return_dict=True)
    for name in ("supervised_loss", "labeled_accuracy"):
        np.testing.assert_allclose(found[name], of_them[name], rtol=1e-5)
    frozen = keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0)  # a fit that moves nothing logs the same
    game.compile(*frozen, run_eagerly=eager)
    history = game.fit(x[:24], y[:24], batch_size=8, shuffle=False, verbose=0).history
    has[24:] = False
    of_them = game.test_on_batch(x[has], y[has], return_dict=True)
    for name in ("supervised_loss", "labeled_accuracy"):
        np.testing.assert_allclose(history[name], of_them[name], rtol=1e-5)
    assert "labeled" not in history


def test_one_label_a_class_classifies_the_clusters(game):
    x, y = labeled(2_048)
    first = [int(np.argmax(y == k)) for k in range(K)]
    images = np.concatenate([x, np.repeat(x[first], 600, axis=0)])
    labels = np.concatenate([np.full(len(x), -1), np.repeat(np.arange(K), 600)])
    history = game.fit(images, labels, batch_size=64, epochs=2, verbose=0, validation_data=labeled(256, seed=1))
    assert history.history["val_labeled_accuracy"][-1] > 0.97


@pytest.mark.usefixtures("eagerly")
def test_it_samples_without_labels_and_says_which_it_takes(game):
    assert game.sample(4, seed=0).shape == (4, 2)
    with pytest.raises(ValueError, match="the generator takes none"):
        game.sample(labels=[0])
    x, y = labeled(8)
    with pytest.raises(ValueError, match=r"A label is 3; expected whole numbers from -1 to 2 \(-1: no label\)"):
        game.fit(x, y + 1, batch_size=4)
    y[6] = -2
    with pytest.raises(ValueError, match=r"Batch 1: A label is -2; expected whole numbers from -1 to 2"):
        game.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(4), verbose=0)
    with pytest.raises(ValueError, match="the data are images alone"):
        game.fit(x, batch_size=4)


def test_a_critic_without_logits_and_a_generator_with_labels_are_refused(tiny):
    with pytest.raises(ValueError, match=r"returns \(None, 1\); expected a generator of latents alone"):
        tiny(wk.SemiSupervisedGAN)
    shape = (8, 8, 1)
    generator = wk.networks.dcgan_generator(shape, 2, 1, classes=K)
    with pytest.raises(ValueError, match="The generator takes 2 inputs"):
        wk.SemiSupervisedGAN(generator, wk.networks.dcgan_classifier(shape, K, width=1))
