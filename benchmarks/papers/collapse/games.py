"""Games that are compiled once and begin again by each seed: tracing and XLA take longer than some of the trainings."""

import math

from benchmarks.papers.collapse.techniques import optimizers


class Games:
    """The games of this process, by networks, technique and set-up."""

    def __init__(self):
        self._kept = {}

    def begin(self, each, technique, settings, seed):
        """A compiled game in the state in which one of this seed begins.

        Args:
            each: one of `sets.SETS`.
        """
        game = each.techniques[technique](each.networks, settings, seed)
        key = (each.networks, technique, settings)
        if key not in self._kept:
            game.compile(*optimizers(technique, settings), **each.compile)
            self._kept[key] = game, [variable.numpy() for variable in _of_the_optimizers(game)]
            return game
        kept, first = self._kept[key]
        for variable, value in zip(kept.variables, game.variables, strict=True):
            variable.assign(value)
        for variable, value in zip(_of_the_optimizers(kept), first, strict=True):
            variable.assign(value)
        return kept


def _of_the_optimizers(game):
    return [*game.generator_optimizer.variables, *game.critic_optimizer.variables]


def minibatch(game, settings):
    """Samples of a critic update: the papers count packs, not the samples in them."""
    return settings.batch_size * math.prod(view.joins for view in game.views)
