"""The throughput benchmark: its operation counts against closed forms, its table against docs/speed.md."""

import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from benchmarks import pages
from benchmarks.speed import kernels, step_profile, table as speed_table, throughput, workloads


def count(function, *shapes, trips=1):
    specs = [tf.TensorSpec(shape) for shape in shapes]
    traced = tf.function(function, autograph=False).get_concrete_function(*specs)
    return kernels.operations(kernels.of_graph(traced.graph, trips))


def test_products_and_convolutions_count_two_for_each_multiplication():
    assert count(tf.matmul, (3, 5), (5, 7)) == 2 * 3 * 5 * 7
    convolution = 2 * 2 * (4 * 4) * (3 * 3 * 5) * 7
    assert count(lambda x, k: tf.nn.conv2d(x, k, 2, "SAME"), (2, 8, 8, 5), (3, 3, 5, 7)) == convolution

    def gradients(x, k):
        with tf.GradientTape() as tape:
            tape.watch((x, k))
            y = tf.nn.conv2d(x, k, 2, "SAME")
        return tape.gradient(y, (x, k))

    # A gradient is as dear as the convolution; the value itself, which nobody asks for, is pruned.
    assert count(gradients, (2, 8, 8, 5), (3, 3, 5, 7)) == 2 * convolution


def test_a_loop_counts_as_often_as_it_goes_round():
    def loop(x):
        return tf.while_loop(lambda i, x: i < 4, lambda i, x: (i + 1, x @ x), (0, x))[1]

    assert count(loop, (3, 3), trips=4) == 4 * 2 * 3**3


def test_a_step_of_wgan_gp_does_no_more_than_the_algorithm_needs():
    """Counted layer by layer for multilayer perceptrons, whose products are easily listed."""
    units, m, latent = 16, 8, 2
    workload = workloads.Workload("mlp", (2,), units, m, latent)
    model = workloads.library(workload, "WGANGP")
    found = kernels.operations(throughput.kernels_of_a_step(model, workload.images(m * workloads.N_CRITIC)))

    def network(inputs, outputs):
        return 2 * m * (inputs * units + 2 * units * units + units * outputs)

    generator, critic = network(latent, 2), network(2, 1)
    generator_first, critic_first, critic_last = 2 * m * latent * units, 2 * m * 2 * units, 2 * m * units
    # Real and fake images: forward, gradients of the weights, and of every layer's input but the first's.
    estimate = 2 * (critic + critic + critic - critic_first)
    # Interpolates: forward, but not to the scores; back to the input. Then the gradient of that gradient: forward
    # through the layers once more, and the weights. A branch for the second derivative of ReLU would add as much.
    penalty = (critic - critic_last) + critic + (critic - critic_last) + critic
    generator_update = generator + critic + critic + generator + (generator - generator_first)
    assert found == workloads.N_CRITIC * (generator + estimate + penalty) + generator_update


def test_workloads_that_are_not_measured_anew_stay():
    first, second = list(workloads.WORKLOADS)[:2]
    made = {"command": "c", "date": "d", "machine": {"processor": "p", "cores": 2}, "versions": {}}
    kept = made | {"steps": [{"workload": first, "was": 1}, {"workload": second, "was": 2}], "fit": []}
    found = {"steps": [{"workload": second, "is": 3}], "fit": [{"workload": second}]}
    assert throughput.merged(kept, found, [second]) == {
        "steps": [{"workload": first, "was": 1, "measured": made}, {"workload": second, "is": 3}],
        "fit": [{"workload": second}],
    }


@pytest.mark.long
@pytest.mark.parametrize("policies", [["float32"], throughput.POLICIES])
def test_a_small_run_gives_a_row_that_the_table_shows(monkeypatch, policies):
    monkeypatch.setattr(throughput, "SIDE", 64)
    monkeypatch.setattr(throughput, "SAMPLES", 64)
    monkeypatch.setattr(step_profile, "MOST", 2)
    # XLA takes longer over a step than the steps do.
    compiled = keras.Model.compile
    without = {"jit_compile": False}
    monkeypatch.setattr(keras.Model, "compile", lambda *args, **kwargs: compiled(*args, **(kwargs | without)))
    small = dataclasses.replace(workloads.WORKLOADS["dcgan_28x28x1"], shape=(8, 8, 1), width=2, m=4)
    rows = [throughput.measure_steps(small, "WGANGP", policy, rounds=2) for policy in policies]
    assert all(row["times_as_fast"]["tutorial"] == {"median": 1, "quartiles": [1, 1]} for row in rows)
    record = {"command": "c", "date": "d", "machine": {"processor": "p", "cores": 2}, "steps": rows}
    record |= {"first_step": [], "fit": [], "sampling": [throughput.measure_sampling(small, 2)]}
    profile = {"command": "c", "date": "d", "rows": [step_profile.profile(small, "float32", 2)]}
    table = speed_table.markdown(record, profile)
    for policy in policies:
        assert f"| dcgan_28x28x1 | WGANGP | {policy} |" in table
    assert "| dcgan_28x28x1 | float32 |" in table
    assert profile["rows"][0]["gflop_a_step"].keys() == speed_table.KERNELS.keys()
    assert sum(profile["rows"][0]["gflop_a_step"].values()) == pytest.approx(rows[0]["gflop_a_step"], abs=0.03)


@pytest.mark.parametrize("policy", [pytest.param("float32", marks=pytest.mark.long), "mixed_bfloat16"])
def test_a_kernel_alone_is_that_of_the_step(policy):
    """Copies of it, with the shapes, strides and dtype that it has in the step: counted again they are as many."""
    small = dataclasses.replace(workloads.WORKLOADS["dcgan_28x28x1"], shape=(8, 8, 1), width=2, m=4)
    model = workloads.library(small, "WGANGP", policy)
    counted = throughput.kernels_of_a_step(model, small.images(small.m * workloads.N_CRITIC))
    assert counted
    for kernel in counted:
        alone = kernel.alone(copies=3)
        assert kernels.of_graph(alone.graph, trips=1) == {kernel: 3}
        assert tuple(alone().shape) == kernel.output


def test_a_missed_target_is_shown_as_missed():
    assert speed_table._at_most(3.1, 3, ".1f", " %") == "**3.1 %** [at most 3 %]"
    assert speed_table._at_most(1.1, 1.3) == "1.10 (target at most 1.3)"
    assert speed_table._judged(("mlp_3x128", "GAN", "float32", "torch"), {"median": 0.994}) == "**0.99** [1]"
    assert speed_table._judged(("mlp_3x128", "GAN", "float32", "share"), {"median": 0.3}) == "0.30"
    key = ("dcgan_28x28x1", "WGANGP", "float32", "share")
    assert speed_table._judged(key, {"median": 0.79}) == "**0.79** [0.8]"
    assert speed_table._judged(key, {"median": 0.81}) == "0.81"


def test_the_pages_table_is_that_of_the_committed_results():
    table = speed_table.markdown(*(json.loads(path.read_text()) for path in speed_table.FILES))
    assert table in pages.PAGES[speed_table.NAME].read_text()


def test_all_ways_of_a_row_have_its_precision():
    """The tutorial's networks compute in it; the library's average their generator, as the recipes have it."""
    small = dataclasses.replace(workloads.WORKLOADS["dcgan_28x28x1"], shape=(8, 8, 1), width=2, m=4)
    for policy in throughput.POLICIES:
        ours, theirs = (make(small, "GAN", policy) for make in (workloads.library, workloads.tutorial_way))
        kinds = [[layer.dtype_policy.name for layer in model.critic.layers] for model in (ours, theirs)]
        assert kinds[0] == kinds[1]
        assert kinds[0][1] == policy
        assert ours.generator_ema is not None
        assert {type(layer).__module__.split(".")[0] for layer in theirs.generator.layers} == {"keras"}


@pytest.mark.needs_torch
def test_torchs_networks_have_as_many_weights_as_ours():
    from benchmarks.speed import torch_eager

    for shape in ((28, 28, 1), (64, 64, 3)):
        workload = workloads.Workload("w", shape, 4, 2, 16)
        for game in ("GAN", "WGANGP"):
            ours = workload.networks(game)
            norm = workloads.critic_normalization(game)
            theirs = torch_eager.dcgan_generator(shape, 16, 4), torch_eager.dcgan_critic(shape, 4, norm)
            for a, b in zip(ours, theirs, strict=True):
                assert sum(np.prod(w.shape) for w in a.trainable_weights) == sum(p.numel() for p in b.parameters())


@pytest.mark.needs_torch
@pytest.mark.parametrize("game", workloads.GAMES)
@pytest.mark.parametrize("policy", throughput.POLICIES)
def test_torchs_gradients_are_the_same_compiled(game, policy, monkeypatch):
    """Both ways of taking them, not compiled here, which takes a minute."""
    import torch

    monkeypatch.setattr(torch, "compile", lambda function, **options: function)
    small = workloads.Workload("w", (8, 8, 1), 4, 4, 16)
    eager, compiled = (workloads.torch_game(small, game, policy, each) for each in (False, True))
    for a, b in ((eager.generator, compiled.generator), (eager.critic, compiled.critic)):
        b.load_state_dict(a.state_dict())
    real, latents = torch.rand(4, 1, 8, 8), torch.randn(4, 16)
    tolerance = 1e-5 if policy == "float32" else 0.05
    updates = {"critic": (real, latents), "generator": (latents,)}
    for role, arguments in updates.items():
        for model in (eager, compiled):
            torch.manual_seed(0)  # of the penalty's coefficients
            getattr(model, f"{role}_update")(*arguments)
        a, b = getattr(eager, role), getattr(compiled, role)
        for x, y in zip(a.parameters(), b.parameters(), strict=True):
            assert x.grad.dtype == y.grad.dtype == torch.float32
            assert (x.grad - y.grad).abs().max() <= tolerance * x.grad.abs().max()
    for a, b in ((eager.generator, compiled.generator), (eager.critic, compiled.critic)):
        for x, y in zip(a.buffers(), b.buffers(), strict=True):
            torch.testing.assert_close(x, y, rtol=0.02, atol=1e-3)
