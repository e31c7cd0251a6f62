"""Steps on mapped pictures: they train, each on pictures of its own."""

import numpy as np

from benchmarks.speed import mapped


def test_steps_are_taken_on_mapped_pictures(without_xla):
    history = mapped.steps_on(20, side=8, width=2, m=2, steps=2)()
    assert np.isfinite(history.history["critic_loss"][0])
    assert mapped.PICTURES["many"] == 100 * mapped.PICTURES["few"]
