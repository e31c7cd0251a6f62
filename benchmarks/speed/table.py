"""The tables of docs/speed.md, from what throughput, step_profile, parts, fused_normalization, gpu_throughput measured.

python -m benchmarks.speed.table
"""

import json

from benchmarks import earlier, machine, pages
from benchmarks.speed import RESULTS, fused_normalization, gpu_throughput, parts

NAME = "speed"
FILES = [RESULTS / name for name in ("throughput.json", "step_profile.json")]
KERNELS = {
    "Conv2D": "convolutions",
    "Conv2DBackpropInput": "their input gradients",
    "Conv2DBackpropFilter": "their filter gradients",
    "MatMul": "matrix products",
}
TARGETS = {  # (workload, game, policy, other way or "share"): at least
    ("dcgan_28x28x1", "WGANGP", "float32", "tutorial"): 1.25,
    ("dcgan_28x28x1", "WGANGP", "float32", "torch"): 1.8,
    ("dcgan_28x28x1", "WGANGP", "float32", "share"): 0.8,
    ("dcgan_28x28x1", "WGANGP", "mixed_bfloat16", "tutorial"): 1.2,
    ("dcgan_28x28x1", "WGAN", "mixed_bfloat16", "tutorial"): 1.2,
    ("mlp_3x512", "WGANGP", "float32", "tutorial"): 1.3,
    ("mlp_3x128", "WGANGP", "float32", "tutorial"): 2.5,
}
OTHERS = {"tutorial": "tutorial", "torch": "PyTorch", "torch.compile": "torch.compile"}


def markdown(record, profile):
    """Speed by workload, game and precision, then what else was measured; a missed target is bold, beside it itself."""
    before = earlier.in_words((row["workload"], row) for row in record["steps"])
    lines = [
        f"{machine.measured(record)}.{before}",
        "Milliseconds a generator iteration, the share that it reaches of the machine's matrix-product peak in the "
        "same precision, and how many times as fast it is as the others in the same precision (median of the rounds): "
        "the tutorials' way, PyTorch eager, PyTorch under `torch.compile`. The library averages its generator, the "
        "others do not. A target that was missed is bold, the target in brackets; against the others it is 1 at least.",
        "",
        f"| networks | game | precision | ms | share of peak | / {' | / '.join(OTHERS.values())} |",
        "|---" * (5 + len(OTHERS)) + "|",
    ]
    for row in record["steps"]:
        key = (row["workload"], row["game"], row["policy"])
        milliseconds = 1000 * row["seconds_a_step"]["library"]["median"]
        cells = [*key, f"{milliseconds:.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}"]
        cells.append(_judged((*key, "share"), row["share_of_peak"]))
        cells += [_judged((*key, name), row["times_as_fast"].get(name)) for name in OTHERS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *_others(record), *_profile(profile)])


def _judged(key, found):
    if found is None:
        return ""
    value, target = found["median"], TARGETS.get(key, 0 if key[-1] == "share" else 1)
    return f"{value:.2f}" if value >= target else f"**{value:.2f}** [{target}]"


def _at_most(value, target, form=".2f", unit=""):
    found = f"{value:{form}}{unit}"
    return f"{found} (target at most {target}{unit})" if value <= target else f"**{found}** [at most {target}{unit}]"


def _others(record):
    """A line for each of: time to the first step, fit's own cost, sampling."""
    for row in record["first_step"]:
        five, hundred = row["n_critic 5 over tutorial"]["median"], row["n_critic 100 over 5"]["median"]
        yield (
            f"- First step of WGANGP on {row['workload']}: {row['seconds']['5']['median']:.1f} s, "
            f"{_at_most(five, 1.3)} times the tutorial way's; with n_critic = 100 {_at_most(hundred, 3)} times as "
            "long as with n_critic = 5."
        )
    for row in record["fit"]:
        extra = _at_most(100 * row["extra"]["median"], 3, ".1f", " %")
        yield f"- `fit` on {row['workload']} costs {extra} beyond its steps."
    for row in record["sampling"]:
        yield (
            f"- `sample` of 10,000 on {row['workload']}: {row['images_a_second']['sample']['median']:.0f} a second, "
            f"{row['times_as_fast']['median']:.2f} times the tutorial's `predict` (target 1.5)."
        )


def _profile(profile):
    """What a step's kernels take by themselves, beside the peak; a row each."""
    yield from (
        "",
        f"The floor under a step of WGANGP (`{profile['command']}`, {profile['date']}): the kernels that it needs, "
        "each run by itself, as a share of the step's time, with their GFLOP/s. What is beyond them is all that could "
        "still be saved with these kernels. The peak is what a product of two large matrices reaches.",
        "",
        f"| networks | precision | ms | {' | '.join(KERNELS.values())} | all of them | peak |",
        "|---" * (5 + len(KERNELS)) + "|",
    )
    for row in profile["rows"]:
        shares, rates = row["share_of_the_step"], row["gflop_a_second"]
        kinds = (f"{shares[k]['median']:.0%}, {rates[k]['median']:.0f}" if k in shares else "" for k in KERNELS)
        cells = [row["workload"], row["policy"], f"{row['milliseconds_a_step']['median']:.3g}", *kinds]
        cells += [f"{row['floor']['median']:.0%}", f"{row['peak_gflop_a_second']['median']:.0f}"]
        yield "| " + " | ".join(cells) + " |"


def main():
    pages.put(NAME, markdown(*(json.loads(path.read_text()) for path in FILES)))
    for name, benchmark in (("parts", parts), ("fused", fused_normalization), ("gpu", gpu_throughput)):
        if benchmark.RESULT.exists():
            pages.put(name, benchmark.markdown(json.loads(benchmark.RESULT.read_text())))


if __name__ == "__main__":
    main()
