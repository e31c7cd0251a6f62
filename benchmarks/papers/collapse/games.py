"""Games that begin by each seed, of each technique and set-up compiled once."""

from benchmarks.papers.collapse.techniques import optimizers
from benchmarks.papers.restart import restart
from wgan_keras.views.view import joined_by


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
        game.compile(*optimizers(technique, settings), **each.compile)
        kept = self._kept.setdefault((each.networks, technique, settings), game)
        if kept is not game:
            restart(kept, game)
        return kept


def minibatch(game, settings):
    """Samples of a critic update: the papers count packs, not the samples in them."""
    return settings.batch_size * joined_by(game.views)
