"""A training of a benchmark: done, gone on with or begun, in a folder of its own."""

import contextlib
import os
import sys

from wgan_keras import training


def finish(recipe, folder):
    """Trains by `recipe` in `folder` to the end, quietly; one that is over is left as it is.

    A signal ends the process, and the next call goes on from the run's last checkpoint.
    """
    if (folder / "preset/config.json").exists():
        return
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        if (folder / "run.json").exists():
            _, stopped = training.resume(folder)
        else:
            _, stopped = training.start(recipe, folder)
    if stopped is not None:
        sys.exit(128 + stopped)
