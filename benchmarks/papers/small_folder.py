"""Training on 500 pictures, with and without each differentiable augmentation: scores, and how far the critic overfits.

    python -m benchmarks.papers.small_folder [--hours 3] [--protocol swd_pixels_300]

trains WGAN-GP on 500 emoji at 64x64 with the critic seeing all pictures plain, or through `views.DiffAugment` of one
policy or all (Zhao et al. 2020, arXiv 2006.10738), by seed 0, then by seed 1 and so on. The score compares with emoji
that were held out. At the end the critic's Wasserstein estimate is taken on the pictures trained on and on the held-out
ones, of which some are variants of trained ones in another color of skin: where the two part, it knows the trained ones
by heart. Each training is a run in runs/small_folder, and what it told is kept in results/small_folder/result.json; the
same command goes on with either. --take FILE adds what another machine kept there; --table alone draws the table of
docs/small_folder.md.
"""

import functools
import itertools
import json
import pathlib
import sys
from typing import NamedTuple

import numpy as np

from benchmarks import command_line, pages, trainings
from benchmarks.papers import means
from benchmarks.papers.kept import Kept, fill, read
from benchmarks.papers.report import RESULTS
from wgan_keras import data
from wgan_keras.data.emoji import Emoji
from wgan_keras.models.loading import load_model
from wgan_keras.recipes import standard

MODULE = "benchmarks.papers.small_folder"
RESULT = RESULTS / "small_folder/result.json"
RUNS = pathlib.Path("runs/small_folder")
COUNT = 500
NAME = f"emoji_{COUNT}"
PROTOCOL = "swd_pixels_300"
NONE = "none"
POLICIES = {
    NONE: None,
    "flip": ["flip"],
    "translation": ["translation"],
    "cutout": ["cutout"],
    "color": ["color"],
    "all": ["flip", "color", "translation", "cutout"],
}
HEADER = (
    "| augmentation | seeds | score at the end | best score | against none | estimate on trained pictures "
    "| on held-out pictures | their gap, % |"
)


@data.register_data(NAME)
class FewEmoji(Emoji):
    """500 of the training emoji, drawn once, and all held-out ones."""

    def read_splits(self, location, splits, picture_format=None, labels=False, progress=None):
        found, report = super().read_splits(location, splits, picture_format, labels, progress)
        if "train" in found:
            found["train"] = _drawn(found["train"])
        return found, report


def _drawn(pictures):
    """COUNT of the pictures, or of (pictures, labels); the same at every call."""
    if isinstance(pictures, tuple):
        return tuple(map(_drawn, pictures))
    return pictures[np.sort(np.random.default_rng(0).permutation(len(pictures))[:COUNT])]


class Settings(NamedTuple):
    protocol: str
    iterations: int
    every: int  # iterations between two scores
    width: int
    batch_size: int
    dtype_policy: str


REDUCED = Settings(PROTOCOL, iterations=1_500, every=250, width=16, batch_size=32, dtype_policy="mixed_bfloat16")


def recipe(augmentation, seed, settings):
    """The zoo's of the emoji, shorter, and the view."""
    policy = POLICIES[augmentation]
    views = {} if policy is None else {"views": [{"name": "diff_augment", "policy": policy}]}
    return standard(
        {"name": "wgan_gp", "ema_decay": 0.999, "seed": seed, **views},
        {"name": NAME},
        (64, 64, 3),
        width=settings.width,
        learning_rate=2e-4,
        batch_size=settings.batch_size,
        iterations=settings.iterations,
        dtype_policy=settings.dtype_policy,
        evaluation={"protocol": settings.protocol, "every": settings.every},
    )


def train(augmentation, seed, settings, runs=RUNS):
    """{"end", "best": scores, "trained", "held_out": the critic's estimates} of one training, gone on with or begun."""
    folder = runs / f"{settings.protocol}_{settings.iterations}" / f"{augmentation}_{seed}"
    trainings.finish(recipe(augmentation, seed, settings), folder)
    scores = json.loads((folder / "scores.json").read_text())
    first = next(name for name in scores["last"] if name not in ("epoch", "iteration"))
    gan = load_model(folder / "gan.keras")
    return {
        **{when: round(scores[state][first], 4) for when, state in (("end", "last"), ("best", "best"))},
        **{name: round(estimate(gan, split), 4) for name, split in (("trained", "train"), ("held_out", "test"))},
    }


def estimate(gan, split):
    """E f(pictures) - E f(samples) of the critic as it is, all of them through the game's views."""
    return gan.evaluate(data.load_arrays(NAME, split), verbose=0, return_dict=True)["wasserstein_estimate"]


def gap(training):
    """(estimate on trained pictures - on held-out ones) / the former."""
    return 1 - training["held_out"] / training["trained"]


def markdown(kept):
    """The table, and under it what was run."""
    rows = {name: list(kept["trainings"][name].values()) for name in POLICIES if name in kept["trainings"]}
    lines = [HEADER, "|---" * (HEADER.count("|") - 1) + "|"]
    for name, seeds in rows.items():
        end, best, trained, held_out = (
            means.mean([each[key] for each in seeds]) for key in ("end", "best", "trained", "held_out")
        )
        cells = [name, str(len(seeds)), end.in_words(2), best.in_words(2), _against(rows.get(NONE), seeds)]
        cells += [trained.in_words(2), held_out.in_words(2), means.mean(list(map(gap, seeds))).in_words(0, 100)]
        lines.append(f"| {' | '.join(cells)} |")
    settings = Settings(**kept["settings"])
    return "\n".join([*lines, "", in_words(settings, kept)])


def _against(plain, seeds):
    """How the score at the end differs from that without augmentation, and whether it is better: lower."""
    if plain is None or plain is seeds:
        return ""
    difference, verdict = means.larger(*(means.mean([each["end"] for each in rows]) for rows in (seeds, plain)))
    words = {"held": "worse", "not held": "better"}
    return f"{difference}, {words.get(verdict, verdict)}"


def in_words(settings, kept):
    return (
        f"Means ± standard errors; `{settings.protocol}`, {settings.iterations:,} iterations of {settings.batch_size} "
        f"pictures at width {settings.width}; better or worse by Welch's test at 95% on one side. By "
        f"`{kept['command']}`, {kept['date']}."
    )


def parse():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--augmentations", nargs="+", choices=POLICIES, default=list(POLICIES), help="default: all")
    parser.add_argument("--protocol", default=PROTOCOL, help="one whose first score is better when lower; %(default)s")
    parser.add_argument("--iterations", type=int, default=REDUCED.iterations, help="a multiple of 250; %(default)s")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each; %(default)s")
    parser.add_argument("--hours", type=float, default=float("inf"), help="begin no training later; default: no limit")
    parser.add_argument("--take", type=pathlib.Path, nargs="+", default=[], help="result.json of other machines to add")
    parser.add_argument("--table", action="store_true", help="train nothing")
    return parser.parse_args()


def run(options):
    """Takes what other machines kept, and trains what is not kept yet."""
    settings = REDUCED._replace(protocol=options.protocol, iterations=options.iterations)
    kept = Kept(RESULT, settings, MODULE)
    for path in options.take:
        kept.take(Kept(path, settings, MODULE))
    order = itertools.product(range(options.seeds), options.augmentations)
    wanted = ((kept, name, seed, functools.partial(train, name, seed, settings)) for seed, name in order)
    fill([] if options.table else wanted, options.hours)


def main():
    options = parse()
    run(options)
    kept = read(RESULT)
    if not kept:
        sys.exit(f"Nothing is kept in {RESULT}; leave out --table, or --take what another machine kept.")
    pages.put("small_folder", markdown(kept))


if __name__ == "__main__":
    main()
