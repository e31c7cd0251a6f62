"""What holds on several devices, whatever the backend; test_devices.py and test_jax.py run it where the CPU is four."""

import functools
import pathlib
import re
import runpy

import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras import backend, load_model, shares

games = runpy.run_path(str(pathlib.Path(__file__).with_name("device_games.py")))
GAMES, build, images_of, on_points, under = (
    games[name] for name in ("GAMES", "build", "images_of", "on_points", "under")
)
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
on_tensorflow = pytest.mark.skipif(not ON_TENSORFLOW, reason="of what is shared by hand alone")


def fit(model, steps, m=8):
    """The history."""
    return model.fit(*images_of(model, steps * model.n_critic * m), batch_size=m, verbose=0).history


def assert_same(ours, theirs, atol=2e-6):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=atol)


@pytest.fixture(scope="module")
def trained():
    """trained(name, devices, steps): the game and its history."""
    done = {}

    def train(name, devices, steps=3, **how):
        key = name, devices, steps, *how.items()
        if key not in done:
            model = build(name, devices, **how)
            done[key] = model, fit(model, steps)
        return done[key]

    return train


EAGER, IN_TWOS = {"run_eagerly": True}, {"steps_per_execution": 2}
# JAX compiles each operation of an eager step by itself.
QUICKEST = EAGER if ON_TENSORFLOW else {}
# JAX's program is the one of a single device, whatever the game.
COMPILED = GAMES if ON_TENSORFLOW else ("wgan", "wgan_gp", "relativistic_gan", "semi_supervised_gan")
# Quick ones are below: wgan in steps of two, on JAX on four devices, and wgan_gp in pieces. What is made of the others
# is traced as it runs eagerly.
# All kinds of parts; power iterations and augmentation, layers that draw, packs, labels that lack, all pairs, a layer
# across the batch.
QUICK_EAGERLY = ("parts", "hinge_gan", "random_layers", "relativistic_gan", "semi_supervised_gan", "mmd_gan", "lsgan")


def by_name(names, quick):
    return pytest.mark.parametrize(
        "name", [pytest.param(n, marks=[] if n in quick else pytest.mark.long) for n in names]
    )


def assert_two_devices_give_the_numbers_of_one(name, trained, state_of, steps=3, two_alone=None, **how):
    """Weights, moments, averages, statistics, random states, what was counted; logs; samples.

    `two_alone` is how the two are run, and the one is not.
    """
    (one, logs), (two, logs_of_two) = trained(name, 1, steps, **how), trained(name, 2, steps, **how, **two_alone or {})
    assert_same(state_of(two), state_of(one))
    assert logs_of_two == {name: pytest.approx(value, rel=1e-4, abs=1e-5) for name, value in logs.items()}
    assert_same([two.sample(5, seed=0)], [one.sample(5, seed=0)])
    counts = [int(each.iterations.numpy()) for each in (two.generator_optimizer, two.critic_optimizer)]
    assert counts == [steps, two.n_critic * steps]


@by_name(COMPILED, quick=())
def test_two_devices_give_the_numbers_of_one(name, trained, state_of):
    assert_two_devices_give_the_numbers_of_one(name, trained, state_of)


LONG_ON_JAX = [] if ON_TENSORFLOW else pytest.mark.long


@pytest.mark.parametrize("how", [pytest.param(EAGER, marks=pytest.mark.long), pytest.param(IN_TWOS, marks=LONG_ON_JAX)])
def test_every_way_of_running_a_step_on_two_devices_gives_the_numbers_of_one(how, trained, state_of):
    assert_two_devices_give_the_numbers_of_one("wgan", trained, state_of, two_alone=how)


@on_tensorflow
@by_name([name for name in GAMES if name not in ("wgan", "wgan_gp")], QUICK_EAGERLY)
def test_two_devices_give_the_numbers_of_one_run_eagerly(name, trained, state_of):
    assert_two_devices_give_the_numbers_of_one(name, trained, state_of, steps=1, n_critic=1, **EAGER)


@pytest.mark.parametrize("name", ["wgan_gp", pytest.param("hinge_gan", marks=pytest.mark.long)])
def test_each_devices_share_in_pieces_gives_the_numbers_of_the_whole_batch(name, trained, state_of):
    """What is drawn for labels, coefficients and views, and what a power iteration keeps."""
    (whole, logs), pieces = trained(name, 1), build(name, 2, micro_batch=2)
    logs_of_pieces = fit(pieces, 3)
    assert_same(state_of(pieces), state_of(whole))
    assert logs_of_pieces == {name: pytest.approx(value, rel=1e-4, abs=1e-5) for name, value in logs.items()}
    with pytest.raises(ValueError, match=r"is 2, and the batch size 10, 5 on each of 2 devices; .* such as 1 or 5\."):
        fit(pieces, 1, m=10)


def test_a_validation_is_the_same_whether_its_batches_can_be_shared_or_not():
    images, _ = images_of(None, 8 + 3)
    first, second = (
        build("gan", devices).evaluate(images, batch_size=8, verbose=0, return_dict=True) for devices in (1, 2)
    )
    assert second == {name: pytest.approx(value, rel=1e-4, abs=1e-6) for name, value in first.items()}


@on_tensorflow
def test_every_device_holds_the_same_state_bit_for_bit(trained):
    for model, _ in (trained("wgan", 2, **IN_TWOS), trained("parts", 2, steps=1, n_critic=1, **EAGER)):
        for variable in [*model.variables, *model.generator_optimizer.variables, *model.critic_optimizer.variables]:
            first, second = variable.value.values
            np.testing.assert_array_equal(first, second)


# With a smaller epsilon they would make steps of rounding noise.
adam = functools.partial(keras.optimizers.Adam, 1e-3, 0.5, epsilon=1e-3)
rmsprop = functools.partial(keras.optimizers.RMSprop, 1e-3, epsilon=1e-6)


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        # On TensorFlow a saved game goes on by four, below.
        pytest.param("wgan", rmsprop, marks=pytest.mark.long if ON_TENSORFLOW else []),
        pytest.param("gan", None, marks=pytest.mark.long),
        pytest.param("wgan_gp", adam, marks=pytest.mark.long),
    ],
)
def test_four_devices_give_the_numbers_of_one_after_twenty_steps(name, optimizer, trained, state_of):
    how = {} if optimizer is None else {"optimizer": optimizer}
    (one, _), (four, _) = trained(name, 1, 20, **how), trained(name, 4, 20, **how, **IN_TWOS)
    assert_same(state_of(four), state_of(one), atol=1e-4)


def test_a_game_saved_on_two_devices_goes_on_exactly_on_two_and_nearly_on_one_or_four(tmp_path, state_of):
    model = build("wgan", 2, optimizer=adam, n_critic=1, **QUICKEST)
    fit(model, 1)
    model.save(tmp_path / "gan.keras")
    fit(model, 1)
    for devices in (1, 2, 4):
        with under(devices):
            loaded = load_model(tmp_path / "gan.keras")
        loaded.run_eagerly = model.run_eagerly
        fit(loaded, 1)
        if devices == 2:
            for a, b in zip(state_of(loaded), state_of(model), strict=True):
                np.testing.assert_array_equal(a, b)
        assert_same(state_of(loaded), state_of(model), atol=1e-5)


class OfTheWorst(wk.GAN):
    """Its loss is no mean over samples."""

    take = staticmethod(lambda scores: scores)

    def critic_loss(self, critic, real, fake, seed):
        worst = ops.max(self.take(critic(fake)))
        return worst - ops.min(self.take(critic(real))), {"js_estimate": worst, "critic_accuracy": worst}


class OfTheWorstOfAll(OfTheWorst):
    take = staticmethod(shares.whole)


@on_tensorflow
def test_a_loss_that_is_no_mean_is_refused_until_it_takes_the_whole_batch():
    with under(2):
        models = [game(**on_points(normalized=False)) for game in (OfTheWorst, OfTheWorstOfAll)]
        for model in models:
            model.compile(**EAGER)
    with pytest.raises(ValueError, match=r"The game's \S+ is \S+ on a batch and \S+ where 2 devices share"):
        fit(models[0], 1)
    fit(models[1], 1)


class Adding(keras.layers.Layer):
    """The identity; what it adds to the loss is no mean over samples."""

    def call(self, x):
        self.add_loss(ops.sum(x**2))
        return x


class ByItself(wk.HingeGAN):
    """Its loss calls the network itself."""

    def critic_loss(self, critic, real, fake, seed):
        return super().critic_loss(self.critic, real, fake, seed)


@on_tensorflow
def test_what_layers_add_is_refused_where_it_is_no_mean_or_devices_would_take_each_others():
    points = keras.Input((2,))
    with under(2):
        regularized = keras.Model(points, keras.layers.Dense(1, activity_regularizer="l2")(points), name="regularized")
        games = [
            wk.GAN(keras.Model(points, Adding()(keras.layers.Dense(2)(points))), regularized),
            ByItself(keras.Model(points, keras.layers.Dense(2)(points)), regularized),
        ]
        for game in games:
            game.compile(**EAGER)
    with pytest.raises(ValueError, match=r"The game's generator_regularization is \S+ on a batch and \S+ where 2"):
        fit(games[0], 1)
    with pytest.raises(ValueError, match=r"^Layers of 'regularized' add to its loss, .* critic\(images\)"):
        fit(games[1], 1)


def test_batches_that_devices_cannot_share():
    model = build("relativistic_gan", 4)
    with pytest.raises(ValueError, match=r"is 12, and Pack makes one of 2 images on each of 4 .* such as 8 or 16\."):
        fit(model, 1, m=12)
    model = build("gan", 4)
    with pytest.raises(ValueError, match=r"is 10, and 4 devices share it; expected a multiple of 4, such as 8 or 12\."):
        fit(model, 1, m=10)
    with pytest.raises(ValueError, match=r"is 3, and 4 devices .* such as 4\."):
        model.train_on_batch(images_of(model, 6)[0])


@on_tensorflow
def test_batches_whose_size_keras_forgets_are_shared_where_they_can_be():
    """As those of a PyDataset, or those of several sizes that `train_on_batch` is given, in one graph."""
    import tensorflow as tf

    told = []

    def body(x):
        drawn = backend.mean_over_pieces(lambda rows: wk.random.uniform(rows.shape, seed=1) + 0 * rows, [x], 1)
        tf.numpy_function(lambda rows, drawn: told.append((int(rows), drawn)), [tf.shape(x)[0], drawn], [])

    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def step(x):
        backend.on_each_device(body, [x])

    with under(2):
        for n in (8, 7):  # of the second each device gets all
            step(np.ones((n, 2), "float32"))
    assert [rows for rows, _ in told] == [4, 4, 7, 7]
    numbers = [ops.convert_to_numpy(wk.random.uniform((n, 2), seed=1)) for n in (8, 7)]
    of_shares, of_wholes = [drawn for _, drawn in told[:2]], [drawn for _, drawn in told[2:]]
    expected = numbers[0].reshape(2, 4, 2).mean(1)
    # Replicas may tell in either order.
    np.testing.assert_allclose(sorted(map(tuple, np.concatenate(of_shares))), sorted(map(tuple, expected)), rtol=1e-5)
    for drawn in of_wholes:
        np.testing.assert_allclose(drawn, numbers[1].mean(0, keepdims=True), rtol=1e-5)


@on_tensorflow
@pytest.mark.long
def test_batches_whose_size_keras_forgets_give_the_numbers_of_one_device_in_pieces_too(state_of, in_batches):
    one, two = build("wgan_gp", 1, n_critic=1, **EAGER), build("wgan_gp", 2, n_critic=1, micro_batch=1)
    arrays = images_of(one, 8)
    one.fit(*arrays, batch_size=4, shuffle=False, verbose=0)
    two.fit(in_batches(4, *arrays), verbose=0)
    assert_same(state_of(two), state_of(one))


@on_tensorflow
def test_xla_is_refused_between_devices():
    with pytest.raises(ValueError, match=r"jit_compile is True, and the game is on 2 devices"):
        build("gan", 2, jit_compile=True)


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="of JAX's compiled program")
def test_each_device_computes_its_rows_alone_and_an_update_exchanges_the_gradients_once():
    """Not the images: the program has two sums over devices, one in each player's update, and nothing is gathered."""
    flops = {}
    for devices in (1, 4):
        with under(devices):
            size = {"units": 64, "depth": 1}
            networks = wk.networks.mlp_generator((2,), 2, **size), wk.networks.mlp_critic((2,), **size)
            model = wk.WGANGP(*networks, n_critic=2)
            model.compile()
        program = compiled_step(model, images_of(model, 2 * 64)[0])
        flops[devices] = program.cost_analysis()["flops"]
    exchanges = re.findall(r"(all-[a-z]+|collective-permute|reduce-scatter)(?:-start)?\(", program.as_text())
    assert exchanges == ["all-reduce"] * 2
    assert flops[4] < 0.3 * flops[1]


def compiled_step(model, images):
    import jax

    from wgan_keras.backend import jax_sharding

    with model.on_devices():
        state = model._get_jax_state(*[True] * 4)
        if model.device_count > 1:
            images = jax_sharding.placed(model._devices, *model._stacked(images))
            assert images.sharding.shard_shape(images.shape) == (2, 16, 2)
        return jax.jit(model.train_step).lower(state, images).compile()
