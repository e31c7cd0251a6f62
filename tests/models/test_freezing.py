"""Layers frozen and unfrozen while a game lives: optimizers, averages and constraints follow `compile`."""

import keras
import numpy as np
import pytest

import wgan_keras as wk

EAGER = {"run_eagerly": True}


def arrays(network):
    return [np.array(w) for w in network.get_weights()]


def moved(before, network):
    return [not np.array_equal(a, b) for a, b in zip(before, arrays(network), strict=True)]


@pytest.mark.parametrize(
    ("game", "compile"),
    [(wk.GAN, EAGER), *(pytest.param(*each, marks=pytest.mark.long) for each in ((wk.WGANGP, EAGER), (wk.GAN, {})))],
)
def test_a_frozen_layer_stays_and_its_average_arrives(tiny, points, game, compile):
    """Frozen, the step goes on for the others; unfrozen, for all."""
    model = tiny(game, ema_decay=0.01, compile=compile)
    model.generator_optimizer.learning_rate = 0.1  # so that the average is seen to follow
    model.fit(points(8), batch_size=4, verbose=0)
    model.generator.layers[1].trainable = False
    model.compile(model.generator_optimizer, model.critic_optimizer, **compile)
    before = arrays(model.generator)
    model.fit(points(16), batch_size=4, verbose=0)
    assert moved(before, model.generator) == [False, False, True, True]
    for frozen, average in zip(arrays(model.generator)[:2], arrays(model.generator_ema), strict=False):
        np.testing.assert_allclose(average, frozen, atol=1e-5)
    model.generator.layers[1].trainable = True
    model.compile(model.generator_optimizer, model.critic_optimizer, **compile)
    model.fit(points(8), batch_size=4, verbose=0)
    assert moved(before, model.generator) == [True] * 4


def test_frozen_with_new_optimizers(tiny, points):
    """As reported: `compile()` alone."""
    model = tiny(wk.WGANGP, ema_decay=0.9)
    model.generator.layers[1].trainable = False
    model.compile(**EAGER)
    before = arrays(model.generator)
    model.fit(points(8), batch_size=4, verbose=0)
    assert moved(before, model.generator) == [False, False, True, True]


def test_an_average_of_a_layer_that_was_frozen_from_the_start(tiny, points):
    generator = wk.networks.mlp_generator((2,), 2, units=8, depth=1)
    generator.layers[1].trainable = False
    model = tiny(wk.WGANGP, generator=generator, ema_decay=0.5, compile=EAGER)
    model.fit(points(8), batch_size=4, verbose=0)
    generator.layers[1].trainable = True
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **EAGER)
    before = arrays(model.generator_ema)
    model.fit(points(8), batch_size=4, verbose=0)
    assert moved(before, model.generator_ema) == [True] * 4


def test_a_frozen_batch_normalization_keeps_its_statistics_in_the_average_too(with_everything, points):
    model = with_everything(compile=EAGER)
    model.generator.layers[1].trainable = False
    model.compile(**EAGER)
    norms = [model.generator.layers[1], model.generator_ema.layers[1]]
    before = [np.array(norm.moving_mean) for norm in norms]
    model.fit(points(8), batch_size=4, verbose=0)
    for norm, mean in zip(norms, before, strict=True):
        np.testing.assert_array_equal(norm.moving_mean, mean)


@pytest.mark.parametrize(("game", "compile"), [pytest.param(wk.WGANGP, EAGER, marks=pytest.mark.long), (wk.GAN, {})])
def test_a_frozen_generator_lets_the_critic_train_first(tiny, points, game, compile):
    """Steps are counted, so that the data move on; then both train, the critic from the moments it has."""
    model = tiny(game, ema_decay=0.9, compile=compile)
    model.generator.trainable = False
    model.compile(**compile)
    before, critic = arrays(model.generator), arrays(model.critic)
    model.fit(points(16), batch_size=4, verbose=0)
    assert not any(moved(before, model.generator)) and all(moved(critic, model.critic)[:3])
    counts = [int(o.iterations) for o in (model.generator_optimizer, model.critic_optimizer)]
    assert counts == [2, 4]
    model.generator.trainable = True
    moments = [np.array(v) for v in model.critic_optimizer.variables]
    model.compile(model.generator_optimizer, model.critic_optimizer, **compile)
    for ours, kept in zip(model.critic_optimizer.variables, moments, strict=True):
        np.testing.assert_array_equal(ours, kept)
    model.fit(points(16), batch_size=4, verbose=0)
    assert all(moved(before, model.generator))
    assert [int(o.iterations) for o in (model.generator_optimizer, model.critic_optimizer)] == [4, 8]


def test_a_frozen_critic_lets_the_generator_train_alone(tiny, points):
    model = tiny(wk.WGAN, compile=EAGER)
    model.critic.trainable = False
    model.compile(**EAGER)
    before, critic = arrays(model.generator), arrays(model.critic)
    logs = model.fit(points(8), batch_size=4, verbose=0).history
    assert all(moved(before, model.generator)) and not any(moved(critic, model.critic))
    assert int(model.critic_optimizer.iterations) == 2 and logs["clipped_fraction"] == [0.0]


def test_a_layer_unfrozen_after_construction_is_clipped(tiny, points):
    critic = wk.networks.mlp_critic((2,), units=8, depth=1)
    hidden = next(layer for layer in critic.layers if layer.weights)
    hidden.trainable = False
    model = tiny(wk.WGAN, critic=critic, compile=EAGER)
    model.fit(points(8), batch_size=4, verbose=0)
    assert np.abs(arrays(critic)[0]).max() > 0.01  # a frozen one stays as it is
    hidden.trainable = True
    model.compile(**EAGER)
    model.fit(points(8), batch_size=4, verbose=0)
    assert max(np.abs(w).max() for w in arrays(critic)) == np.float32(0.01)


OPTIMIZERS = ["adam", "nadam", "adafactor", "muon"]
# Arrays of each variable's shape, and no others.
LIKE_ADAM = ["rmsprop", "sgd", "adamw", "adagrad", "adadelta", "adamax", "ftrl", "lion"]


@pytest.mark.parametrize("name", [*OPTIMIZERS, *(pytest.param(name, marks=pytest.mark.long) for name in LIKE_ADAM)])
def test_every_optimizer_goes_on_by_variable(tiny, points, name):
    """Its count, rate and the moments of the layers that stay; those of a layer that comes back begin anew."""
    optimizers = [keras.optimizers.get({"class_name": name, "config": {"learning_rate": 0.01}}) for _ in range(2)]
    how = {**EAGER, "generator_optimizer": optimizers[0], "critic_optimizer": optimizers[1]}
    model = tiny(wk.GAN, n_critic=1, compile=how)
    model.train_on_batch(points(4))
    kept = [(v.path, np.array(v)) for v in optimizers[0].variables]
    model.generator.layers[1].trainable = False
    model.compile(model.generator_optimizer, model.critic_optimizer, **EAGER)
    assert model.generator_optimizer is not optimizers[0] and model.critic_optimizer is optimizers[1]
    assert int(model.generator_optimizer.iterations) == 1
    for variable in model.generator_optimizer.variables:  # Adafactor gives two one path; Keras numbers what has no name
        named = [array for path, array in kept if path == variable.path or path.startswith("variable")]
        assert any(np.array_equal(variable, array) for array in named), variable.path
    model.generator.layers[1].trainable = True
    model.compile(model.generator_optimizer, model.critic_optimizer, **EAGER)
    model.train_on_batch(points(4))
    assert int(model.generator_optimizer.iterations) == 2


@pytest.mark.parametrize("by", ["var_names", "var_list"])
def test_what_does_not_decay_does_not_decay_later_either(tiny, points, tmp_path, by):
    """When a layer was frozen, and in a game that was saved and loaded."""
    generator, optimizer = wk.networks.mlp_generator((2,), 2, units=8, depth=1), keras.optimizers.AdamW(0.01, 10.0)
    optimizer.exclude_from_weight_decay(**{by: ["bias"] if by == "var_names" else generator.weights[-1:]})
    model = tiny(wk.GAN, generator=generator, compile={**EAGER, "generator_optimizer": optimizer})
    generator.layers[1].trainable = False
    model.compile(model.generator_optimizer, model.critic_optimizer, **EAGER)
    assert model.generator_optimizer is not optimizer
    model.save(tmp_path / "gan.keras")
    for each in (model, wk.load_model(tmp_path / "gan.keras")):
        kernel, bias = each.generator.weights[-2:]
        for weight in (kernel, bias):
            weight.assign(keras.ops.full(weight.shape, 100.0))
        each.train_on_batch(points(8))
        assert kernel.numpy().max() < 91 and bias.numpy().min() > 99


def test_an_optimizer_of_another_game_is_refused(tiny):
    one, other = tiny(wk.GAN), tiny(wk.GAN)
    with pytest.raises(ValueError, match="in use for the variables of another network"):
        other.compile(one.generator_optimizer)


def test_a_game_saved_frozen_goes_on_bitwise(with_everything, points, state_of, tmp_path):
    model = with_everything(n_critic=1, compile=EAGER)
    model.generator.layers[0].trainable = False
    model.compile(**EAGER)
    model.fit(points(4), batch_size=4, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = wk.load_model(tmp_path / "gan.keras")
    for one in (model, loaded):
        one.fit(points(4, seed=1), batch_size=4, verbose=0)
    for a, b in zip(state_of(model), state_of(loaded), strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_that_a_layer_got_after_its_average_was_made_are_told(tiny):
    model = tiny(wk.GAN, ema_decay=0.9)
    model.generator.layers[1].enable_lora(1)
    assert model.sample(2, seed=0).shape == (2, 2)
    with pytest.raises(ValueError, match=r"layer 'dense\w*' has \d weights to train, .* has 2: .*enable_lora"):
        model.compile(**EAGER)


def test_the_average_has_paths_of_its_own(tiny):
    model = tiny(wk.GAN, ema_decay=0.9)
    model.compile()
    paths = [weight.path for network in (model.generator, model.generator_ema) for weight in network.weights]
    assert len(set(paths)) == len(paths)
    assert "generator_ema" in model.get_state_tree()["trainable_variables"]


def test_weights_that_come_after_compile_are_those_that_an_optimizer_moves(tiny, points):
    """Of one that copies them when it is built too."""
    model = tiny(wk.GAN)
    model.compile(keras.optimizers.ScheduleFreeAdamW(1e-3), keras.optimizers.ScheduleFreeAdamW(1e-3), **EAGER)
    for network in (model.generator, model.critic):
        network.set_weights([w + 5 for w in network.get_weights()])
    before = arrays(model.generator) + arrays(model.critic)
    model.fit(points(4), batch_size=2, verbose=0)
    for a, b in zip(before, arrays(model.generator) + arrays(model.critic), strict=True):
        np.testing.assert_allclose(a, b, atol=0.01)
