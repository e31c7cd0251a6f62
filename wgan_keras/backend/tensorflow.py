"""Training with TensorFlow: gradients from tapes, loops in the graph."""

import functools
import types
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

import keras
import tensorflow as tf

from wgan_keras._types import MixedIntoModel, Tensor
from wgan_keras.backend import tf_blocks, tf_layers, tf_strategy
from wgan_keras.backend.reached import check_reached
from wgan_keras.backend.tf_derivatives import with_derivative
from wgan_keras.backend.tf_optimizers import tentative_update
from wgan_keras.backend.tf_pieces import mean_over_pieces
from wgan_keras.backend.tf_replicas import (  # noqa: F401  (verbs)
    averaged,
    mean,
    on_each_device,
    own,
    positions,
    share,
    whole,
)
from wgan_keras.backend.tf_second_derivatives import wrong_second_derivatives  # noqa: F401  (a verb)
from wgan_keras.backend.tf_strategy import lost_process  # noqa: F401  (a verb)

# Their variance is that of `tf.nn.moments`, which stops the gradient at the mean. The first derivative is not affected.
WRONG_SECOND_DERIVATIVE = (keras.layers.LayerNormalization, keras.layers.GroupNormalization)
WRONG_SECOND_DERIVATIVE_IN_TRAINING = (keras.layers.BatchNormalization,)


class Trainer(MixedIntoModel):
    """Hands Keras's `train_step` and `test_step` to the game's own step: TensorFlow's variables hold the state.

    A game that was made under a strategy of several devices shares its batches out itself, and Keras's loops know
    nothing of the strategy: it would split a batch before it is n_critic minibatches.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._devices = tf_strategy.strategy_here()
        self._distribute_strategy = None  # of Keras

    @property
    def device_count(self) -> int:
        return self._devices.num_replicas_in_sync

    @property
    def has_shares(self) -> bool:
        """Whether each device takes the losses of its share of a batch."""
        return self.device_count > 1

    def synchronize(self) -> None:
        """Nothing: the variables have their values."""

    def on_devices(self) -> AbstractContextManager[Any]:
        """A scope for what is made for this game: variables, optimizers."""
        return tf_strategy.scope(self._devices)

    @property
    def distribute_strategy(self) -> Any:
        return tf_strategy.OfKeras(self._devices)

    def check_devices(self, variables: Sequence[keras.Variable]) -> None:
        """Refuses, by ValueError, variables that do not lie where the game does."""
        tf_strategy.check_made_under(self._devices, variables)

    def compile(self, *args: Any, **kwargs: Any) -> None:
        jit_compile = tf_strategy.jit(self._devices, kwargs.get("jit_compile", "auto"))
        super().compile(*args, **{**kwargs, "jit_compile": jit_compile})
        tf_layers.see_whole_batches(self._flatten_layers(include_self=False))

    def train_step(self, data: Any) -> dict[str, Tensor]:
        data = _tensors(data)
        with _once_there(data), self.on_devices():
            return self.training_step(data)

    def test_step(self, data: Any) -> dict[str, Tensor]:
        data = _tensors(data)
        with _once_there(data), self.on_devices():
            return self.validation_step(data)


def devices(wanted: int | Literal["all"]) -> Callable[[], AbstractContextManager[Any]]:
    """A function that gives the scope of the `wanted` devices, "all" or how many, as often as it is called."""
    strategy = tf_strategy.chosen(wanted)
    tf_strategy.join(strategy)
    return lambda: tf_strategy.scope(strategy)


def _tensors(data):
    """TensorFlow's, which networks do not mix with NumPy's: those are what a step that is run eagerly gets."""
    return tf.nest.map_structure(lambda x: None if x is None else tf.convert_to_tensor(x), data)


def _once_there(data):
    """Nothing runs before the data are there.

    The last call of an epoch may find none. A graph would by then have drawn latents and counted iterations, which do
    not depend on the data.
    """
    return tf.control_dependencies([x for x in tf.nest.flatten(data) if x is not None])


def is_tracing() -> bool:
    return not tf.executing_eagerly()


def out_of_memory(error: BaseException) -> bool:
    return isinstance(error, tf.errors.ResourceExhaustedError)


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

    def with_gradients(*parts):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([v.value for v in variables])
            value, rest = loss(*parts)
        gradients = tape.gradient(value, [v.value for v in variables])
        check_reached(variables, [v for v, gradient in zip(variables, gradients, strict=True) if gradient is None])
        # A variable the loss does not depend on gets a zero gradient, so that its constraint is applied as well.
        pairs = zip(variables, gradients, strict=True)
        return value, rest, [tf.zeros_like(v.value) if g is None else _dense(g) for v, g in pairs]

    value, rest, gradients = averaged(mean_over_pieces(with_gradients, parts, size))
    if tf.distribute.has_strategy():  # of one replica, too
        tentative_update(optimizer, gradients, variables)  # outside of a scope it holds: every replica moves its own
    else:
        _alone(lambda: optimizer.apply(gradients, variables))
    return value, rest


def _dense(gradient):
    """The gradient as a tensor. An embedding's comes as slices, of which Keras squares each before it adds them up."""
    return tf.convert_to_tensor(gradient)


def _alone(update):
    """Calls update(), which then adds nothing up over replicas: there is one.

    Keras's optimizers would do so through `tf.custom_gradient`, and TensorFlow keep the step for ever; see
    `tf_derivatives`.
    """
    tf.distribute.get_replica_context().merge_call(lambda _: update())


def input_gradient(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Gradient of sum(function(x)) with respect to x, same shape as x; an outer tape may differentiate it again."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = function(x)
    return _dense(tape.gradient(y, x, unconnected_gradients=tf.UnconnectedGradients.ZERO))


def tentative_gradients(loss: Callable[[], tuple[Tensor, Any]], variables: Sequence[keras.Variable]) -> list[Tensor]:
    """Gradients of loss()'s scalar by `variables` in a `keras.StatelessScope`; an outer tape may differentiate them.

    What `loss` assigns to variables holds in the scope.
    """
    values = [v.value for v in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        value, _ = loss()
    gradients = tape.gradient(value, values, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return [mean(_dense(gradient)) for gradient in gradients]


def leaky_relu(x: Tensor, negative_slope: float) -> Tensor:
    """max(x, slope * x); its second derivative, zero almost everywhere, is left out of double backward passes."""
    return _leaky_relu(float(negative_slope))(x)


@functools.cache
def _leaky_relu(slope):
    def value(x):
        # Fused with the layer before it, a leaky ReLU of slope 0 makes 0 of NaN, and a training would go on without a
        # word; a maximum is not fused.
        return tf.raw_ops.LeakyRelu(features=x, alpha=slope) if slope else tf.maximum(x, 0)

    def derivative(y, _, dy):
        # The output is positive where the input is. TensorFlow makes one operation of a convolution, its bias and this
        # one, and a gradient that reads what lies between them keeps it from that, with an error line on stderr.
        return [tf.raw_ops.LeakyReluGrad(gradients=dy, features=tf.stop_gradient(y), alpha=slope)]

    return with_derivative(f"LeakyReLU({slope!r})", value, derivative)


def blocks(x: Tensor) -> types.ModuleType | None:
    """The module of convolutions over blocks of pixels where they are faster than Keras's; None elsewhere."""
    return tf_blocks if _is_bfloat16_on_a_cpu(x) else None


def batch_normalization(x: Tensor) -> Callable[..., tuple[Tensor, Tensor, Tensor]] | None:
    """`_fused_batch_normalization` where it is faster than Keras's; None elsewhere."""
    alone = share()[1] == 1
    return _fused_batch_normalization if alone and _is_bfloat16_on_a_cpu(x) and len(x.shape) == 4 else None


def _is_bfloat16_on_a_cpu(x):
    return x.dtype == tf.bfloat16 and not tf.config.list_physical_devices("GPU")


def _fused_batch_normalization(x, scale, offset, epsilon):
    """(normalized, mean, variance) of x (batch, height, width, channels) as one operation, statistics in float32."""
    y, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=tf.cast(scale, tf.float32),
        offset=tf.cast(offset, tf.float32),
        mean=tf.zeros((0,)),
        variance=tf.zeros((0,)),
        epsilon=epsilon,
        is_training=True,
    )
    # The operation divides by n - 1 where Keras's moving variance is that of the batch, divided by n.
    n = tf.cast(tf.size(x) // x.shape[-1], tf.float32)
    return y, mean, variance * tf.maximum(n - 1, 1) / n


def stacked(x: Tensor, n: int) -> Tensor:
    """n * m rows as (n, m, ...)."""
    return tf.reshape(x, (n, -1, *x.shape[1:]))


def once(function: Callable[[], Any], variables: Sequence[keras.Variable]) -> Any:
    """function(), eagerly; it leaves the variables as they were."""
    return function()


def for_each(body: Callable[..., Any], minibatches: Sequence[Tensor]) -> None:
    """Calls body(*(part[i] for part in minibatches)) for each i in order: one `while` node, whatever their number."""
    n = minibatches[0].shape[0]

    def step(i):
        on_each_device(body, [part[i] for part in minibatches])
        return (i + 1,)

    tf.while_loop(lambda i: i < n, step, (tf.constant(0),), parallel_iterations=1)
