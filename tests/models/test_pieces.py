"""A minibatch that is computed in pieces gives the step of the whole one, or is refused."""

import dataclasses
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import wgan_keras as wk
from wgan_keras import backend
from wgan_keras.models.read_only import random_states
from wgan_keras.recipes import standard

layers = keras.layers


def sgd():
    return {"generator_optimizer": keras.optimizers.SGD(0.02), "critic_optimizer": keras.optimizers.SGD(0.02)}


def adam():  # with a smaller epsilon it would make steps of rounding noise
    roles = ("generator_optimizer", "critic_optimizer")
    return {role: keras.optimizers.Adam(1e-2, 0.5, epsilon=1e-3) for role in roles}


def labeled():
    size = {"units": 6, "depth": 1, "classes": 3}
    return {
        "generator": wk.networks.mlp_generator((2,), 2, **size),
        "critic": wk.networks.mlp_critic((2,), **size),
    }


def spectral():
    stack = [wk.layers.SpectralNormalization(layers.Dense(4)), wk.layers.LeakyReLU(), layers.Dense(1)]
    return {"critic": keras.Sequential([keras.Input((2,)), *stack])}


def packed():
    return {"critic": keras.Sequential([keras.Input((4,)), layers.Dense(4, "relu"), layers.Dense(1)])}


NOISE, PACK = wk.views.InstanceNoise(), wk.views.Pack(2)
GAMES = {
    "gan": (wk.GAN, dict, {}, sgd),
    "wgan": (wk.WGAN, dict, {"clip_value": 0.2}, sgd),
    "wgan_gp": (wk.WGANGP, labeled, {}, sgd),
    "hinge": (wk.HingeGAN, spectral, {"penalties": [wk.penalties.R1()], "views": [NOISE]}, adam),
    "packed": (wk.LSGAN, packed, {"penalties": [wk.penalties.HistoricalAveraging()], "views": [NOISE, PACK]}, adam),
}
STEPS = {"packed": 2}  # at its first the generator has no past


@pytest.fixture(scope="module")
def trained(tiny, state_of):
    """trained(name, ...): a game after a step or two on minibatches of 6, its history, its state."""

    def train(name, micro_batch=None, **how):
        game, networks, arguments, optimizers = GAMES[name]
        keras.utils.set_random_seed(0)
        arguments = {**networks(), **arguments, "ema_decay": 0.9, "micro_batch": micro_batch}
        model = tiny(game, compile={**optimizers(), **how}, **arguments)
        return model, model.fit(*data(model, 12 * STEPS.get(name, 1)), batch_size=6, verbose=0).history, state_of(model)

    return functools.cache(train)


def data(model, n, seed=0):
    """(images,) or (images, labels)."""
    rng = np.random.default_rng(seed)
    images = np.tanh(rng.normal(0.5, 1, (n, *model.generator.output_shape[1:]))).astype("float32")
    return (images,) if model.label_width is None else (images, rng.integers(0, model.label_width, n))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("hinge", {}),
        ("wgan_gp", {"run_eagerly": True}),
        ("gan", {"jit_compile": True}),
        *(pytest.param(name, {}, marks=pytest.mark.long) for name in ("gan", "wgan", "wgan_gp", "packed")),
        *(pytest.param(name, {"run_eagerly": True}, marks=pytest.mark.long) for name in ("wgan", "packed")),
    ],
)
def test_pieces_give_the_step_of_the_whole_minibatch(trained, name, how):
    """Weights, moments, averages, random states, power iterations, what was counted; logs."""
    (_, logs, whole), (_, logs_of_pieces, pieces) = trained(name, run_eagerly=True), trained(name, 2, **how)
    for ours, expected in zip(pieces, whole, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=2e-5, atol=2e-6)
    assert logs_of_pieces == {name: pytest.approx(value, rel=1e-4, abs=1e-5) for name, value in logs.items()}


def test_a_game_saved_in_pieces_goes_on_exactly_and_so_does_its_recipe(trained, state_of, tmp_path):
    model, *_ = trained("wgan_gp", 2, run_eagerly=True)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    assert loaded.micro_batch == 2
    for each in (model, loaded):
        each.fit(*data(model, 12, seed=1), batch_size=6, verbose=0)
    for ours, expected in zip(state_of(loaded), state_of(model), strict=True):
        np.testing.assert_array_equal(ours, expected)
    recipe = wk.Recipe.from_model(model)
    assert recipe.game["micro_batch"] == 2
    recipe.save(tmp_path / "recipe.json")
    assert wk.Recipe.load(tmp_path / "recipe.json").build().micro_batch == 2
    model.micro_batch = None
    assert "micro_batch" not in wk.Recipe.from_model(model).game


def test_it_may_be_set_when_memory_ran_out(trained):
    (model, *_), (other, *_) = trained("gan", run_eagerly=True), trained("gan", 2, jit_compile=True)
    model.micro_batch = 2
    for each in (model, other):
        each.fit(*data(model, 12, seed=1), batch_size=6, verbose=0)
    for ours, expected in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=2e-5, atol=2e-6)


def critic_with(*stack):
    return keras.Sequential([keras.Input((2,)), layers.Dense(4), *stack, layers.Dense(1)])


NETWORKS = {
    "batch": lambda: critic_with(layers.BatchNormalization(name="norm")),
    "discrimination": lambda: critic_with(wk.layers.MinibatchDiscrimination(2, 2, name="tied")),
    "deviation": lambda: critic_with(wk.layers.MinibatchStandardDeviation(name="tied")),
    "classifier": lambda: wk.networks.mlp_classifier((2,), 3, units=4, depth=1),
    "autoencoder": lambda: wk.networks.autoencoder_critic((2,), 1),
    "dcgan": lambda: wk.networks.dcgan_critic((8, 8, 1), width=2),
}
TYING = [
    (wk.RelativisticGAN, None, {}, "the game RelativisticGAN", "take another game"),
    (wk.MMDGAN, "classifier", {}, "the game MMDGAN", "take another game"),
    (wk.SemiSupervisedGAN, "classifier", {}, "the game SemiSupervisedGAN", "take another game"),
    (wk.GAN, None, {"penalties": [{"name": "dragan"}]}, "the penalty 'dragan'", "the penalty"),
    (wk.GAN, None, {"objective": {"name": "feature_matching"}}, "the objective 'feature_matching'", "the objective"),
    (wk.GAN, None, {"objective": {"name": "unrolled"}}, "the objective 'unrolled'", "the objective"),
    (wk.EBGAN, "autoencoder", {"objective": {"name": "pulling_away"}}, "the objective 'pulling_away'", "the objective"),
    (
        wk.GAN,
        "batch",
        {},
        r"the critic's layer 'norm' \(BatchNormalization\)",
        "build the .*=None, 'layer' or 'spectral'",
    ),
    (
        wk.GAN,
        "discrimination",
        {},
        r"the critic's layer 'tied' \(MinibatchDiscrimination\)",
        "build the critic without",
    ),
    (wk.GAN, "deviation", {}, r"the critic's layer 'tied' \(MinibatchStandardDeviation\)", "build the critic without"),
    (wk.GAN, "dcgan", {}, r"the generator's layer '\w+' \(BatchNormalization\)", 'build .* of its "generator"'),
]


@pytest.mark.parametrize(("game", "critic", "arguments", "what", "remedy"), TYING)
def test_what_depends_on_the_whole_minibatch_is_refused(tiny, game, critic, arguments, what, remedy):
    networks = {} if critic is None else {"critic": NETWORKS[critic]()}
    if critic == "dcgan":
        networks["generator"] = wk.networks.dcgan_generator((8, 8, 1), 2, width=2)
    expected = rf"^micro_batch is 4, and {what} makes of a minibatch .*\. Leave micro_batch out, or {remedy}.*\.$"
    with pytest.raises(ValueError, match=expected):
        tiny(game, **networks, **arguments, micro_batch=4)


def test_a_recipe_of_a_generator_without_normalization_is_computed_piece_by_piece():
    """As the message and docs/devices.md have it: two fields of the usual recipe for images are changed."""
    usual = standard({"name": "wgan_gp"}, {"name": "x"}, (8, 8, 1), width=1)
    fields = {"generator": {**usual.generator, "normalization": None}, "game": {**usual.game, "micro_batch": 4}}
    assert dataclasses.replace(usual, **fields).build().micro_batch == 4


def test_a_batch_normalization_counts_where_it_learns(tiny, points):
    norm = layers.BatchNormalization(name="norm")
    model = tiny(wk.GAN, critic=critic_with(norm))
    with pytest.raises(ValueError, match="layer 'norm'"):
        model.micro_batch = 4
    assert model.micro_batch is None
    norm.trainable = False
    model.compile(run_eagerly=True)
    model.micro_batch = 4
    model.fit(points(16), batch_size=8, verbose=0)
    norm.trainable = True
    with pytest.raises(ValueError, match="layer 'norm'"):
        model.compile()


class OfTheWorst(wk.GAN):
    """Its loss is no mean over images, and it does not say so."""

    def critic_loss(self, critic, real, fake, seed):
        worst = ops.max(critic(fake))
        return worst - ops.min(critic(real)), {"js_estimate": worst, "critic_accuracy": worst}


class Adding(layers.Layer):
    """The identity; what it adds to the loss is no mean over images."""

    def call(self, x):
        self.add_loss(ops.sum(x**2))
        return x


@pytest.mark.parametrize(
    ("game", "networks", "what"),
    [
        (OfTheWorst, dict, "js_estimate"),
        (wk.GAN, lambda: {"critic": critic_with(Adding())}, "critic_regularization"),
        (wk.GAN, lambda: {"generator": keras.Sequential([keras.Input((2,)), Adding()])}, "generator_regularization"),
    ],
)
def test_a_loss_that_is_no_mean_is_found_out(tiny, points, game, networks, what):
    model = tiny(game, **networks(), micro_batch=4, compile={"run_eagerly": True})
    with pytest.raises(ValueError, match=rf"The game's {what} is \S+ on a batch and \S+ on average over its pieces: "):
        model.fit(points(16), batch_size=8, verbose=0)


@pytest.mark.parametrize(
    ("m", "micro_batch", "arguments", "near"),
    [
        (12, 5, {}, "a divisor of 12, such as 4 or 6"),
        (8, 16, {}, "a divisor of 8, such as 8"),
        (12, 3, {"views": [wk.views.Pack(2)]}, "a divisor of 12 and a multiple of the 2 images .* such as 2 or 4"),
    ],
)
def test_a_size_that_does_not_divide_is_refused_with_the_nearest_that_do(tiny, points, m, micro_batch, arguments, near):
    model = tiny(wk.GAN, micro_batch=micro_batch, **(packed() if arguments else {}), **arguments)
    message = rf"^micro_batch is {micro_batch}, and the batch size {m}; expected {near}\.$"
    with pytest.raises(ValueError, match=message):
        model.fit(points(2 * m), batch_size=m, verbose=0)
    with pytest.raises(ValueError, match=message):
        model.train_on_batch(points(2 * m))


def test_one_that_is_refused_is_not_kept(tiny, points):
    class OfTheWorst(wk.GAN):
        def critic_loss(self, critic, real, fake, seed):
            loss, logs = super().critic_loss(critic, real, fake, seed)
            return loss + ops.max(critic(real)), logs

    model = tiny(OfTheWorst, n_critic=1, compile={"run_eagerly": True})
    model.fit(points(4), batch_size=4, verbose=0)
    with pytest.raises(ValueError, match="takes of the batch what is no mean over images"):
        model.micro_batch = 2
    assert model.micro_batch is None
    model.fit(points(4), batch_size=4, verbose=0)


def test_one_that_does_not_divide_is_refused_within_a_fit_too(tiny, points):
    set_it = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: setattr(model, "micro_batch", 3))
    model = tiny(wk.GAN, micro_batch=4, compile={"run_eagerly": True})
    with pytest.raises(ValueError, match=r"^micro_batch is 3, and the batch size 8; expected a divisor of 8"):
        model.fit(points(32), batch_size=8, verbose=0, callbacks=[set_it])
    assert model.micro_batch == 4
    model.micro_batch = 3  # outside of it, for other batches


class Batches(keras.utils.PyDataset):
    def __init__(self, x):
        super().__init__()
        self.x = x

    num_batches = 1

    def __getitem__(self, k):
        return self.x


def test_batches_whose_size_keras_forgets_are_computed_in_pieces(tiny, points):
    """Those of a PyDataset, and of another one in the same game, whose loss and view draw random numbers."""
    states = []
    for kind in ("array", "PyDataset"):
        eager = {"run_eagerly": kind == "array"}
        model = tiny(wk.WGANGP, n_critic=1, micro_batch=2, seed=3, views=[NOISE], compile=eager)
        model.set_weights([0.1 * np.ones_like(w) for w in model.get_weights()])
        for m in (4, 6):
            x = points(m)
            if kind == "array":
                model.fit(x, batch_size=m, shuffle=False, verbose=0)
            else:
                model.fit(Batches(x), verbose=0)
        model.train_on_batch(points(2))
        states.append(model.get_weights())
    for of_array, of_dataset in zip(*states, strict=True):
        np.testing.assert_allclose(of_dataset, of_array, rtol=1e-6)


def test_a_step_that_knows_no_size_is_computed_in_pieces():
    """As Keras makes one graph of all that `train_on_batch` is given; each image is drawn its own numbers."""

    def maximum(rows):
        return tf.reduce_max(rows + wk.random.uniform(rows.shape, seed=1))

    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def mean_of_maxima(x):
        return backend.mean_over_pieces(maximum, [x], 2)

    for n in (2, 4, 6):
        x = np.random.default_rng(n).normal(size=(n, 2)).astype("float32")
        moved = x + ops.convert_to_numpy(wk.random.uniform(x.shape, seed=1))
        np.testing.assert_allclose(mean_of_maxima(x), moved.reshape(-1, 4).max(1).mean(), rtol=1e-6)


@pytest.mark.parametrize("value", [0, 2.5, True, "4"])
def test_a_size_that_is_no_count_is_refused(tiny, value):
    with pytest.raises(ValueError, match=r"^micro_batch is .*; expected a whole number, at least 1"):
        tiny(wk.GAN, micro_batch=value)


def test_each_piece_drops_others(tiny, points):
    """Keras's dropout draws anew for each piece: once for real images and once for fake ones."""
    dropout = layers.Dropout(0.5, seed=1)
    model = tiny(wk.GAN, critic=critic_with(dropout), n_critic=1, micro_batch=2)
    before = random_states(model.critic)[0].numpy()[1]
    model.critic_step(ops.convert_to_tensor(points(8)))
    assert random_states(model.critic)[0].numpy()[1] - before == 2 * 4
