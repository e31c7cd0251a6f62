"""The optimizers and learning-rate schedules that a recipe can name: Keras's, and a user's own."""

from collections.abc import Callable
from typing import Annotated, Any

import keras
import numpy as np

from wgan_keras import _exclusions, _spec
from wgan_keras._registry import Registry, subclass_of
from wgan_keras._schema import (
    Count,
    Fraction,
    NonNegative,
    Positive,
    Range,
    Share,
    as_json,
    parameters,
)
from wgan_keras._serializable import serializable
from wgan_keras._text import listed, one_line

ROLES = ("generator_optimizer", "critic_optimizer")  # as games and recipes call theirs
# What Keras's own optimizers and schedules take, which have no annotations.
ARGUMENTS: dict[str, Any] = {
    "learning_rate": Positive,
    "beta_1": Share,
    "beta_2": Share,
    "rho": Share,
    "momentum": Fraction,
    "epsilon": NonNegative,
    "amsgrad": bool,
    "centered": bool,
    "nesterov": bool,
    "weight_decay": NonNegative | None,
    "clipnorm": Positive | None,
    "clipvalue": Positive | None,
    "global_clipnorm": Positive | None,
    "use_ema": bool,
    "ema_momentum": Fraction,
    "ema_overwrite_frequency": Count | None,
    "gradient_accumulation_steps": Count | None,
    "loss_scale_factor": Positive | None,
    "initial_learning_rate": NonNegative,  # a warm-up begins at 0
    "end_learning_rate": NonNegative,
    "decay_steps": Annotated[float, Range(above=0, at_most=10**12)],
    "decay_rate": Positive,
    "alpha": NonNegative,
    "power": Positive,
    "cycle": bool,
    "staircase": bool,
    "warmup_target": Positive | None,
    "warmup_steps": Annotated[float, Range(at_least=0, at_most=10**12)],
}


OPTIMIZERS: Registry[type[keras.optimizers.Optimizer]] = Registry(
    "optimizer",
    "register_optimizer",
    subclass_of(keras.optimizers.Optimizer, "optimizer", "keras.optimizers.Optimizer", serializable),
)
SCHEDULES: Registry[type[keras.optimizers.schedules.LearningRateSchedule]] = Registry(
    "learning-rate schedule",
    "register_schedule",
    subclass_of(
        keras.optimizers.schedules.LearningRateSchedule,
        "learning-rate schedule",
        "keras.optimizers.schedules.LearningRateSchedule",
        serializable,
    ),
)


def register_optimizer(name: str) -> Callable[[type], type]:
    """A decorator that registers an optimizer for recipes, by its annotated arguments, and for `.keras` files.

    Raises:
        ValueError: another optimizer has the name.
        TypeError: the class is no `keras.optimizers.Optimizer`.
    """
    return OPTIMIZERS.register(name)


def register_schedule(name: str) -> Callable[[type], type]:
    """A decorator that registers a schedule, for an optimizer's `learning_rate` in recipes, and for `.keras` files.

    Raises:
        ValueError: another schedule has the name.
        TypeError: the class is no `keras.optimizers.schedules.LearningRateSchedule`.
    """
    return SCHEDULES.register(name)


register_optimizer("adam")(keras.optimizers.Adam)
register_optimizer("rmsprop")(keras.optimizers.RMSprop)
register_optimizer("sgd")(keras.optimizers.SGD)
register_schedule("cosine_decay")(keras.optimizers.schedules.CosineDecay)
register_schedule("exponential_decay")(keras.optimizers.schedules.ExponentialDecay)
register_schedule("polynomial_decay")(keras.optimizers.schedules.PolynomialDecay)


def check_spec(where: str, spec: Any) -> None:
    """`spec` is {"name", arguments} of a registered optimizer, whose learning rate may be {"name", arguments} too.

    Raises:
        ValueError: an unknown name, or an argument that the optimizer or schedule has not or does not allow.
    """
    if isinstance(spec, dict) and isinstance(spec.get("learning_rate"), dict):
        _spec.check(f"{where} 'learning_rate'", spec["learning_rate"], SCHEDULES, annotations=ARGUMENTS)
        spec = {**spec, "learning_rate": 1.0}  # whose place the schedule takes
    _spec.check(where, spec, OPTIMIZERS, annotations=ARGUMENTS)


def from_spec(spec: dict[str, Any]) -> keras.optimizers.Optimizer:
    """A new optimizer from {"name", arguments}."""
    rate = spec.get("learning_rate")
    if isinstance(rate, dict):
        spec = {**spec, "learning_rate": _spec.build(rate, SCHEDULES)}
    optimizer = _spec.build(spec, OPTIMIZERS)
    check_configuration(optimizer)
    return optimizer


def check_configuration(optimizer: keras.optimizers.Optimizer) -> None:
    """An optimizer, and the schedule of its learning rate, can be made again from what its `get_config` returns.

    Raises:
        TypeError: a class of a user's own that cannot: no file of a model with it could be opened.
    """
    schedule = optimizer._learning_rate
    if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        _check_configuration(SCHEDULES.kind, schedule)
    _check_configuration(OPTIMIZERS.kind, optimizer)


def _check_configuration(kind, thing):
    if type(thing).__module__.partition(".")[0] == "keras":
        return
    try:
        config = keras.saving.serialize_keras_object(thing)["config"]  # as a file has it
        if isinstance(config.get("learning_rate"), dict):  # of a schedule, which is checked by itself
            config = {**config, "learning_rate": 1.0}
        type(thing).from_config(config)
    except Exception as error:  # of the user's own code, of any kind
        raise TypeError(
            f"The {kind} {type(thing).__name__} cannot be made again from its get_config(): {one_line(error)}. Let "
            "get_config return the arguments of its __init__ by their names."
        ) from error


def to_spec(optimizer: keras.optimizers.Optimizer) -> dict[str, Any]:
    """{"name", the learning rate, and of the other arguments those that differ from the defaults}.

    Raises:
        ValueError: an optimizer or schedule that is not registered; variables that are excluded from weight decay.
    """
    if _exclusions.are_there(optimizer):
        raise ValueError(
            f"The {type(optimizer).__name__} was told by exclude_from_weight_decay what does not decay, and recipes do "
            "not say that. Save the model as a .keras file: model.save('gan.keras')."
        )
    arguments = optimizer.get_config()
    rate = arguments["learning_rate"]
    if isinstance(rate, dict):
        schedule = optimizer._learning_rate  # `learning_rate` is its value at the next update
        rate = _named(schedule, SCHEDULES, getattr(schedule, "get_config", dict)())  # which a function has not
    else:
        rate = float(str(np.float32(rate)))  # 0.0001, and not the 9.999999747378752e-05 of its float32
    return {**_named(optimizer, OPTIMIZERS, arguments, keep=("learning_rate",)), "learning_rate": rate}


def _named(thing, registry, arguments, keep=()):
    name = registry.name_of(type(thing))
    if name is None:
        raise ValueError(
            f"The {registry.kind} is a {type(thing).__name__}; recipes name {listed(registry)}, and those registered "
            f"by wgan_keras.{registry.decorator}. Save the model as a .keras file: model.save('gan.keras')."
        )
    known = {k: p.default for k, p in parameters(type(thing)).items() if k != "name"}
    given = {k: as_json(v) for k, v in arguments.items() if k in known and (k in keep or v != known[k])}
    return _spec.of(name, given)
