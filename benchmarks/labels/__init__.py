"""What labels give: conditional games against unconditional ones, and the scores of their samples by class."""

import pathlib

RESULTS = pathlib.Path(__file__).parent / "results"
