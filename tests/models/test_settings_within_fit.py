"""What a callback sets within `fit` holds at the next step, and another n_critic takes the data where they stand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.models.grouping import Grouping


class Set(keras.callbacks.Callback):
    """Sets an attribute after some steps of `fit`."""

    def __init__(self, name, values):
        super().__init__()
        self.name, self.values, self.steps = name, dict(values), 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        if self.steps in self.values:
            setattr(self.model, self.name, self.values[self.steps])


@pytest.mark.parametrize(
    "compile", [{"run_eagerly": True}, pytest.param({}, marks=pytest.mark.long), {"steps_per_execution": 2}]
)
def test_n_critic_set_by_a_callback_takes_the_data_where_they_stand(compile):
    """A linear critic under plain gradient ascent adds up the means of its minibatches, which are powers of 2."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    critic = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model = wk.WGAN(generator, critic, clip_value=1e9, n_critic=2)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(1.0), **compile)
    data = np.repeat(2.0 ** np.arange(12), 2)[:, None].astype("float32")
    sums = []

    class Sum(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            sums.append(float(self.model.critic.get_weights()[0][0, 0]))

    calls = {1: 3, 2: 1}
    model.fit(data, batch_size=2, shuffle=False, verbose=0, callbacks=[Sum(), Set("n_critic", calls)])
    # Of the 6 steps that there were to be, 2 at a time where an execution is 2 steps.
    taken = [4, 10, 12] if "steps_per_execution" in compile else [2, 5, 6, 7, 8, 9]
    np.testing.assert_array_equal(sums, 2.0 ** np.array(taken) - 1)
    assert model.get_config()["n_critic"] == 1


def test_a_pass_ends_where_it_is_too_short_for_another_step(tiny, points):
    model = tiny(wk.GAN, n_critic=1, compile={"run_eagerly": True})
    model.fit(points(28), batch_size=4, epochs=2, verbose=0, callbacks=[Set("n_critic", {2: 3})])
    # 7 batches: 2 steps of one and 1 of three, then a pass of 2 steps of three.
    counts = [int(o.iterations) for o in (model.generator_optimizer, model.critic_optimizer)]
    assert counts == [2 + 1 + 2, 2 + 3 + 6]


def test_a_pass_goes_on_in_the_next_epoch_where_one_had_steps_for_a_part_of_it(tiny):
    """Of 6 batches an epoch has 2 steps of 3: once they take one each, the next epochs see the other four, in order."""
    model, seen = tiny(wk.GAN, n_critic=3, compile={"run_eagerly": True}), []
    data = np.repeat(np.arange(6.0), 2)[:, None].astype("float32") * np.ones(2, "float32")
    critic_loss = model.critic_loss

    def look(critic, real, *rest):
        seen.append(float(real[0, 0]))
        return critic_loss(critic, real, *rest)

    model.critic_loss = look
    model.fit(data, batch_size=2, shuffle=False, epochs=5, verbose=0, callbacks=[Set("n_critic", {2: 1})])
    np.testing.assert_array_equal(seen, [*range(6), *range(6), 0, 1])


def test_more_than_a_pass_has_is_told(tiny, points):
    model = tiny(wk.GAN, n_critic=1, compile={"run_eagerly": True})
    with pytest.raises(ValueError, match="n_critic was set to 7, and a pass over the data has fewer batches"):
        model.fit(points(8), batch_size=4, epochs=2, verbose=0, callbacks=[Set("n_critic", {2: 7})])


def test_fewer_batches_a_step_than_threads_have_grouped_ahead_are_refused(tiny, points):
    class Data(keras.utils.PyDataset):
        num_batches = 6

        def __getitem__(self, k):
            return points(4)

    model = tiny(wk.GAN, compile={"run_eagerly": True})
    with pytest.raises(ValueError, match="set from 2 to 1 within fit, and the PyDataset has several workers"):
        model.fit(Data(workers=2), verbose=0, callbacks=[Set("n_critic", {1: 1})])
    more = next(Grouping(2, m=4, queued=True).groups(iter([points(8)] * 3), 3))
    assert more.shape == (12, 2)


def test_groups_leave_nothing_out_and_repeat_nothing():
    source, grouping, met = iter(np.arange(24).reshape(6, 4)), Grouping(4, m=1), []
    for n in (4, 3, 3, 1, 4, 5):
        met += [np.array(next(iter(grouping.groups(source, n))))]
    assert [len(group) for group in met] == [4, 3, 3, 1, 4, 5]
    np.testing.assert_array_equal(np.concatenate(met), np.arange(20))
    assert grouping.groups(source, 4) is source  # no more copies than needed


def test_the_box_follows_a_clip_value_set_within_fit(tiny, points):
    model = tiny(wk.WGAN)
    model.fit(points(24), batch_size=4, verbose=0, callbacks=[Set("clip_value", {2: 1e-3})])
    assert max(np.abs(w).max() for w in model.critic.get_weights()) == np.float32(1e-3)


def test_a_dataset_without_end_goes_on_in_steps_of_the_new_length(tiny, points):
    model = tiny(wk.GAN, n_critic=2, compile={"run_eagerly": True})
    data = tf.data.Dataset.from_tensor_slices(points(40)).batch(4).repeat()
    model.fit(data, steps_per_epoch=2, epochs=2, verbose=0, callbacks=[Set("n_critic", {1: 3, 3: 1})])
    counts = [int(o.iterations) for o in (model.generator_optimizer, model.critic_optimizer)]
    assert counts == [4, 2 + 2 * 3 + 1]
