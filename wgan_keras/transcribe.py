"""The recipe of a model that was built by hand: its class, its networks and its optimizers, each by name."""

import keras
import numpy as np

from wgan_keras.networks.recorded import built_by
from wgan_keras.recipes import GAMES, OPTIMIZERS, SCHEDULES, Recipe, parameters_of


def recipe_of(model):
    """The `Recipe` by which a game, compiled or not, is built again; of its data and budget it knows nothing.

    Raises:
        ValueError: a class, network, optimizer or schedule that recipes have no name for.
    """
    arguments = {k: v for k, v in model.get_config().items() if k not in ("generator", "critic", "built_by")}
    optimizers = {"generator_optimizer": None, "critic_optimizer": None}
    if model.compiled:
        optimizers = {role: _optimizer(getattr(model, role)) for role in optimizers}
    return Recipe(
        game=_call("game", model, GAMES, arguments),
        generator=_network("generator", model.generator),
        critic=_network("critic", model.critic),
        data=None,
        batch_size=None,
        iterations=None,
        dtype_policy=next(layer.dtype_policy.name for layer in model.generator.layers if layer.weights),
        **optimizers,
    )


def other_fields(model, recipe):
    """Names of the fields of `recipe` that a compiled game was not made by, of those that a model tells.

    Optimizers are compared where the recipe names them, and nothing where a network does not know how it was built.
    """
    if None in (built_by(model.generator), built_by(model.critic)):
        return []
    own, asked = recipe_of(model), recipe_of(recipe.compile(recipe.build_for_weights()))
    optimizers = [role for role in ("generator_optimizer", "critic_optimizer") if getattr(recipe, role) is not None]
    names = ["game", "generator", "critic", "dtype_policy", *optimizers]
    return [name for name in names if getattr(own, name) != getattr(asked, name)]


def _network(role, network):
    call = built_by(network)
    if call is None:
        raise ValueError(
            f"The {role} was not built by a function of wgan_keras.networks, and a preset names its networks instead "
            "of holding code. Save the model as a .keras file: model.save('gan.keras')."
        )
    return call


def _optimizer(optimizer):
    arguments = optimizer.get_config()
    rate = arguments["learning_rate"]
    if isinstance(rate, dict):
        schedule = keras.optimizers.schedules.deserialize(rate)
        rate = _call("learning-rate schedule", schedule, SCHEDULES, schedule.get_config())
    else:
        rate = float(str(np.float32(rate)))  # 0.0001, and not the 9.999999747378752e-05 of its float32
    return _call("optimizer", optimizer, OPTIMIZERS, {**arguments, "learning_rate": rate})


def _call(kind, thing, registry, arguments):
    """{"name", and of the arguments those that the class takes and that differ from its defaults}."""
    names = {cls: name for name, cls in registry.items()}
    if type(thing) not in names:
        raise ValueError(
            f"The {kind} is a {type(thing).__name__}; a preset knows {', '.join(c.__name__ for c in names)}. "
            "Save the model as a .keras file: model.save('gan.keras')."
        )
    defaults = {k: p.default for k, p in parameters_of(type(thing)).items() if k != "name"}
    given = {k: v for k, v in arguments.items() if k in defaults and v != defaults[k]}
    return {"name": names[type(thing)], **given}
