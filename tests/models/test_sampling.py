import keras
import numpy as np
import pytest
from scipy import stats

import wgan_keras as wk
from wgan_keras.models.sampling import draw_latents, lerp, slerp


@pytest.fixture(scope="module")
def model(tiny):
    return tiny(wk.WGANGP)


def test_a_seed_gives_the_same_images_whatever_the_batch_size(model):
    images = model.sample(11, seed=3)
    for size in (1, 4, 11, 256):
        np.testing.assert_allclose(model.sample(11, seed=3, batch_size=size), images, atol=1e-6)
    assert not np.allclose(images, model.sample(11, seed=4))
    assert len(np.unique(images, axis=0)) == 11


def test_without_a_seed_samples_differ(model):
    assert not np.allclose(model.sample(4), model.sample(4))


def test_given_latents_are_the_generators_input(model):
    latents = np.random.default_rng(0).normal(size=(7, 2))
    expected = model.generator(latents.astype("float32"))
    np.testing.assert_allclose(model.sample(7, latents=latents, batch_size=3), expected, atol=1e-6)


def test_samples_come_from_the_averaged_generator_in_inference_mode(with_everything):
    model = with_everything(compile={"run_eagerly": True})
    model.generator_ema.set_weights([w + 1 for w in model.generator.get_weights()])
    latents = np.random.default_rng(0).normal(size=(5, 2)).astype("float32")
    images = model.sample(5, latents=latents)
    np.testing.assert_allclose(images, model.generator_ema(latents, training=False), atol=1e-6)
    # Inference mode: an image does not depend on the others of its batch.
    np.testing.assert_allclose(model.sample(1, latents=latents[:1])[0], images[0], atol=1e-6)


def test_the_average_follows_weights_that_the_generator_gets_before_training(with_everything, points, tmp_path):
    """Also into files and exports and at the first step; one that got weights of its own stays."""
    model = with_everything(compile={"run_eagerly": True})
    for shift in (1, 2):
        model.generator.set_weights([w + shift for w in model.generator.get_weights()])
        latents = np.ones((2, 2), "float32")
        expected = model.generator(latents, training=False)
        np.testing.assert_allclose(model.sample(latents=latents), expected, atol=1e-6)
    model.generator.set_weights([w + 1 for w in model.generator.get_weights()])
    model.save_weights(tmp_path / "w.weights.h5")
    np.testing.assert_array_equal(model.generator_ema.get_weights()[0], model.generator.get_weights()[0])
    average = [w - 5 for w in model.generator.get_weights()]
    model.generator_ema.set_weights(average)
    model.predict(latents, verbose=0)
    np.testing.assert_array_equal(model.generator_ema.get_weights()[0], average[0])


def test_an_untrained_average_follows_after_a_file_and_in_a_call_too(tiny, tmp_path):
    def double(game):
        game.generator.set_weights([2 * w for w in game.generator.get_weights()])

    latents, path = np.ones((2, 2), "float32"), tmp_path / "gan.keras"
    first, copied = (tiny(wk.GAN, ema_decay=0.9, seed=seed) for seed in (0, 1))
    keras.saving.save_model(first, path)
    double(first)
    copied.set_weights(first.get_weights())
    loaded = keras.saving.load_model(path)
    for game in (copied, loaded):
        double(game)
        np.testing.assert_allclose(game(latents), game.generator(latents), atol=1e-6)
    loaded.generator_ema.set_weights([w - 5 for w in loaded.generator.get_weights()])
    keras.saving.save_model(loaded, path)
    of_its_own = keras.saving.load_model(path)
    double(of_its_own)
    np.testing.assert_allclose(of_its_own(latents), loaded.generator_ema(latents), atol=1e-6)


def test_samples_are_float32_under_mixed_bfloat16(policy):
    policy("mixed_bfloat16")
    layers = keras.layers
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(2)])  # the user's own: it returns bfloat16
    model = wk.GAN(generator, keras.Sequential([keras.Input((2,)), layers.Dense(1)]))
    assert model.sample(3, seed=0).dtype == np.float32


def test_a_generators_layers_in_float32_get_latents_and_labels_in_float32(policy):
    """Such as a year, of which bfloat16 has three digits."""
    policy("mixed_bfloat16")
    latents, year = keras.Input((2,)), keras.Input((2,))
    generator = keras.Model([latents, year], keras.layers.Add(dtype="float32")([latents, year]))
    images, labels = keras.Input((2,)), keras.Input((2,))
    critic = keras.Model([images, labels], keras.layers.Dense(1)(keras.layers.Concatenate()([images, labels])))
    model = wk.GAN(generator, critic)
    inputs = np.full((1, 2), 0.3, "float32"), np.full((1, 2), 2021, "float32")
    expected = np.full((1, 2), 2021.3, "float32")
    model.compile(run_eagerly=True)
    np.testing.assert_array_equal(model.sample(latents=inputs[0], labels=inputs[1]), expected)
    np.testing.assert_array_equal(model([each.astype("float64") for each in inputs]), expected)


def test_the_priors():
    normal = np.array(draw_latents("normal", 10_000, 2, 0)).ravel()
    uniform = np.array(draw_latents("uniform", 10_000, 2, 0)).ravel()
    assert stats.kstest(normal, "norm").pvalue > 0.01
    assert stats.kstest(uniform, stats.uniform(-1, 2).cdf).pvalue > 0.01


@pytest.mark.parametrize("prior", ["normal", "uniform"])
def test_training_and_sampling_draw_from_the_games_prior(tiny, prior):
    model = tiny(wk.GAN, latent_prior=prior)
    model.generator.set_weights([np.eye(2, 8), np.full(8, 10.0), np.eye(8, 2), np.full(2, -10.0)])  # the identity
    for latents in (np.array(model.draw_latents(4000, 0)), model.sample(4000, seed=0)):
        assert (np.abs(latents).max() <= 1) == (prior == "uniform")


def test_an_interpolation_stays_where_its_prior_has_latents(tiny):
    model = tiny(wk.GAN, latent_prior="uniform")
    model.generator.set_weights([np.eye(2, 8), np.full(8, 10.0), np.eye(8, 2), np.full(2, -10.0)])  # the identity
    path = model.interpolate(500, 9, seed=0)
    assert np.abs(path).max() <= 1
    np.testing.assert_allclose(path, lerp(path[:, 0], path[:, -1], 9), atol=1e-5)


@pytest.fixture
def ends():
    a, b = np.random.default_rng(0).normal(size=(2, 5, 16))
    return a, 3 * b


def test_slerp_ends_at_its_ends(ends):
    path = slerp(*ends, 7)
    np.testing.assert_allclose(path[:, 0], ends[0], rtol=1e-12)
    np.testing.assert_allclose(path[:, -1], ends[1], rtol=1e-12)


def test_slerp_changes_lengths_linearly(ends):
    lengths = np.linalg.norm(slerp(*ends, 7), axis=-1)
    expected = np.linspace(np.linalg.norm(ends[0], axis=-1), np.linalg.norm(ends[1], axis=-1), 7, axis=1)
    np.testing.assert_allclose(lengths, expected, rtol=1e-12)


def test_slerp_turns_at_constant_speed_in_the_plane_of_its_ends(ends):
    path = slerp(*ends, 7)
    unit = path / np.linalg.norm(path, axis=-1, keepdims=True)
    turns = np.arccos((unit[:, 1:] * unit[:, :-1]).sum(-1))
    total = np.arccos((unit[:, 0] * unit[:, -1]).sum(-1))
    np.testing.assert_allclose(turns, np.tile(total[:, None] / 6, 6), rtol=1e-6)
    for row in path:
        assert np.linalg.matrix_rank(row, tol=1e-9) == 2


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("angle", [0.0, 1e-9, 1e-5, 1e-3, 3.0])
def test_slerp_is_the_closed_form_in_the_plane_down_to_parallel_vectors(dtype, angle):
    a = np.array([[2.0, 0.0]], dtype)
    b = 4 * np.array([[np.cos(angle), np.sin(angle)]], dtype)
    t = np.linspace(0, 1, 5)
    expected = (2 + 2 * t)[:, None] * np.stack([np.cos(t * angle), np.sin(t * angle)], axis=1)
    np.testing.assert_allclose(slerp(a, b, 5)[0], expected, atol=2e-6)


def test_slerp_between_opposite_vectors_stays_finite_and_keeps_its_ends():
    path = slerp(np.array([[1.0, 0.0]]), np.array([[-3.0, 0.0]]), 5)
    assert np.isfinite(path).all()
    np.testing.assert_allclose(path[0, [0, -1]], [[1, 0], [-3, 0]], atol=1e-12)


def test_interpolate_is_the_generator_along_the_sphere(model):
    images = model.interpolate(3, 5, seed=2)
    ends = np.array(draw_latents("normal", 6, 2, 2))
    expected = np.stack([model.generator(row.astype("float32")) for row in slerp(ends[:3], ends[3:], 5)])
    np.testing.assert_allclose(images, expected, atol=1e-6)
    np.testing.assert_array_equal(images, model.interpolate(3, 5, seed=2))


@pytest.mark.parametrize(
    "whole", [np.uint8, *(pytest.param(each, marks=pytest.mark.long) for each in (np.int32, np.int64))]
)
def test_integers_of_numpy_are_integers(tiny, points, whole):
    """As of numpy they would overflow where seeds are moved by 2^40, and JSON would know none."""
    model = tiny(wk.GAN, n_critic=whole(1), compile={"run_eagerly": True})
    np.testing.assert_array_equal(model.sample(whole(4), seed=whole(7), batch_size=whole(3)), model.sample(4, seed=7))
    np.testing.assert_array_equal(model.interpolate(whole(2), whole(3), whole(7)), model.interpolate(2, 3, 7))
    np.testing.assert_array_equal(model.loop(whole(2), whole(3), whole(7)), model.loop(2, 3, 7))
    x = points(4)
    model.fit(x, batch_size=whole(4), epochs=1, verbose=0, validation_data=x, validation_batch_size=whole(4))
    model.evaluate(x, batch_size=whole(4), verbose=0)
    assert wk.views.Pack(whole(2)) == wk.views.Pack(2) and type(wk.views.Pack(whole(2)).k) is int


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda model, x: model.sample(4.0), "n is 4.0"),
        (lambda model, x: model.sample(4, batch_size=2.0), "batch_size is 2.0"),
        (lambda model, x: model.sample(4, seed=1.0), "seed is 1.0"),
        (lambda model, x: model.interpolate(2.0, 3), "n is 2.0"),
        (lambda model, x: model.loop(2, 3.0), "steps is 3.0"),
        (lambda model, x: model.fit(x, batch_size=2.0), "batch_size is 2.0"),
        (lambda model, x: model.evaluate(x, batch_size=2.0), "batch size is 2.0"),
        (lambda model, x: wk.data.stream(x, 2.0, 0), "batch_size is 2.0"),
    ],
)
def test_floats_are_no_counts(tiny, points, call, name):
    with pytest.raises(ValueError, match=f"{name}; expected a whole number"):
        call(tiny(), points(8))
