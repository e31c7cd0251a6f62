"""What a game logs."""

import keras
from keras import ops


class Means:
    """Means of the logged scalars over an epoch. Not a Keras container, so that checkpoints do not hold them.

    `weighted_by` names, for a scalar that is a mean over some of the images, the value that says over how many, which
    is not logged itself.
    """

    def __init__(self, names, weighted_by):
        self._by_name = {name: keras.metrics.Mean(name) for name in names}
        self._weighted_by = dict(weighted_by)

    @property
    def metrics(self):
        return list(self._by_name.values())

    def update(self, values, weight=None):
        """Adds the values to the means.

        Args:
            values: scalars by name.
            weight: of all of them, 1 where it is None. With 0 they do not count, whatever they are: of too few images
                a loss may be NaN.
        """
        for name, value in values.items():
            if name in self._weighted_by.values():
                continue
            if name not in self._by_name:
                raise ValueError(
                    f"{name!r} is logged, and the log_names of the game and its parts do not have it; they are "
                    f"{', '.join(self._by_name)}. Add it to log_names."
                )
            images = self._weighted_by.get(name)
            own_weight = _counted(values[images], weight) if images in values else weight
            self._by_name[name].update_state(_counted(value, own_weight), own_weight)


def _counted(value, weight):
    return value if weight is None else ops.where(weight > 0, value, 0)
