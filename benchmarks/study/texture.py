"""What makes the woven texture of color samples: the same training with one thing changed at a time.

    python -m benchmarks.study.texture [--ways ...] [--iterations 2000]

measures the zoo's presets in color, then trains WGAN-GP on emoji at 64x64 in each of WAYS. The first of them is how the
zoo's first preset in color was trained, and its samples were woven. Of all it takes `high_frequencies_spectrum_300`: 1
is what real pictures have. Stopped, the same command goes on; `--ways` without a name measures the presets alone.
Writes benchmarks/study/results/texture.json and, beside it, texture.png: a row of samples a way, real pictures first.
"""

import dataclasses
import json
import pathlib

import numpy as np

from benchmarks import command_line, machine, trainings
from benchmarks.spread import spread
from benchmarks.study import RESULTS
from tools.zoo import recipes
from wgan_keras import data, load_model, plots, presets, scoring
from wgan_keras.files.saving import write_json
from wgan_keras.presets import store
from wgan_keras.recipes import standard

MODULE = "benchmarks.study.texture"
PROTOCOL = "high_frequencies_spectrum_300"
SHAPE = [64, 64, 3]
SAMPLES = 12  # in a row of the picture
SEEDS = (1, 2, 3)  # of the samples


def _resnet(role, **sizes):
    return {"name": f"resnet_{role}", "image_shape": SHAPE, "width": 16, **sizes}


GENERATOR, CRITIC = {"latent_dim": 128}, {"normalization": None}
FIRST = "as the first preset"
WAYS = {  # what differs from it
    FIRST: {},
    "generator upsamples by resizing": {"generator": {"upsampling": "resize"}},
    "residual generator": {"generator": _resnet("generator", **GENERATOR)},
    "residual critic": {"critic": _resnet("critic", **CRITIC)},
    "both residual": {"generator": _resnet("generator", **GENERATOR), "critic": _resnet("critic", **CRITIC)},
    "twice the width": {"generator": {"width": 32}, "critic": {"width": 32}},
}


def recipe(way, iterations):
    """The first preset's recipe, small so that two cores could bear it, with the networks of a way."""
    first = standard(
        {"name": "wgan_gp", **recipes.AVERAGED},
        {"name": "emoji"},
        SHAPE,
        width=16,
        batch_size=32,
        iterations=iterations,
        **recipes.optimizers("wgan_gp", 2e-4, iterations, beta_1=0.0),
    )
    networks = {role: recipes.changed(getattr(first, role), change) for role, change in WAYS[way].items()}
    return dataclasses.replace(first, **networks)


def of_presets():
    """{preset: what `measure` finds} of those that make pictures of 64x64 in color."""
    found = {}
    for name in store.list_presets():
        own = presets.open_recipe(name)
        if own.generator.get("image_shape") == SHAPE:
            evaluation = scoring.reference(PROTOCOL, own.data["name"], image_size=SHAPE[0])
            found[name] = measure(presets.from_preset(name), evaluation)
            print(name, found[name], flush=True)
    return found


def measure(model, evaluation):
    """{"mean", "std"} of the ratio over the sampling seeds."""
    ratios = [scoring.evaluate(model, evaluation, seed).scores["high_frequency_ratio"] for seed in SEEDS]
    return {name: round(value, 3) for name, value in spread(ratios).items()}


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS), help="default: all")
    parser.add_argument("--iterations", type=int, default=2_000, help="multiple of 500; %(default)s")
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs/texture"), help="%(default)s")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="%(default)s")
    return parser.parse_args()


def main():
    options = parse()
    kept = options.out / "texture.json"
    evaluation = scoring.reference(PROTOCOL, "emoji", image_size=64)
    record = {
        **machine.provenance(MODULE),
        "real_pictures": round(evaluation.floor["high_frequency_ratio"], 3),
        "presets": of_presets(),
        "ways": json.loads(kept.read_text())["ways"] if kept.exists() else {},
    }
    write_json(kept, record)
    rows = [data.scale(data.load_raw("emoji", "test", image_size=64)[:SAMPLES])]
    for way in options.ways:
        folder = options.runs / f"{way.replace(' ', '_')}_{options.iterations}"
        trainings.finish(recipe(way, options.iterations), folder)
        model = load_model(folder / "gan.keras")
        record["ways"][way] = {"iterations": options.iterations, **measure(model, evaluation)}
        print(way, record["ways"][way], flush=True)
        rows.append(model.sample(SAMPLES, seed=SEEDS[0]))
        write_json(kept, record)
        plots.save_png(plots.grid(np.concatenate(rows), columns=SAMPLES), options.out / "texture.png")


if __name__ == "__main__":
    main()
