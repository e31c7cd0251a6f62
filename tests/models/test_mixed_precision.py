"""Training under another dtype policy follows training in float32; in mixed_bfloat16 all state is in float32."""

import functools

import keras
import numpy as np
import pytest
from keras import ops

import wgan_keras as wk
from wgan_keras.models import average
from wgan_keras.penalties import historical_averaging

STEPS = 100
SHAPE = (8, 8, 1)


class Curve(keras.callbacks.Callback):
    """What the game estimates, step by step."""

    def __init__(self, name):
        super().__init__()
        self.name, self.values, self._sum = name, [], 0.0

    def on_train_batch_end(self, batch, logs=None):
        total = float(logs[self.name]) * (batch + 1)  # logs are means over the epoch so far
        self.values.append(total - self._sum)
        self._sum = total


def train(policy, cls, name):
    """(the curve of `name`, the model) after STEPS steps on discs of random place and size."""
    policy()
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    center, radius = rng.uniform(2, 6, (2, 512, 1, 1)), rng.uniform(1, 3, (512, 1, 1))
    row, column = np.mgrid[:8, :8]
    inside = np.hypot(row - center[0], column - center[1]) < radius
    images = np.where(inside, 1, -1)[..., None].astype("float32")
    critic = wk.networks.dcgan_critic(SHAPE, 8, normalization=None if cls is wk.WGANGP else "batch")
    model = cls(wk.networks.dcgan_generator(SHAPE, 8, 8), critic, n_critic=2, ema_decay=0.9, seed=0)
    model.compile(*(keras.optimizers.RMSprop(5e-4) for _ in range(2)))
    curve = Curve(name)
    model.fit(np.resize(images, (2 * 16 * STEPS, *SHAPE)), batch_size=16, verbose=0, callbacks=[curve])
    return np.array(curve.values), model


# Two steps under each policy, below, tell of these.
@pytest.mark.long
@pytest.mark.parametrize(
    ("cls", "name"),
    [(wk.WGANGP, "wasserstein_estimate"), (wk.WGAN, "wasserstein_estimate"), (wk.GAN, "js_estimate")],
)
def test_the_curve_follows_that_of_float32(policy, cls, name):
    curves, models = {}, {}
    for kind in ("float32", "mixed_bfloat16"):
        curves[kind], models[kind] = train(lambda kind=kind: policy(kind), cls, name)
    # Means of ten steps; the two trainings are one at first and then two of the same kind.
    full, half = (curves[kind].reshape(-1, 10).mean(axis=1) for kind in ("float32", "mixed_bfloat16"))
    assert np.ptp(full) > 0
    np.testing.assert_allclose(half[0], full[0], rtol=0.03, atol=1e-3)
    assert np.mean(np.abs(half - full)) < 0.1 * np.mean(np.abs(full))
    model = models["mixed_bfloat16"]
    assert model.critic.layers[1].compute_dtype == "bfloat16"
    optimizers = (model.generator_optimizer, model.critic_optimizer)
    state = [*model.weights, *(v for o in optimizers for v in o.variables)]
    assert {v.dtype for v in state if v.name not in ("iteration", "average_steps")} == {"float32"}


class OfItsOwn(wk.HingeGAN):
    """Its losses are in the dtype of its scores."""

    def critic_loss(self, critic, real, fake, seed):
        return ops.mean(ops.relu(1 - critic(real))) + ops.mean(ops.relu(1 + critic(fake))), {}

    def generator_loss(self, critic, real, fake, seed):
        return -ops.mean(critic(fake))


def regularized_game():
    """With all that is added to losses, and an average."""
    dense = functools.partial(keras.layers.Dense, kernel_regularizer="l2", activity_regularizer="l2")
    networks = [keras.Sequential([keras.Input((2,)), dense(4, "relu"), dense(outputs)]) for outputs in (2, 1)]
    penalties = [wk.penalties.HistoricalAveraging(), wk.penalties.R1()]
    model = OfItsOwn(*networks, n_critic=1, ema_decay=0.9, penalties=penalties, seed=0)
    model.compile(*(keras.optimizers.SGD(0.1) for _ in networks), run_eagerly=True)
    return model


@pytest.fixture(scope="module")
def in_float32(points):
    """(the weights of a game, those after its two steps in float32)."""
    model = regularized_game()
    before = model.get_weights()
    model.fit(points(8), batch_size=4, shuffle=False, verbose=0)
    return before, model.get_weights()


@pytest.mark.parametrize(("name", "atol"), [("float64", 1e-6), ("bfloat16", 0.05), ("mixed_bfloat16", 0.05)])
def test_two_steps_under_any_policy_are_near_those_in_float32(in_float32, policy, points, name, atol):
    before, after = in_float32
    policy(name)
    model = regularized_game()
    model.set_weights(before)
    model.fit(points(8), batch_size=4, shuffle=False, verbose=0)
    for ours, theirs in zip(model.get_weights(), after, strict=True):
        np.testing.assert_allclose(np.float64(ours), theirs, atol=atol)


def test_means_of_weights_move_under_bfloat16_and_go_on_from_files_that_have_them_in_it(
    policy, points, tmp_path, monkeypatch
):
    """By a thousandth of the way from 1 to 2, which bfloat16 rounds away."""

    def game():
        networks = [keras.Sequential([keras.Input((2,)), keras.layers.Dense(outputs)]) for outputs in (2, 1)]
        model = wk.GAN(*networks, ema_decay=0.999, penalties=[wk.penalties.HistoricalAveraging()])
        model.compile(*(keras.optimizers.SGD(0.0) for _ in networks), run_eagerly=True)
        for variable in model.variables:
            variable.assign(ops.full(variable.shape, 999 if "int" in variable.dtype else 1, variable.dtype))
        return model

    policy("bfloat16")
    with monkeypatch.context() as before:
        before.setattr(average, "_IN_32_BITS", {})
        before.setattr(historical_averaging, "_dtype_of_mean", lambda weight: weight.dtype)
        game().save_weights(tmp_path / "gan.weights.h5")
    model = game()
    model.load_weights(tmp_path / "gan.weights.h5")
    model.generator.set_weights([np.full(w.shape, 2.0) for w in model.generator.weights])
    model.average_steps.assign(10**6)
    model.train_on_batch(points(2))
    past = [v for v in model.variables if v.name.startswith("generator_past") and "int" not in v.dtype]
    means = [*model.generator_ema.weights, *past]
    assert len(means) == 4
    for mean in means:
        np.testing.assert_allclose(np.float64(mean), 1.001, rtol=1e-6)


@pytest.fixture
def float64_everywhere(policy):
    """Keras's own floats too, as `keras.config.set_floatx` has them."""
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    policy("float64")
    yield
    keras.config.set_floatx(before)


def test_all_parts_take_keras_floats_in_float64(float64_everywhere):
    networks = [keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])]
    networks.insert(0, wk.networks.mlp_generator((4, 4, 1), 2, units=2, depth=1))
    parts = {"penalties": [wk.penalties.HistoricalAveraging()], "views": [wk.views.DiffAugment()]}
    model = wk.WGANGP(*networks, n_critic=1, seed=0, **parts)
    model.compile(run_eagerly=True)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 4, 4, 1))
    history = model.fit(images, batch_size=4, verbose=0, validation_data=images).history
    assert all(np.isfinite(values).all() for values in history.values())
