"""The benchmark for a GPU, on the CPU and at toy size, in a process of its own that runs Keras on JAX."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import pages
from benchmarks.speed import gpu_throughput

PROGRAM = """
import sys
from benchmarks.speed import gpu_throughput, timing
timing.timed = lambda function: (function(), 0.5)[1]  # nothing is timed in a test
gpu_throughput.SHAPES = ((8, 8, 1),)
gpu_throughput.TORCH = False
gpu_throughput.N_CRITIC = 2  # XLA takes its time over the tutorial's unrolled loop
del gpu_throughput.PRECISIONS["float32"], gpu_throughput.PRECISIONS["tf32"]
gpu_throughput.main()
"""


def run(backend, *arguments):
    quickly = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}  # to compile is what takes the time
    environment = {**os.environ, "KERAS_BACKEND": backend, **quickly}
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.long
def test_a_small_run_writes_its_rows(tmp_path):
    out = tmp_path / "gpu.json"
    sizes = ["--sizes", "4", "--width", "2", "--steps", "2", "--side", "64", "--rounds", "2"]
    done = run("jax", *sizes, "--out", str(out))
    assert done.returncode == 0, done.stderr
    record = json.loads(out.read_text())
    (row,) = record["rows"]
    assert (row["shape"], row["m"]) == ([8, 8, 1], 4)
    assert set(row["images_a_second"]) == {f"{kind}mixed_bfloat16" for kind in ("", "fit ", "tutorial ")}
    assert all(found["median"] == 2 * 4 * 2 / 0.5 for found in row["images_a_second"].values())
    # 2 critic updates of at least 10 passes through the convolution of 2 filters on 4 images.
    assert row["gflop_a_step"]["mixed_bfloat16"] * 1e9 > 2 * 10 * 4 * 2 * (16 * 2 * 4 * 4)
    assert record["device"]


def test_the_table_shows_what_was_measured_and_marks_what_is_slower():
    def spread(median):
        return {"median": median}

    row = {
        "shape": [28, 28, 1],
        "width": 64,
        "m": 64,
        "images_a_second": {"tf32": spread(61_234), "fit tf32": spread(51_000)},
        "times_as_fast": {"tutorial": {"tf32": spread(1.26)}, "torch": {"tf32": spread(0.94)}},
        "share_of_peak": {"tf32": spread(0.271)},
    }
    record = {"date": "2026-01-02", "device": "a GPU", "command": "the command", "rows": [row]}
    assert gpu_throughput.markdown(record).splitlines()[-1] == (
        "| 28x28x1 | 64 | tf32 | 61.2 | 51.0 | 1.26 | **0.94** | 0.27 |"
    )
    row["times_as_fast"] = {"tutorial": {"tf32": spread(1.26)}}  # where PyTorch was not installed
    assert gpu_throughput.markdown(record).endswith("| 1.26 |  | 0.27 |")


def test_the_page_holds_the_table_of_what_was_measured():
    page = pages.PAGES["gpu"].read_text()
    table = gpu_throughput.markdown(json.loads(gpu_throughput.RESULT.read_text()))
    assert pages.between_markers(page, "gpu", table) == page


def test_it_names_the_backend_it_needs(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["gpu_throughput"])
    with pytest.raises(SystemExit) as end:
        gpu_throughput.main()
    assert end.value.code == 2
    assert "Keras runs on 'tensorflow'; set KERAS_BACKEND=jax" in capsys.readouterr().err
