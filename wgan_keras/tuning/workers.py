"""A chief and workers on this machine, in keras-tuner's distributed mode over the loopback address."""

import collections
import contextlib
import multiprocessing
import multiprocessing.connection
import os
import pathlib
import socket
import sys
import threading
import traceback

from wgan_keras.files.folders import hold
from wgan_keras.files.temporaries import DAY, remove_abandoned
from wgan_keras.runtime import output, startup, user_modules
from wgan_keras.runtime.errors import told
from wgan_keras.tuning.search import run

_LOSSES = 5  # of one worker, after which something is wrong with the machine


def is_elsewhere():
    """Whether this process is a worker of a chief elsewhere, by keras-tuner's environment."""
    return "KERASTUNER_ORACLE_IP" in os.environ and "chief" not in os.environ.get("KERASTUNER_TUNER_ID", "")


def check_count(count):
    """ValueError for several workers in a search over several machines, each of whose processes is one."""
    if count > 1 and "KERASTUNER_ORACLE_IP" in os.environ:
        raise ValueError(
            f"--workers is {count}, and KERASTUNER_ORACLE_IP makes this process one of a search over several machines. "
            "Leave --workers out and start a process for each worker, or unset the variables KERASTUNER_...."
        )


@contextlib.contextmanager
def held(out):
    """Holds a search's folder, see `folders.hold`; a worker of a chief elsewhere shares the folder that this one holds.

    What killed processes left half written in it is removed. A trial's folder is held by whoever trains it.
    """
    if is_elsewhere():
        yield
        return
    with hold(out):
        for trial in pathlib.Path(out).glob("trial_*"):
            remove_abandoned(trial, DAY)
        yield


def run_saved(saved, out, count):
    """Runs a `Search` that was saved in the folder `out` to its end: in this process, or by `search` if count > 1."""
    if count > 1:
        search(out, count)
    else:
        saved.run(out)


def search(out, count):
    """Runs the search in the folder `out` by `count` processes beside one that deals out the trials.

    A worker that is killed is started again under its own name, by which keras-tuner's chief knows the trial it had
    and gives it back; that trial goes on from its checkpoint. When this process dies the others end as well, and the
    search can be gone on with.

    Raises:
        RuntimeError: a worker or the chief ended with an error, or a worker was killed time and again.
    """
    context, port = multiprocessing.get_context("spawn"), _free_port()

    def start(name):
        work = (__name__, take_part.__name__, str(out), name, port, user_modules.imported())
        process = context.Process(target=startup.call, args=work, name=name, daemon=True)
        process.start()
        return process

    chief = start("chief")
    workers = {name: start(name) for name in (f"worker{i}" for i in range(count))}
    losses = collections.Counter()
    try:
        while workers and chief.exitcode is None:
            multiprocessing.connection.wait([process.sentinel for process in (chief, *workers.values())])
            for name, process in list(workers.items()):
                if process.exitcode is None:
                    continue
                del workers[name]
                if process.exitcode < 0 and losses[name] < _LOSSES:
                    print(f"{name} was killed by signal {-process.exitcode}; starting it again.", flush=True)
                    losses[name] += 1
                    workers[name] = start(name)
                elif process.exitcode:
                    raise RuntimeError(f"{name} ended with status {process.exitcode}; its words are above.")
        if chief.exitcode:
            raise RuntimeError(f"The chief ended with status {chief.exitcode}. The same command goes on.")
    finally:
        for process in (chief, *workers.values()):
            process.kill()  # a worker that came too late for a trial, or the chief, which looks up every 20 s
            process.join()


def take_part(out, name, port, modules):
    """The whole work of a new process: the chief's or a worker's, by its name, with the user's modules."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ |= {
        "KERASTUNER_TUNER_ID": name,
        "KERASTUNER_ORACLE_IP": "127.0.0.1",
        "KERASTUNER_ORACLE_PORT": str(port),
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",  # the workers share what there is
    }
    with output.may_fail(), _or_one_line(name):
        user_modules.import_modules(modules)
        run(out)


@contextlib.contextmanager
def _or_one_line(name):
    """An error ends the process with status 1 and one line; a traceback comes first if the command had `--debug`."""
    try:
        yield
    except Exception as error:
        if "--debug" in sys.argv:
            traceback.print_exception(error)
        print(f"{name}: {told(error)}", file=sys.stderr)
        sys.exit(1)


def _end_with_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
