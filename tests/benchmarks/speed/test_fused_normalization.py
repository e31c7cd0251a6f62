"""The comparison of fused batch normalization with Keras's own: its verdict, and that it compares the two."""

import json

import pytest
import tensorflow as tf

from benchmarks import pages
from benchmarks.speed import fused_normalization
from wgan_keras.layers import BatchNormalization


@pytest.mark.parametrize(("shift", "within"), [(0, True), (1, True), (3, False)])
def test_means_two_standard_errors_apart_are_told(shift, within):
    def of(*scores):
        return {str(seed): {"end": score, "best": score} for seed, score in enumerate(scores)}

    found = {"fused": of(10, 11, 12), "keras": of(10 + shift, 11 + shift, 12 + shift)}
    for score in fused_normalization.compare(found).values():
        assert (score["fused"], score["keras"]) == (11, 11 + shift)
        assert score["standard_errors_apart"] == pytest.approx(shift / (2 / 3) ** 0.5, abs=0.01)
        assert score["within_the_spread"] == within


def test_only_one_form_is_fused():
    layer = BatchNormalization(dtype="mixed_bfloat16")
    layer.build((2, 2, 2, 3))
    for form, context in fused_normalization.FORMS.items():
        with context():
            run = tf.function(lambda x: layer(x, training=True))
            graph = run.get_concrete_function(tf.TensorSpec((2, 2, 2, 3), tf.bfloat16)).graph
        assert ("FusedBatchNormV3" in {op.type for op in graph.get_operations()}) == (form == "fused")


def test_the_pages_table_is_that_of_the_committed_results():
    record = json.loads(fused_normalization.RESULT.read_text())
    table = fused_normalization.markdown(record)
    assert table in pages.PAGES["fused"].read_text()
    assert f"| gan | {record['games']['gan']['means']['end']['fused']:.2f} |" in table
