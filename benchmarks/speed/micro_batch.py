"""What a step on a large minibatch holds in memory at most, computed at once and in pieces by `micro_batch`.

    python -m benchmarks.speed.micro_batch

A process each takes one step of WGAN-GP (DCGAN networks of width 64 without batch normalization, n_critic = 1) on 256
images of 128x128x3, on a CPU with TensorFlow. Writes benchmarks/speed/results/micro_batch.json. It needs Linux, 12 GiB
and ten minutes.
"""

import json

from benchmarks import command_line, machine
from benchmarks.speed import RESULTS, alone
from benchmarks.speed.memory import resident
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.micro_batch"
RESULT = RESULTS / "micro_batch.json"
M, SIDE, WIDTH = 256, 128, 64
SIZES = (None, 64, 16, 4)


def peak(micro_batch, m=M, side=SIDE, width=WIDTH):
    """MiB: resident before the step, and at most by its end."""
    import numpy as np

    import wgan_keras as wk

    shape = (side, side, 3)
    images = np.random.default_rng(0).uniform(-1, 1, (m, *shape)).astype("float32")
    generator = wk.networks.dcgan_generator(shape, 128, width, normalization=None)
    critic = wk.networks.dcgan_critic(shape, width)
    model = wk.WGANGP(generator, critic, n_critic=1, micro_batch=micro_batch, seed=0)
    model.compile()
    before = resident()["now"]
    model.train_on_batch(images)
    return {"before": before, "most": resident()["most"]}


def summary(found):
    """Of each size: MiB that the step took beyond those before it, and which share of the whole minibatch's that is."""
    beyond = {size: run["most"] - run["before"] for size, run in found.items()}
    return {
        str(size or "whole"): {
            **{name: round(run[name]) for name in ("before", "most")},
            "step": round(beyond[size]),
            "share": round(beyond[size] / beyond[None], 3),
        }
        for size, run in found.items()
    }


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--only", type=int, help="this size, in this process")
    only = parser.parse_args().only
    if only:
        print(json.dumps(peak(None if only == M else only)))
        return
    report = {
        **machine.provenance(MODULE),
        "unit": "MiB",
        "step": {"game": "WGANGP", "m": M, "image_shape": [SIDE, SIDE, 3], "width": WIDTH, "n_critic": 1},
        "micro_batch": summary({size: alone.measured(MODULE, str(size or M)) for size in SIZES}),
    }
    write_json(RESULT, report)
    print(json.dumps(report["micro_batch"], indent=2))


if __name__ == "__main__":
    main()
