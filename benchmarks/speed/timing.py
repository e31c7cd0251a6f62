"""Timings that can be compared on a machine that is not quiet: every subject once a round, one after the other."""

import time

import numpy as np


def in_turns(subjects, rounds):
    """{name: seconds of each round, an array} of functions by name, after two calls each that are not counted."""
    for subject in subjects.values():
        subject()
        subject()
    seconds = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            seconds[name].append(timed(subject))
    return {name: np.array(values) for name, values in seconds.items()}


def timed(function):
    """Seconds that one call takes."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def spread(values, digits=3):
    """Median and quartiles, rounded, for JSON."""
    low, median, high = np.percentile(values, [25, 50, 75])
    return {"median": round(median, digits), "quartiles": [round(low, digits), round(high, digits)]}
