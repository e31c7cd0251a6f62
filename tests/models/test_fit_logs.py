"""What `fit` logs, of the images it trains on and of held-out ones, and what it minimizes beside."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import wgan_keras as wk
from wgan_keras.models.log_means import Means

# Of unconditional games; that they say so has a test of its own.
pytestmark = pytest.mark.filterwarnings("ignore:The data have labels")

EAGER = {"run_eagerly": True}
Dataset = tf.data.Dataset


@pytest.mark.parametrize(
    ("game", "names"),
    [
        (wk.GAN, {"critic_loss", "generator_loss", "js_estimate", "critic_accuracy"}),
        (wk.WGAN, {"critic_loss", "generator_loss", "wasserstein_estimate", "clipped_fraction"}),
        (wk.WGANGP, {"critic_loss", "generator_loss", "wasserstein_estimate", "gradient_penalty", "gradient_norm"}),
    ],
)
def test_the_logs_are_the_documented_ones_and_their_held_out_twins(tiny, points, game, names):
    history = tiny(game, compile=EAGER).fit(points(8), batch_size=4, validation_data=points(4), verbose=0).history
    assert set(history) == names | {
        f"val_{name}" for name in names - {"clipped_fraction"}
    }  # the weights', not the data's
    assert np.isfinite([values[0] for values in history.values()]).all()


def frozen_game(game=wk.WGANGP, regularizer=None):
    """A critic f(x) = x_0 + 2 x_1 and a generator of (1, 1); learning rates 0."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, bias_regularizer=regularizer)])
    generator.set_weights([np.zeros((2, 2)), np.ones(2)])
    critic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_regularizer=regularizer)])
    critic.set_weights([np.float32([[1], [2]]), np.zeros(1)])
    model = game(generator, critic, n_critic=2)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0), run_eagerly=True)
    return model


def test_a_log_is_the_mean_over_all_updates_of_the_epoch(points):
    x = points(24)
    history = frozen_game().fit(x, batch_size=4, verbose=0).history
    np.testing.assert_allclose(history["wasserstein_estimate"], (x @ [1, 2]).mean() - 3, rtol=1e-5)
    np.testing.assert_allclose(history["generator_loss"], -3, rtol=1e-6)


def test_a_metric_of_a_game_of_ones_own_is_logged_and_begins_anew_with_each_epoch(points):
    class Counted(wk.GAN):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.minibatches = keras.metrics.Sum("minibatches")

        def after_update(self, role):
            if role == "critic":
                self.minibatches.update_state(1.0)

    history = frozen_game(Counted).fit(points(8), batch_size=4, epochs=2, validation_data=points(4), verbose=0).history
    assert history["minibatches"] == [2, 2] and "val_minibatches" not in history

    class Naming(Counted):
        @property
        def metrics(self):
            return [*super().metrics, self.minibatches]  # as Keras's models do

    assert [
        [metric.name for metric in frozen_game(each).metrics].count("minibatches") for each in (Counted, Naming)
    ] == [1, 1]


def test_losses_are_logged_without_regularization_in_training_and_validation(points):
    x = points(24)
    plain, regularized = (
        frozen_game(regularizer=each).fit(x, batch_size=24 // 2, validation_data=x, verbose=0).history
        for each in (None, keras.regularizers.L2(3.0))
    )
    for name in ("critic_loss", "generator_loss", "val_critic_loss", "val_generator_loss"):
        np.testing.assert_allclose(regularized[name], plain[name], rtol=1e-6)


@pytest.mark.parametrize("kind", ["array", "(array, labels)", "dataset of (x, y)"])
def test_the_held_out_estimate_is_the_mean_over_all_held_out_images(points, kind):
    """Also when the last batch is smaller: each image counts once. Labels do not."""
    x, y = points(9, seed=3), np.zeros(9)
    kinds = {"array": x, "(array, labels)": (x, y), "dataset of (x, y)": Dataset.from_tensor_slices((x, y)).batch(4)}
    history = frozen_game().fit(points(8), batch_size=4, validation_data=kinds[kind], verbose=0).history
    np.testing.assert_allclose(history["val_wasserstein_estimate"], (x @ [1, 2]).mean() - 3, rtol=1e-5)


def test_evaluate_is_the_mean_over_all_images(points):
    x = points(9)
    logs = frozen_game().evaluate(x, batch_size=4, verbose=0, return_dict=True)
    np.testing.assert_allclose(logs["wasserstein_estimate"], (x @ [1, 2]).mean() - 3, rtol=1e-5)


class Spread(wk.WGAN):
    """Of one image its critic's loss is 0 / 0."""

    least_images = 2

    def critic_loss(self, critic, real, fake, seed):
        m = ops.cast(ops.shape(real)[0], "float32")
        return ops.sum(ops.square(real - ops.mean(real, axis=0))) / (m - 1), {}


def test_a_batch_of_too_few_images_does_not_count(points):
    x = points(9)
    logs = frozen_game(Spread).evaluate(x, batch_size=4, verbose=0, return_dict=True)
    np.testing.assert_allclose(logs["critic_loss"], x[:8].reshape(2, 4, 2).var(axis=1, ddof=1).sum() / 2, rtol=1e-5)


def test_what_is_over_some_of_too_few_images_does_not_count_either():
    means = Means(("accuracy",), {"accuracy": "labeled"})
    means.update({"accuracy": 0.75, "labeled": 4.0}, weight=8)
    means.update({"accuracy": 0.0, "labeled": 1.0}, weight=0)
    means.update({"accuracy": np.nan, "labeled": 0.0}, weight=8)
    assert [float(each.result()) for each in means.metrics] == [0.75]


def test_one_batch_is_tested_as_it_is_evaluated(points):
    logs = frozen_game().test_on_batch((points(9), np.zeros(9)), return_dict=True)
    assert logs == frozen_game().evaluate(points(9), batch_size=9, verbose=0, return_dict=True)


def test_validation_split_holds_out_the_end(points):
    """The last fifth is far away and shows only in the held-out estimate."""
    x = points(20)
    x[16:] += 100
    history = frozen_game().fit(x, batch_size=4, validation_split=0.2, verbose=0).history
    np.testing.assert_allclose(history["wasserstein_estimate"], (x[:16] @ [1, 2]).mean() - 3, rtol=1e-5)
    np.testing.assert_allclose(history["val_wasserstein_estimate"], (x[16:] @ [1, 2]).mean() - 3, rtol=1e-5)


def test_the_critic_overfits_what_it_trains_on():
    """What the held-out estimate is for: 8 images learned by heart are far, other images of the same kind are not."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    train, held_out = rng.normal(size=(2, 8, 20)).astype("float32")
    generator = keras.Sequential([keras.Input((20,)), keras.layers.Dense(20)])
    generator.set_weights([np.eye(20), np.zeros(20)])  # the truth: N(0, 1)
    model = wk.WGANGP(generator, wk.networks.mlp_critic((20,), units=32, depth=1), n_critic=200, seed=0)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.Adam(0.01, 0.5, 0.9))
    model.fit(np.tile(train, (200, 1)), batch_size=8, verbose=0)
    learned, new = (
        model.evaluate(np.tile(x, (64, 1)), batch_size=512, verbose=0, return_dict=True)["wasserstein_estimate"]
        for x in (train, held_out)
    )
    assert learned > 3 and new < learned / 3


def test_losses_that_layers_add_count():
    """A regularizer of the user's own critic pulls its weights as in any Keras model."""
    critic = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, use_bias=False, kernel_regularizer=keras.regularizers.L2(0.5))]
    )
    critic.set_weights([np.float32([[1], [2]])])
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    generator.set_weights([np.zeros((2, 2)), np.ones(2)])
    model = wk.WGAN(generator, critic, clip_value=10)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.1))
    model.critic_step(tf.ones((4, 2)))  # real and fake agree: the regularizer's gradient w is all there is
    np.testing.assert_allclose(critic.get_weights()[0], [[0.9], [1.8]], rtol=1e-5)


class Mean(keras.layers.Layer):
    """The identity, with the mean of what comes in as a loss."""

    def call(self, x):
        self.add_loss(keras.ops.mean(x))
        return x


@pytest.mark.parametrize("game", [wk.GAN, wk.WGAN, wk.WGANGP])
def test_a_loss_of_the_critics_outputs_is_the_mean_over_real_and_fake_images(game):
    """All scores are zero, so that it is all there is; the images are 5 and 1."""
    shift = keras.layers.Dense(2, kernel_initializer="identity", trainable=True)
    score = keras.layers.Dense(1, kernel_initializer="zeros", trainable=False)
    critic = keras.Sequential([keras.Input((2,)), shift, Mean(), score])
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    generator.set_weights([np.zeros((2, 2)), np.ones(2)])
    options = {"clip_value": 10} if game is wk.WGAN else {}
    model = game(generator, critic, **options)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.1))
    model.critic_step(tf.fill((4, 2), 5.0))
    kernel, bias = shift.get_weights()
    # Of mean(x W + b) over both: the derivatives are (5 + 1) / 2 / 2 and 1 / 2.
    np.testing.assert_allclose(kernel, np.eye(2) - 0.1 * 3 / 2, rtol=1e-5)
    np.testing.assert_allclose(bias, [-0.05, -0.05], rtol=1e-5)


class AtALayer(wk.GAN):
    """Scores count nothing; it asks for the output of the critic's second layer too, or, not `whole`, for it alone."""

    whole = True

    def critic_loss(self, critic, real, fake, seed):
        values = [critic.at(self.critic.layers[1].output, x) for x in ((real,) if self.whole else (real, fake))]
        values += [critic(real), critic(fake)] if self.whole else []
        return 0.0 * sum(ops.sum(value) for value in values), {}


class AtALayerAlone(AtALayer):
    whole = False


@pytest.mark.parametrize("game", [AtALayer, AtALayerAlone])
def test_weights_count_once_and_passes_through_a_part_only_where_there_are_no_others(game):
    """The images are 5 and 1 again; the last layer, through which not all passes lead, has a regularizer."""
    shift, l2 = keras.layers.Dense(2, kernel_initializer="identity"), keras.regularizers.L2(1.0)
    score = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", kernel_regularizer=l2)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    generator.set_weights([np.zeros((2, 2)), np.ones(2)])
    model = game(generator, keras.Sequential([keras.Input((2,)), shift, Mean(), score]))
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.1))
    model.critic_step(tf.fill((4, 2), 5.0))
    np.testing.assert_allclose(shift.get_weights()[0], np.eye(2) - 0.1 * 3 / 2, rtol=1e-5)
    np.testing.assert_allclose(score.get_weights()[0], [[0.8], [0.8]], rtol=1e-6)
