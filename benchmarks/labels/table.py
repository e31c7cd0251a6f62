"""The tables of docs/labels.md, from the results that are kept.

    python -m benchmarks.labels.table

puts each into the page whose results are there.
"""

import json

from benchmarks import earlier, pages
from benchmarks.labels import RESULTS, comparison
from wgan_keras.presets.score_names import label
from wgan_keras.presets.table import spread

SCORES = {  # heading: (score, times what, decimals)
    label("fid", comparison.PROTOCOL): ("fid", 1, 2),
    "label accuracy, %": ("label_accuracy", 100, 1),
    "intra-class fid": ("intra_fid", 1, 2),
    "diversity within a class": ("intra_diversity", 1, 2),
}


def games(record):
    """Every way of `comparison` and the real images: mean ± standard deviation over the seeds."""
    real = {score: {"mean": value, "std": None} for score, value in record["real_images"].items()}
    rows = [_row(way, len(found["seeds"]), found["spread"]) for way, found in record["ways"].items()]
    heads = f"| training | seeds | {' | '.join(SCORES)} |\n|---|---|{'---|' * len(SCORES)}"
    told = (
        f"{record['iterations']:,} generator iterations at width {record['width']}, the state at the end; mean ± "
        f"standard deviation over the seeds. {_source(record)}{earlier.in_words(record['ways'].items())}"
    )
    return "\n".join([told, "", heads, *rows, _row("real images", "", real)])


def _row(name, seeds, spreads):
    return f"| {name} | {seeds} | {' | '.join(_cell(spreads, *each) for each in SCORES.values())} |"


def samples_for_training(records):
    """Test accuracies after samples and after real images, for every model of `classification_accuracy`."""
    lines = ["| trained on | images | accuracy on real test images, % |", "|---|---|---|"]
    for record in records:
        for source, name in (("samples", f"samples of `{record['model']}`"), ("real", "real images")):
            lines.append(f"| {name} | {record['samples']:,} | {_cell(record['accuracy'], source, 100, 1)} |")
    return "\n".join([_source(records[0]), "", *lines])


def few_labels(record):
    """Errors of the game and of the classifier alone, by the number of labels: mean ± standard error."""
    lines = ["| labels | splits | labels alone: error, % | with the game: error, % |", "|---|---|---|---|"]
    for count, ways in record["summary"].items():
        if len(ways) < 2:
            continue  # the training was stopped before the second way's first split
        alone, game = (ways[name] for name in ("labels_alone", "semi_supervised_gan"))
        cells = [spread(each["mean"], each["standard_error"], ".2f", ".2f") for each in (alone, game)]
        lines.append(f"| {int(count):,} | {min(alone['splits'], game['splits'])} | {' | '.join(cells)} |")
    told = f"{record['iterations']:,} iterations at width {record['width']}. {_source(record)}"
    return "\n".join([told, "", *lines])


def _cell(spreads, score, times, decimals):
    if score not in spreads:
        return ""
    mean, deviation = (value and times * value for value in spreads[score].values())
    return spread(mean, deviation, f".{decimals}f", f".{decimals}f")


def _source(record):
    return f"Measured {record['date']} on {record['machine']['processor']} by `{record['command']}`."


def _read(paths):
    return [json.loads(path.read_text()) for path in sorted(paths)]


def main():
    """Puts every table whose results are there into the page."""
    for record in _read(RESULTS.glob("comparison.json")):
        pages.put("labels", games(record))
    for record in _read(RESULTS.glob("semi_supervised.json")):
        pages.put("few_labels", few_labels(record))
    if records := _read(RESULTS.glob("classification_accuracy_*.json")):
        pages.put("samples_for_training", samples_for_training(records))


if __name__ == "__main__":
    main()
