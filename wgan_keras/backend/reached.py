"""What a loss does not reach: variables that would stay where they are and nobody would say so."""

import warnings


def check_reached(variables, unreached):
    """Refuses a loss that reaches none of the `variables` it is minimized by, and warns of some as Keras does.

    Some may be meant, as those before a quantization. A variable whose gradient is zero is reached.

    Raises:
        ValueError: all of them are unreached.
    """
    if not unreached:
        return
    paths = ", ".join(variable.path for variable in unreached)
    if len(unreached) == len(variables):
        raise ValueError(
            f"The loss has no derivative by any trainable variable of its network ({paths}), which would never move. "
            "Behind them is an operation without a derivative, as argmax, round, sign or stop_gradient; put another in "
            "its place, such as a softmax."
        )
    warnings.warn(
        f"Gradients do not exist for variables {paths} when minimizing the loss: these layers never move. Behind them "
        "is an operation without a derivative, as argmax, round, sign or stop_gradient. If that is meant, freeze them: "
        "layer.trainable = False, then compile().",
        stacklevel=2,
    )
