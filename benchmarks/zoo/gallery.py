"""The README's part about the zoo: a grid for each main preset, and the table of all."""

from benchmarks import readme
from wgan_keras import listing, preset_files

NAME = "zoo"  # of the README's markers
MAIN = (
    "wgan_gp_fashion_mnist",
    "wgan_fashion_mnist",
    "gan_fashion_mnist",
    "wgan_gp_emoji",
    "wgan_gp_eight_gaussians",
    "wgan_gp_twenty_five_gaussians",
)
_IN_A_ROW = 3


def markdown():
    """The gallery and the table, of the presets that are there."""
    shown = [name for name in MAIN if name in preset_files.list_presets()]
    rows = []
    for start in range(0, len(shown), _IN_A_ROW):
        names = shown[start : start + _IN_A_ROW]
        pictures = (f'<img src="zoo/{name}/samples.png" width="280" alt="samples of {name}">' for name in names)
        rows += [names, pictures]
    table = ["<table>", *(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows), "</table>"]
    return "\n".join([*(table if rows else []), "", listing.markdown()]).strip()


def write():
    """Puts `markdown()` between the README's markers."""
    readme.put(NAME, markdown())
