"""A network in use while another one learns: in training mode, but left as it is."""

import contextlib

import keras


def random_states(model):
    """The states of the seed generators in a model and its layers, in a fixed order."""
    weights = {id(w) for w in model.weights}
    return [v for v in model.variables if id(v) not in weights]


def unchanged(network, inputs):
    """(outputs in training mode, what layers add to the loss); nothing of the network changes.

    Batch normalization normalizes by the batch, as in training, but its moving statistics stay.
    """
    with _held(network) as scope:
        return network(inputs, training=True), scope.losses


def weights_unchanged(network, inputs):
    """The outputs of `unchanged`; but the random states go on, so that dropout drops others at the next call."""
    with _held(network) as scope:
        outputs = network(inputs, training=True)
    for state in random_states(network):
        state.assign(scope.get_current_value(state))
    return outputs


def _held(network):
    return keras.StatelessScope([(v, v.value) for v in network.variables], collect_losses=True)


@contextlib.contextmanager
def tentatively(variables, states):
    """Within it the variables take values that are gone after it, but for those of the random `states`, which go on.

    What layers add to the loss of their network is there within it, as ever.
    """
    with keras.StatelessScope([(v, v.value) for v in variables], collect_losses=True) as scope:
        yield
    for state in states:
        state.assign(scope.get_current_value(state))
