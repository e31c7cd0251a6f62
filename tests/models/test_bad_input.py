"""Each wrong input ends in one exception that says what came, what was expected and what to do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

layers = keras.layers
Dataset = tf.data.Dataset
EAGER = {"run_eagerly": True}


@pytest.fixture(scope="module")
def game(tiny):
    return tiny(wk.WGANGP, compile=EAGER)


@pytest.fixture(scope="module")
def image_game():
    """Images (4, 4, 1) from a generator that ends in tanh."""
    model = wk.WGANGP(
        wk.networks.mlp_generator((4, 4, 1), 2, units=4, depth=1), wk.networks.mlp_critic((4, 4, 1), units=4, depth=1)
    )
    model.compile(run_eagerly=True)
    return model


def sequential(*stack):
    return keras.Sequential(list(stack))


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
    ],
)
def test_networks_that_do_not_fit(role, network, message):
    networks = {k: make() for k, make in (GOOD | {role: network}).items()}
    with pytest.raises(ValueError, match=message):
        wk.GAN(**networks)


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (wk.GAN, {"n_critic": 0}, "n_critic is 0; expected a whole number .* at least 1"),
        (wk.GAN, {"n_critic": 2.5}, "n_critic is 2.5; expected a whole number"),
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
def test_batch_normalisation_under_a_penalty(nested):
    inner = sequential(keras.Input((2,)), layers.Dense(4), layers.BatchNormalization(name="the_norm"))
    critic = sequential(keras.Input((2,)), *([inner] if nested else inner.layers), layers.Dense(1))
    with pytest.raises(ValueError, match=r"'the_norm' is a batch normalisation.*normalization='layer'"):
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


def test_mixed_float16(policy, tiny):
    policy("mixed_float16")
    with pytest.raises(ValueError, match=r"policy is mixed_float16.*Use mixed_bfloat16"):
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


@pytest.mark.parametrize("kind", ["array", "dataset"])
def test_too_few_images_for_one_step(game, points, kind):
    x, size = (points(9), 5) if kind == "array" else (Dataset.from_tensor_slices(points(9)).batch(5), None)
    message = r"hold 9 images; one step takes n_critic x batch size = 2 x 5 = 10\. Give more images, repeat"
    with pytest.raises(ValueError, match=message):
        game.fit(x, batch_size=size, verbose=0)


def test_no_images_at_all(game, points):
    for x, size in ((points(0), 5), (Dataset.from_tensor_slices(points(0)).batch(5), None)):
        with pytest.raises(ValueError, match="hold 0 images; one step takes"):
            game.fit(x, batch_size=size, verbose=0)


def test_an_unbatched_dataset(game, image_game, points):
    with pytest.raises(ValueError, match=r"shape \(2,\); the generator makes \('batch', 2\).*batch the dataset"):
        game.fit(Dataset.from_tensor_slices(points(32)), verbose=0)
    images = np.zeros((32, 4, 4, 1), "float32")
    with pytest.raises(ValueError, match=r"shape \(4, 4, 1\); .*\('batch', 4, 4, 1\).*batch the dataset"):
        image_game.fit(Dataset.from_tensor_slices(images), verbose=0)
    with pytest.raises(ValueError, match=r"shape \(\); the generator makes \('batch', 2\).*batch the dataset"):
        game.fit(Dataset.range(32).map(lambda i: tf.cast(i, tf.float32)), verbose=0)


def test_a_dataset_and_a_batch_size(game, points):
    with pytest.raises(ValueError, match=r"batch_size was given with a dataset; batch the dataset instead"):
        game.fit(Dataset.from_tensor_slices(points(32)).batch(4), batch_size=4)


@pytest.mark.parametrize("size", [0, -4])
def test_a_batch_size_below_one(game, points, size):
    with pytest.raises(ValueError, match=f"batch_size is {size}; expected"):
        game.fit(points(64), batch_size=size, verbose=0)


@pytest.mark.parametrize("fraction", [-0.5, 1.0, 1.5])
def test_a_validation_split_out_of_range(game, points, fraction):
    with pytest.raises(ValueError, match=f"validation_split is {fraction}; expected"):
        game.fit(points(64), batch_size=4, validation_split=fraction, verbose=0)


def test_a_validation_split_of_a_dataset(game, points):
    with pytest.raises(ValueError, match="validation_split needs arrays; for a dataset pass validation_data"):
        game.fit(Dataset.from_tensor_slices(points(64)).batch(4), validation_split=0.2, verbose=0)


@pytest.mark.parametrize("x", [None, [[0.0, 1.0]] * 64, (row for row in np.zeros((64, 2)))])
def test_images_that_are_no_array(game, x):
    name = type(x).__name__
    with pytest.raises(TypeError, match=rf"images are a {name}; expected an array .* or a tf\.data\.Dataset"):
        game.fit(x, batch_size=4, verbose=0)


def given_as(kind, x):
    """The arguments of `fit` that give x as `kind`, in training or as held-out data beside good training data."""
    role, container = kind.split(" in ")
    data = x if container == "array" else Dataset.from_tensor_slices(x).batch(4)
    if role == "training":
        return {"x": data, "batch_size": 4 if container == "array" else None}
    return {"x": np.zeros((20, *x.shape[1:]), "float32"), "batch_size": 4, "validation_data": data}


KINDS = ["training in array", "training in dataset", "validation in array", "validation in dataset"]


@pytest.mark.parametrize("kind", KINDS)
def test_integer_images(image_game, kind):
    images = np.random.default_rng(0).integers(0, 256, (32, 4, 4, 1)).astype("uint8")
    with pytest.raises(ValueError, match=r"images are uint8; expected floats\. Scale .* x / 127\.5 - 1"):
        image_game.fit(**given_as(kind, images), verbose=0)


@pytest.mark.parametrize("kind", KINDS)
def test_floats_from_0_to_255_under_tanh(image_game, kind):
    images = np.linspace(0, 255, 512, dtype="float32").reshape(32, 4, 4, 1)[::-1]
    message = r"images reach from [\d.]+ to 255; the generator ends in tanh and makes values in \[-1, 1\]\. Scale"
    with pytest.raises(ValueError, match=message):
        image_game.fit(**given_as(kind, images), verbose=0)


@pytest.mark.parametrize("kind", ["training in array", "training in dataset"])
def test_images_of_another_shape(image_game, kind):
    images = np.zeros((32, 4, 5, 1), "float32")
    with pytest.raises(ValueError, match=r"shape \(\d+, 4, 5, 1\); the generator makes \('batch', 4, 4, 1\)"):
        image_game.fit(**given_as(kind, images), verbose=0)


@pytest.mark.parametrize("container", ["array", "dataset"])
def test_held_out_images_of_another_shape(game, points, container):
    x = np.zeros((8, 3), "float32")
    held_out = x if container == "array" else Dataset.from_tensor_slices(x).batch(4)
    with pytest.raises(ValueError, match=r"shape \(\d, 3\); the generator makes \('batch', 2\)"):
        game.fit(points(16), batch_size=4, validation_data=held_out, verbose=0)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("kind", KINDS)
def test_nan_and_infinity_are_named_with_their_batch(game, points, kind, value):
    images = points(32)
    images[21, 1] = value  # in batch 5 of batches of 4
    with pytest.raises(ValueError, match=r"^NaN or infinity in the images, in batch 5\b"):
        game.fit(**given_as(kind, images), verbose=0)


@pytest.mark.parametrize("compile", [{}, {"steps_per_execution": 2}])
def test_nan_in_a_dataset_is_named_in_compiled_training_too(tiny, points, compile):
    model = tiny(wk.GAN, compile=compile)
    images = points(32)
    images[21, 1] = np.nan
    with pytest.raises(ValueError, match=r"^NaN or infinity in the images, in batch 5\b") as caught:
        model.fit(Dataset.from_tensor_slices(images).batch(4), verbose=0)
    assert "\n" not in str(caught.value) and caught.value.__suppress_context__


def test_an_error_of_the_users_own_pipeline_is_left_as_it_is(game, points):
    def fail(x):
        with tf.control_dependencies([tf.debugging.Assert(False, ["the user's own"])]):
            return tf.identity(x)

    data = Dataset.from_tensor_slices(points(32)).batch(4)
    data = data.take(4).concatenate(data.skip(4).map(fail))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"the user.*s own"):
        game.fit(data, verbose=0)


def test_a_step_of_a_size_that_does_not_split(game, points):
    with pytest.raises(ValueError, match=r"step got 7 images.*n_critic = 2 minibatches.*multiple of 2"):
        game.train_on_batch(points(7))


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
