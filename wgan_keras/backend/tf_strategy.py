"""Several devices with TensorFlow: which strategy of `tf.distribute` a game is made under, and what goes with it."""

import contextlib
import os

import tensorflow as tf

from wgan_keras.runtime import processes, waiting

_STRATEGIES = (
    tf.distribute.OneDeviceStrategy,
    tf.distribute.MirroredStrategy,
    tf.distribute.MultiWorkerMirroredStrategy,
)

_AT_HOME = tf.distribute.get_strategy()  # TensorFlow's own, of one device


def strategy_here():
    """The strategy in whose scope this is called; TensorFlow's own, of one device, where there is none.

    Raises:
        ValueError: one whose replicas do not hold the same variables.
    """
    strategy = tf.distribute.get_strategy()
    if strategy is not _AT_HOME and not isinstance(strategy, _STRATEGIES):
        raise ValueError(
            f"The game was made under a {type(strategy).__name__}; expected a MirroredStrategy or a "
            "MultiWorkerMirroredStrategy, whose replicas move together."
        )
    join(strategy)
    return strategy


def join(strategy):
    """Tells which of the processes this is that train together under the strategy."""
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return
    resolver = strategy.cluster_resolver
    workers = resolver.cluster_spec().as_dict()
    chiefs = len(workers.get("chief", ()))
    index = (resolver.task_id or 0) + (chiefs if resolver.task_type == "worker" else 0)
    processes.join(index, max(1, chiefs + len(workers.get("worker", ()))))


def chosen(wanted):
    """The strategy of the `wanted` devices, "all" or how many: of several machines where TF_CONFIG names them.

    To try it without GPUs, a CPU can be as many devices as are wanted.

    Raises:
        ValueError: there are fewer, or `wanted` for several machines, which each give all they have.
    """
    if wanted == 1:
        return _AT_HOME
    if "TF_CONFIG" in os.environ:
        if wanted != "all":
            raise ValueError(f"{wanted} devices are wanted, and TF_CONFIG names several machines; expected all.")
        with waiting.for_others("TF_CONFIG"):
            return tf.distribute.MultiWorkerMirroredStrategy()
    there = len(tf.config.list_physical_devices("GPU"))
    kind, count = ("GPU", there) if there else ("CPU", 1)
    if wanted != "all":
        if kind == "CPU":
            cpu = [tf.config.LogicalDeviceConfiguration()] * wanted
            tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], cpu)
        elif wanted > there:
            raise ValueError(f"{wanted} devices are wanted, and there are {there} GPUs; expected at most as many.")
        count = wanted
    return _AT_HOME if count == 1 else tf.distribute.MirroredStrategy([f"{kind}:{i}" for i in range(count)])


def lost_process(error: BaseException) -> bool:
    """Whether an exception says that another of the processes that train together is gone."""
    return isinstance(error, tf.errors.OpError) and "Collective ops is aborted" in str(error)


def scope(strategy):
    """That of the strategy, or none."""
    return contextlib.nullcontext() if strategy is _AT_HOME else strategy.scope()


class OfKeras:
    """In place of a strategy for Keras's loops, which hand on whole batches then.

    `extended` is the strategy's: KerasTuner asks it whether several processes write.
    """

    def __init__(self, strategy):
        self.extended = strategy.extended

    def run(self, function, args):
        return function(*args)

    def experimental_distribute_dataset(self, dataset):
        return dataset


def jit(strategy, jit_compile):
    """What Keras is told of XLA: over several devices "auto" means none.

    Raises:
        ValueError: XLA was asked for, which cannot compile what devices exchange.
    """
    if strategy.num_replicas_in_sync == 1 or not jit_compile:
        return jit_compile
    if jit_compile == "auto":
        return False
    raise ValueError(
        f"jit_compile is {jit_compile!r}, and the game is on {strategy.num_replicas_in_sync} devices, between which "
        "TensorFlow's XLA exchanges nothing. Leave jit_compile out, or train on the JAX backend."
    )


def check_made_under(strategy, variables):
    """Refuses variables that were made under another strategy, or under none."""
    for variable in variables:
        # A OneDeviceStrategy makes plain variables, which tell of it under this name alone.
        owner = getattr(variable.value, "_distribute_strategy", None) or _AT_HOME
        if owner is not strategy:
            raise ValueError(
                f"{variable.path} was made under {_in_words(owner)}, and the game under {_in_words(strategy)}. Make "
                "networks, game and optimizers in one scope: with strategy.scope(): ..."
            )


def _in_words(strategy):
    return "no strategy" if strategy is _AT_HOME else f"a {type(strategy).__name__}"
