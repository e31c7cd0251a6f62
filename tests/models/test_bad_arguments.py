"""Each wrong argument or file ends in one exception that says what came, what was expected, what to do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

layers = keras.layers


@pytest.fixture(scope="module")
def game(tiny):
    return tiny(wk.WGANGP, compile={"run_eagerly": True})


def generator():
    return keras.Sequential([keras.Input((3,)), layers.Dense(2)])


def critic(*hidden):
    return keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(1)])


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (wk.GAN, {"n_critic": 0}, "n_critic is 0; expected a whole number, at least 1"),
        (wk.GAN, {"n_critic": 2.5}, "n_critic is 2.5; expected a whole number"),
        (wk.GAN, {"seed": -1}, r"seed is -1; expected a whole number from 0 to 2\^32 - 1"),
        (wk.GAN, {"seed": 2**32}, "seed is 4294967296; expected"),
        (wk.GAN, {"seed": "0"}, "seed is '0'; expected"),
        (wk.GAN, {"latent_prior": "cauchy"}, "latent_prior is 'cauchy'; expected 'normal' or 'uniform'"),
        (wk.GAN, {"ema_decay": 1.0}, "ema_decay is 1.0; expected a number, above 0 and below 1 or null"),
        (wk.GAN, {"loss": "hinge"}, "loss is 'hinge'; expected 'minimax' or 'non_saturating'"),
        (wk.GAN, {"label_smoothing": 1.0}, "label_smoothing is 1.0; expected a number, at least 0 and below 1"),
        (wk.GAN, {"label_smoothing": "much"}, "label_smoothing is 'much'; expected a number, at least 0 and below 1"),
        (wk.WGAN, {"clip_value": -0.01}, "clip_value is -0.01; expected a number, above 0"),
        (wk.WGANGP, {"gradient_penalty_weight": -1.0}, "gradient_penalty_weight is -1.0; expected"),
        (
            wk.WGANGP,
            {"name": "game", "gradient_penality_weight": 1.0},
            r"WGANGP takes no 'gradient_penality_weight' \(did you mean 'gradient_penalty_weight'\?\); expected 'gen",
        ),
    ],
)
def test_arguments_out_of_range(kind, arguments, message):
    with pytest.raises(ValueError, match=message):
        kind(generator(), critic(), **arguments)


@pytest.mark.parametrize("nested", [False, True])
def test_batch_normalization_under_a_penalty(nested):
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(4), layers.BatchNormalization(name="the_norm")])
    normalized = critic(*([inner] if nested else inner.layers))
    with pytest.raises(ValueError, match=r"'the_norm' is a batch normalization.*normalization='layer'"):
        wk.WGANGP(generator(), normalized)
    wk.WGAN(generator(), normalized)  # where it is allowed


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


def test_an_optimizer_of_several(game):
    several = keras.optimizers.MultiOptimizer([(keras.optimizers.SGD(), ".*")])
    with pytest.raises(ValueError, match=r"A MultiOptimizer was given.*Give one optimizer a network"):
        game.compile(critic_optimizer=several)


def test_a_function_for_a_rate_in_a_recipe():
    with pytest.raises(ValueError, match=r"schedule is a function; recipes name .*Save the model as a \.keras file"):
        wk.optimizers.to_spec(keras.optimizers.SGD(lambda: 0.1))


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
    constrained = critic(layers.Dense(4, kernel_constraint="non_neg", name="own"))
    with pytest.raises(ValueError, match=r"own/kernel has the constraint NonNeg, in whose place .* WeightClip"):
        wk.WGAN(generator(), constrained)
    wk.GAN(generator(), constrained)


@pytest.mark.parametrize("name", ["sample_weight", "class_weight"])
def test_weights_of_images_or_classes(game, name):
    both = (game.fit, game.train_on_batch)
    for call in both + ((game.evaluate, game.test_on_batch) if name == "sample_weight" else ()):
        with pytest.raises(ValueError, match=f"{name} was given; a game's losses are plain means over the images"):
            call(np.zeros((8, 2), "float32"), **{name: {0: 1.0}})


def test_weights_of_images_beside_them(game):
    x = np.zeros((64, 2), "float32")
    weighted = (x, None, np.ones(64))
    for call in (game.fit, game.evaluate, game.train_on_batch, lambda held: game.fit(x, validation_data=held)):
        with pytest.raises(ValueError, match="sample_weight, the third part of the data, was given; a game's losses"):
            call(weighted)
    game.test_on_batch((x, None, None))


@pytest.mark.parametrize("name", ["float16", "mixed_float16"])
def test_half_precision_without_loss_scaling(policy, tiny, name):
    policy(name)
    with pytest.raises(ValueError, match=rf"policy is {name}, .*Use mixed_bfloat16"):
        tiny(wk.GAN)


def test_networks_built_under_mixed_float16(policy):
    policy("mixed_float16")
    networks = generator(), critic()
    policy("float32")
    with pytest.raises(ValueError, match=r"mixed_float16.*Use mixed_bfloat16"):
        wk.GAN(*networks).compile()


def test_fit_before_compile():
    with pytest.raises(ValueError, match=r"call `?compile\(\)"):
        wk.GAN(generator(), critic()).fit(np.zeros((32, 2), "float32"))


def test_networks_game_and_optimizers_of_different_strategies():
    networks, scope = (generator(), critic()), tf.distribute.MirroredStrategy(["CPU:0"]).scope
    with scope(), pytest.raises(ValueError, match=r"kernel was made under no strategy, and the game under a Mirrored"):
        wk.GAN(*networks).compile()
    with scope():
        model = wk.GAN(generator(), critic())
    with pytest.raises(
        ValueError, match=r"iteration was made under no strategy, .* Make networks, game and optimizers"
    ):
        model.compile(keras.optimizers.SGD(), keras.optimizers.SGD())


def test_a_strategy_whose_replicas_do_not_move_together():
    with tf.distribute.experimental.CentralStorageStrategy(["CPU:0"]).scope():
        networks = generator(), critic()
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
    critic().save(tmp_path / "critic.keras")
    with pytest.raises(ValueError, match=r"critic\.keras holds a Sequential; expected"):
        wk.load_model(tmp_path / "critic.keras")
