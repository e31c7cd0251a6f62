"""Virtual batch normalization against batch statistics by hand, and networks that carry their reference."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.layers.virtual_batch_normalization import DropReference, ReferenceBatch, VirtualBatchNormalization

RNG = np.random.default_rng(0)
SIZE = 3  # of the reference


def batch_normalized(batch, epsilon):
    """Each channel of a batch (n, ..., channels), by the mean and variance over all else."""
    axes = tuple(range(batch.ndim - 1))
    return (batch - batch.mean(axes)) / np.sqrt(batch.var(axes) + epsilon)


@pytest.mark.parametrize("shape", [(4,), (5, 4), (5, 6, 4)])
def test_each_sample_is_normalized_in_the_batch_of_the_reference_and_itself(shape):
    reference, samples = RNG.normal(1, 2, (SIZE, *shape)), RNG.normal(-1, 3, (7, *shape))
    layer = VirtualBatchNormalization(SIZE, epsilon=1e-2, dtype="float64")
    layer.build((None, *shape))
    gamma, beta = RNG.normal(size=(2, 4))
    layer.set_weights([gamma, beta])
    alone = [batch_normalized(np.concatenate([reference, [sample]]), 1e-2)[-1] for sample in samples]
    expected = np.concatenate([batch_normalized(reference, 1e-2), alone]) * gamma + beta
    np.testing.assert_allclose(layer(np.concatenate([reference, samples])), expected, rtol=1e-10, atol=1e-12)


def test_a_sample_that_is_far_away_keeps_its_digits():
    """E x^2 - (E x)^2 in float32 would have none left."""
    x = np.float32(1e4) + RNG.normal(size=(SIZE + 1, 5, 4)).astype("float32")
    expected = batch_normalized(x.astype("float64"), 1e-3)[-1]
    np.testing.assert_allclose(VirtualBatchNormalization(SIZE)(x)[-1], expected, atol=2e-3)


def test_the_second_derivative_is_right(assert_right_second_derivative):
    """By the inputs, the reference's among them."""
    assert_right_second_derivative(VirtualBatchNormalization(2, dtype="float64"), *RNG.normal(size=(2, 4, 3, 2)))


def network(reference, *ends):
    """A network of one hidden layer that is normalized by the reference."""
    inner = ReferenceBatch(reference)
    hidden = [keras.layers.Dense(8, use_bias=False), VirtualBatchNormalization(inner.size), wk.layers.LeakyReLU()]
    return keras.Sequential([keras.Input((2,)), inner, *hidden, *ends, DropReference(inner.size)])


@pytest.fixture
def game(points):
    """game(cls, ...): both networks normalized by references of 3 and 5 samples; its steps are run eagerly."""

    def make(cls, **arguments):
        keras.utils.set_random_seed(0)
        generator = network(wk.random.normal((3, 2), seed=7), keras.layers.Dense(2))
        critic = network(points(5, seed=1), keras.layers.Dense(1))
        model = cls(generator, critic, n_critic=1, seed=0, **arguments)
        model.compile(run_eagerly=True)
        return model

    return make


def test_the_score_of_a_sample_depends_on_no_other_of_its_batch(game, points):
    critic, images = game(wk.GAN).critic, points(6)
    together = critic(images, training=True).numpy()
    assert together.shape == (6, 1)
    alone = np.concatenate([critic(images[i : i + 1], training=False) for i in range(6)])
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-6)
    with tf.GradientTape() as tape:
        x = tf.constant(images)
        tape.watch(x)
        y = critic(x)
    jacobian = np.abs(tape.jacobian(y, x).numpy()).sum(axis=(1, 3))
    assert np.all(np.diag(jacobian) > 0)
    np.testing.assert_array_equal(jacobian - np.diag(np.diag(jacobian)), 0)


def test_the_reference_moves_the_scores(points):
    networks = []
    for seed in (1, 2):
        keras.utils.set_random_seed(0)
        networks.append(network(points(5, seed), keras.layers.Dense(1)))
    first, second = (each(points(4)).numpy() for each in networks)
    assert np.abs(first - second).min() > 1e-3


def test_a_penalized_game_trains_and_keeps_its_references(game, points):
    model = game(wk.WGANGP, ema_decay=0.9)
    references = [wk.random.normal((3, 2), seed=7), wk.random.normal((3, 2), seed=7), points(5, seed=1)]
    before = model.critic.get_weights()
    model.fit(points(5), batch_size=4, verbose=0, validation_data=(points(6),))
    for part, reference in zip((model.generator, model.generator_ema, model.critic), references, strict=True):
        np.testing.assert_array_equal(part.layers[0].reference, reference)
        assert len(part.trainable_variables) == 5  # those of two Dense, gamma and beta
    moved = [not np.array_equal(a, b) for a, b in zip(before, model.critic.get_weights(), strict=True)]
    assert sum(moved) == 4  # a Wasserstein critic's last bias has no gradient


def test_a_loaded_game_has_the_reference_and_goes_on_to_the_same_bits(game, points, state_of, tmp_path):
    model = game(wk.GAN, ema_decay=0.9)
    model.fit(points(4), batch_size=4, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.critic.layers[0].reference, points(5, seed=1))
    assert loaded.critic.layers[0].size == 5
    np.testing.assert_array_equal(model.sample(4, seed=0), loaded.sample(4, seed=0))
    for each in (model, loaded):
        each.fit(points(4), batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(state_of(model), state_of(loaded), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_sigmoid_before_the_reference_is_dropped_is_found(points):
    generator = wk.networks.mlp_generator((2,), 2, units=4, depth=1)
    wk.GAN(generator, network(points(64), keras.layers.Dense(1)))
    with pytest.raises(ValueError, match="The critic ends in sigmoid"):
        wk.GAN(generator, network(points(64), keras.layers.Dense(1, activation="sigmoid")))


def test_statistics_of_bfloat16_are_taken_in_float32(policy):
    x = tf.cast(RNG.normal(100, 1, (SIZE + 2, 4)), "bfloat16")
    expected = VirtualBatchNormalization(SIZE, dtype="float32")(tf.cast(x, "float32"))
    policy("mixed_bfloat16")
    layer = VirtualBatchNormalization(SIZE)
    y = layer(x)
    assert y.dtype == "bfloat16" and {v.dtype for v in layer.weights} == {"float32"}
    np.testing.assert_array_equal(y, tf.cast(expected, "bfloat16"))


def test_xla_gives_the_eager_values(game, points):
    critic, images = game(wk.GAN).critic, points(6)
    compiled = tf.function(critic, jit_compile=True)(images)
    np.testing.assert_allclose(compiled, critic(images), rtol=1e-4, atol=1e-6)


def test_shapes_are_known_with_and_without_a_batch_size():
    reference = ReferenceBatch(np.zeros((3, 4)))
    assert reference.compute_output_shape((None, 4)) == (None, 4)
    assert reference.compute_output_shape((5, 4)) == (8, 4)
    assert DropReference(3).compute_output_shape((8, 4)) == (5, 4)
    assert DropReference(3).compute_output_shape((None, 4)) == (None, 4)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ReferenceBatch(np.zeros(3)), r"samples have shape \(3,\); expected \(size, ...\)"),
        (lambda: ReferenceBatch(np.zeros((0, 2))), r"samples have shape \(0, 2\); expected"),
        (
            lambda: ReferenceBatch(np.zeros((3, 2)))(np.zeros((4, 5))),
            r"inputs of shape \(4, 5\) and holds samples of shape \(3, 2\)",
        ),
        (lambda: VirtualBatchNormalization(0), "reference_size is 0; expected a whole number, at least 1"),
        (lambda: VirtualBatchNormalization(3, epsilon=0), "epsilon is 0; expected a number, above 0"),
        (lambda: DropReference(2.5), "reference_size is 2.5; expected a whole number"),
    ],
)
def test_wrong_arguments_are_told_with_a_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        make()
