"""Attributes of a game that hold its constructor's arguments: those that may be set later, and those that may not.

A step is traced once, and what it read while it was traced is part of it. So that an attribute never says one thing and
the step does another, there is one rule for all of them: a `Setting` that gets another value drops the traced
functions, and the next step is traced anew (some seconds for large networks); a `Fixed` one refuses. The fields of
its penalties, views and objective (`wgan_keras.parts`) are settings too. Lists are kept as tuples, so that a change
within one is no way around the rule.
"""

from typing import Any

from wgan_keras._schema import as_json, check, defaults, plain


class NotSetError(AttributeError, ValueError):
    """A game's __init__ has left out one of its arguments."""


class Setting:
    """An argument that may be set at any time, by a callback within `fit` too, and holds from the next step on.

        class WithMargin(wgan_keras.HingeGAN):
            margin = wgan_keras.models.Setting(float)

            def __init__(self, generator, critic, margin=1.0, **kwargs):
                super().__init__(generator, critic, **kwargs)
                self.margin = margin

    Args:
        annotation: of its values, as the constructor's argument has it.
        argument: what the constructor and the configuration call it; None for the attribute's own name.
    """

    def __init__(self, annotation: Any, argument: str | None = None) -> None:
        self.annotation, self.argument = annotation, argument or ""

    def __set_name__(self, owner, name):
        self.name = name
        self.argument = self.argument or name

    def __get__(self, game, owner=None):
        if game is None:
            return self
        if not self.is_set(game):
            raise NotSetError(
                f"{type(game).__name__} has no {self.name} yet; its __init__ is to set it: self.{self.name} = "
                f"{self.argument}."
            )
        return vars(game)[self.name]

    def __set__(self, game, value):
        value = self.valid(value)
        if not self.is_set(game):
            vars(game)[self.name] = value
        elif (before := vars(game)[self.name]) != value:
            vars(game)[self.name] = value
            try:
                game.trace_anew()
            except BaseException:
                vars(game)[self.name] = before
                raise

    def valid(self, value: Any) -> Any:
        """The value as the game keeps it; ValueError for one that the annotation does not allow."""
        check(self.argument, value, self.annotation)
        return plain(value, self.annotation)

    def is_set(self, game: Any) -> bool:
        return self.name in vars(game)

    def concerns(self, game: Any) -> bool:
        """Whether the game's configuration names it."""
        return True


class OfClassifier(Setting):
    """A `Setting` of games whose critic guesses labels."""

    def concerns(self, game):
        return game.classifies


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
        super().__init__(Any)

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

    def settings_config(self):
        """{argument: value} of all that may be set, but for what is None by default, for the game's configuration."""
        found = {each.argument: getattr(self, each.name) for each in self._settable() if each.concerns(self)}
        usual = defaults(type(self))
        return {
            name: as_json(value) for name, value in found.items() if value is not None or usual.get(name) is not None
        }

    def check_arguments_are_kept(self, config):
        """Refuses a class whose constructor takes what its files would lose: no setting, and not in the configuration.

        A class's own `get_config` answers for the arguments that this class and its bases take.

        Raises:
            NotImplementedError: names the arguments.
        """
        answers = next(kind for kind in type(self).__mro__ if "get_config" in vars(kind))
        kept = {*config, *defaults(answers), *(each.argument for each in self._settable())}
        lost = [name for name in defaults(type(self)) if name not in kept]
        if lost:
            kind = type(self).__name__
            raise NotImplementedError(
                f"{kind} takes {', '.join(lost)}, and its configuration does not say it: loaded from a file, a {kind} "
                f"would be another one. Declare it in the class, such as {lost[0]} = "
                f"wgan_keras.models.Setting(float), or override get_config: return {{**super().get_config(), "
                f'"{lost[0]}": ...}}.'
            )

    def _settable(self):
        settings = [each for kind in reversed(type(self).__mro__) for each in vars(kind).values()]
        return [each for each in settings if isinstance(each, Setting) and not isinstance(each, Fixed)]

    def trace_anew(self):
        """Drops the traced functions; `fit` and `evaluate` look theirs up at every step."""
        self.synchronize()
        if self.train_function is not None:
            self.make_train_function(force=True)
        if self.test_function is not None:
            self.make_test_function(force=True)
