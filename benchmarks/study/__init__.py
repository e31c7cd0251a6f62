"""The same search for each game, its winner trained anew by several seeds, and the page that compares them."""

import pathlib

RESULTS = pathlib.Path(__file__).parent / "results"
