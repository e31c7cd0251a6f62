"""Images a second through the JAX backend, on a GPU when there is one: this library, a tutorial, PyTorch, in turns.

    KERAS_BACKEND=jax python -m benchmarks.speed.gpu_throughput [--sizes 64 256 1024] [--profile DIR]

WGAN-GP on DCGAN networks (width 64, n_critic = 5), 28x28x1 and 64x64x3, in float32, tf32 and mixed_bfloat16. Needs
no TensorFlow; PyTorch takes part where it is installed and, if JAX runs on a GPU, sees one too. The steps of all three
are timed on data that lie on the device; `fit` beside them, with its checks, order and transfer. A real image counts
once for each critic update that uses it. The share is that of the matrix-product peak, measured in the same rounds
at the same precision, by the operations that XLA counts in the tutorial's step. `make gpu-bench` runs it and writes
benchmarks/speed/results/gpu_throughput.json; on a CPU, at `--width 4`, it is a test of itself.
"""

import contextlib
import datetime
import functools
import importlib.util
import json
import pathlib
import sys

import jax
import keras
import numpy as np
from jax import numpy as jnp

import wgan_keras as wk
from benchmarks import command_line, machine, pages
from benchmarks.speed import RESULTS, tutorial_jax
from benchmarks.speed.timing import in_turns, spread
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.gpu_throughput"
RESULT = RESULTS / "gpu_throughput.json"
N_CRITIC = 5
LATENT_DIM = 128
SHAPES = ((28, 28, 1), (64, 64, 3))
PRECISIONS = {  # name: (dtype policy, JAX's precision of float32 products)
    "float32": ("float32", "float32"),
    "tf32": ("float32", "tensorfloat32"),
    "mixed_bfloat16": ("mixed_bfloat16", "float32"),
}
TORCH = importlib.util.find_spec("torch") is not None


def adam():
    return keras.optimizers.Adam(1e-4, 0.0, 0.9)


@contextlib.contextmanager
def precision(name):
    policy, products = PRECISIONS[name]
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        with jax.default_matmul_precision(products):
            yield
    finally:
        keras.config.set_dtype_policy(before)


def networks(shape, width):
    generator = wk.networks.dcgan_generator(shape, LATENT_DIM, width)
    return generator, wk.networks.dcgan_critic(shape, width)


def library(shape, width, name):
    with precision(name):
        model = wk.WGANGP(*networks(shape, width), n_critic=N_CRITIC, seed=0)
        model.compile(adam(), adam())
    return model


def library_steps(shape, width, m, steps, name):
    """A function that makes `steps` generator iterations on images that stay on the device."""
    model = library(shape, width, name)
    names = ("trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables")
    state = model._get_jax_state(**dict.fromkeys(names, True))
    step = jax.jit(model.train_step, donate_argnums=0)  # as Keras's trainer compiles it
    real = jnp.asarray(noise(shape, m * N_CRITIC))

    def run():
        nonlocal state
        with precision(name):
            for _ in range(steps):
                logs, state = step(state, real)
        return float(logs["critic_loss"])

    return run


def library_fit(shape, width, m, steps, name):
    """A function that makes `steps` generator iterations by `fit` on an array."""
    model = library(shape, width, name)
    images = noise(shape, steps * m * N_CRITIC)

    def run():
        with precision(name):
            model.fit(images, batch_size=m, verbose=0)

    return run


def tutorial(shape, width, m, steps, name):
    """(the same function for the tutorial's step on one batch that stays on the device, operations of a step)."""
    with precision(name):
        models = (*networks(shape, width), adam(), adam())
        state, step = tutorial_jax.stateful(*models), tutorial_jax.make_step(*models, LATENT_DIM, N_CRITIC)
        real, key = jnp.asarray(noise(shape, m)), jax.random.key(0)
        lowered = step.lower(state, real, key)
        # Counted before XLA compiles it: on a GPU the convolutions are then calls of cuDNN, which it counts as none.
        operations, step = lowered.cost_analysis()["flops"], lowered.compile()

    def run():
        nonlocal state
        with precision(name):
            for i in range(steps):
                state, loss = step(state, real, jax.random.fold_in(key, i))
        return float(loss)

    return run, operations


def torch_steps(shape, width, m, steps, name):
    """The same function in PyTorch; in mixed_bfloat16 by its autocast."""
    import torch

    from benchmarks.speed import torch_eager

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_default_device(device)
    models = torch_eager.dcgan_generator(shape, LATENT_DIM, width), torch_eager.dcgan_critic(shape, width)
    adams = (torch.optim.Adam(model.parameters(), 1e-4, (0.0, 0.9)) for model in models)
    game = torch_eager.WGANGP(*models, *adams, LATENT_DIM, N_CRITIC, bfloat16=name == "mixed_bfloat16")
    images = noise(shape, m * N_CRITIC).reshape(N_CRITIC, m, *shape).transpose(0, 1, 4, 2, 3)
    real = torch.from_numpy(np.ascontiguousarray(images)).to(device)

    def run():
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = name == "tf32"
        return [game.step(real) for _ in range(steps)][-1]

    return run


def noise(shape, count):
    return np.random.default_rng(0).uniform(-1, 1, (count, *shape)).astype("float32")


def matrix_product(name, side):
    """A function of 2 side^3 operations at a precision."""
    dtype = "bfloat16" if name == "mixed_bfloat16" else "float32"
    a, b = jax.random.normal(jax.random.key(1), (2, side, side), dtype)
    product = jax.jit(lambda a, b: (a @ b).max())

    def run():
        with precision(name):
            return float(product(a, b))

    return run


def measure(shape, width, m, steps, side, rounds):
    """The row of a shape and a batch size."""
    subjects, operations = {}, {}
    for name in PRECISIONS:
        subjects[name] = library_steps(shape, width, m, steps, name)
        subjects[f"fit {name}"] = library_fit(shape, width, m, steps, name)
        subjects[f"tutorial {name}"], operations[name] = tutorial(shape, width, m, steps, name)
        if TORCH:
            subjects[f"torch {name}"] = torch_steps(shape, width, m, steps, name)
    products = {f"product {name}": matrix_product(name, side) for name in PRECISIONS}
    seconds = in_turns(subjects | products, rounds)
    images = steps * m * N_CRITIC
    others = ["tutorial", "torch"] if TORCH else ["tutorial"]
    peaks = {name: 2 * side**3 / seconds[f"product {name}"] for name in PRECISIONS}
    return {
        "shape": list(shape),
        "width": width,
        "m": m,
        "images_a_second": {name: spread(images / seconds[name], 0) for name in subjects},
        "times_as_fast": {
            other: {n: spread(seconds[f"{other} {n}"] / seconds[n]) for n in PRECISIONS} for other in others
        },
        "gflop_a_step": {name: round(count / 1e9, 6) for name, count in operations.items()},
        "peak_gflop_a_second": {name: spread(rate / 1e9, 0) for name, rate in peaks.items()},
        "share_of_peak": {n: spread(operations[n] * steps / seconds[n] / peaks[n]) for n in PRECISIONS},
    }


def markdown(record):
    """A line for each shape, size of minibatch and precision."""
    lines = [
        f"Measured {record['date']} on one {record['device']}, by `{record['command']}`: WGAN-GP, DCGAN networks of "
        f"width {record['rows'][0]['width']}, n_critic = {N_CRITIC}. Thousands of real images a second, by steps alone "
        "and by `fit`; how many times as fast the step is as the tutorial's in JAX and as PyTorch's (eager); and the "
        "share of the peak that a product of large matrices reaches at that precision.",
        "",
        "| images | m | precision | step | `fit` | / tutorial | / PyTorch | share of peak |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in record["rows"]:
        for name, share in row["share_of_peak"].items():
            rates = (row["images_a_second"][kind]["median"] / 1000 for kind in (name, f"fit {name}"))
            ratios = [row["times_as_fast"].get(other, {}).get(name) for other in ("tutorial", "torch")]
            cells = ["x".join(map(str, row["shape"])), str(row["m"]), name, *(f"{rate:.1f}" for rate in rates)]
            cells += ["" if r is None else pages.bold_unless(f"{r['median']:.2f}", r["median"] >= 1) for r in ratios]
            lines.append("| " + " | ".join([*cells, f"{share['median']:.2f}"]) + " |")
    return "\n".join(lines)


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 256, 512, 1024], help="m; %(default)s")
    parser.add_argument("--width", type=int, default=64, help="filters of the finest stage; %(default)s")
    parser.add_argument("--steps", type=int, default=20, help="generator iterations a timing; %(default)s")
    parser.add_argument("--side", type=int, default=8192, help="of the matrices for the peak; %(default)s")
    parser.add_argument("--rounds", type=int, default=7, help="timings of each way; %(default)s")
    parser.add_argument("--profile", type=pathlib.Path, help="write a trace of one round to this folder")
    parser.add_argument("--out", type=pathlib.Path, default=RESULT, help="%(default)s")
    options = parser.parse_args()
    if keras.backend.backend() != "jax":
        parser.error(f"Keras runs on {keras.backend.backend()!r}; set KERAS_BACKEND=jax.")
    take = functools.partial(measure, width=options.width, steps=options.steps, side=options.side)
    rows: list[dict] = []
    record = {
        "command": " ".join([f"KERAS_BACKEND=jax python -m {MODULE}", *sys.argv[1:]]),
        "date": datetime.date.today().isoformat(),
        "device": jax.devices()[0].device_kind,
        "machine": machine.machine(),
        "versions": {"keras": keras.version(), "jax": jax.__version__},
        "rows": rows,
    }
    for shape in SHAPES:
        for m in options.sizes:
            rows.append(take(shape, m=m, rounds=options.rounds))
            print(json.dumps(rows[-1]), flush=True)
            write_json(options.out, record)
    if options.profile:
        with jax.profiler.trace(str(options.profile)):
            library_steps(SHAPES[0], options.width, options.sizes[0], options.steps, "mixed_bfloat16")()


if __name__ == "__main__":
    main()
