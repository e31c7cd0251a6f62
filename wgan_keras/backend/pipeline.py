"""What training asks of a user's batches, whatever kind they are."""

from typing import Any, Protocol

from wgan_keras.backend.labels import LabelKind


class Pipeline(Protocol):
    """The verbs for one kind of batches: of a `tf.data.Dataset` the module `tf_data`, of a `keras.utils.PyDataset`
    `py_data`, of a Python generator `generators`.

    `batches` are such a dataset or generator, and so is what comes back; nothing is read before it is asked for. A
    batch is images (b, *shape), or a pair of images and labels.
    """

    def parts(self, batches: Any, labeled: bool) -> Any:
        """Batches of images, or of (images, labels) where `labeled`, from a user's, as `labels.parts` has them.

        Raises:
            ValueError: labels lack.
        """
        ...

    def checked(self, batches: Any, shape: tuple[int, ...], label_kind: LabelKind | None, not_finite: str) -> Any:
        """The batches in float32, each checked when it is made: its shape, finite images, labels of `label_kind`.

        Raises (then):
            An error whose message opens with `not_finite` or `labels.OURS` and names the batch.
        """
        ...

    def regroup(self, batches: Any, m: int, n_critic: int) -> Any:
        """Batches of m images -> batches of m * n_critic, one for each step; the remainder is dropped."""
        ...

    def endless(self, batches: Any) -> Any:
        """The batches again and again.

        Raises:
            ValueError: they can be taken only once.
        """
        ...
