"""The game between a generator and a critic: two networks, two optimizers, the alternation of Algorithm 1."""

import random
from typing import Literal

import keras
from keras import ops

from wgan_keras import backend
from wgan_keras._schema import Seed
from wgan_keras.constraints import WeightClip
from wgan_keras.models import checks, freezing, minibatches
from wgan_keras.models.average import averaged_copy
from wgan_keras.models.files import Files
from wgan_keras.models.grouping import Grouped
from wgan_keras.models.hooks import Hooks
from wgan_keras.models.log_means import Means
from wgan_keras.models.rates import JointOptimizer, logging_both_rates
from wgan_keras.models.read_only import frozen, frozen_weights
from wgan_keras.models.sampling import Sampling, draw_latents
from wgan_keras.models.settings import EmaDecay, Fixed, Setting, Settings
from wgan_keras.models.terminate_on_nan import watching_both_losses
from wgan_keras.networks.registry import built_by

VALIDATION_SEED = 20170126  # not one that a user is likely to give


class AdversarialModel(Settings, Hooks, Grouped, backend.Trainer, Sampling, Files, keras.Model):
    """Base of all games; a game adds its two losses.

        @wgan_keras.register_game("hinge")
        class HingeGAN(wgan_keras.AdversarialModel):
            def critic_loss(self, critic, real, fake, seed):
                return ops.mean(ops.relu(1 - critic(real))) + ops.mean(ops.relu(1 + critic(fake))), {}

            def generator_loss(self, critic, real, fake, seed):
                return -ops.mean(critic(fake))

    What else it may define is in `wgan_keras.models.hooks`.

    Numbers such as `n_critic` may be set later, by a callback too; they hold from the next step on (`settings`).

    Args:
        generator: Functional model, latents (batch, latent_dim) -> (batch, *shape).
        critic: Functional model, (batch, *shape) -> scores (batch, 1) without a sigmoid. It is this game's from now on:
            the weight clipping of a WGAN that it was in before is taken off.
        n_critic: critic updates a generator update; each takes its own minibatch, so a step consumes n_critic of them.
        latent_prior: p(z): "normal", or "uniform" on [-1, 1].
        ema_decay: decay of the exponential moving average of the generator's weights, from which `sample` then draws;
            None for none. It is warmed up: decay at iteration t is min(ema_decay, (1 + t) / (10 + t)).
        seed: of everything random in training, from 0 to 2^32 - 1; None draws one. Networks that were built before
            have their initial weights from Keras's own seed: to repeat those too, call `keras.utils.set_random_seed`
            before building them.

    Raises:
        ValueError: networks whose shapes do not fit each other, a critic that ends in a sigmoid or another function
            that limits its scores, a generator that cannot be copied for `ema_decay`, an argument out of range.
    """

    generator, critic, latent_dim, seed = Fixed(), Fixed(), Fixed(), Fixed()
    n_critic = Setting(checks.n_critic)
    latent_prior = Setting(checks.latent_prior)
    ema_decay = EmaDecay(checks.ema_decay)

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        n_critic: checks.NCritic = 1,
        latent_prior: Literal["normal", "uniform"] = "normal",
        ema_decay: checks.EmaDecay | None = None,
        seed: Seed | None = None,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        checks.check_networks(generator, critic)
        self.check_critic_output(generator, critic)
        checks.check_seed(seed)
        self.n_critic = n_critic
        self.latent_prior = latent_prior
        self.ema_decay = ema_decay
        for variable in critic.variables:
            if isinstance(variable.constraint, WeightClip):
                variable.constraint = None
        self.generator = generator
        self.critic = critic
        self.generator_ema = averaged_copy(generator) if ema_decay is not None else None
        self.latent_dim = generator.input_shape[-1]
        self.seed = random.getrandbits(31) if seed is None else int(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        # Validation draws from its own stream, so that training does not depend on how often one validates.
        self.validation_seed_generator = keras.random.SeedGenerator(VALIDATION_SEED)
        self._means = Means(tuple(dict.fromkeys(("critic_loss", "generator_loss", *self.log_names))))
        self.built = True

    def compile(self, generator_optimizer=None, critic_optimizer=None, scheduled_rates="both", **kwargs):
        """Sets the two optimizers (None: the paper's) and Keras's own `run_eagerly`, `jit_compile` and so on.

        Layers that are frozen or unfrozen (`trainable`) are so from here on. An optimizer that is in use is given again
        to go on with its moments and count: `model.compile(model.generator_optimizer, model.critic_optimizer)`.

        Args:
            scheduled_rates: whose learning rate Keras's callbacks move, through `self.optimizer`: "both", in
                proportion, or "generator" or "critic" alone.
        """
        default_generator_optimizer, default_critic_optimizer = self.default_optimizers()
        generator_optimizer = keras.optimizers.get(generator_optimizer or default_generator_optimizer)
        critic_optimizer = keras.optimizers.get(critic_optimizer or default_critic_optimizer)
        networks = (self, self.generator, self.critic)
        checks.check_compile(generator_optimizer, critic_optimizer, scheduled_rates, kwargs, networks)
        super().compile(optimizer=generator_optimizer, **kwargs)
        self.constrain()
        if self.generator_ema is not None:
            freezing.freeze_alike(self.generator_ema, self.generator)
        self.generator_optimizer = freezing.following(generator_optimizer, self.generator)
        self.critic_optimizer = freezing.following(critic_optimizer, self.critic)
        self.optimizer = JointOptimizer(self.generator_optimizer, self.critic_optimizer, scheduled_rates)
        self._compile_arguments = {**kwargs, "scheduled_rates": scheduled_rates}

    def training_step(self, data):
        """Algorithm 1, lines 2 to 11: n_critic critic updates on as many minibatches, then one generator update."""
        real = minibatches.split(data, self.n_critic)
        backend.for_each(self.critic_step, real)
        self.generator_step(real[-1])
        self._means.update(self.critic_state())
        return self.get_metrics_result()

    def critic_step(self, real):
        """Lines 3 to 7: one critic update on m real images and m fresh latents; the generator stays as it is."""
        latents = self.draw_latents(ops.shape(real)[0], self.seed_generator)
        fake = ops.stop_gradient(frozen_weights(self.generator)(latents))

        def loss():
            regularization = []  # the user's own, if any: of each pass, because Keras forgets it at the next

            def critic(x):
                scores = self.critic(x, training=True)
                regularization.append(sum(self.critic.losses))
                return scores

            value, logs = self.critic_loss(critic, real, ops.cast(fake, real.dtype), self.seed_generator)
            return value + sum(regularization) / len(regularization), {"critic_loss": value, **logs}

        _, logs = backend.minimize(loss, self.critic.trainable_variables, self.critic_optimizer)
        self._means.update(logs)

    def generator_step(self, real):
        """Lines 9 to 11: one generator update on m fresh latents; the critic stays as it is."""
        latents = self.draw_latents(ops.shape(real)[0], self.seed_generator)

        def loss():
            fake = self.generator(latents, training=True)
            value = self.generator_loss(frozen_weights(self.critic), real, fake, self.seed_generator)
            return value + sum(self.generator.losses), value

        _, value = backend.minimize(loss, self.generator.trainable_variables, self.generator_optimizer)
        if self.generator_ema is not None:
            self.average_step(latents)
        self._means.update({"generator_loss": value})

    def average_step(self, latents):
        """Moves the averaged generator towards the generator, and its own moving statistics by one forward pass."""
        t = ops.cast(self.generator_optimizer.iterations, "float32")
        decay = ops.minimum(self.ema_decay, (1 + t) / (10 + t))
        for average, weight in freezing.averaged(self.generator_ema, self.generator):
            average.assign(average + (1 - decay) * (weight - average))
        if self.generator_ema.non_trainable_variables:
            # Batch normalization's statistics under the raw weights are not those under the averaged ones.
            self.generator_ema(latents, training=True)

    def validation_step(self, data):
        """The same losses on held-out images, with nothing learned and no statistic moved.

        At an epoch's end the generator has just answered the critic, so that an estimate is smaller here than its mean
        over the epoch's critic updates, on images of the training as well.
        """
        real = minibatches.images_of(data)
        size, seed = ops.shape(real)[0], self.validation_seed_generator
        fake = frozen(self.generator)(self.draw_latents(size, seed))
        critic = frozen(self.critic)
        loss, logs = self.critic_loss(critic, real, ops.cast(fake, real.dtype), seed)
        logs |= {"critic_loss": loss, "generator_loss": self.generator_loss(critic, real, fake, seed)}
        self._means.update(logs, weight=size)  # the last batch may be smaller
        return {name: mean for name, mean in self.get_metrics_result().items() if name in logs}

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        validation_batch_size=None,
        **kwargs,
    ):
        """Keras's `fit`; a step is one generator iteration and takes n_critic batches.

        Losses are logged without the networks' own regularization, which is minimized with them.

        Args:
            x: images as an array with `batch_size`, a `tf.data.Dataset` or `keras.utils.PyDataset` of batches, a
                Python generator of batches with `steps_per_epoch`, or any of these with labels, which are ignored. A
                batch is the paper's m.
            validation_data: the same kinds, a generator with `validation_steps`; logs the losses and estimates again
                with the prefix `val_`.

        The other arguments are those of `keras.Model.fit`.

        Raises:
            ValueError: too few images for one step, images the generator cannot make, NaN among them; weights of
                images or classes.
        """
        checks.check_unweighted(kwargs)
        x, validation_data = minibatches.hold_out(x, validation_split, validation_data)
        batches, m, counting = minibatches.for_training(x, batch_size, shuffle, self)
        m_validation = validation_batch_size or m
        validation = minibatches.for_validation(validation_data, m_validation, self)
        with self.grouped(), minibatches.plain_messages(may_run_out=kwargs.get("steps_per_epoch") is None):
            return super().fit(
                batches,
                epochs=epochs,
                verbose=verbose,
                callbacks=logging_both_rates(watching_both_losses(callbacks)) + counting,
                validation_data=validation,
                validation_batch_size=m_validation,
                shuffle=False,  # done by `batches`
                **kwargs,
            )

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """Keras's `train_on_batch`: one step on n_critic * m images."""
        checks.check_unweighted({"sample_weight": sample_weight, "class_weight": class_weight})
        return super().train_on_batch(minibatches.for_step(x, self), return_dict=return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Keras's `test_on_batch`: the losses on one batch of images, checked as `evaluate` checks them."""
        checks.check_unweighted({"sample_weight": sample_weight})
        return super().test_on_batch(minibatches.one_batch(x, self), return_dict=return_dict)

    def evaluate(self, x=None, y=None, batch_size=None, **kwargs):
        """Keras's `evaluate` on images as `fit` takes them, with the same latents every time, to compare epochs.

        Where the estimates on training images and on held-out ones part, at one moment, the critic overfits.
        """
        checks.check_unweighted(kwargs)
        if not kwargs.get("_use_cached_eval_dataset"):  # by `fit`, which has checked them
            x = minibatches.for_validation(x, batch_size or minibatches.KERAS_BATCH, self)
        self.validation_seed_generator.state.assign([VALIDATION_SEED, 0])
        with minibatches.plain_messages(may_run_out=kwargs.get("steps") is None):
            return super().evaluate(x, batch_size=batch_size, **kwargs)

    def draw_latents(self, batch_size, seed):
        """(batch_size, latent_dim) latents from the prior."""
        return draw_latents(self.latent_prior, batch_size, self.latent_dim, seed)

    def call(self, latents, training=False):
        """Images from latents, by the averaged generator when there is one."""
        return self.sampler(latents, training=training)

    @property
    def sampler(self):
        """The generator that `sample` uses: the averaged one when there is one."""
        return self.generator if self.generator_ema is None else self.generator_ema

    @property
    def metrics(self):
        return self._means.metrics

    def get_config(self):
        return {
            **super().get_config(),
            "generator": keras.saving.serialize_keras_object(self.generator),
            "critic": keras.saving.serialize_keras_object(self.critic),
            "built_by": {"generator": built_by(self.generator), "critic": built_by(self.critic)},
            "n_critic": self.n_critic,
            "latent_prior": self.latent_prior,
            "ema_decay": self.ema_decay,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        networks = {k: keras.saving.deserialize_keras_object(config[k]) for k in ("generator", "critic")}
        records = config.get("built_by", {})  # files of the first days have none
        for role, network in networks.items():
            network.built_by = records.get(role)
        return cls(**{k: v for k, v in config.items() if k != "built_by"} | networks)
