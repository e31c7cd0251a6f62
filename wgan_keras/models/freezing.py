"""Optimizers that follow layers which are frozen and unfrozen while a game lives, variable by variable."""

import collections

import keras

from wgan_keras import _exclusions


def following(optimizer, network):
    """`optimizer`, built for what is trainable in `network`; where it is in use for other parts, a copy that goes on.

    The copy has its count of iterations and learning rate, and of the variables that both know the moments and whether
    they decay.

    Raises:
        ValueError: it is in use for another network.
    """
    variables = network.trainable_variables
    if not optimizer.built:
        optimizer.build(variables)
    known = optimizer._trainable_variables
    if known and not set(map(id, known)) & set(map(id, network.variables)):
        raise ValueError(
            f"The optimizer {optimizer.name!r} is in use for the variables of another network; each network needs its "
            "own. Give a new one."
        )
    if list(map(id, known)) == list(map(id, variables)):
        return optimizer
    new, new_keys = _like(optimizer, variables)
    _, keys = _like(optimizer, known)
    values = dict(zip(keys, optimizer.variables, strict=True))
    for key, variable in zip(new_keys, new.variables, strict=True):
        if key in values and key is not None:
            variable.assign(values[key])
    return new


def copy_weights_again(optimizer):
    """Before its first step: one that copied its weights when it was built has those that they have got since."""
    copies = isinstance(optimizer, getattr(keras.optimizers, "ScheduleFreeAdamW", ()))
    if copies and int(keras.ops.convert_to_numpy(optimizer.iterations)) == 0:
        for copy, weight in zip(optimizer._momentums, optimizer._trainable_variables, strict=True):
            copy.assign(weight)


def _like(optimizer, variables):
    """(a new optimizer built for `variables`, what each of its own is: (weight's id or None, its place there) or None).

    Scalars that belong to no weight are the iterations and the learning rate; of an array it is not known what it is.
    """
    new = type(optimizer).from_config(optimizer.get_config())
    _exclusions.copy(optimizer, new)
    in_turn = _InTurn(variables, new)
    add, owners = new.add_variable_from_reference, in_turn.owners

    def record(reference_variable, *args, **kwargs):
        made = add(reference_variable, *args, **kwargs)
        owners[id(made)] = id(reference_variable)
        return made

    new.add_variable_from_reference = record
    new.build(in_turn)
    del new.add_variable_from_reference
    places, keys = collections.Counter(), []
    for made in new.variables:
        owner = owners.get(id(made))
        keys.append(None if owner is None and len(made.shape) else (owner, places[owner]))
        places[owner] += 1
    return new, keys


class _InTurn(list):
    """Weights, and in `owners` what an optimizer made in the turn of which while it went through them: {id: weight's}.

    Adafactor makes its factored moments so, without a reference to the weight.
    """

    def __init__(self, weights, optimizer):
        super().__init__(weights)
        self._optimizer, self.owners = optimizer, {}

    def __iter__(self):
        for weight in super().__iter__():
            before = len(self._optimizer.variables)
            yield weight
            for made in self._optimizer.variables[before:]:
                self.owners.setdefault(id(made), id(weight))
