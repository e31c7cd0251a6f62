"""One seed, one training: whether TensorFlow runs it eagerly, as a graph, under XLA or several steps at once."""

import numpy as np
import pytest
import tensorflow as tf

import wgan_keras as wk

MODES = {"eager": {"run_eagerly": True}, "graph": {}, "XLA": {"jit_compile": True}, "4": {"steps_per_execution": 4}}
STEPS = 5

pytestmark = pytest.mark.usefixtures("rewritten_graphs")


@pytest.fixture(scope="module")
def train(tiny, points):
    """train(game, mode): a game after 5 steps; each is run once a module unless `again`."""
    runs = {}

    def run(game, mode, again=False):
        if again or (game, mode) not in runs:
            model = tiny(game, ema_decay=0.9, compile=MODES[mode])
            model.generator_optimizer.learning_rate = model.critic_optimizer.learning_rate = 1e-2
            model.history_ = model.fit(points(STEPS * 2 * 4), batch_size=4, verbose=0).history
            runs[game, mode] = model
        return runs[game, mode]

    return run


def test_two_runs_of_one_seed_agree_bitwise(train, state_of):
    first = state_of(train(wk.WGANGP, "graph"))
    for a, b in zip(first, state_of(train(wk.WGANGP, "graph", again=True)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_another_seed_is_another_training(tiny, points):
    models = [tiny(wk.GAN, compile=MODES["eager"]) for _ in range(2)]
    models[1].seed_generator.state.assign([99, 0])
    for model in models:
        model.fit(points(8), batch_size=4, shuffle=False, verbose=0)
    assert not np.allclose(*(model.generator.get_weights()[0] for model in models))


@pytest.mark.parametrize(
    ("game", "mode"),
    [
        pytest.param(wk.GAN, "eager", marks=pytest.mark.long),
        (wk.WGANGP, "eager"),
        (wk.WGANGP, "XLA"),
        pytest.param(wk.WGANGP, "4", marks=pytest.mark.long),
    ],
)
def test_every_mode_agrees_with_the_graph_in_all_state_and_logs(train, state_of, game, mode):
    graph, other = train(game, "graph"), train(game, mode)
    for a, b in zip(state_of(graph), state_of(other), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4, rtol=1e-4)
    assert int(other.generator_optimizer.iterations) == STEPS
    for name, values in graph.history_.items():
        np.testing.assert_allclose(other.history_[name], values, atol=1e-4, rtol=1e-3, err_msg=name)


@pytest.mark.parametrize("mode", [pytest.param("graph", marks=pytest.mark.long), "4"])
def test_a_dataset_and_an_array_give_the_same_training(tiny, points, state_of, mode):
    """A dataset ends by running out, at every epoch, and nothing of a step may happen then."""
    data, models = points(40), []
    for x, size in ((data, 4), (tf.data.Dataset.from_tensor_slices(data).batch(4), None)):
        models.append(tiny(wk.GAN, compile=MODES[mode]))
        models[-1].fit(x, batch_size=size, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(state_of(models[0]), state_of(models[1]), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(("devices", "resolved"), [(["CPU"], False), (["CPU", "GPU"], True)])
def test_jit_compile_auto_is_xla_where_there_is_a_gpu(tiny, monkeypatch, devices, resolved):
    present = [tf.config.PhysicalDevice(f"/physical_device:{kind}:0", kind) for kind in devices]

    def list_physical_devices(kind=None):
        return [d for d in present if kind in (None, d.device_type)]

    monkeypatch.setattr(tf.config, "list_physical_devices", list_physical_devices)
    for arguments in ({}, {"jit_compile": "auto"}):
        assert tiny(wk.WGANGP, compile=arguments).jit_compile is resolved


def test_a_mixed_bfloat16_step_keeps_losses_and_variables_in_float32(policy, tiny, points):
    reference = tiny(wk.WGANGP, ema_decay=0.9, compile=MODES["eager"])
    policy("mixed_bfloat16")
    model = tiny(wk.WGANGP, ema_decay=0.9, compile=MODES["eager"])
    assert model.critic.layers[2].compute_dtype == "bfloat16"
    seen = {}
    for name in ("critic_loss", "generator_loss"):
        method = getattr(model, name)

        def spy(*arguments, method=method, name=name):
            value = method(*arguments)
            seen[name] = (value[0] if isinstance(value, tuple) else value).dtype
            return value

        setattr(model, name, spy)
    logs = [m.fit(points(8), batch_size=4, shuffle=False, verbose=0).history for m in (reference, model)]
    assert seen == {"critic_loss": tf.float32, "generator_loss": tf.float32}
    assert {v.dtype for v in model.weights if v is not model.average_steps} == {"float32"}
    for name, values in logs[0].items():
        np.testing.assert_allclose(logs[1][name], values, atol=0.05, err_msg=name)  # bfloat16 has 8 bits
    assert model.sample(3, seed=0).dtype == np.float32
