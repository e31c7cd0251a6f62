"""Two learning rates under Keras's callbacks, which know one: `model.optimizer.learning_rate`."""

import keras

from wgan_keras.optimizers import ROLES

MOVED = {  # by what callbacks do to `model.optimizer.learning_rate`; the first is the one they read
    "both": ROLES,
    "generator": ROLES[:1],
    "critic": ROLES[1:],
}


class JointOptimizer:
    """What `model.optimizer` is: the generator's optimizer, but for two things.

    To set its `learning_rate` sets that of the optimizers that `moved` names, in proportion: what halves the one halves
    the other, and what comes back from zero comes back in the proportion it had. To `assign` to the rate does the same.
    Its `variables` list the critic's optimizer's as well, because Keras's trainer on JAX carries those of
    `model.optimizer` from step to step, and no other optimizer's.
    """

    def __init__(self, generator_optimizer, critic_optimizer, moved="both"):
        both = dict(zip(ROLES, (generator_optimizer, critic_optimizer), strict=True))
        first, *others = (both[role] for role in MOVED[moved])
        vars(self).update(both, _first=first, _proportions={other: None for other in others})

    @property
    def variables(self):
        return self.generator_optimizer.variables + self.critic_optimizer.variables

    @property
    def learning_rate(self):
        rate = self._first.learning_rate
        return _Alias.of(rate, self._set_learning_rate) if self._proportions and _is_variable(rate) else rate

    def _set_learning_rate(self, value):
        if callable(value):  # a schedule, which replaces the rate
            self._first.learning_rate = value
            return
        for other in self._proportions:
            self._move(other, float(value))
        self._first.learning_rate = value

    def _move(self, other, first_rate):
        if callable(other._learning_rate):
            raise ValueError(
                "A callback moves both learning rates in proportion, and one of the two optimizers has a schedule. "
                "Say whose rate callbacks move, compile(scheduled_rates='generator') or 'critic', or give both numbers."
            )
        before, rate = _number(self._first.learning_rate), _number(other.learning_rate)
        if before:
            self._proportions[other] = rate / before
        elif self._proportions[other] is None and not rate:
            self._proportions[other] = 1.0  # both began at zero
        if self._proportions[other] is not None:  # else the first alone was at zero, and this one stays
            other.learning_rate = first_rate * self._proportions[other]

    def __getattr__(self, name):
        return getattr(object.__getattribute__(self, "generator_optimizer"), name)

    def __setattr__(self, name, value):
        if name == "learning_rate":
            self._set_learning_rate(value)
        else:
            setattr(self.generator_optimizer, name, value)


def _is_variable(rate):
    return isinstance(rate, keras.Variable)  # and not what a schedule says of the next update


class _Alias(keras.Variable):
    """A variable under another name: all is its own, but what is assigned to it goes elsewhere."""

    __slots__ = ("_assign_elsewhere",)  # beside what it shares with the variable

    @classmethod
    def of(cls, variable, assign):
        alias = object.__new__(cls)
        alias.__dict__ = vars(variable)
        alias._assign_elsewhere = assign
        return alias

    def assign(self, value):
        self._assign_elsewhere(value)
        return self.value


class LogRates(keras.callbacks.Callback):
    """Logs both rates of an epoch, `generator_learning_rate` and `critic_learning_rate`.

    Keras's callbacks log `learning_rate` beside them, the one they read.
    """

    def on_epoch_end(self, epoch, logs=None):
        for role in ("generator", "critic"):
            logs[f"{role}_learning_rate"] = _number(getattr(self.model, f"{role}_optimizer").learning_rate)


def _number(rate):
    return float(keras.ops.convert_to_numpy(rate))


def logging_both_rates(callbacks):
    """The list of callbacks with `LogRates` before the first of Keras's that moves rates, if there is one."""
    movers = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)
    first = next((i for i, callback in enumerate(callbacks) if isinstance(callback, movers)), None)
    return callbacks if first is None else [*callbacks[:first], LogRates(), *callbacks[first:]]
