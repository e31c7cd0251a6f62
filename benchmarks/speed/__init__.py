"""How fast a step is, against tutorials and PyTorch."""

import pathlib

RESULTS = pathlib.Path(__file__).parent / "results"
