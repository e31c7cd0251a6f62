"""Historical averaging against a loop of plain numbers."""

import keras
import numpy as np
import pytest

import wgan_keras as wk

RATE, WEIGHT, REAL = 0.1, 0.7, 2.0
EAGER = {"run_eagerly": True}


def scalar_game(**how):
    """Generator G(z) = w, critic f(x) = c x, under plain gradient descent."""
    generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    critic = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    penalties = [{"name": "historical_averaging", "weight": WEIGHT}]
    model = wk.WGAN(generator, critic, n_critic=1, clip_value=1e9, penalties=penalties, seed=0)
    model.compile(keras.optimizers.SGD(RATE), keras.optimizers.SGD(RATE), **how)
    model.draw_latents = lambda n, seed: keras.ops.ones((n, 1))
    generator.set_weights([np.array([[0.5]])])
    critic.set_weights([np.array([[-1.5]])])
    return model


def by_hand(steps):
    """(w, c, means of w and c, penalties of the last step) in float64; a mean is over the weights after each update."""
    w, c, w_past, c_past = 0.5, -1.5, [], []
    for _ in range(steps):
        c_penalty = (c - np.mean(c_past)) ** 2 if c_past else 0.0
        c_pull = 2 * WEIGHT * (c - np.mean(c_past)) if c_past else 0.0
        c -= RATE * (w - REAL + c_pull)
        c_past.append(c)
        w_penalty = (w - np.mean(w_past)) ** 2 if w_past else 0.0
        w_pull = 2 * WEIGHT * (w - np.mean(w_past)) if w_past else 0.0
        w -= RATE * (-c + w_pull)
        w_past.append(w)
    return w, c, np.mean(w_past), np.mean(c_past), w_penalty, c_penalty


@pytest.mark.parametrize(("steps", "how"), [(1, EAGER), (2, EAGER), (5, {})])
def test_both_players_are_pulled_to_the_mean_of_their_past(steps, how):
    model = scalar_game(**how)
    for _ in range(steps):
        logs = model.train_on_batch(np.full((3, 1), REAL, "float32"), return_dict=True)
    w, c, w_mean, c_mean, w_penalty, c_penalty = by_hand(steps)
    found = {v.name: np.array(v) for v in model.non_trainable_variables}
    ours = [model.generator.get_weights()[0], model.critic.get_weights()[0]]
    means = [found["generator_past_0"], found["critic_past_0"]]
    np.testing.assert_allclose(np.ravel([*ours, *means]), [w, c, w_mean, c_mean], rtol=1e-5)
    assert (found["generator_past_count"], found["critic_past_count"]) == (steps, steps)
    assert logs["generator_historical_averaging"] == pytest.approx(w_penalty, rel=1e-4, abs=1e-9)
    assert logs["critic_historical_averaging"] == pytest.approx(c_penalty, rel=1e-4, abs=1e-9)


def test_a_saved_game_goes_on_with_its_means(tmp_path, state_of):
    model, x = scalar_game(**EAGER), np.full((3, 1), REAL, "float32")
    for _ in range(3):
        model.train_on_batch(x)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    loaded.draw_latents = model.draw_latents
    for each in (model, loaded):
        each.train_on_batch(x)
    for a, b in zip(state_of(model), state_of(loaded), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_frozen_layer_has_a_past_when_it_is_free_again():
    model = scalar_game()
    model.critic.layers[0].trainable = False
    model.compile("sgd", "sgd", **EAGER)
    model.train_on_batch(np.full((3, 1), REAL, "float32"))
    mean = next(v for v in model.non_trainable_variables if v.name == "critic_past_0")
    np.testing.assert_array_equal(mean, model.critic.get_weights()[0])
