"""Values of variables that a function takes and gives, which no variable keeps; the state of a game with JAX."""

import keras


class Scope(keras.StatelessScope):
    """Holds new values of variables, over those of the scope around it, and knows which variables these are."""

    def __init__(self):
        super().__init__(collect_losses=True)
        self._variables = {}

    @property
    def variables(self):
        return list(self._variables.values())

    def add_update(self, update):
        super().add_update(update)
        variable, _ = update
        self._variables[id(variable)] = variable

    def get_current_value(self, variable):
        value = super().get_current_value(variable)
        if value is None and self.original_scope is not None:
            return self.original_scope.get_current_value(variable)
        return value


def scope_around():
    with Scope() as scope:
        return scope.original_scope


def assign(variables, values):
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def stateless(function, variables, values):
    """(function(), the values after it) with `variables`, nested lists, at `values`; no variable changes."""
    with Scope():
        assign(keras.tree.flatten(variables), keras.tree.flatten(values))
        result = function()
        return result, keras.tree.map_structure(lambda v: v.value, variables)
