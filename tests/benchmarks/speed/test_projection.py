"""The speed of many GPUs on paper: its arithmetic, and that the page says what it gives."""

import pytest

from benchmarks import pages
from benchmarks.speed import projection
from benchmarks.speed.projection import Link

LINK = Link("a link", 1e9, 1e-5)


def test_a_step_exchanges_the_gradients_of_every_update_and_the_statistics_of_every_pass():
    assert projection.exchanges(5, 0, True) == 6
    passes = 5 + 1 + 1  # latents pass forward six times, gradients back once
    assert projection.exchanges(5, 3, False) == 6 + 3 * passes * 2
    assert projection.exchanges(5, 3, True) == 6 + 3 * (passes + 1) * 2


@pytest.mark.parametrize(("gpus", "seconds"), [(2, 1e-3 + 2e-5), (8, 1.75e-3 + 6e-5), (64, 2 * 63 / 64 * 1e-3 + 12e-5)])
def test_an_exchange_takes_the_bytes_of_a_ring_and_the_latencies_of_a_tree(gpus, seconds):
    assert projection.exchange_seconds(1, 1e6, gpus, LINK) == pytest.approx(seconds)


def test_a_step_is_the_share_of_one_training_in_the_last_epochs():
    history = [{"seconds": 1000.0}] + [{"seconds": 12.0}] * 10
    assert projection.step_seconds(history, 500) == pytest.approx(0.012)


def test_the_page_holds_the_table_of_the_preset_that_is_here():
    assert projection.markdown(*projection.measured()) in pages.PAGES["projection"].read_text()
