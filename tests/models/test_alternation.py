"""Algorithm 1: who moves when, on what data."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

GAMES = [wk.GAN, *(pytest.param(game, marks=pytest.mark.long) for game in (wk.WGAN, wk.WGANGP))]


def arrays(variables):
    return [v.numpy().copy() for v in variables]


def same(before, variables):
    return [np.array_equal(a, v) for a, v in zip(before, arrays(variables), strict=True)]


@pytest.mark.parametrize("game", GAMES)
def test_a_critic_update_leaves_the_generator_untouched(with_everything, points, game):
    model = with_everything(game, critic_normalization=game is not wk.WGANGP)
    generator = model.generator.weights + model.generator_ema.weights + model.generator_optimizer.variables
    before, critic = arrays(generator), arrays(model.critic.trainable_variables)
    model.critic_step(tf.constant(points(8)))
    assert all(same(before, generator))  # batch normalization's moving statistics included
    assert not all(same(critic, model.critic.trainable_variables))
    assert int(model.critic_optimizer.iterations) == 1


@pytest.mark.parametrize("game", GAMES)
def test_a_generator_update_leaves_the_critic_untouched(with_everything, points, game):
    model = with_everything(game, critic_normalization=game is not wk.WGANGP)
    critic = model.critic.weights + model.critic_optimizer.variables
    before, generator = arrays(critic), arrays(model.generator.weights)
    model.generator_step(tf.constant(points(8)))
    assert all(same(before, critic))
    assert not any(same(generator, model.generator.weights))
    assert int(model.generator_optimizer.iterations) == 1


def test_the_other_network_is_used_in_training_mode(with_everything, points):
    """Both updates normalize by the batch: moving statistics, however wrong, have no part in them."""
    steps = []
    for wrong in (False, True):
        model = with_everything(dropout=0.0)
        for network in (model.generator, model.critic):
            for v in network.non_trainable_variables:
                if wrong and "moving" in v.path:
                    v.assign(v + 100)
        model.critic_step(tf.constant(points(8)))
        model.generator_step(tf.constant(points(8)))
        steps.append(arrays(model.generator.trainable_variables + model.critic.trainable_variables))
    for a, b in zip(*steps, strict=True):
        np.testing.assert_array_equal(a, b)


def test_each_networks_statistics_move_in_its_own_update(with_everything, points):
    model = with_everything()
    for network, step in ((model.critic, model.critic_step), (model.generator, model.generator_step)):
        statistics = [v for v in network.non_trainable_variables if "moving" in v.path]
        before = arrays(statistics)
        step(tf.constant(points(8)))
        assert len(before) == 2 and not any(same(before, statistics))


def test_validation_changes_nothing(with_everything, state_of, points):
    """No weight, no statistic, no random state of training; its own starts again each time."""
    model = with_everything()
    first = model.evaluate(points(8), batch_size=4, verbose=0, return_dict=True)
    before = state_of(model)
    assert model.evaluate(points(8), batch_size=4, verbose=0, return_dict=True) == first
    for a, b in zip(before, state_of(model), strict=True):
        np.testing.assert_array_equal(a, b)


class Recorder(wk.GAN):
    """Keeps the minibatches it meets; only for eager runs."""

    def critic_loss(self, critic, real, fake, seed):
        self.met.append(np.array(real))
        return super().critic_loss(critic, real, fake, seed)

    def draw_latents(self, batch_size, seed):
        latents = super().draw_latents(batch_size, seed)
        self.latents.append(np.array(latents))
        return latents


@pytest.fixture
def recorder(tiny):
    model = tiny(Recorder, n_critic=3, compile={"run_eagerly": True})
    model.met, model.latents = [], []
    return model


def test_a_step_meets_n_critic_consecutive_minibatches_of_a_dataset(recorder, points):
    """23 images in batches of 3: 2 steps of 3 x 3, the other 5 images are left."""
    data = points(23)
    recorder.fit(tf.data.Dataset.from_tensor_slices(data).batch(3), verbose=0)
    np.testing.assert_array_equal(recorder.met, data[:18].reshape(6, 3, 2))


def test_an_epoch_over_an_array_meets_each_image_at_most_once(recorder, points):
    data = points(14)
    recorder.fit(data, batch_size=3, epochs=2, verbose=0)
    epochs = np.array(recorder.met).reshape(2, 9, 2)
    for met in epochs:
        assert len(np.unique(met, axis=0)) == 9
        assert {tuple(p) for p in met} <= {tuple(p) for p in data}
    assert not np.array_equal(*epochs)  # reshuffled


def test_every_update_draws_fresh_latents(recorder, points):
    recorder.fit(points(18), batch_size=3, verbose=0)
    latents = np.array(recorder.latents)
    assert latents.shape == (2 * (3 + 1), 3, 2)
    assert len(np.unique(latents.reshape(-1, 2), axis=0)) == 8 * 3


@pytest.mark.parametrize("arguments", [{}, {"steps_per_execution": 4}])
def test_a_compiled_step_meets_each_minibatch_exactly_once(arguments):
    """A linear critic under plain gradient ascent adds up the means of its minibatches, whose digits tell them apart.

    The k-th minibatch of a step is (10^k, 10^k), the generator makes zeros; after s steps the weight is s * 11111.
    """
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    critic = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model = wk.WGAN(generator, critic, clip_value=1e9, n_critic=5)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(1.0), **arguments)
    data = np.tile(np.repeat(10.0 ** np.arange(5), 2), 6)[:, None].astype("float32")
    model.fit(tf.data.Dataset.from_tensor_slices(data).batch(2), verbose=0)
    np.testing.assert_allclose(critic.get_weights()[0], 6 * 11111)
    assert [int(model.critic_optimizer.iterations), int(model.generator_optimizer.iterations)] == [30, 6]


@pytest.mark.parametrize("n_critic", [9, pytest.param(1, marks=pytest.mark.long)])
def test_the_critic_update_is_traced_once_whatever_n_critic(tiny, points, n_critic):
    class Counting(wk.GAN):
        traces = 0

        def critic_loss(self, *arguments):
            Counting.traces += 1
            return super().critic_loss(*arguments)

    tiny(Counting, n_critic=n_critic).fit(points(4 * n_critic), batch_size=2, verbose=0)
    assert Counting.traces == 1


def test_the_warm_up_and_the_average_are_the_closed_form(tiny, points):
    """average <- d * average + (1 - d) * weights after every iteration t, d = min(decay, (1 + t) / (10 + t))."""
    decay, steps = 0.3, 5  # the warm-up crosses 0.3 before t = 3
    model = tiny(wk.GAN, ema_decay=decay, n_critic=1)
    model.generator_optimizer.learning_rate = 0.1
    average = arrays(model.generator.trainable_variables)
    for t in range(1, steps + 1):
        model.training_step(tf.constant(points(4, seed=t)))
        d = min(decay, (1 + t) / (10 + t))
        pairs = zip(average, arrays(model.generator.trainable_variables), strict=True)
        average = [d * a + (1 - d) * w for a, w in pairs]
    for ours, replayed in zip(model.generator_ema.trainable_variables, average, strict=True):
        np.testing.assert_allclose(ours, replayed, atol=1e-6)
    assert not np.allclose(average[0], model.generator.trainable_variables[0], atol=1e-3)


@pytest.mark.parametrize("how", [{"run_eagerly": True}, pytest.param({}, marks=pytest.mark.long)])
def test_the_warm_up_goes_on_under_new_optimizers(tiny, points, how, tmp_path):
    """Decays of steps in turn, whoever counts the iterations; and from a file without a count, as of version 0.1."""

    def decays(model, steps):
        found = []
        for seed in range(steps):
            before = model.generator_ema.trainable_variables[0].numpy()
            model.train_on_batch(points(4 * model.n_critic, seed=seed))
            toward = model.generator.trainable_variables[0].numpy() - before
            moved = model.generator_ema.trainable_variables[0].numpy() - before
            found.append(1 - np.sum(moved * toward) / np.sum(toward**2))
        return found

    def fresh(model):
        model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **how)
        return model

    warm_up = [(1 + t) / (10 + t) for t in range(1, 7)]
    model = fresh(tiny(wk.GAN, ema_decay=0.9, n_critic=1))
    found = decays(model, 2)
    fresh(model).save(tmp_path / "new.keras")
    found += decays(fresh(wk.load_model(tmp_path / "new.keras")), 2)
    np.testing.assert_allclose(found, warm_up[:4], atol=2e-3)
    decays(fresh(model), 2)  # its own steps 3 and 4
    old = without_counts(model, tmp_path)
    np.testing.assert_allclose(decays(old, 1), [warm_up[2]], atol=2e-3)  # the optimizer's third
    np.testing.assert_allclose(decays(fresh(without_counts(model, tmp_path)), 1), [warm_up[2]], atol=2e-3)
    np.testing.assert_allclose(decays(model, 1), [warm_up[4]], atol=2e-3)


def without_counts(model, folder):
    """The model from a file as earlier versions wrote it."""
    own = type(model)._own_variables
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            type(model),
            "_own_variables",
            lambda self: {name: each for name, each in own(self).items() if name != "average_steps"},
        )
        model.save(folder / "old.keras")
    return wk.load_model(folder / "old.keras")


def test_the_average_starts_as_the_generator(tiny):
    model = tiny(ema_decay=0.9)
    assert all(same(arrays(model.generator.weights), model.generator_ema.weights))


def test_the_averaged_generators_statistics_are_its_own(with_everything):
    """They follow the activations of the averaged weights, not those of the raw ones."""
    model = with_everything()
    latents = []
    draw = model.draw_latents
    model.draw_latents = lambda *arguments: latents.append(draw(*arguments)) or latents[-1]
    dense, norm = model.generator_ema.layers[:2]
    mean, momentum = norm.moving_mean.numpy(), norm.momentum
    for _ in range(3):
        model.generator_step(tf.zeros((16, 2)))
        batch = np.array(dense(latents[-1])).mean(0)
        mean = momentum * mean + (1 - momentum) * batch
    np.testing.assert_allclose(norm.moving_mean, mean, atol=1e-6)
