"""Runs programs one after another: each line that comes in is a program's arguments as JSON, the first its file.

To start a process on another backend takes longer than most of these programs do.
"""

import contextlib
import json
import runpy
import sys
import traceback

from tests import loading  # noqa: F401  (loads Keras, while nobody waits yet)

for line in sys.stdin:
    sys.argv = json.loads(line)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            runpy.run_path(sys.argv[0], run_name="__main__")
    except BaseException:
        traceback.print_exc()
        print("failed", flush=True)
    else:
        print("done", flush=True)
