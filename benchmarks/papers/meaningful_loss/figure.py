"""The picture: each training's curves beside the score of its samples."""

import numpy as np
from matplotlib.figure import Figure
from scipy.ndimage import median_filter

from benchmarks.papers.meaningful_loss.trainings import ROWS, TRAININGS

WINDOW = 3  # looks, of the picture's median filter


def draw(logs, settings):
    """A panel a training: curves on the left axis, score on the right, through a median filter.

    The left axis is that of the looks past the warm-up, in which a curve may be of another size.
    """
    figure = Figure(figsize=(13, 11), layout="constrained")
    looks = settings.interval * np.arange(1, settings.iterations // settings.interval + 1)
    settled = looks > settings.warm_up
    for row, (game, label, curves) in zip(figure.subplots(len(ROWS), 3), ROWS, strict=True):
        names = [name for name, training in TRAININGS.items() if training.game == game]
        for axes, name in zip(row, names, strict=False):
            shown = {curve: smooth(np.array(logs[name][curve])) for curve in curves}
            for curve, words in curves.items():
                axes.plot(looks, shown[curve], label=words)
            after = np.concatenate([values[settled] for values in shown.values()])
            margin = 0.1 * np.ptp(after) or 0.1
            axes.set_ylim(after.min() - margin, after.max() + margin)
            axes.axvspan(0, settings.warm_up, color="black", alpha=0.06, linewidth=0)
            score = axes.twinx()
            score.plot(looks, smooth(np.array(logs[name]["val_fid"])), color="black", linestyle=":")
            score.set_ylim(bottom=0)
            axes.set_title(name)
        for axes in row[len(names) :]:
            axes.set_axis_off()
        row[0].set_ylabel(label)
    figure.supxlabel("generator iteration; shaded: warm-up; dotted, right axis: Fréchet distance")
    figure.legend(*figure.axes[3].get_legend_handles_labels(), loc="outside upper right", fontsize="small")
    return figure


def smooth(values):
    return median_filter(values, WINDOW, mode="nearest")
