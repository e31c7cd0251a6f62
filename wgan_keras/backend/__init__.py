"""What of training depends on the framework: the `Trainer` that `fit` drives, and these verbs.

    minimize(loss, variables, optimizer)        one gradient step; returns what `loss` returned
    input_gradient(function, x)                 d sum(function(x)) / dx, differentiable once more
    leaky_relu(x, negative_slope)               cheap to differentiate twice
    for_each(body, minibatches)                 body on each minibatch in turn, traced once
    batches(array, size, shuffle, seed)         an array as batches of `size`
    images_only, checked, regroup               a tf.data.Dataset without labels; checked; as batches of m * n_critic

Only the modules of this package import a framework for training; all other code is written in `keras.ops`.
"""

import keras

if keras.backend.backend() == "tensorflow":
    from wgan_keras.backend.tensorflow import (
        Trainer,
        batches,
        checked,
        for_each,
        images_only,
        input_gradient,
        leaky_relu,
        minimize,
        regroup,
    )
else:
    raise ImportError(
        f"wgan_keras trains on Keras's TensorFlow backend, and Keras runs on {keras.backend.backend()!r} here. "
        "Set the environment variable KERAS_BACKEND=tensorflow before Keras is imported."
    )

__all__ = [
    "Trainer",
    "batches",
    "checked",
    "for_each",
    "images_only",
    "input_gradient",
    "leaky_relu",
    "minimize",
    "regroup",
]
