"""What a training holds in memory: TensorFlow's own, the data once, and how much else.

    python -m benchmarks.speed.memory

A process each trains the same small game: on 256 pictures, which shows what TensorFlow takes by itself; on 50,000 of
64x64x3 through `data.stream`, as a run does (uint8, 586 MiB); and on as many given to `fit` as an array of float32,
four times as large. Two more take 2,000 and 200,000 pictures as a large folder has them, mapped from a file, and pass
over all before they train. Writes benchmarks/speed/results/memory.json. It needs Linux, 4 GiB and 3 GB of disk.
"""

import gc
import itertools
import json
import pathlib
import tempfile

from benchmarks import command_line, machine
from benchmarks.speed import RESULTS, alone
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.memory"
RESULT = RESULTS / "memory.json"
PICTURES, FEW, SIDE = 50_000, 256, 64
STEPS = 8
RUNS = {
    "few": (FEW, "uint8"),
    "stream": (PICTURES, "uint8"),
    "array": (PICTURES, "float32"),
    "mapped_2000": (2_000, "mapped"),
    "mapped_200000": (200_000, "mapped"),
}
BATCH = 16


def resident():
    """MiB of this process in memory now, and at most so far."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return {name: int(found[key].split()[0]) / 1024 for name, key in (("now", "VmRSS"), ("most", "VmHWM"))}


def images(pictures, kind, side):
    """(pictures, side, side, 3): "uint8" or "float32" in memory, or "mapped", uint8 in a file as a folder's are."""
    import numpy as np

    from wgan_keras._progress import silent
    from wgan_keras.data import picture_cache

    shape, shade = (pictures, side, side, 3), np.linspace(0, 1, side, dtype="float32")[:, None]
    if kind != "mapped":
        x = np.empty(shape, kind)
        x[...] = shade * (255 if kind == "uint8" else 1)
        return x
    rows = itertools.repeat(np.broadcast_to((shade * 255).astype("uint8"), shape[1:]), pictures)
    with tempfile.TemporaryDirectory() as folder:  # the mapping outlives the file's name
        return picture_cache.make(pathlib.Path(folder) / "entry", shape, rows, silent).images


def trained(pictures, kind, steps=STEPS, side=SIDE):
    """MiB of the data, and resident while a small WGAN-GP trains on them."""
    import keras

    import wgan_keras as wk

    x = images(pictures, kind, side)
    generator = wk.networks.dcgan_generator(x.shape[1:], 16, width=4)
    model = wk.WGANGP(generator, wk.networks.dcgan_critic(x.shape[1:], width=4), n_critic=2)
    model.compile()
    found = {}

    def look(batch, logs=None):
        gc.collect()
        found.update(resident())

    data, size = (x, BATCH) if kind == "float32" else (wk.data.stream(x, BATCH, seed=0), None)
    if kind == "mapped":
        for _ in itertools.islice(data, pictures // BATCH):  # every page is looked at once
            pass
    callback = keras.callbacks.LambdaCallback(on_train_batch_end=look)
    model.fit(data, batch_size=size, steps_per_epoch=steps, epochs=2, verbose=0, callbacks=[callback])
    return {"data": x.nbytes / 2**20, **found}


def summary(runs):
    """Of each run: MiB beyond those of the run on few pictures, and how many times the data that is."""
    own = runs["few"]["now"] - runs["few"]["data"]
    rows = {}
    for name, run in runs.items():
        beyond = run["now"] - own
        rows[name] = {**{k: round(v) for k, v in run.items()}, "beyond_tensorflow": round(beyond)}
        if name in ("stream", "array"):
            rows[name]["times_the_data"] = round(beyond / run["data"], 2)
    return rows


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--only", choices=RUNS, help="this run, in this process")
    only = parser.parse_args().only
    if only:
        print(json.dumps(trained(*RUNS[only])))
        return
    report = {
        **machine.provenance(MODULE),
        "unit": "MiB",
        "runs": summary({name: alone.measured(MODULE, name) for name in RUNS}),
    }
    write_json(RESULT, report)
    print(json.dumps(report["runs"], indent=2))


if __name__ == "__main__":
    main()
