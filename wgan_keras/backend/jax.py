"""Training with JAX: the step as a pure function of the state that Keras's trainer hands from step to step."""

import contextlib
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

import jax
import keras
from jax import numpy as jnp
from jax.custom_derivatives import SymbolicZero
from keras import ops

from wgan_keras._types import MixedIntoModel, Tensor
from wgan_keras.backend import jax_sharding
from wgan_keras.backend.jax_pieces import mean_over_pieces
from wgan_keras.backend.jax_sharding import lost_process, positions  # noqa: F401  (verbs)
from wgan_keras.backend.reached import check_reached
from wgan_keras.backend.state import Scope, assign, scope_around, stateless

WRONG_SECOND_DERIVATIVE = WRONG_SECOND_DERIVATIVE_IN_TRAINING = ()


class Trainer(MixedIntoModel):
    """Hands Keras's `train_step` and `test_step` to the game's own step, its variables' values taken from the state."""

    has_shares = False  # a program takes the losses of whole batches, wherever their parts lie
    train_function: Any  # Keras's
    test_function: Any
    _jax_state: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._devices = jax_sharding.distribution_here()

    @property
    def device_count(self) -> int:
        return 1 if self._devices is None else self._devices.num_model_replicas

    def on_devices(self) -> AbstractContextManager[Any]:
        """A scope for what is made for this game: variables, optimizers, steps."""
        return jax_sharding.scope(self._devices)

    def check_devices(self, variables: Sequence[keras.Variable]) -> None:
        """Refuses, by ValueError, variables that do not lie where the game does."""
        jax_sharding.check_made_under(self._devices, variables)

    def fit(self, *args: Any, **kwargs: Any) -> Any:
        with jax_sharding.hidden_from_keras(), self._synchronized():
            history = super().fit(*args, **kwargs)
            if jax.process_count() > 1:  # what another process's end left undone is said here, and not where it is read
                jax.block_until_ready([variable.value for variable in self.variables])
            return history

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        with jax_sharding.hidden_from_keras(), self._synchronized():
            return super().evaluate(*args, **kwargs)

    def predict(self, *args: Any, **kwargs: Any) -> Any:
        with self._synchronized():
            return super().predict(*args, **kwargs)

    def train_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        with jax_sharding.hidden_from_keras(), self._synchronized():
            return super().train_on_batch(*args, **kwargs)

    def test_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        with jax_sharding.hidden_from_keras(), self._synchronized():
            return super().test_on_batch(*args, **kwargs)

    def predict_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        with self._synchronized():
            return super().predict_on_batch(*args, **kwargs)

    @contextlib.contextmanager
    def _synchronized(self) -> Iterator[None]:
        """Before it, which may be between two steps, and after it, whatever it raises, the variables have values."""
        self.synchronize()
        try:
            yield
        finally:
            self.synchronize()

    def _get_jax_state(self, *args: bool, purge_model_variables: bool = False, **wanted: bool) -> tuple[Any, ...]:
        """Keras's; where it takes the values from the variables, what it synchronizes has them until a step is done."""
        state = super()._get_jax_state(*args, purge_model_variables=purge_model_variables, **wanted)
        if purge_model_variables:
            self._jax_state = dict(zip([name for name, asked in wanted.items() if asked], state, strict=True))
        return state

    def synchronize(self) -> None:
        """Gives the variables their values, which a step may have while `fit` runs."""
        self.jax_state_sync()
        # Of an old state Keras would make the variables' values again, after an error in a later step.
        self._jax_state, self._jax_state_synced = None, True

    def make_train_function(self, force: bool = False) -> None:
        if self.train_function is None or force:
            with self.on_devices():
                super().make_train_function(force=True)
            self.train_function = self._with_placed_data(self.train_function, self._stacked)

    def make_test_function(self, force: bool = False) -> None:
        if self.test_function is None or force:
            with self.on_devices():
                super().make_test_function(force=True)
            self.test_function = self._with_placed_data(self.test_function, lambda data: (data, 0))

    def _with_placed_data(self, function, form):
        """`function(state, batches)`, each batch placed on the devices; `form` gives (batch, axis of its samples)."""
        if self._devices is None:
            return function

        def place(data):
            return jax_sharding.placed(self._devices, *form(data))

        def on_placed(state, batches):
            with self.on_devices():
                return function(state, map(place, batches))

        return on_placed

    def _stacked(self, data):
        return keras.tree.map_structure(lambda x: None if x is None else _stack(x, self.n_critic), data), 1

    def train_step(self, state: Any, data: Any) -> tuple[Any, Any]:
        variables = (
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        )
        return stateless(lambda: self.training_step(_arrays(data)), variables, state)

    def test_step(self, state: Any, data: Any) -> tuple[Any, Any]:
        variables = (self.trainable_variables, self.non_trainable_variables, self.metrics_variables)
        return stateless(lambda: self.validation_step(_arrays(data)), variables, state)


def _arrays(data):
    """JAX's, which networks do not mix with NumPy's: those are what a step that is run eagerly gets."""
    return keras.tree.map_structure(lambda x: None if x is None else jnp.asarray(x), data)


def devices(wanted: int | Literal["all"]) -> Callable[[], AbstractContextManager[Any]]:
    """A function that gives the scope of the `wanted` devices, "all" or how many, as often as it is called."""
    distribution = jax_sharding.chosen(wanted)
    jax_sharding.join(distribution)
    return lambda: jax_sharding.scope(distribution)


def wrong_second_derivatives(network: keras.Model, inputs: Any) -> dict[str, str]:
    """{}: JAX differentiates derivatives as it does all else, or says that it cannot."""
    return {}


def is_tracing() -> bool:
    return isinstance(jax.numpy.zeros(()), jax.core.Tracer)


def out_of_memory(error: BaseException) -> bool:
    return isinstance(error, jax.errors.JaxRuntimeError) and "RESOURCE_EXHAUSTED" in str(error)


def minimize(
    loss: Callable[..., tuple[Tensor, Any]],
    variables: Sequence[keras.Variable],
    optimizer: keras.Optimizer,
    parts: Sequence[Tensor] = (),
    size: int | None = None,
) -> tuple[Tensor, Any]:
    """One optimizer step on `loss(*parts) -> (scalar, anything)` with respect to `variables`; returns loss's result.

    With a `size`, loss is taken in the mean over pieces of that many rows of the parts, and what else it returns, float
    tensors, too. There is one variable at least.
    """
    reached: set[int] = set()

    def with_gradients(*parts):
        def loss_at(values):
            assign(variables, [_noting(reached, i)(value) for i, value in enumerate(values)])
            return loss(*parts)

        return _value_and_gradient(loss_at, [v.value for v in variables])

    value, rest, gradients = mean_over_pieces(with_gradients, parts, size)
    check_reached(variables, [v for i, v in enumerate(variables) if i not in reached])
    optimizer.apply(gradients, variables)
    return value, rest


def _noting(reached, i):
    """The identity; `reached` gets i if, while a derivative is traced, one comes back through it."""

    @jax.custom_vjp
    def identity(x):
        return x

    def backward(_, derivative):
        if not isinstance(derivative, SymbolicZero):
            reached.add(i)
            return (derivative,)
        return (None,)

    identity.defvjp(lambda x: (x.value, None), backward, symbolic_zeros=True)
    return identity


def input_gradient(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Gradient of sum(function(x)) with respect to x, same shape as x; it may be differentiated again."""
    _, _, gradient = _value_and_gradient(lambda x: (ops.sum(function(x)), None), x)
    return gradient


def tentative_gradients(loss: Callable[[], tuple[Tensor, Any]], variables: Sequence[keras.Variable]) -> list[Tensor]:
    """Gradients of loss()'s scalar by `variables` in a `keras.StatelessScope`; they may be differentiated again.

    What `loss` assigns to variables holds in the scope.
    """

    def loss_at(values):
        assign(variables, values)
        return loss()

    _, _, gradients = _value_and_gradient(loss_at, [v.value for v in variables])
    return gradients


def tentative_update(
    optimizer: keras.Optimizer, gradients: Sequence[Tensor], variables: Sequence[keras.Variable]
) -> None:
    """The optimizer's step in a `keras.StatelessScope`, differentiable by the gradients."""
    optimizer.apply(gradients, variables)


def leaky_relu(x: Tensor, negative_slope: float) -> Tensor:
    """max(x, slope * x); of its second derivative JAX knows that it is zero, and computes nothing."""
    return ops.where(x > 0, x, negative_slope * x)


def blocks(x: Tensor) -> types.ModuleType | None:
    """None: XLA's convolutions are left as they are."""


def batch_normalization(x: Tensor) -> Callable[..., tuple[Tensor, Tensor, Tensor]] | None:
    """None: XLA fuses Keras's own."""


def on_each_device(body: Callable[..., Any], parts: Sequence[Tensor]) -> None:
    """Calls body(*parts): a program is of all devices."""
    body(*parts)


def share() -> tuple[Tensor, int]:
    """(0, 1): the arrays of a program are whole batches, wherever their parts lie."""
    return 0, 1


def own(x: Tensor) -> Tensor:
    return x


def whole(x: Tensor) -> Tensor:
    return x


def mean(x: Tensor) -> Tensor:
    return x


def averaged(structure: Any) -> Any:
    return structure


def stacked(x: Tensor, n: int) -> Tensor:
    """n * m rows as (n, m, ...); on several devices the data came so."""
    return _stack(x, n) if keras.distribution.distribution() is None else x


def _stack(x, n):
    return x.reshape(n, -1, *x.shape[1:])


def once(function: Callable[[], Any], variables: Sequence[keras.Variable]) -> Any:
    """function() as one program, which is sooner there than each of its operations; the variables stay as they were."""
    return jax.jit(lambda values: stateless(function, variables, values)[0])([v.value for v in variables])


def for_each(body: Callable[..., Any], minibatches: Sequence[Tensor]) -> None:
    """Calls body(*(part[i] for part in minibatches)) for each i in order: one `scan`, whatever their number."""
    if not isinstance(minibatches[0], jax.core.Tracer):  # run eagerly
        for minibatch in zip(*minibatches, strict=True):
            body(*minibatch)
        return
    variables = scope_around().variables

    def step(values, minibatch):
        _, values = stateless(lambda: body(*minibatch), variables, values)
        return values, None

    values, _ = jax.lax.scan(step, [v.value for v in variables], minibatches)
    assign(variables, values)


def _value_and_gradient(function, x):
    """(scalar, rest, gradient) of function(x) -> (scalar, rest).

    What the function assigns to variables (statistics, random states) leaves the differentiation beside its result.
    """
    scope = Scope()

    def pure(x):
        with scope:
            value, rest = function(x)
            return value, (rest, [v.value for v in scope.variables])

    (value, (rest, values)), gradient = jax.value_and_grad(pure, has_aux=True)(x)
    assign(scope.variables, values)
    return value, rest, gradient
