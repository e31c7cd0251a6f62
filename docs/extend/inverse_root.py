"""A learning-rate schedule: the rate falls as one over the root of the steps."""

import keras

import wgan_keras


@wgan_keras.register_schedule("inverse_root")
class InverseRoot(keras.optimizers.schedules.LearningRateSchedule):
    """first / sqrt(1 + step / steps)."""

    def __init__(self, first: float = 1e-3, steps: int = 1_000):
        self.first, self.steps = first, steps

    def __call__(self, step):
        return self.first / keras.ops.sqrt(1 + keras.ops.cast(step, "float32") / self.steps)

    def get_config(self):
        return {"first": self.first, "steps": self.steps}
