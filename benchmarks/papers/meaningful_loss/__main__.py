"""Trains by seeds, judges the curves, draws them."""

from benchmarks.papers import meaningful_loss, repeats, report
from benchmarks.papers.meaningful_loss.claims import claims, measured
from benchmarks.papers.meaningful_loss.figure import draw
from benchmarks.papers.meaningful_loss.trainings import train


def conclude(records, settings):
    skipped = settings.warm_up // settings.interval
    numbers = [{name: measured(logs, skipped) for name, logs in record.items()} for record in records]
    figures = {"curves": draw(records[0], settings)}
    return report.Result(claims(numbers), figures, [], {"of_each_seed": numbers})


def run(settings):
    return repeats.until_decided("meaningful_loss", train, conclude, settings, repeats.RECORDS)


if __name__ == "__main__":
    report.main("meaningful_loss", meaningful_loss.__doc__, run, meaningful_loss.REDUCED, meaningful_loss.FULL)
