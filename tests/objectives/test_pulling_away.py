"""The pulling-away term: pairs of features by hand, and the game's own loss beside it."""

import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk
from wgan_keras.models.critic import Critic
from wgan_keras.objectives.pulling_away import mean_squared_cosine


def test_it_is_the_mean_squared_cosine_of_all_pairs():
    features = np.random.default_rng(0).normal(size=(5, 2, 3))
    rows = features.reshape(5, -1)
    cosines = [(a @ b) ** 2 / (a @ a) / (b @ b) for i, a in enumerate(rows) for j, b in enumerate(rows) if i != j]
    assert float(mean_squared_cosine(features)) == pytest.approx(np.mean(cosines), rel=1e-5)


@pytest.mark.parametrize(("features", "term"), [(np.eye(4), 0), (np.ones((4, 3)), 1), (np.ones((1, 3)), 0)])
def test_orthogonal_features_have_none_and_equal_ones_all_of_it(features, term):
    assert float(mean_squared_cosine(features)) == pytest.approx(term, abs=1e-6)


def test_the_generator_minimizes_it_beside_the_games_loss(tiny, points):
    critic = wk.networks.autoencoder_critic((2,), 1)
    model = tiny(wk.EBGAN, critic=critic, objective={"name": "pulling_away", "weight": 0.5})
    seen = Critic(critic, None, lambda network, x: network(x))
    real, fake = (tf.constant(points(6, seed=seed)) for seed in (0, 1))
    value, logs = model.generator_value(seen, real, fake, None, model.objective)
    own = model.generator_loss(seen, real, fake, None)
    assert 0 < float(logs["pulling_away"]) < 1
    np.testing.assert_allclose(value, own + 0.5 * logs["pulling_away"], rtol=1e-6)


def test_a_critic_without_a_code_must_name_a_layer(tiny):
    with pytest.raises(ValueError, match="'pulling_away' names the critic's layer 'code', which is not there"):
        tiny(wk.EBGAN, objective=wk.objectives.PullingAway(), critic=wk.networks.mlp_generator((2,), 2, 4, 1))
