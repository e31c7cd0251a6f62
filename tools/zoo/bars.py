"""Do the main presets reach their bars: against the tutorial way, and against themselves at 1,000 iterations.

    python -m tools.zoo.bars

reads the presets of zoo/ and tools/zoo/tutorial_quality.json (of tools.zoo.tutorial_quality) and writes
tools/zoo/bars.json and the table of docs/zoo.md. Scores are means ± standard deviations over the cards'
sampling seeds.
"""

import datetime
import json
import pathlib

from benchmarks import command_line, pages
from tools.zoo import tutorial_quality
from wgan_keras import callbacks
from wgan_keras.files.saving import write_json
from wgan_keras.presets import files, store
from wgan_keras.presets.score_names import label
from wgan_keras.presets.table import spread

MODULE = "tools.zoo.bars"
RESULT = pathlib.Path(__file__).parent / "bars.json"
PROTOCOL = "all_fashion_mnist_classifier_10k"
IMAGES = ("wgan_gp_fashion_mnist_labels", "wgan_gp_fashion_mnist", "wgan_fashion_mnist", "gan_fashion_mnist")
TOYS = tuple(
    f"{game}_{data}" for game in ("wgan_gp", "wgan", "gan") for data in ("eight_gaussians", "twenty_five_gaussians")
)
HELD = (
    "wgan_gp_fashion_mnist_labels",
    "wgan_gp_fashion_mnist",
    "wgan_gp_eight_gaussians",
    "wgan_gp_twenty_five_gaussians",
)  # to the bars; others reported
EARLY = 1_000  # iterations


def images_row(name, metadata, history, tutorial):
    """What a preset of Fashion-MNIST reaches, and the bars that it passes.

    Args:
        metadata: its metadata.json.
        history: the rows of its history.csv.
        tutorial: the content of tutorial_quality.json.
    """
    best = metadata["scores"]["best"]["protocols"][PROTOCOL]
    fid = best["fid"]["mean"]
    early = next(row["val_fid"] for row in history if row["iteration"] == EARLY)
    other = tutorial["best"]["protocols"][PROTOCOL]["fid"]["mean"]
    shares = metadata["scores"]["class_shares"]
    return {
        "preset": name,
        "held_to_the_bars": name in HELD,
        "iteration": metadata["scores"]["best"]["iteration"],
        "fid": best["fid"],
        "fid_of_real_images": metadata["scores"]["real_against_real"][PROTOCOL]["fid"],
        "fid_at_1000_iterations": early,
        "fid_of_the_tutorial_way": other,
        "ratio_to_the_tutorial_way": fid / other,
        "ratio_to_1000_iterations": fid / early,
        "class_shares": [min(shares), max(shares)],
        "recall": best["recall"]["mean"],
        "passes": {
            "at most 0.75 of the tutorial way": fid <= 0.75 * other,
            "at most 0.35 of 1,000 iterations": fid <= 0.35 * early,
            "every class from 5% to 16%": min(shares) >= 0.05 and max(shares) <= 0.16,
            "recall above 0.5": best["recall"]["mean"] > 0.5,
        },
    }


def toys_row(name, metadata):
    """The same for a mixture."""
    protocol, best = next(iter(metadata["scores"]["best"]["protocols"].items()))
    return {
        "preset": name,
        "held_to_the_bars": name in HELD,
        "iteration": metadata["scores"]["best"]["iteration"],
        "protocol": protocol,
        "modes_covered": best["modes_covered"],
        "high_quality": best["high_quality"],
        "passes": {
            "all modes": best["modes_covered"]["mean"] == best["modes"]["mean"],
            "at least 90% high-quality": best["high_quality"]["mean"] >= 0.9,
        },
    }


def rows(tutorial):
    """A row for each of the presets above."""
    for name in (*IMAGES, *TOYS):
        folder = store.ZOO / name
        metadata = files.read_metadata(folder)
        if name in TOYS:
            yield toys_row(name, metadata)
        else:
            yield images_row(name, metadata, callbacks.read_history(folder / "history.csv"), tutorial)


def table(rows):
    """Markdown: what each preset reaches and which of the bars it misses."""
    lines = ["| preset | iteration | reaches | misses |", "|---|---|---|---|"]
    for row in rows:
        missed = "; ".join(bar for bar, passed in row["passes"].items() if not passed)
        lines.append(f"| {row['preset']} | {row['iteration']:,} | {reached(row)} | {missed or 'nothing'} |")
    return "\n".join(lines)


def reached(row):
    """One row's numbers in words."""
    if "fid" in row:
        return (
            f"{label('fid', PROTOCOL)} {spread(row['fid']['mean'], row['fid']['std'], '.2f')} "
            f"(real images: {row['fid_of_real_images']:.3f}), "
            f"{row['ratio_to_the_tutorial_way']:.2f} of the tutorial way, "
            f"{row['ratio_to_1000_iterations']:.2f} of 1,000 iterations, "
            f"classes {row['class_shares'][0]:.1%} to {row['class_shares'][1]:.1%}, recall {row['recall']:.2f}"
        )
    return f"{row['modes_covered']['mean']:.3g} modes, {row['high_quality']['mean']:.1%} high-quality"


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--tutorial", type=pathlib.Path, default=tutorial_quality.RESULT)
    parser.add_argument("--out", type=pathlib.Path, default=RESULT)
    arguments = parser.parse_args()
    tutorial = json.loads(arguments.tutorial.read_text())
    found = list(rows(tutorial))
    result = {
        "command": f"python -m {MODULE}",
        "date": datetime.date.today().isoformat(),
        "protocol": PROTOCOL,
        "tutorial": {key: tutorial[key] for key in ("command", "date", "machine", "iterations", "best", "final")},
        "rows": found,
    }
    write_json(arguments.out, result)
    print(table(found))
    if arguments.out == RESULT:
        pages.put("bars", table(found))


if __name__ == "__main__":
    main()
