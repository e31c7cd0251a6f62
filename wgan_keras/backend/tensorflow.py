"""Training with TensorFlow: gradients from tapes, loops in the graph."""

import tensorflow as tf


class Trainer:
    """Hands Keras's `train_step` and `test_step` to the game's own step: TensorFlow's variables hold the state."""

    # The last call of an epoch may find no data. A graph would by then have drawn latents and counted iterations,
    # which do not depend on the data, were nothing made to wait for them.

    def train_step(self, data):
        with tf.control_dependencies(_tensors(data)):
            return self.training_step(data)

    def test_step(self, data):
        with tf.control_dependencies(_tensors(data)):
            return self.validation_step(data)


def _tensors(data):
    """The tensors of a batch; `train_on_batch` hands labels and weights on as None."""
    return [each for each in tf.nest.flatten(data) if each is not None]


def minimize(loss, variables, optimizer):
    """One optimizer step on `loss() -> (scalar, anything)` with respect to `variables`; returns loss()'s result."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([v.value for v in variables])
        value, rest = loss()
    # A variable the loss does not depend on gets a zero gradient, so that its constraint is applied as well.
    gradients = tape.gradient(value, [v.value for v in variables], unconnected_gradients=tf.UnconnectedGradients.ZERO)
    optimizer.apply(gradients, variables)
    return value, rest


def input_gradient(function, x):
    """Gradient of sum(function(x)) with respect to x, same shape as x; an outer tape may differentiate it again."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def for_each(body, minibatches):
    """Calls body(minibatches[i]) for each i in order: one `while` node, whatever the length of the first axis."""
    n = minibatches.shape[0]

    def step(i):
        body(minibatches[i])
        return (i + 1,)

    tf.while_loop(lambda i: i < n, step, (tf.constant(0),), parallel_iterations=1)


def batches(array, size, shuffle, seed, drop_remainder=True):
    """An array as a dataset of float32 batches of `size`, reshuffled every epoch."""
    data = tf.data.Dataset.range(len(array))
    if shuffle:
        data = data.shuffle(len(array), seed=seed, reshuffle_each_iteration=True)
    array = tf.constant(array, tf.float32)
    data = data.batch(size, drop_remainder=drop_remainder)
    return data.map(lambda i: tf.gather(array, i)).prefetch(tf.data.AUTOTUNE)


def images_only(dataset):
    """Batches x from batches x, (x,), (x, y) or {"image": x, ...}.

    Raises:
        ValueError: dictionaries without "image".
    """
    spec = dataset.element_spec
    if not isinstance(spec, dict):
        return dataset.map(lambda *data: tf.nest.flatten(data)[0])
    if "image" not in spec:
        raise ValueError(f"The dataset's elements hold {', '.join(spec)} and no 'image'; map them to the images.")
    return dataset.map(lambda data: data["image"])


def checked(dataset, shape, not_finite):
    """Batches (b, *shape) in float32, each image checked to be finite while the pipeline runs.

    Raises (then):
        tf.errors.InvalidArgumentError: opens with `not_finite` and names the batch.
    """

    def check(i, images):
        finite = tf.reduce_all(tf.math.is_finite(images))
        message = tf.strings.format(not_finite + ", in batch {}; remove them", i)
        with tf.control_dependencies([tf.debugging.Assert(finite, [message])]):
            return tf.cast(tf.ensure_shape(images, (None, *shape)), tf.float32)

    return dataset.enumerate().map(check)


def regroup(dataset, m, n_critic):
    """Batches of m images -> batches of m * n_critic, the remainder dropped."""
    steps = dataset.rebatch(m * n_critic, drop_remainder=True)
    count = int(dataset.cardinality())
    # rebatch forgets the count. It stays unknown where it hangs on whether the last batch is a smaller one.
    if count > 0 and (count % n_critic or dataset.element_spec.shape[0] is not None):
        steps = steps.apply(tf.data.experimental.assert_cardinality(count // n_critic))
    elif count == tf.data.INFINITE_CARDINALITY:
        steps = steps.apply(tf.data.experimental.assert_cardinality(count))
    return steps.prefetch(tf.data.AUTOTUNE)
