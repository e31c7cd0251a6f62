"""What others published of these sets: means, and standard errors where a paper says them."""

from typing import NamedTuple

from benchmarks.papers.means import Mean


class Published(NamedTuple):
    """Of one technique in one paper's set-up; `modes` counts a mode with one sample, of points one of high quality."""

    source: str
    modes: Mean
    high_quality: Mean | None = None  # percent
    reverse_kl: float | None = None

    @property
    def authors(self):
        return f"{self.source.partition(',')[0]} et al."


PACGAN = "Lin, Khetan, Fanti, Oh, 2018, arXiv 1712.04086"
VEEGAN = "Srivastava, Valkov, Russell, Gutmann, Sutton, 2017, arXiv 1705.07761"
UNROLLED = "Metz, Poole, Pfau, Sohl-Dickstein, 2017, arXiv 1611.02163"


def _kl(source, modes, error, reverse_kl):
    return [Published(source, Mean(modes, error), reverse_kl=reverse_kl)]


NUMBERS = {
    "ring": {
        "GAN": [Published(PACGAN, Mean(6.3, 0.5), Mean(98.2, 0.2), 0.45), Published(VEEGAN, Mean(1), Mean(99.3))],
        "packing, 2": [Published(PACGAN, Mean(7.9, 0.1), Mean(95.6, 2.0))],
        "packing, 4": [Published(PACGAN, Mean(7.8, 0.1), Mean(95.9, 1.4), 0.07)],
        "unrolled, 5 steps": [Published(VEEGAN, Mean(7.6), Mean(35.6))],
    },
    "grid": {
        "GAN": [Published(PACGAN, Mean(17.3, 0.8), Mean(94.8, 0.7), 0.70), Published(VEEGAN, Mean(3.3), Mean(0.5))],
        "packing, 2": [Published(PACGAN, Mean(23.8, 0.7), Mean(91.3, 0.8))],
        "packing, 4": [Published(PACGAN, Mean(24.8, 0.2), Mean(93.6, 0.6), 0.04)],
        "unrolled, 5 steps": [Published(VEEGAN, Mean(23.6), Mean(16))],
    },
    "stacked_quarter": {
        "GAN": _kl(PACGAN, 78.5, 17.6, 5.21),
        "unrolled, 1 step": _kl(UNROLLED, 65.4, 34.8, 5.91),
        "unrolled, 5 steps": _kl(UNROLLED, 236.4, 63.3, 4.67),
        "unrolled, 10 steps": _kl(UNROLLED, 327.2, 74.7, 4.66),
        "packing, 2": _kl(PACGAN, 484.5, 33, 2.61),
        "packing, 4": _kl(PACGAN, 667.4, 29, 1.81),
    },
    "stacked_half": {
        "GAN": _kl(PACGAN, 487.7, 34.6, 2.24),
        "unrolled, 1 step": _kl(UNROLLED, 523.6, 55.8, 2.44),
        "unrolled, 5 steps": _kl(UNROLLED, 732, 45, 1.66),
        "unrolled, 10 steps": _kl(UNROLLED, 817.4, 37.9, 1.43),
        "packing, 2": _kl(PACGAN, 840.7, 15.9, 1.00),
        "packing, 4": _kl(PACGAN, 820.2, 25.5, 1.15),
    },
}

_POINTS = (
    (PACGAN, "GAN", "packing, 2"),
    (PACGAN, "GAN", "packing, 4"),
    (VEEGAN, "GAN", "unrolled, 5 steps"),
)
_STACKED = (
    (PACGAN, "GAN", "packing, 2"),
    (PACGAN, "GAN", "packing, 4"),
    (UNROLLED, "unrolled, 1 step", "unrolled, 5 steps"),
    (UNROLLED, "unrolled, 5 steps", "unrolled, 10 steps"),
)
# (source, a technique, one that finds more modes), where the published difference is larger than its errors.
ORDERINGS = {
    "ring": _POINTS,
    "grid": _POINTS,
    "stacked_quarter": (*_STACKED, (PACGAN, "packing, 2", "packing, 4"), (PACGAN, "unrolled, 10 steps", "packing, 4")),
    "stacked_half": _STACKED,
}
