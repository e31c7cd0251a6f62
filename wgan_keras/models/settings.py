"""Attributes of a game that hold its constructor's arguments: those that may be set later, and those that may not.

A step is traced once, and what it read while it was traced is part of it. So that an attribute never says one thing and
the step does another, there is one rule for all of them: a `Setting` that gets another value drops the traced
functions, and the next step is traced anew (some seconds for large networks); a `Fixed` one refuses.
"""


class Setting:
    """An argument that may be set at any time, by a callback within `fit` too, and holds from the next step on.

    Args:
        check: function value -> the value to keep; raises ValueError for one out of range.
    """

    def __init__(self, check):
        self.check = check

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, game, owner=None):
        if game is None:
            return self
        if not self.is_set(game):
            raise AttributeError(f"{type(game).__name__} has no {self.name} yet.")
        return vars(game)[self.name]

    def __set__(self, game, value):
        value = self.check(value)
        changes = self.is_set(game) and vars(game)[self.name] != value
        vars(game)[self.name] = value
        if changes:
            game.trace_anew()

    def is_set(self, game):
        return self.name in vars(game)


class EmaDecay(Setting):
    """A `Setting` that stays None or a number: there is an averaged generator from the start, or there is none."""

    def __set__(self, game, value):
        if self.is_set(game) and (value is None) != (vars(game)[self.name] is None):
            raise AttributeError(
                f"{self.name} is {vars(game)[self.name]} and cannot become {value}: whether there is an averaged "
                f"generator is decided when the game is built. Build another game with {self.name}={value}."
            )
        super().__set__(game, value)


class Fixed(Setting):
    """An argument by which the game is built and which cannot be set again."""

    def __init__(self):
        super().__init__(lambda value: value)

    def refuse_another(self, game, value):
        if self.is_set(game) and vars(game)[self.name] is not value:
            raise AttributeError(
                f"{self.name} cannot be set: this {type(game).__name__} and its optimizers are built by it. Build "
                f"another game with it: {type(game).__name__}(generator, critic, ...)."
            )


class Settings:
    """For a `keras.Model`, mixed in before it: what a `Fixed` attribute refuses is refused before Keras tracks it."""

    def __setattr__(self, name, value):
        attribute = getattr(type(self), name, None)
        if isinstance(attribute, Fixed):
            attribute.refuse_another(self, value)
        super().__setattr__(name, value)

    def trace_anew(self):
        """Drops the traced functions; `fit` looks its train function up at every step."""
        self.test_function = None
        if self.train_function is not None:
            self.make_train_function(force=True)
