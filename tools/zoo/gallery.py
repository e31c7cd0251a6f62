"""The presets on the pages: a few of them in the README, and in docs/zoo.md a grid of pictures and a row for each."""

from benchmarks import pages
from wgan_keras.presets import store, table

MAIN = (
    "wgan_gp_avatars",
    "wgan_gp_resnet_fashion_mnist",
    "wgan_gp_emoji",
    "wgan_gp_fashion_mnist_labels",
    "wgan_gp_emoji_labels",
    "hinge_gan_fashion_mnist",
)
_IN_A_ROW = 3
_IN_THE_README = ("preset", "data", "score")


def few():
    """The README's table: the main presets, each linked to its card."""
    shown = [row for row in table.rows() if row[0] in MAIN]
    columns = [table.HEADINGS.index(heading) for heading in _IN_THE_README]
    rows = [[row[column] for column in columns] for row in sorted(shown, key=lambda row: MAIN.index(row[0]))]
    return _table(_IN_THE_README, rows, zoo="zoo")


def markdown():
    """The grid and the table of docs/zoo.md, of the presets that are there."""
    names = [name for name in MAIN if name in store.list_presets()]
    return f"{_grid(names)}\n\n{_table(table.HEADINGS, table.rows(), zoo='../zoo')}".strip()


def _grid(names):
    """Pictures under their names, both links to the cards; the first names head the columns."""
    rows = []
    for start in range(0, len(names), _IN_A_ROW):
        group = names[start : start + _IN_A_ROW]
        rows.append([_linked(name, name) for name in group])
        rows.append([_linked(f"![samples of {name}](../zoo/{name}/samples.png)", name) for name in group])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines[:1], "|---" * len(names[:_IN_A_ROW]) + "|", *lines[1:]]) if rows else ""


def _linked(text, name, zoo="../zoo"):
    return f"[{text}]({zoo}/{name}/README.md)"


def _table(headings, rows, zoo):
    """Each row begins with a preset's name, which links to its card in the folder `zoo`."""
    lines = [f"| {' | '.join(headings)} |", "|---" * len(headings) + "|"]
    return "\n".join(lines + [f"| {_linked(name, name, zoo)} | {' | '.join(rest)} |" for name, *rest in rows])


def write():
    """Puts both tables into their pages."""
    pages.put("presets", few())
    pages.put("zoo", markdown())
