"""The optimizers and learning-rate schedules that a recipe can name: Keras's, and a user's own."""

from typing import Annotated, Any

import keras

from wgan_keras._registry import Registry
from wgan_keras._schema import Count, NonNegative, Positive, Range, Share

_Fraction = Annotated[float, Range(at_least=0, at_most=1)]

# What Keras's own optimizers and schedules take, which have no annotations.
ARGUMENTS: dict[str, Any] = {
    "learning_rate": Positive,
    "beta_1": Share,
    "beta_2": Share,
    "rho": Share,
    "momentum": Share,
    "epsilon": NonNegative,
    "amsgrad": bool,
    "centered": bool,
    "nesterov": bool,
    "weight_decay": NonNegative | None,
    "clipnorm": Positive | None,
    "clipvalue": Positive | None,
    "global_clipnorm": Positive | None,
    "use_ema": bool,
    "ema_momentum": Share,
    "ema_overwrite_frequency": Count | None,
    "gradient_accumulation_steps": Count | None,
    "loss_scale_factor": Positive | None,
    "initial_learning_rate": NonNegative,
    "end_learning_rate": NonNegative,
    "decay_steps": Count,
    "decay_rate": Positive,
    "alpha": _Fraction,
    "power": Positive,
    "cycle": bool,
    "staircase": bool,
    "warmup_target": Positive | None,
    "warmup_steps": Annotated[int, Range(at_least=0)],
}


def _subclass_of(base: type):
    def check(name: str, kind: type) -> type:
        if not (isinstance(kind, type) and issubclass(kind, base)):
            raise TypeError(f"{name!r} is {kind!r}; expected a subclass of {base.__name__}.")
        return kind

    return check


OPTIMIZERS: Registry[type[keras.optimizers.Optimizer]] = Registry(
    "optimizer", "register_optimizer", _subclass_of(keras.optimizers.Optimizer)
)
SCHEDULES: Registry[type[keras.optimizers.schedules.LearningRateSchedule]] = Registry(
    "learning-rate schedule", "register_schedule", _subclass_of(keras.optimizers.schedules.LearningRateSchedule)
)
register_optimizer = OPTIMIZERS.register
register_schedule = SCHEDULES.register

register_optimizer("adam")(keras.optimizers.Adam)
register_optimizer("rmsprop")(keras.optimizers.RMSprop)
register_optimizer("sgd")(keras.optimizers.SGD)
register_schedule("cosine_decay")(keras.optimizers.schedules.CosineDecay)
register_schedule("exponential_decay")(keras.optimizers.schedules.ExponentialDecay)
register_schedule("polynomial_decay")(keras.optimizers.schedules.PolynomialDecay)
