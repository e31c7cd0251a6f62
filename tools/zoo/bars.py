"""Do the main presets reach their bars: against the tutorial way, and against themselves at 1,000 iterations.

    python -m tools.zoo.bars

reads the presets of zoo/, tools/zoo/tutorial_quality.json (of tools.zoo.tutorial_quality) and the textures that
benchmarks.study.texture measured, and writes tools/zoo/bars.json and the table of docs/zoo.md. Scores are means ±
standard deviations over the cards' sampling seeds.
"""

import datetime
import json
import pathlib

from benchmarks import command_line, pages
from benchmarks.study import texture
from tools.zoo import tutorial_quality
from wgan_keras import callbacks
from wgan_keras.files.saving import write_json
from wgan_keras.presets import files, store
from wgan_keras.presets.score_names import label
from wgan_keras.presets.table import spread

MODULE = "tools.zoo.bars"
RESULT = pathlib.Path(__file__).parent / "bars.json"
PROTOCOL = "all_fashion_mnist_classifier_10k"
IMAGES = (
    "wgan_gp_resnet_fashion_mnist",
    "wgan_gp_fashion_mnist_labels",
    "wgan_gp_fashion_mnist",
    "hinge_gan_fashion_mnist",
    "wgan_wide_fashion_mnist",
    "wgan_fashion_mnist",
    "gan_fashion_mnist",
)
TOYS = tuple(
    f"{game}_{data}" for game in ("wgan_gp", "wgan", "gan") for data in ("eight_gaussians", "twenty_five_gaussians")
)
HELD = (
    "wgan_gp_resnet_fashion_mnist",
    "wgan_gp_fashion_mnist_labels",
    "wgan_gp_fashion_mnist",
    "wgan_gp_eight_gaussians",
    "wgan_gp_twenty_five_gaussians",
)  # to the bars; others reported
EARLY = 1_000  # iterations
COLOR = ("wgan_gp_avatars", "wgan_gp_emoji", "wgan_gp_emoji_labels")  # held to the bars as well
PROTOCOL_IN_COLOR = "fid_emoji_classifier_1k"
EARLY_IN_COLOR = 2_000  # iterations


def images_row(name, metadata, history, tutorial):
    """What a preset of Fashion-MNIST reaches, and the bars that it passes.

    Args:
        metadata: its metadata.json.
        history: the rows of its history.csv.
        tutorial: the content of tutorial_quality.json.
    """
    best = metadata["scores"]["best"]["protocols"][PROTOCOL]
    fid = best["fid"]["mean"]
    early = fid_at(EARLY, history)
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


def fid_at(iteration, history):
    return next(row["val_fid"] for row in history if row["iteration"] == iteration)


def color_row(name, metadata, history, finest_details):
    """The same for a preset in color.

    Args:
        finest_details: power of the samples' finest details over that of real pictures' (`texture.PROTOCOL`).
    """
    fid = metadata["scores"]["best"]["protocols"][PROTOCOL_IN_COLOR]["fid"]
    early = fid_at(EARLY_IN_COLOR, history)
    return {
        "preset": name,
        "held_to_the_bars": True,
        "iteration": metadata["scores"]["best"]["iteration"],
        "fid": fid,
        "fid_of_real_images": metadata["scores"]["real_against_real"][PROTOCOL_IN_COLOR]["fid"],
        "ratio_to_2000_iterations": fid["mean"] / early,
        "finest_details": finest_details,
        "passes": {
            "at most half of 2,000 iterations": fid["mean"] <= early / 2,
            "at most twice the finest details": finest_details["mean"] <= 2,
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
            "at least 95% high-quality": best["high_quality"]["mean"] >= 0.95,
        },
    }


def rows(tutorial):
    """A row for each of the presets above."""
    textures = json.loads((texture.RESULTS / "texture.json").read_text())["presets"]
    for name in IMAGES:
        yield images_row(name, *_of(name), tutorial)
    for name in COLOR:
        yield color_row(name, *_of(name), textures[name])
    for name in TOYS:
        yield toys_row(name, _of(name)[0])


def _of(name):
    """A preset's metadata and the rows of its history."""
    folder = store.ZOO / name
    return files.read_metadata(folder), callbacks.read_history(folder / "history.csv")


def table(rows):
    """Markdown: what each preset reaches and which of the bars it misses."""
    lines = ["| preset | iteration | reaches | misses |", "|---|---|---|---|"]
    for row in rows:
        missed = "; ".join(bar for bar, passed in row["passes"].items() if not passed)
        lines.append(f"| {row['preset']} | {row['iteration']:,} | {reached(row)} | {missed or 'nothing'} |")
    return "\n".join(lines)


def reached(row):
    """One row's numbers in words."""
    if "modes_covered" in row:
        return f"{row['modes_covered']['mean']:.3g} modes, {row['high_quality']['mean']:.1%} high-quality"
    if "finest_details" in row:
        return (
            f"{_fid_in_words(row, PROTOCOL_IN_COLOR)}, {row['ratio_to_2000_iterations']:.2f} of 2,000 iterations, "
            f"{row['finest_details']['mean']:.1f} times the finest details of real pictures"
        )
    return (
        f"{_fid_in_words(row, PROTOCOL)}, {row['ratio_to_the_tutorial_way']:.2f} of the tutorial way, "
        f"{row['ratio_to_1000_iterations']:.2f} of 1,000 iterations, "
        f"classes {row['class_shares'][0]:.1%} to {row['class_shares'][1]:.1%}, recall {row['recall']:.2f}"
    )


def _fid_in_words(row, protocol):
    fid, real = row["fid"], row["fid_of_real_images"]
    return f"{label('fid', protocol)} {spread(fid['mean'], fid['std'], '.2f')} (real images: {real:.3f})"


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
