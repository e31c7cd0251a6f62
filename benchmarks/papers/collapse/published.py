"""What others published of the same sets: mean, standard error, or None where a paper does not say it."""

from typing import NamedTuple


class Published(NamedTuple):
    """Of one technique in one paper's set-up; `modes` counts a mode with one high-quality sample."""

    source: str
    modes: float
    modes_error: float | None
    high_quality: float | None = None  # percent
    high_quality_error: float | None = None
    reverse_kl: float | None = None


PACGAN = "Lin, Khetan, Fanti, Oh, 2018, arXiv 1712.04086, Table 1"
VEEGAN = "Srivastava, Valkov, Russell, Gutmann, Sutton, 2017, arXiv 1705.07761, Table 1"

POINTS = {
    "ring": {
        "GAN": [Published(PACGAN, 6.3, 0.5, 98.2, 0.2, 0.45), Published(VEEGAN, 1, None, 99.3)],
        "packing, 2": [Published(PACGAN, 7.9, 0.1, 95.6, 2.0)],
        "packing, 4": [Published(PACGAN, 7.8, 0.1, 95.9, 1.4, 0.07)],
        "unrolled, 5 steps": [Published(VEEGAN, 7.6, None, 35.6)],
    },
    "grid": {
        "GAN": [Published(PACGAN, 17.3, 0.8, 94.8, 0.7, 0.70), Published(VEEGAN, 3.3, None, 0.5)],
        "packing, 2": [Published(PACGAN, 23.8, 0.7, 91.3, 0.8)],
        "packing, 4": [Published(PACGAN, 24.8, 0.2, 93.6, 0.6, 0.04)],
        "unrolled, 5 steps": [Published(VEEGAN, 23.6, None, 16)],
    },
}
# (a technique, one that finds more modes): what the papers say of either set.
ORDERINGS = (
    (PACGAN, "GAN", "packing, 2"),
    (PACGAN, "GAN", "packing, 4"),
    (VEEGAN, "GAN", "unrolled, 5 steps"),
)
