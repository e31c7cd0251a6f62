"""The benchmark of pieces: what it counts, and the committed result."""

import json

from benchmarks.speed import micro_batch


def test_what_was_there_before_the_step_is_taken_off():
    found = {None: {"before": 500.0, "most": 4_500.0}, 16: {"before": 400.0, "most": 900.0}}
    rows = micro_batch.summary(found)
    assert (rows["whole"]["step"], rows["16"]["step"], rows["16"]["share"]) == (4_000, 500, 0.125)


def test_a_small_step_is_measured():
    found = micro_batch.peak(2, m=4, side=8, width=2)
    assert found["most"] >= found["before"] > 50


def test_pieces_of_sixteen_take_a_third_of_the_memory_of_the_whole_minibatch():
    rows = json.loads(micro_batch.RESULT.read_text())["micro_batch"]
    assert rows["4"]["share"] < rows["16"]["share"] < 1 / 3 < rows["64"]["share"] < 1 / 2
