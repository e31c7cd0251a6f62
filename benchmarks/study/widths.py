"""evening.png: the score of each game by the hours spent, a line for each width of its networks."""

from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

NETWORK = "dcgan_generator"


def by_game(trainings, rows, score):
    """{game: {width: [(hours, score)]}} of the games of which `trainings` have several widths, without labels.

    Args:
        trainings: {name: (its recipe, its history)}.
        rows: {name: {"seconds_an_iteration": {"median": seconds}}} on the machine whose hours are meant.
        score: its column in the histories.
    """
    curves: dict[str, dict[int, list[tuple[float, float]]]] = {}
    for name, (recipe, history) in trainings.items():
        if recipe.generator["name"] == NETWORK and not recipe.is_conditional:
            hours = rows[name]["seconds_an_iteration"]["median"] / 3600
            points = [(each["iteration"] * hours, each[score]) for each in history]
            curves.setdefault(recipe.game["name"], {})[recipe.generator["width"]] = points
    return {game: dict(sorted(widths.items())) for game, widths in curves.items() if len(widths) > 1}


def figure(games, label):
    """A panel a game.

    Args:
        games: as `by_game` gives them.
        label: of the scores.
    """
    found = Figure(figsize=(4 * len(games), 3.6), layout="constrained")
    panels = found.subplots(1, len(games), sharey=True, squeeze=False)[0]
    for axes, (game, widths) in zip(panels, games.items(), strict=True):
        for width, points in widths.items():
            axes.plot(*zip(*points, strict=True), label=f"width {width}")
        axes.set(title=game, xlabel="hours", ylabel=label, xscale="log", yscale="log")
        axes.label_outer()
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter("{x:g}")
            axis.set_minor_formatter("")
        axes.grid(alpha=0.3, which="both")
        axes.legend()
    return found
