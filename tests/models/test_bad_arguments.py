"""Each wrong argument, network or file ends in one exception that says what came, what was expected, what to do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

layers = keras.layers


@pytest.fixture(scope="module")
def game(tiny):
    return tiny(wk.WGANGP, compile={"run_eagerly": True})


def sequential(*stack):
    return keras.Sequential(list(stack))


def returning(outputs):
    """A network (3,) -> what `outputs` makes of points (2,)."""
    latents = keras.Input((3,))
    return keras.Model(latents, outputs(layers.Dense(2)(latents)))


class Named(layers.Layer):
    """A score under a name."""

    def __init__(self, key):
        super().__init__()
        self.key = key
        self.score = layers.Dense(1)

    def call(self, x):
        return {self.key: self.score(x)}


GOOD = {
    "generator": lambda: sequential(keras.Input((3,)), layers.Dense(2)),
    "critic": lambda: sequential(keras.Input((2,)), layers.Dense(1)),
}


@pytest.mark.parametrize(
    ("role", "network", "message"),
    [
        (
            "critic",
            lambda: sequential(keras.Input((2,)), layers.Dense(2)),
            r"critic returns \(None, 2\); expected one score an image, \(batch, 1\).*Flatten and Dense\(1\)",
        ),
        (
            "critic",
            lambda: sequential(keras.Input((2, 2)), layers.Dense(1)),
            r"generator makes \(2,\) and the critic takes \(2, 2\)",
        ),
        ("critic", lambda: None, "critic is NoneType without one known input shape; expected a Functional model"),
        ("critic", lambda: sequential(layers.Dense(1)), "critic is Sequential without one known input shape"),
        (
            "generator",
            lambda: sequential(keras.Input((2, 2)), layers.Flatten(), layers.Dense(2)),
            r"generator takes \(None, 2, 2\); expected latents \(batch, latent_dim\)",
        ),
        (
            "generator",
            lambda: sequential(keras.Input((None,)), layers.Lambda(lambda x: x[:, :2])),
            r"generator takes \(None, None\); expected latents",
        ),
        (
            "generator",
            lambda: sequential(keras.Input((3,)), layers.Dense(5)),
            r"generator makes \(5,\) and the critic takes \(2,\).*shape of the data",
        ),
        (
            "generator",
            lambda: returning(lambda x: {"image": x}),
            r"generator returns a dictionary with 'image'; expected one tensor, images\. .*network\.output\[\.\.\.\]",
        ),
        (
            "generator",
            lambda: returning(lambda x: {"image": x, "mask": x}),
            "a dictionary with 'image', 'mask'; expected",
        ),
        ("generator", lambda: returning(lambda x: [x, x]), "generator returns 2 tensors; expected one tensor"),
        (
            "critic",
            lambda: sequential(keras.Input((2,)), Named("score")),
            r"critic returns a dictionary with 'score'; expected one tensor",
        ),
    ],
)
def test_networks_that_do_not_fit(role, network, message):
    networks = {k: make() for k, make in (GOOD | {role: network}).items()}
    with pytest.raises(ValueError, match=message):
        wk.GAN(**networks)


class Squash(layers.Layer):
    def call(self, x):
        return 5 * keras.ops.tanh(x)


ENDS = {
    "sigmoid": (lambda x: layers.Dense(1, "sigmoid", name="end")(x), r"sigmoid \(layer 'end'\).* between 0 and 1\."),
    "layer": (
        lambda x: layers.Activation("tanh", name="end")(layers.Dense(1)(x)),
        r"tanh \(layer 'end'\).* -1 and 1\.",
    ),
    "softmax": (lambda x: layers.Softmax(name="end")(layers.Dense(1)(x)), r"Softmax \(layer 'end'\).* 1 and 1\."),
    "op": (lambda x: keras.ops.sigmoid(layers.Dense(1)(x)), r"Sigmoid \(layer 'sigmoid.*between 0 and 1\."),
    "relu": (lambda x: layers.ReLU(name="end")(layers.Dense(1)(x)), r"ReLU \(layer 'end'\).* at 0 or above\."),
    "log_sigmoid": (lambda x: layers.Dense(1, "log_sigmoid")(x), r"log_sigmoid .* at 0 or below\."),
    "own": (lambda x: Squash()(layers.Dense(1)(x)), r"Squash .* between -5 and 5\."),
    "wrapped": (lambda x: layers.SpectralNormalization(layers.Dense(1, "sigmoid"))(x), "sigmoid .*spectral"),
    "behind it": (lambda x: layers.Rescaling(9)(layers.Dropout(0.5)(layers.Dense(1, "tanh")(x))), "tanh .*-1 and 1"),
    "nested": (lambda x: sequential(keras.Input((2,)), layers.Dense(1, "sigmoid"))(x), "sigmoid .* between 0 and 1"),
    "patches": (
        lambda x: layers.GlobalAveragePooling1D()(layers.Conv1D(1, 1, activation="sigmoid")(layers.Reshape((2, 1))(x))),
        "sigmoid .* between 0 and 1",
    ),
}


@pytest.mark.parametrize("kind", [wk.GAN, wk.WGAN, wk.WGANGP])
@pytest.mark.parametrize("end", ENDS)
def test_a_critic_whose_end_limits_its_scores(kind, end):
    points = keras.Input((2,))
    layer, message = ENDS[end]
    expected = (
        rf"critic ends in {message}.* A {kind.__name__}'s loss takes any number .*Dense\(1\) without an activation"
    )
    with pytest.raises(ValueError, match=expected):
        kind(GOOD["generator"](), keras.Model(points, layer(points)))


@pytest.mark.parametrize(
    "end",
    [
        lambda x: layers.LeakyReLU()(layers.Dense(1)(x)),
        lambda x: layers.Activation("linear", dtype="float32")(layers.Dense(1)(x)),
        lambda x: -3 * layers.Dropout(0.5)(layers.Dense(1)(x)),
        lambda x: layers.Dense(1)(layers.Activation("sigmoid")(x)),
        lambda x: layers.Dense(1)(x) + layers.Dense(1)(x),
        lambda x: layers.SpectralNormalization(layers.Dense(1))(x),
    ],
)
def test_a_critic_whose_scores_are_any_numbers(end):
    points = keras.Input((2,))
    wk.GAN(GOOD["generator"](), keras.Model(points, end(points)))


def test_a_file_of_a_critic_that_would_be_refused_today_loads(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("wgan_keras.models.hooks.check_unlimited", lambda *_: None)
        model = wk.WGAN(GOOD["generator"](), sequential(keras.Input((2,)), layers.Dense(1, "tanh")))
    model.compile()
    model.save(tmp_path / "gan.keras")
    np.testing.assert_array_equal(wk.load_model(tmp_path / "gan.keras").sample(3, seed=0), model.sample(3, seed=0))


class Doubled(layers.Layer):
    """A layer as it is often written: no config, no **kwargs."""

    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)

    def call(self, x):
        return 2 * self.dense(x)


class DoubledModel(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)

    def get_config(self):
        return {"name": self.name}

    def call(self, x):
        return 2 * self.dense(x)


@pytest.mark.parametrize("layer", [Doubled, DoubledModel])
@pytest.mark.parametrize("nested", [False, True])
def test_a_layer_that_no_average_can_be_made_of(layer, nested):
    inner = sequential(keras.Input((3,)), layer(2))
    generator = sequential(keras.Input((3,)), inner) if nested else inner
    message = (
        rf"ema_decay needs a copy .* its layer '\w+' \({layer.__name__}\) cannot .*get_config\(\) .*leave ema_decay"
    )
    with pytest.raises(ValueError, match=message):
        wk.GAN(generator, GOOD["critic"](), ema_decay=0.9)
    wk.GAN(generator, GOOD["critic"]())


def test_the_average_of_a_layer_of_the_users_own():
    """With what the message says to add."""

    class Own(layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = layers.Dense(units)

        def call(self, x):
            return 2 * self.dense(x)

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    generator = sequential(keras.Input((3,)), Own(2))
    model = wk.GAN(generator, GOOD["critic"](), ema_decay=0.9)
    latents = np.ones((4, 3), "float32")
    np.testing.assert_array_equal(model.generator_ema(latents), generator(latents))


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (wk.GAN, {"n_critic": 0}, "n_critic is 0; expected a whole number .* at least 1"),
        (wk.GAN, {"n_critic": 2.5}, "n_critic is 2.5; expected a whole number"),
        (wk.GAN, {"seed": -1}, r"seed is -1; expected a whole number from 0 to 2\^32 - 1"),
        (wk.GAN, {"seed": 2**32}, "seed is 4294967296; expected"),
        (wk.GAN, {"seed": "0"}, "seed is '0'; expected"),
        (wk.GAN, {"latent_prior": "cauchy"}, "latent_prior is 'cauchy'; expected 'normal' or 'uniform'"),
        (wk.GAN, {"ema_decay": 1.0}, "ema_decay is 1.0; expected a number between 0 and 1"),
        (wk.GAN, {"loss": "hinge"}, "loss is 'hinge'; expected one of 'minimax', 'non_saturating'"),
        (wk.GAN, {"label_smoothing": 1.0}, "label_smoothing is 1.0; expected 0 <= label_smoothing < 1"),
        (wk.WGAN, {"clip_value": -0.01}, "clip_value is -0.01; expected a positive number"),
        (wk.WGANGP, {"gradient_penalty_weight": -1.0}, "gradient_penalty_weight is -1.0; expected"),
    ],
)
def test_arguments_out_of_range(kind, arguments, message):
    with pytest.raises(ValueError, match=message):
        kind(GOOD["generator"](), GOOD["critic"](), **arguments)


@pytest.mark.parametrize("nested", [False, True])
def test_batch_normalization_under_a_penalty(nested):
    inner = sequential(keras.Input((2,)), layers.Dense(4), layers.BatchNormalization(name="the_norm"))
    critic = sequential(keras.Input((2,)), *([inner] if nested else inner.layers), layers.Dense(1))
    with pytest.raises(ValueError, match=r"'the_norm' is a batch normalization.*normalization='layer'"):
        wk.WGANGP(GOOD["generator"](), critic)
    wk.WGAN(GOOD["generator"](), critic)  # where it is allowed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": "mse"}, "compile.* got loss; .*Expected generator_optimizer, critic_optimizer"),
        ({"metrics": ["accuracy"]}, "compile.* got metrics; the losses and logs belong to the game"),
        ({"optimizer": "adam"}, "compile.* got optimizer; .*Expected generator_optimizer"),
    ],
)
def test_compile_arguments_that_belong_to_the_game(game, arguments, message):
    with pytest.raises(ValueError, match=message):
        game.compile(**arguments)
    assert game.compiled and game.run_eagerly  # as it was


def test_one_optimizer_for_two_networks(game):
    adam = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="One optimizer was given for both networks; each needs its own"):
        game.compile(adam, adam)


def test_an_optimizer_that_averages(game):
    with pytest.raises(ValueError, match=r"use_ema=True.*pass ema_decay to the model"):
        game.compile(keras.optimizers.Adam(use_ema=True))


def test_an_optimizer_that_counts_fewer_steps_than_it_is_given(game):
    with pytest.raises(ValueError, match=r"Leave gradient_accumulation_steps out"):
        game.compile(keras.optimizers.Adam(gradient_accumulation_steps=2))


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.SGD(loss_scale_factor=1024),
        keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD()),
    ],
)
def test_an_optimizer_that_scales_losses(game, optimizer):
    with pytest.raises(ValueError, match="The optimizer scales losses, which a game's steps do not undo"):
        game.compile(critic_optimizer=optimizer)


def test_constraints_that_clipping_would_replace():
    critic = sequential(keras.Input((2,)), layers.Dense(1, kernel_constraint="non_neg", name="own"))
    with pytest.raises(ValueError, match=r"own/kernel has the constraint NonNeg, in whose place .* WeightClip"):
        wk.WGAN(GOOD["generator"](), critic)
    wk.GAN(GOOD["generator"](), critic)


@pytest.mark.parametrize("name", ["sample_weight", "class_weight"])
def test_weights_of_images_or_classes(game, name):
    both = (game.fit, game.train_on_batch)
    for call in both + ((game.evaluate, game.test_on_batch) if name == "sample_weight" else ()):
        with pytest.raises(ValueError, match=f"{name} was given; a game's losses are plain means over the images"):
            call(np.zeros((8, 2), "float32"), **{name: {0: 1.0}})


@pytest.mark.parametrize("name", ["float16", "mixed_float16"])
def test_half_precision_without_loss_scaling(policy, tiny, name):
    policy(name)
    with pytest.raises(ValueError, match=rf"policy is {name}, .*Use mixed_bfloat16"):
        tiny(wk.GAN)


def test_networks_built_under_mixed_float16(policy):
    policy("mixed_float16")
    networks = GOOD["generator"](), GOOD["critic"]()
    policy("float32")
    with pytest.raises(ValueError, match=r"mixed_float16.*Use mixed_bfloat16"):
        wk.GAN(*networks).compile()


def test_fit_before_compile():
    with pytest.raises(ValueError, match=r"call `?compile\(\)"):
        wk.GAN(GOOD["generator"](), GOOD["critic"]()).fit(np.zeros((32, 2), "float32"))


def test_networks_game_and_optimizers_of_different_strategies():
    networks, scope = (GOOD["generator"](), GOOD["critic"]()), tf.distribute.MirroredStrategy(["CPU:0"]).scope
    with scope(), pytest.raises(ValueError, match=r"kernel was made under no strategy, and the game under a Mirrored"):
        wk.GAN(*networks).compile()
    with scope():
        model = wk.GAN(GOOD["generator"](), GOOD["critic"]())
    with pytest.raises(
        ValueError, match=r"iteration was made under no strategy, .* Make networks, game and optimizers"
    ):
        model.compile(keras.optimizers.SGD(), keras.optimizers.SGD())


def test_a_strategy_whose_replicas_do_not_move_together():
    with tf.distribute.experimental.CentralStorageStrategy(["CPU:0"]).scope():
        networks = GOOD["generator"](), GOOD["critic"]()
        with pytest.raises(ValueError, match=r"under a CentralStorageStrategy.*; expected a MirroredStrategy"):
            wk.GAN(*networks)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n is 0; expected a whole number, at least 1"),
        ({"n": -3}, "n is -3; expected a whole number, at least 1"),
        ({"n": 2.5}, "n is 2.5; expected"),
        ({"n": 4, "batch_size": 0}, "batch_size is 0; expected"),
        ({"n": 4, "latents": np.zeros((4, 3))}, r"latents have shape \(4, 3\); expected \(4, 2\)"),
        ({"n": 4, "latents": np.zeros((3, 2))}, r"latents have shape \(3, 2\); expected \(4, 2\)"),
    ],
)
def test_samples_that_cannot_be_drawn(game, arguments, message):
    with pytest.raises(ValueError, match=message):
        game.sample(**arguments)


def test_a_grid_of_less_than_a_path(game):
    with pytest.raises(ValueError, match="n is 0 and steps 8; expected at least 1 row of at least 2 images"):
        game.interpolate(0)
    with pytest.raises(ValueError, match="n is 2 and steps 1; expected"):
        game.interpolate(2, 1)


def test_a_file_name_without_a_known_ending(game, tmp_path):
    with pytest.raises(ValueError, match=r"Invalid filepath extension.*model\.pickle"):
        game.save(tmp_path / "model.pickle")
    assert list(tmp_path.iterdir()) == []


def test_a_keras_file_that_is_no_game(tmp_path):
    GOOD["critic"]().save(tmp_path / "critic.keras")
    with pytest.raises(ValueError, match=r"critic\.keras holds a Sequential; expected"):
        wk.load_model(tmp_path / "critic.keras")
