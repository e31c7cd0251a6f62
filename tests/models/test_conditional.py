"""Conditional games: the same three classes on networks that take labels."""

import functools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

import wgan_keras as wk

CLASSES = 3
EAGER = {"run_eagerly": True}
CENTERS = np.array([[2, 0], [-2, 0], [0, 2]], "float32")


def labeled(n, seed=0):
    """n points around the center of their class, and the classes, of which 0 comes twice as often."""
    rng = np.random.default_rng(seed)
    y = rng.choice(CLASSES, n, p=(0.5, 0.25, 0.25))
    return (CENTERS[y] + 0.1 * rng.normal(size=(n, 2))).astype("float32"), y


def generator(latent_dim=2, numbers=False):
    z = keras.Input((latent_dim,))
    y = keras.Input((1,) if numbers else (CLASSES,))
    embedded = layers.Flatten()(layers.Embedding(CLASSES, CLASSES)(y)) if numbers else y
    hidden = layers.Dense(8, "relu", kernel_initializer=keras.initializers.GlorotUniform(seed=1))
    return keras.Model([z, y], layers.Dense(2)(hidden(layers.Concatenate()([z, embedded]))))


def critic(numbers=False, logits=False):
    x = keras.Input((2,))
    y = keras.Input((1,) if numbers else (CLASSES,))
    if logits:
        h = wk.layers.LeakyReLU()(layers.Dense(8)(x))
        return keras.Model(x, [layers.Dense(1)(h), layers.Dense(CLASSES)(h)])
    embedded = layers.Flatten()(layers.Embedding(CLASSES, CLASSES)(y)) if numbers else y
    h = wk.layers.LeakyReLU()(layers.Dense(8)(layers.Concatenate()([x, embedded])))
    return keras.Model([x, y], layers.Dense(1)(h))


def conditional(game=wk.WGANGP, numbers=False, logits=False, compile=None, **arguments):
    keras.utils.set_random_seed(0)
    model = game(generator(numbers=numbers), critic(numbers, logits), n_critic=2, seed=0, **arguments)
    model.compile(**(compile or {}))
    return model


KINDS = {
    "arrays": lambda x, y: {"x": x, "y": y, "batch_size": 4},
    "a pair": lambda x, y: {"x": (x, y), "batch_size": 4},
    "one-hot": lambda x, y: {"x": x, "y": np.eye(CLASSES)[y], "batch_size": 4},
    "a column": lambda x, y: {"x": x, "y": y[:, None], "batch_size": 4},
    "tf.data": lambda x, y: {"x": tf.data.Dataset.from_tensor_slices((x, y)).batch(4)},
    "dictionaries": lambda x, y: {"x": tf.data.Dataset.from_tensor_slices({"image": x, "label": y}).batch(4)},
    "PyDataset": lambda x, y: {"x": Pairs(x, y)},
    "generator": lambda x, y: {"x": pairs(x, y), "steps_per_epoch": len(x) // 8},
}


class Pairs(keras.utils.PyDataset):
    def __init__(self, x, y):
        super().__init__()
        self.x, self.y = x, y

    @property
    def num_batches(self):
        return len(self.x) // 4

    def __getitem__(self, k):
        return self.x[4 * k : 4 * k + 4], self.y[4 * k : 4 * k + 4]


def pairs(x, y):
    for k in range(0, len(x), 4):
        yield x[k : k + 4], y[k : k + 4]


@functools.cache
def trained(kind):
    model = conditional(wk.GAN, compile=EAGER)
    model.fit(**KINDS[kind](*labeled(16)), shuffle=False, verbose=0)
    return model.get_weights()


# The others are told of images alone in test_fit.py, or of labels out of range below.
QUICK = ("a pair", "one-hot", "tf.data")
LONG_KINDS = [pytest.param(kind, marks=pytest.mark.long) for kind in KINDS if kind not in ("arrays", *QUICK)]


@pytest.mark.parametrize("kind", [*QUICK, *LONG_KINDS])
def test_every_kind_of_labeled_data_gives_the_same_training(kind):
    for ours, expected in zip(trained(kind), trained("arrays"), strict=True):
        np.testing.assert_array_equal(ours, expected)


@functools.cache
def after_two_steps(game, logits, **how):
    model = conditional(game, logits=logits, compile=how)
    model.fit(*labeled(16), batch_size=4, shuffle=False, verbose=0)
    return model.get_weights()


XLA = {"jit_compile": True}
LONG = [
    (wk.WGAN, True, XLA),
    (wk.WGANGP, False, XLA),
    *((*each, how) for each in ((wk.GAN, False), (wk.WGANGP, True)) for how in ({}, XLA)),
]


@pytest.mark.parametrize(
    ("game", "logits", "how"),
    [
        (wk.WGAN, True, {}),
        (wk.WGANGP, False, {}),
        *(pytest.param(*each, marks=pytest.mark.long) for each in LONG),
    ],
)
def test_a_graph_and_xla_agree_with_an_eager_step(game, logits, how):
    pairs_of_weights = zip(after_two_steps(game, logits, **how), after_two_steps(game, logits, **EAGER), strict=True)
    for other, eager in pairs_of_weights:
        np.testing.assert_allclose(other, eager, atol=2e-6)


def test_a_critic_blind_to_labels_has_the_unconditional_gradients():
    """With the labels' rows of the kernels at zero, a step moves all other weights as the plain game's does."""
    x, y = labeled(8)
    model = conditional(compile={"generator_optimizer": keras.optimizers.SGD(0.1), "critic_optimizer": "sgd"})
    for network in (model.generator, model.critic):
        kernel = next(w for w in network.trainable_variables if w.path.endswith("kernel"))
        kernel.assign(ops.concatenate([kernel[:2], 0 * kernel[2:]]))
    plain = wk.WGANGP(
        keras.Sequential([keras.Input((2,)), layers.Dense(8, "relu"), layers.Dense(2)]),
        keras.Sequential([keras.Input((2,)), layers.Dense(8), wk.layers.LeakyReLU(), layers.Dense(1)]),
        n_critic=2,
        seed=0,
    )
    for blind, network in ((plain.generator, model.generator), (plain.critic, model.critic)):
        blind.set_weights([w[:2] if w.shape[0] == 5 else w for w in network.get_weights()])
    plain.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.01))
    before = model.critic.get_weights()[0]
    model.critic_step(ops.convert_to_tensor(x), ops.one_hot(y, CLASSES))
    plain.critic_step(ops.convert_to_tensor(x))
    np.testing.assert_allclose(model.critic.get_weights()[0][:2], plain.critic.get_weights()[0], atol=1e-6)
    assert np.abs(model.critic.get_weights()[0] - before).max() > 1e-4


def test_the_penalty_is_on_the_gradient_by_images_alone():
    """Of f(x, y) = a.x + 100 (b.y) the gradient by images is a, whatever b is."""
    x, y = keras.Input((2,)), keras.Input((CLASSES,))
    a, b = layers.Dense(1, use_bias=False), layers.Dense(1, use_bias=False)
    linear = keras.Model([x, y], layers.Add()([a(x), b(y)]))
    a.set_weights([np.array([[3.0], [4.0]])])
    b.set_weights([100 * np.ones((CLASSES, 1))])
    model = wk.WGANGP(generator(), linear, n_critic=1, seed=0)
    model.compile(run_eagerly=True)
    logs = model.train_on_batch(*labeled(4), return_dict=True)
    assert logs["gradient_norm"] == pytest.approx(5, abs=1e-5)
    assert logs["gradient_penalty"] == pytest.approx(16, abs=1e-4)


def test_fakes_have_the_labels_of_their_minibatch():
    """A generator that says its label: in each critic update the critic is shown the labels of the real ones."""
    z, y = keras.Input((2,)), keras.Input((2,))
    says = keras.Model([z, y], layers.Dense(2, use_bias=False, kernel_initializer="zeros")(z) + y)
    x, w = keras.Input((2,)), keras.Input((2,))
    agreement = ops.sum(x * w, axis=-1, keepdims=True)
    watch = keras.Model([x, w], layers.Dense(1, kernel_initializer="ones", use_bias=False)(agreement))
    model = wk.WGAN(says, watch, n_critic=1, seed=0, clip_value=10.0)
    model.compile(run_eagerly=True)
    labels = np.array([0, 1, 1, 0])
    logs = model.train_on_batch(np.eye(2, dtype="float32")[labels], labels, return_dict=True)
    assert logs["wasserstein_estimate"] == pytest.approx(0, abs=1e-6)  # real and fake agree with the same labels


@pytest.mark.parametrize(
    "game", [wk.WGANGP, *(pytest.param(game, marks=pytest.mark.long) for game in (wk.GAN, wk.WGAN))]
)
def test_a_short_training_puts_each_class_where_it_is(game):
    keras.utils.set_random_seed(0)
    arguments = {"clip_value": 0.1} if game is wk.WGAN else {}
    model = game(
        wk.networks.mlp_generator((2,), 2, units=32, depth=2, classes=CLASSES),
        wk.networks.mlp_critic((2,), units=32, depth=2, classes=CLASSES),
        n_critic=3,
        seed=0,
        **arguments,
    )
    adam = functools.partial(keras.optimizers.Adam, 5e-3, 0.5)
    model.compile(adam(), adam())
    model.fit(*labeled(32 * 3 * 140), batch_size=32, verbose=0)
    for label, center in enumerate(CENTERS):
        samples = model.sample(labels=np.full(200, label), seed=1)
        assert np.linalg.norm(samples.mean(0) - center) < 0.7, (label, samples.mean(0))


def test_continuous_conditions_train_and_are_not_drawn():
    x, _ = labeled(8)
    conditions = np.random.default_rng(0).uniform(size=(8, CLASSES)).astype("float32")
    conditions[3] = [0, 1, 0]  # as a corner of what was scaled to [0, 1] is
    model = conditional(compile=EAGER)
    model.fit(x, conditions, batch_size=4, verbose=0)
    assert model.sample(labels=conditions[:5]).shape == (5, 2)
    with pytest.raises(ValueError, match="were no classes, so that none can be drawn; give labels="):
        model.sample(5)


@pytest.mark.parametrize("micro_batch", [None, 4])
def test_networks_with_an_embedding_take_class_numbers(micro_batch):
    model = conditional(numbers=True, micro_batch=micro_batch, compile=EAGER)
    model.fit(*labeled(8), batch_size=4, verbose=0)
    assert model.label_width == CLASSES
    latents, numbers = np.random.default_rng(0).normal(size=(4, 2)).astype("float32"), np.array([0, 1, 2, 2])
    expected = model.sample(latents=latents, labels=numbers)
    assert np.abs(expected - model.sample(latents=latents, labels=0)).max() > 1e-3
    for labels in (numbers, numbers[:, None], np.eye(CLASSES)[numbers]):
        np.testing.assert_allclose(model.predict([latents, labels], verbose=0), expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"makes images of \[latents, labels\]; got one input\. .* sample\(labels="):
        model(latents)


@pytest.mark.parametrize("micro_batch", [None, 2])
def test_adams_first_step_moves_an_embedding_by_the_rate_however_often_a_label_came(micro_batch):
    adam = (keras.optimizers.Adam(0.01) for _ in range(2))
    model = conditional(wk.GAN, numbers=True, micro_batch=micro_batch)
    model.compile(*adam, **EAGER)
    x, labels = tf.constant(labeled(6)[0]), tf.one_hot([0, 0, 0, 0, 0, 1], CLASSES)
    tables = [next(w for w in each.weights if "embedding" in w.path) for each in (model.critic, model.generator)]
    for table, step in zip(tables, (model.critic_step, model.generator_step), strict=True):
        before = table.numpy()
        step(x, labels)
        expected = np.repeat([[0.01], [0.01], [0]], CLASSES, axis=1)
        np.testing.assert_allclose(np.abs(table.numpy() - before), expected, rtol=1e-2, atol=1e-6)


def test_networks_may_share_an_embedding():
    embedding = layers.Embedding(CLASSES, 2)

    def network(inputs, outputs):
        x, y = keras.Input((inputs,)), keras.Input((), dtype="int32")
        return keras.Model([x, y], layers.Dense(outputs)(layers.Concatenate()([x, embedding(y)])))

    model = wk.GAN(network(2, 2), network(2, 1))
    model.compile(**EAGER)
    model.fit(*labeled(8), batch_size=4, verbose=0)
    assert model.label_width == CLASSES


def test_labels_in_another_order_of_bytes_are_the_same():
    x, y = labeled(8)
    states = []
    for dtype in ("<i8", ">i8"):
        model = conditional(wk.GAN, compile=EAGER)
        model.fit(Pairs(x, y.astype(dtype)), verbose=0)
        states.append(model.get_weights())
    for native, other in zip(*states, strict=True):
        np.testing.assert_array_equal(native, other)


def test_classification_is_the_mean_cross_entropy_of_real_and_of_generated():
    """The improved-WGAN code's: of real images in the critic's loss, by 1, of generated ones in the generator's."""
    x, y = labeled(4)
    model = conditional(wk.WGAN, logits=True, compile=EAGER)
    logits = np.asarray(model.critic(x)[1], "float64")
    expected = np.mean(np.log(np.exp(logits).sum(1)) - logits[np.arange(4), y])
    logs = model.test_on_batch(x, y, return_dict=True)
    assert logs["classification_loss"] == pytest.approx(expected, rel=1e-5)
    assert logs["classification_accuracy"] == pytest.approx((logits.argmax(1) == y).mean())
    estimate = logs["wasserstein_estimate"]
    assert logs["critic_loss"] == pytest.approx(expected - estimate, rel=1e-4)
    heavier = conditional(wk.WGAN, logits=True, classification_weights=(3, 0.1), compile=EAGER)
    later = conditional(wk.WGAN, logits=True, compile=EAGER)
    later.classification_weights = (np.float32(3), 0.1)
    for each in (heavier, later):
        critic_loss = each.test_on_batch(x, y, return_dict=True)["critic_loss"]
        assert critic_loss == pytest.approx(3 * expected - estimate, rel=1e-4)
        assert json.dumps(each.get_config()["classification_weights"]) == "[3.0, 0.1]"


@pytest.mark.parametrize("weights", [(-1.0, 0.1), (1.0, 0.1, 0.1), 1.0, (1.0, "a")])
def test_weights_of_the_classification_are_two_numbers(weights):
    with pytest.raises(ValueError, match=r"classification_weights.*expected a list of 2, each a number, at least 0"):
        conditional(wk.WGAN, logits=True, classification_weights=weights)


@pytest.mark.parametrize("logits", [pytest.param(False, marks=pytest.mark.long), True])
def test_a_saved_game_takes_the_same_next_step_and_draws_the_same_labels(logits, tmp_path):
    x, y = labeled(8)
    model = conditional(logits=logits, ema_decay=0.9, compile=EAGER)
    model.fit(x, y, batch_size=4, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(model.sample(7, seed=3), loaded.sample(7, seed=3))
    for each in (model, loaded):
        each.fit(x, y, batch_size=4, verbose=0)
    for a, b in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def blind():
    return keras.Sequential([keras.Input((2,)), layers.Dense(1)])


@pytest.mark.parametrize(
    "kind", ["PyDataset", *(pytest.param(k, marks=pytest.mark.long) for k in ("tf.data", "generator"))]
)
def test_a_label_out_of_range_in_a_later_batch_names_the_batch(kind):
    x, y = labeled(24)
    y[21] = 7
    with pytest.raises(ValueError, match=r"Batch 5: A label is 7; expected whole numbers from 0 to 2"):
        conditional(compile=EAGER).fit(**KINDS[kind](x, y), shuffle=False, verbose=0)


@pytest.mark.parametrize("kind", ["arrays", "tf.data", "PyDataset", "generator"])
def test_labels_nobody_takes_are_ignored_with_a_warning(kind):
    plain = wk.WGAN(keras.Sequential([keras.Input((2,)), layers.Dense(2)]), blind(), n_critic=2, seed=0)
    plain.compile(**EAGER)
    with pytest.warns(UserWarning, match="have labels, which this game's networks do not take; they are ignored"):
        plain.fit(**KINDS[kind](*labeled(8)), verbose=0)
    with pytest.raises(ValueError, match="labels were given, and the generator takes none; leave them out"):
        plain.sample(2, labels=[0, 1])


def test_networks_of_which_one_takes_labels_are_refused():
    unconditional = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="generator takes labels and the critic does not see them"):
        wk.GAN(generator(), blind())
    with pytest.raises(ValueError, match="critic has to do with labels and the generator takes none"):
        wk.GAN(unconditional, critic())
    with pytest.raises(ValueError, match="built for 3 and 4 classes"):
        x, y = keras.Input((2,)), keras.Input((4,))
        wk.GAN(generator(), keras.Model([x, y], layers.Dense(1)(layers.Concatenate()([x, y]))))
    with pytest.raises(ValueError, match=r"how many classes there are it does not say.*keras\.Input\(\(classes,\)\)"):
        x, y = keras.Input((2,)), keras.Input((), dtype="int32")
        wk.GAN(generator(), keras.Model([x, y], layers.Dense(1)(x) + ops.cast(ops.expand_dims(y, 1), "float32")))
