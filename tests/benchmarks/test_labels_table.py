"""The tables of docs/labels.md from results by hand."""

from benchmarks.labels import table

FROM = {"date": "2026-01-02", "machine": {"processor": "a processor"}, "command": "python -m it"}


def test_a_way_without_labels_leaves_their_scores_empty_and_real_images_end_the_table():
    spread = {"fid": {"mean": 12.345, "std": 0.5}}
    with_labels = spread | {"label_accuracy": {"mean": 0.9012, "std": None}}
    record = {
        **FROM,
        "iterations": 5_000,
        "width": 16,
        "real_images": {"fid": 0.026, "label_accuracy": 0.935},
        "ways": {
            "gan": {"seeds": {"0": {}, "1": {}}, "spread": spread},
            "by": {"seeds": {"0": {}}, "spread": with_labels},
        },
    }
    rows = table.games(record).splitlines()[-3:]
    assert rows == [
        "| gan | 2 | 12.35 ± 0.50 |  |  |  |",
        "| by | 1 | 12.35 ± 0.50 | 90.1 |  |  |",
        "| real images |  | 0.03 | 93.5 |  |  |",
    ]


def test_errors_stand_beside_those_of_the_labels_alone():
    summary = {"mean": 20.0, "standard_error": 0.5, "splits": 10}
    ways = {"semi_supervised_gan": summary, "labels_alone": summary | {"mean": 30.0}}
    stopped = {"semi_supervised_gan": summary}  # before its labels alone were
    record = {**FROM, "iterations": 4_000, "width": 16, "summary": {"1000": ways, "100": stopped}}
    assert table.few_labels(record).splitlines()[-1] == "| 1,000 | 10 | 30.00 ± 0.50 | 20.00 ± 0.50 |"


def test_accuracies_after_samples_stand_above_those_after_real_images():
    accuracy = {"samples": {"mean": 0.8, "std": 0.01}, "real": {"mean": 0.9, "std": 0.02}}
    record = {**FROM, "model": "it", "samples": 20_000, "accuracy": accuracy}
    assert table.samples_for_training([record]).splitlines()[-2:] == [
        "| samples of `it` | 20,000 | 80.0 ± 1.0 |",
        "| real images | 20,000 | 90.0 ± 2.0 |",
    ]
