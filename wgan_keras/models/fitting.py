"""Keras's `fit`, `evaluate` and their likes, on images and labels in place of inputs and targets."""

from typing import Any, Literal

import keras

from wgan_keras._types import MixedIntoModel
from wgan_keras.models import checks, minibatches
from wgan_keras.models.freezing import copy_weights_again
from wgan_keras.models.rates import logging_both_rates
from wgan_keras.models.terminate_on_nan import watching_both_losses

VALIDATION_SEED = 20170126  # not one that a user is likely to give


class Fitting(MixedIntoModel):
    """For a `keras.Model`, mixed in before it: data of every kind come in as minibatches of the paper's m."""

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | Literal["auto"] = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        validation_batch_size: int | None = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Keras's `fit`; a step is one generator iteration and takes n_critic batches.

        Losses are logged without the networks' own regularization, which is minimized with them.

        Args:
            x: images as an array with `batch_size`, a `tf.data.Dataset` or `keras.utils.PyDataset` of batches, or a
                Python generator of batches, for more than one epoch with `steps_per_epoch`. A batch is the paper's m.
                A conditional game takes (images, labels) of any of these kinds; an unconditional one ignores labels,
                with a warning.
            y: labels of an array of images: whole numbers (n,) from 0, or vectors (n, classes).
            validation_data: the same kinds, a generator with `validation_steps`; logs the losses and estimates again
                with the prefix `val_`. An array is taken by `validation_batch_size`, or `micro_batch`, or m.

        The other arguments are those of `keras.Model.fit`. With `steps_per_epoch` below a pass over an array, a game
        that was saved between epochs goes on with other minibatches than one that was not.

        Raises:
            ValueError: too few images for one step, images the generator cannot make, NaN among them; labels that
                lack, are out of range, or of another number than the images; weights of images or classes.
        """
        checks.check_unweighted(kwargs)
        ahead = range(kwargs.get("initial_epoch", 0), epochs)
        validated = sum(bool(self._should_eval(epoch, kwargs.get("validation_freq", 1))) for epoch in ahead)
        checks.check_passes(x, len(ahead), "steps_per_epoch", kwargs.get("steps_per_epoch"))
        checks.check_passes(validation_data, validated, "validation_steps", kwargs.get("validation_steps"))
        data = minibatches.together(x, y)
        data, validation_data = minibatches.hold_out(data, validation_split, validation_data)
        batches, m, counting = minibatches.for_training(data, batch_size, shuffle, self)
        m_validation = validation_batch_size or self.micro_batch or m
        validation = minibatches.for_validation(validation_data, m_validation, self)
        self.begin_training()
        warning = "ignore" if kwargs.get("steps_per_epoch") is None else None
        queued = getattr(batches, "workers", 1) > 1  # of a PyDataset
        with (
            self.grouped(m, queued),
            minibatches.plain_messages(),
            minibatches.running_out(warning),
            watching_both_losses(callbacks) as callbacks,
        ):
            return super().fit(
                batches,
                epochs=epochs,
                verbose=verbose,
                callbacks=logging_both_rates(callbacks) + counting,
                validation_data=validation,
                validation_batch_size=m_validation,
                shuffle=False,  # done by `batches`
                **kwargs,
            )

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: None = None, class_weight: None = None, return_dict: bool = False
    ) -> Any:
        """Keras's `train_on_batch`: one step on n_critic * m images."""
        checks.check_unweighted({"sample_weight": sample_weight, "class_weight": class_weight})
        batch = minibatches.for_step(minibatches.together(x, y), self)
        self.begin_training()
        return super().train_on_batch(*minibatches.inputs_and_targets(batch), return_dict=return_dict)

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: None = None, return_dict: bool = False) -> Any:
        """Keras's `test_on_batch`: the losses on one batch of images, checked as `evaluate` checks them."""
        checks.check_unweighted({"sample_weight": sample_weight})
        batch = minibatches.one_batch(minibatches.together(x, y), self)
        return super().test_on_batch(*minibatches.inputs_and_targets(batch), return_dict=return_dict)

    def evaluate(self, x: Any = None, y: Any = None, batch_size: int | None = None, **kwargs: Any) -> Any:
        """Keras's `evaluate` on images as `fit` takes them, with the same latents every time, to compare epochs.

        Where the estimates on training images and on held-out ones part, at one moment, the critic overfits.

        `return_dict=True` names the values. `metrics_names` are of `train_on_batch`, which has `critic_state` too.
        """
        checks.check_unweighted(kwargs)
        in_fit = kwargs.get("_use_cached_eval_dataset")  # which has checked the data
        if not in_fit:
            data = minibatches.together(x, y)
            held_out = minibatches.for_validation(data, batch_size or minibatches.KERAS_BATCH, self)
            x, y = minibatches.inputs_and_targets(held_out)
        self.restart_validation()
        warning = "ignore" if kwargs.get("steps") is None else "default" if in_fit else None
        with minibatches.plain_messages(), minibatches.running_out(warning):
            return super().evaluate(x, y, batch_size=batch_size, **kwargs)

    def begin_training(self) -> None:
        """What was copied of weights when the game was made is of those that they are now, if none has trained."""
        self.follow_until_trained()
        if self.compiled:
            self.synchronize()
            for optimizer in (self.generator_optimizer, self.critic_optimizer):
                copy_weights_again(optimizer)

    def restart_validation(self) -> None:
        """The next validation draws what every validation draws."""
        self.validation_seed_generator.state.assign([VALIDATION_SEED, 0])
