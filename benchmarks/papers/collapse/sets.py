"""The sets whose modes are counted, and what trains and scores on each."""

from benchmarks.papers.collapse import published
from benchmarks.papers.collapse.points import Points
from benchmarks.papers.collapse.stacked import Stacked
from benchmarks.papers.report import RESULTS

SETS = {
    "ring": Points("eight_gaussians"),
    "grid": Points("twenty_five_gaussians"),
    "stacked_quarter": Stacked(filters=2),
    "stacked_half": Stacked(filters=4),
}
DATA = "(the data)"  # in place of a technique: what samples of the data score
SIZES = ("reduced", "longer", "full")


def path_of(name, size):
    """The JSON file of a set's trainings."""
    return RESULTS / "collapse" / f"{name}_{size}.json"


def techniques(name, size):
    """What is trained on a set: all of its techniques, or beyond the reduced size those with published numbers."""
    return (DATA, *(SETS[name].techniques if size == "reduced" else published.NUMBERS[name]))
