"""What a game logs."""

import keras


class Means:
    """Means of the logged scalars over an epoch. Not a Keras container, so that checkpoints do not hold them."""

    def __init__(self, names):
        self._by_name = {name: keras.metrics.Mean(name) for name in names}

    @property
    def metrics(self):
        return list(self._by_name.values())

    def update(self, values, weight=1):
        for name, value in values.items():
            self._by_name[name].update_state(value, weight)
