"""A network in use while another one learns: in training mode, but left as it is."""

import contextlib

import keras


def random_states(model):
    """The states of the seed generators in a model and its layers, in a fixed order."""
    weights = {id(w) for w in model.weights}
    return [v for v in model.variables if id(v) not in weights]


def frozen(network):
    """`network` in training mode, as a function that changes nothing of it.

    Batch normalization normalizes by the batch, as in training, but its moving statistics stay.
    """

    def call(x):
        with keras.StatelessScope([(v, v.value) for v in network.variables]):
            return network(x, training=True)

    return call


def frozen_weights(network):
    """`frozen`, but for the random states, which go on, so that dropout drops others at the next call."""

    def call(x):
        with keras.StatelessScope([(v, v.value) for v in network.variables]) as scope:
            y = network(x, training=True)
        for state in random_states(network):
            state.assign(scope.get_current_value(state))
        return y

    return call


@contextlib.contextmanager
def tentatively(variables, states):
    """Within it the variables take values that are gone after it, but for those of the random `states`, which go on.

    What layers add to the loss of their network is there within it, as ever.
    """
    with keras.StatelessScope([(v, v.value) for v in variables], collect_losses=True) as scope:
        yield
    for state in states:
        state.assign(scope.get_current_value(state))
