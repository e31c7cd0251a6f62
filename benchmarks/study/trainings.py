"""trainings.png: how the scores of the study's long trainings went, by which a search of short trials is judged."""

from matplotlib.figure import Figure


def figure(games, presets, name):
    """A panel a game: the score `name` by iteration of its winner and of presets' hyperparameters, a line a seed.

    Args:
        games, presets: {name: its `Record`}.
    """
    rows = {game: {"the search's winner": record} for game, record in games.items()}
    for preset, record in presets.items():
        rows.setdefault(record["recipe"]["game"]["name"], {})[f"as {preset}"] = record
    found = Figure(figsize=(4 * len(rows), 3.6), layout="constrained")
    panels = found.subplots(1, len(rows), sharey=True, squeeze=False)[0]
    for axes, (game, records) in zip(panels, rows.items(), strict=True):
        for i, (label, record) in enumerate(records.items()):
            for each in record.trainings:
                x, y = ([at[column] for at in each["evaluations"]] for column in ("iteration", name))
                axes.plot(x, y, color=f"C{i}", label=label)
                label = None  # once for all seeds
        axes.set(title=game, xlabel="generator iterations", yscale="log")
        axes.grid(alpha=0.3, which="both")
        axes.legend()
    panels[0].set_ylabel(name)
    panels[0].yaxis.set_major_formatter("{x:g}")
    panels[0].yaxis.set_minor_formatter("{x:g}")
    return found
