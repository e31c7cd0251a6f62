"""What `fit` takes and how it counts it: arrays, datasets, generators, labels."""

import contextlib
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.backend.py_data import Batches
from wgan_keras.models import minibatches

# Of unconditional games; that they say so has a test of its own.
pytestmark = pytest.mark.filterwarnings("ignore:The data have labels")

EAGER = {"run_eagerly": True}
Dataset = tf.data.Dataset


@pytest.fixture(scope="module")
def trained(tiny, points):
    """trained(x, batch_size): the weights after `fit` on x, one seed, in the order given."""

    def train(x, batch_size=None, **arguments):
        model = tiny(wk.GAN, compile=EAGER)
        model.fit(x, batch_size=batch_size, shuffle=False, verbose=0, **arguments)
        return np.concatenate([w.ravel() for w in model.get_weights()])

    return train


@pytest.fixture(scope="module")
def reference(trained, points):
    return trained(points(16), 4)


def test_a_strategy_of_one_device_trains_as_none_does(tiny, points, state_of):
    """Bit for bit, constraints and average among it."""

    def trained(scope):
        with scope:
            model = tiny(wk.WGAN, ema_decay=0.9, compile=EAGER)
        history = model.fit(points(8), batch_size=4, shuffle=False, verbose=0).history
        return [*state_of(model), *history.values()]

    expected = trained(contextlib.nullcontext())
    for strategy in (tf.distribute.MirroredStrategy(["CPU:0"]), tf.distribute.OneDeviceStrategy("CPU:0")):
        for ours, theirs in zip(trained(strategy.scope()), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)


KINDS = {
    "array and labels": lambda x, y: {"x": x, "y": y, "batch_size": 4},
    "(array, labels)": lambda x, y: {"x": (x, y), "batch_size": 4},
    "float64": lambda x, y: {"x": x.astype("float64"), "batch_size": 4},
    "tensor": lambda x, y: {"x": tf.constant(x), "batch_size": 4},
    "dataset": lambda x, y: {"x": Dataset.from_tensor_slices(x).batch(4)},
    "dataset of float64": lambda x, y: {"x": Dataset.from_tensor_slices(x.astype("float64")).batch(4)},
    "dataset of (x,)": lambda x, y: {"x": Dataset.from_tensor_slices((x,)).batch(4)},
    "dataset of (x, y)": lambda x, y: {"x": Dataset.from_tensor_slices((x, y)).batch(4)},
    "dataset of unknown length": lambda x, y: {"x": Dataset.from_tensor_slices(x).filter(lambda _: True).batch(4)},
    "endless dataset": lambda x, y: {"x": Dataset.from_tensor_slices(x).batch(4).repeat(), "steps_per_epoch": 2},
    "validation_split": lambda x, y: {"x": np.concatenate([x, x[:4]]), "batch_size": 4, "validation_split": 0.2},
}


QUICK = ("(array, labels)", "float64", "dataset of (x, y)", "endless dataset", "validation_split")


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind in QUICK else pytest.mark.long) for kind in KINDS]
)
def test_every_kind_of_data_gives_the_same_training(trained, reference, points, kind):
    weights = trained(**KINDS[kind](points(16), np.arange(16)))
    np.testing.assert_array_equal(weights, reference)


def test_a_dataset_that_does_not_tell_its_shape_trains_in_a_graph(tiny, reference, points):
    """As out of tf.py_function or from_generator; the generator's shape is known."""
    data = Dataset.from_generator(lambda: iter(points(16).reshape(4, 4, 2)), output_types=tf.float32)
    model = tiny(wk.GAN)
    model.fit(data, verbose=0)
    weights = np.concatenate([w.ravel() for w in model.get_weights()])
    np.testing.assert_allclose(weights, reference, atol=1e-5)


def test_images_may_be_bfloat16(tiny, points):
    model = tiny(wk.GAN, compile={"run_eagerly": True})
    model.fit(points(8).astype(tf.bfloat16.as_numpy_dtype), batch_size=4, verbose=0)
    assert int(model.generator_optimizer.iterations) > 0


@pytest.mark.parametrize("game", [wk.WGANGP, wk.MMDGAN])
def test_the_images_of_a_step_may_be_float64(tiny, points, state_of, game):
    """Of a critic's update alone too, whose penalty is then in float64."""
    models = [tiny(game, compile=EAGER) for _ in range(2)]
    for model, dtype in zip(models, ("float32", "float64"), strict=True):
        model.training_step(tf.constant(points(8), dtype))
        model.critic_step(tf.constant(points(4), dtype))
        model.test_on_batch(points(4).astype(dtype))
    for a, b in zip(*map(state_of, models), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@pytest.mark.parametrize(
    ("n", "m", "n_critic", "steps", "kind"),
    [
        (16, 4, 2, 2, "array"),
        (23, 4, 3, 1, "dataset"),
        pytest.param(24, 4, 3, 2, "dataset", marks=pytest.mark.long),
        pytest.param(39, 4, 5, 1, "array", marks=pytest.mark.long),
    ],
)
def test_an_epoch_has_n_over_m_times_n_critic_steps(tiny, points, n, m, n_critic, steps, kind):
    model = tiny(wk.GAN, n_critic=n_critic, compile=EAGER)
    x = points(n)
    if kind == "array":
        model.fit(x, batch_size=m, epochs=2, verbose=0)
    else:
        model.fit(Dataset.from_tensor_slices(x).batch(m), epochs=2, verbose=0)
    counts = [int(o.iterations) for o in (model.generator_optimizer, model.critic_optimizer)]
    assert counts == [2 * steps, 2 * steps * n_critic]


@pytest.mark.parametrize("n", [pytest.param(8, marks=pytest.mark.long), 10])
def test_a_plain_fit_on_a_dataset_warns_of_nothing(tiny, points, n, recwarn):
    tiny(wk.GAN, compile=EAGER).fit(Dataset.from_tensor_slices(points(n)).batch(4), epochs=2, verbose=0)
    assert [str(w.message) for w in recwarn if issubclass(w.category, UserWarning)] == []


def test_fewer_steps_than_were_asked_for_are_told(tiny, points):
    with pytest.warns(UserWarning, match="Your input ran out of data"):
        tiny(wk.GAN, compile=EAGER).fit(points(16), batch_size=4, steps_per_epoch=100, verbose=0)


def test_a_small_batch_before_the_last_is_named(tiny, points):
    model = tiny(wk.GAN, compile=EAGER)
    repeated = Dataset.from_tensor_slices(points(10)).batch(4).repeat(3)
    with pytest.raises(ValueError, match=r"a batch of fewer images before its last.*dataset\.repeat\(k\)\.batch\(m\)"):
        model.fit(repeated, verbose=0)
    short = Batches(lambda k: points(2 if k == 2 else 4), 6)
    with pytest.raises(
        ValueError, match="Batch 2 has 2 images and the first 4; expected one size for all but the last"
    ):
        model.fit(short, verbose=0)


def test_train_on_batch_takes_the_step_that_fit_takes(tiny, points, state_of):
    models = tiny(wk.GAN, compile=EAGER), tiny(wk.GAN, compile=EAGER)
    logs = models[0].train_on_batch(points(8), return_dict=True)
    history = models[1].fit(points(8), batch_size=4, shuffle=False, verbose=0).history
    assert {name: [value] for name, value in logs.items()} == history
    for a, b in zip(*map(state_of, models), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_batch_is_32_if_nobody_says(tiny, points):
    model = tiny(wk.GAN, compile=EAGER)
    model.fit(points(2 * 32), verbose=0)
    assert int(model.generator_optimizer.iterations) == 1


def test_a_users_own_functional_networks_train_on_images(points):
    """An upsampling generator and a critic with layer normalization, neither built here."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    z = keras.Input((5,))
    x = layers.Reshape((2, 2, 3))(layers.Dense(12, activation="relu")(z))
    generator = keras.Model(z, layers.Conv2D(1, 3, padding="same", activation="sigmoid")(layers.UpSampling2D()(x)))
    images = keras.Input((4, 4, 1))
    x = wk.layers.LayerNormalization()(layers.Conv2D(4, 3, activation="tanh")(images))
    critic = keras.Model(images, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))
    model = wk.WGANGP(generator, critic, n_critic=2)
    model.compile(run_eagerly=True)
    before = [w.copy() for w in generator.get_weights() + critic.get_weights()]
    data = np.random.default_rng(0).uniform(0, 1, (8, 4, 4, 1)).astype("float32")
    history = model.fit(data, batch_size=4, verbose=0).history
    assert np.isfinite(history["critic_loss"]).all()
    after = generator.get_weights() + critic.get_weights()
    moved = [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
    # All but the critic's last shift, which the estimate does not see; of its normalization's only rounding is seen.
    assert moved[:7] + moved[8:] == [True] * 8 + [False]


def test_dictionaries_give_their_images(tiny, points):
    data = Dataset.from_tensor_slices({"a_label": np.arange(8), "image": points(8)}).batch(4)
    one, two = tiny(wk.GAN, compile=EAGER), tiny(wk.GAN, compile=EAGER)
    one.fit(data, verbose=0)
    two.fit(points(8), batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="hold a_label, pixels and no 'image'"):
        one.fit(data.map(lambda d: {"a_label": d["a_label"], "pixels": d["image"]}), verbose=0)


def test_keras_seed_set_before_building_repeats_the_whole_training(seeding_tensorflow):
    """As in the README: networks, the order of the data and every draw; without it the networks are others."""

    def networks():
        return wk.networks.mlp_generator((2,), 2, units=8, depth=1), wk.networks.mlp_critic((2,), units=8, depth=1)

    def train():
        keras.utils.set_random_seed(0)
        data = wk.data.load("eight_gaussians").batch(16).take(2)
        model = wk.WGANGP(*networks(), n_critic=2, seed=0)
        first = model.generator.get_weights()[0]
        model.compile(**EAGER)
        model.fit(data, verbose=0)
        return first, np.concatenate([w.ravel() for w in model.get_weights()])

    (first, trained), (_, again) = train(), train()
    np.testing.assert_array_equal(trained, again)
    assert not np.allclose(first, networks()[0].get_weights()[0])


def test_another_call_of_fit_takes_another_order(tiny, points):
    """One epoch at a time must not drop the same images each time."""
    model = tiny(wk.GAN, compile=EAGER)
    orders = []
    for _ in range(2):
        batches, _, (counting,) = minibatches.for_training(points(24), 4, True, model)
        counting.set_model(model)
        counting.on_train_begin()
        orders.append(np.concatenate([batch.numpy() for batch in batches]))
        model.fit(points(24), batch_size=4, steps_per_epoch=1, verbose=0)
    assert not np.array_equal(*orders)
    np.testing.assert_array_equal(np.sort(orders[0], 0), np.sort(orders[1], 0))


def batches_of(x, spoil=lambda batch: batch):
    """Batches of 4 without end, the fourth spoilt."""
    for k in itertools.count():
        batch = x[4 * k % len(x) :][:4]
        yield spoil(batch) if k == 3 else batch


def test_a_generator_of_batches_trains_and_validates_as_the_array_does(tiny, points):
    x = points(8)
    one, two = (tiny(wk.GAN, compile=EAGER) for _ in range(2))
    common, held_out = {"epochs": 2, "verbose": 0}, {"validation_data": x, "validation_batch_size": 4}
    expected = one.fit(x, batch_size=4, shuffle=False, **held_out, **common).history["val_critic_loss"]
    history = two.fit(
        batches_of(x), steps_per_epoch=1, validation_data=batches_of(x), validation_steps=2, **common
    ).history["val_critic_loss"]
    np.testing.assert_allclose(history, expected, rtol=1e-6)
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_generator_has_one_pass_and_is_refused_for_more(tiny, points):
    """Keras would make two steps of each further epoch; from `initial_epoch` on one is left."""
    model, batches = tiny(wk.GAN, compile=EAGER), batches_of(points(24))
    with pytest.raises(ValueError, match="only once, and there are 4 epochs; expected steps_per_epoch"):
        model.fit(batches, epochs=4, verbose=0)
    with pytest.raises(ValueError, match="only once, and there are 2 epochs; expected validation_steps"):
        model.fit(points(8), batch_size=4, validation_data=batches, epochs=2, verbose=0)
    model.fit((x for x in [points(4)] * 4), epochs=4, initial_epoch=3, verbose=0)
    assert model.generator_iterations == 2


def test_held_out_data_that_run_out_are_told_beside_data_of_unknown_length(tiny, points):
    data = Dataset.from_tensor_slices(points(8)).filter(lambda _: True).batch(4)
    held_out = (batch for batch in [points(4)])
    with pytest.warns(UserWarning, match="Your input ran out of data"):
        tiny(wk.GAN, compile=EAGER).fit(data, validation_data=held_out, validation_steps=2, verbose=0)


SPOILT = {
    "NaN or infinity in the images, in batch 3; remove them": lambda x: x * np.nan,
    r"Batch 3 of the generator: .*shape \(4, 1\); the generator makes \('batch', 2\)": lambda x: x[:, :1],
    "Batch 3 has 2 images and the first 4; expected one size": lambda x: x[:2],
}


@pytest.mark.parametrize("message", SPOILT)
def test_every_batch_of_a_generator_is_checked_when_its_turn_comes(tiny, points, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        tiny(wk.GAN, compile=EAGER).fit(batches_of(points(24), SPOILT[message]), steps_per_epoch=3, verbose=0)
