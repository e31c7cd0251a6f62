import keras
import numpy as np
import pytest

from wgan_keras import WeightClip


def test_clips_to_the_box_and_leaves_the_inside():
    w = np.array([-1.0, -0.01, -0.004, 0.0, 0.004, 0.01, 7.0], "float32")
    np.testing.assert_array_equal(WeightClip(0.01)(w), np.clip(w, np.float32(-0.01), np.float32(0.01)))


def test_works_as_a_constraint_of_any_keras_layer():
    layer = keras.layers.Dense(3, kernel_constraint=WeightClip(0.1))
    copy = keras.layers.Dense.from_config(layer.get_config())
    assert isinstance(copy.kernel_constraint, WeightClip) and copy.kernel_constraint.clip_value == 0.1
    copy.build((None, 2))
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.apply([np.full((2, 3), -5.0, "float32"), np.full(3, -5.0, "float32")], copy.trainable_variables)
    np.testing.assert_allclose(copy.kernel, 0.1)
    np.testing.assert_allclose(copy.bias, 5)


@pytest.mark.parametrize("value", [0, -0.01, float("nan")])
def test_a_box_without_inside_is_refused(value):
    with pytest.raises(ValueError, match=f"clip_value is {value}; expected a positive number"):
        WeightClip(value)
