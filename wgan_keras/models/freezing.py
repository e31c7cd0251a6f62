"""Layers that are frozen and unfrozen while a game lives: what follows them, variable by variable."""

import itertools


def averaged(average, network):
    """(average, weight) for each weight of `network` that training moves unless it is frozen.

    A frozen layer's average goes on towards its weights, so that it has arrived when they move again.
    """
    layers = zip(average._flatten_layers(), network._flatten_layers(), strict=True)
    pairs = [zip(a._trainable_variables, b._trainable_variables, strict=True) for a, b in layers]
    return list({id(weight): (mean, weight) for pair in pairs for mean, weight in pair}.values())


def freeze_alike(average, network):
    """Freezes in `average` what is frozen in `network`: a frozen batch normalization keeps its statistics."""
    for a, b in zip(average._flatten_layers(), network._flatten_layers(), strict=True):
        a.trainable = b.trainable


def following(optimizer, network):
    """`optimizer`, built for what is trainable in `network`; where it is in use for other parts, a copy that goes on.

    The copy has its count of iterations and learning rate, and the moments of the variables that both know.

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


def _like(optimizer, variables):
    """(a new optimizer built for `variables`, what each of its own is: (weight's id, role), (its place,) or None)."""
    new = type(optimizer).from_config(optimizer.get_config())
    add, slots = new.add_variable_from_reference, {}

    def record(reference_variable, name=None, initializer="zeros"):
        slot = add(reference_variable, name, initializer)
        slots[id(slot)] = (id(reference_variable), name)
        return slot

    new.add_variable_from_reference = record
    new.build(variables)
    del new.add_variable_from_reference
    places = itertools.count()  # of the scalars that belong to no weight: iterations, learning rate
    return new, [slots.get(id(v)) or (None if len(v.shape) else (next(places),)) for v in new.variables]
