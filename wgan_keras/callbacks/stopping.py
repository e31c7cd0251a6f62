"""Where a training ends: at a signal, or at an iteration."""

import signal
import threading
from typing import Any

import keras

from wgan_keras._types import Logs


class StopOnSignal(keras.callbacks.Callback):
    """Ends `fit` after the step under way on Ctrl-C, SIGTERM or SIGHUP; a second signal acts at once.

    A second one after SIGHUP does not: as a terminal closes, the system, its shell and the session each send theirs.
    Where SIGHUP is ignored, as under `nohup`, it stays so. In a thread other than the main one, where Python has no
    signals, it does nothing.

    `received` is the number of the signal that the last `fit` got, or None. The checkpoint is the caller's business.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        super().__init__()
        self.received = None
        self._before: dict[int, Any] = {}
        self._listens = False

    def on_train_begin(self, logs: Logs = None) -> None:
        self.restore()  # what a `fit` that an exception ended has left
        self.received = None
        if _signals_come_here():
            self._listens = True
            heard = [n for n in self.SIGNALS if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]
            self._before = {number: signal.signal(number, self._receive) for number in heard}

    def _receive(self, number, frame):
        if not self._listens:  # who set a handler while we did has put this one back since
            signal.signal(number, self._before.pop(number, signal.SIG_DFL))
            signal.raise_signal(number)
            return
        self.received = self.received or number
        if number != signal.SIGHUP:
            self._restore([n for n in self._before if n != signal.SIGHUP])

    def restore(self) -> None:
        """Puts the handlers back that were there before; `fit` does so unless an exception ends it."""
        if _signals_come_here():
            self._restore(list(self._before))
            self._listens = False

    def _restore(self, numbers):
        for number in numbers:
            if signal.getsignal(number) == self._receive:  # else somebody has set another one since
                signal.signal(number, self._before.pop(number))

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if self.received is not None:
            self.model.stop_training = True

    def on_train_end(self, logs: Logs = None) -> None:
        self.restore()


def _signals_come_here():
    return threading.current_thread() is threading.main_thread()


class StopAtIteration(keras.callbacks.Callback):
    """Ends `fit` at a number of generator iterations, in the middle of an epoch if need be.

    `fit` takes a step before it asks: a model that is there already makes one more, or `steps_per_execution` more.
    """

    def __init__(self, iterations: int) -> None:
        super().__init__()
        self.iterations = iterations
        self._before = 0  # the epoch under way

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._before = self.model.generator_iterations

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        # Counted here, because on JAX to look at `self.model` within an epoch copies the whole state back into it.
        # It may be fewer: Keras counts all of `steps_per_execution`, also where the data end within them.
        most = self._before + batch + 1
        if most >= self.iterations and self.model.generator_iterations >= self.iterations:
            self.model.stop_training = True
