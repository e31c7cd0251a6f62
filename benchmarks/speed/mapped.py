"""What it costs that a large folder's pictures are mapped from a file: steps on many of them against steps on few.

    python -m benchmarks.speed.mapped

trains WGAN-GP on 200,000 pictures of 64x64x3, mapped as a folder's are, and on 2,000 of them, in turns and in one
process, through `data.stream` as a run does; both pass over their pictures once before. A step on the many may take
AT_MOST times as long. Writes benchmarks/speed/results/mapped.json, in about five minutes; it needs 3 GB of disk.
"""

import itertools

import keras

import wgan_keras as wk
from benchmarks import machine
from benchmarks.speed import RESULTS, memory
from benchmarks.speed.timing import in_turns, spread
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.mapped"
RESULT = RESULTS / "mapped.json"
PICTURES = {"many": 200_000, "few": 2_000}
AT_MOST = 1.05
ROUNDS, STEPS, WIDTH, M = 7, 4, 16, 64


def steps_on(pictures, side=memory.SIDE, width=WIDTH, m=M, steps=STEPS):
    """A function that takes `steps` training steps on so many mapped pictures, each on others."""
    x = memory.images(pictures, "mapped", side)
    generator = wk.networks.dcgan_generator(x.shape[1:], width=width)
    model = wk.WGANGP(generator, wk.networks.dcgan_critic(x.shape[1:], width=width), seed=0)
    model.compile(*(keras.optimizers.Adam(1e-4, 0.0, 0.9) for _ in range(2)))
    for _ in itertools.islice(wk.data.stream(x, m, seed=0), pictures // m):  # every page is looked at once
        pass
    batches = wk.data.stream(x, m, seed=0)
    return lambda: model.fit(batches, steps_per_epoch=steps, verbose=0)


def main():
    seconds = in_turns({name: steps_on(count) for name, count in PICTURES.items()}, ROUNDS)
    record = {
        **machine.provenance(MODULE),
        "step": {"game": "WGANGP", "m": M, "image_shape": [memory.SIDE, memory.SIDE, 3], "width": WIDTH},
        "milliseconds_a_step": {name: spread(1000 * each / STEPS, 1) for name, each in seconds.items()},
        "times_as_long": spread(seconds["many"] / seconds["few"]),
        "at_most": AT_MOST,
    }
    write_json(RESULT, record)
    print(record["milliseconds_a_step"], record["times_as_long"])


if __name__ == "__main__":
    main()
