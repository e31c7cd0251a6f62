"""The game between a generator and a critic: two networks, two optimizers, the alternation of WGAN's Algorithm 1."""

import random
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

import keras
from keras import ops

from wgan_keras import backend
from wgan_keras._schema import NonNegative, Seed
from wgan_keras._types import Tensor
from wgan_keras.models import checks, minibatches
from wgan_keras.models.average import Averaging
from wgan_keras.models.composition import Composed
from wgan_keras.models.counting import Counting
from wgan_keras.models.critic import Critic
from wgan_keras.models.exporting import Exporting
from wgan_keras.models.files import Files
from wgan_keras.models.fitting import VALIDATION_SEED, Fitting
from wgan_keras.models.freezing import following
from wgan_keras.models.grouping import Grouped
from wgan_keras.models.hooks import Hooks, Seeds
from wgan_keras.models.labels import added_counts, encode, latents_and_labels, network_inputs
from wgan_keras.models.log_means import Means
from wgan_keras.models.pieces import Pieces, check_independent
from wgan_keras.models.rates import JointOptimizer
from wgan_keras.models.read_only import unchanged, weights_unchanged
from wgan_keras.models.regularization import Passes, in_training
from wgan_keras.models.sampling import Sampling
from wgan_keras.models.settings import EmaDecay, Fixed, Setting, Settings
from wgan_keras.networks.registry import built_by, built_under
from wgan_keras.objectives import OBJECTIVES
from wgan_keras.parts import OnePart, Parts
from wgan_keras.penalties import PENALTIES
from wgan_keras.views import VIEWS

_RECORDS = ("built_by", "built_under")  # of the networks, which are made anew from their layers


class AdversarialModel(
    Settings,
    Hooks,
    Composed,
    Averaging,
    Counting,
    Pieces,
    Grouped,
    Fitting,
    backend.Trainer,
    Sampling,
    Exporting,
    Files,
    keras.Model,
):
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
        generator: Functional model, latents (batch, latent_dim) -> (batch, *shape). One that takes [latents, labels]
            makes the game conditional; labels are vectors (batch, classes), one-hot for classes.
        critic: Functional model, (batch, *shape) -> scores (batch, 1) without a sigmoid. In a conditional game it takes
            [images, labels], or returns [scores, logits of the labels]. The game takes it over: the weight clipping of
            a WGAN that it was in before is removed, constraints of its layers stay.
        n_critic: critic updates per generator update; each takes its own minibatch, so a step takes n_critic of them.
        latent_prior: p(z): "normal", or "uniform" on [-1, 1].
        ema_decay: decay of the exponential moving average of the generator's weights, from which `sample` then draws;
            None for none. It is warmed up: decay at iteration t is min(ema_decay, (1 + t) / (10 + t)).
        penalties: terms beside the game's losses, `wgan_keras.penalties`, or {"name", arguments} as recipes have them.
        views: what the critic is shown of all images, `wgan_keras.views`, applied in order.
        objective: what the generator pursues instead of the game's loss, one of `wgan_keras.objectives`.
        classification_weights: of the labels' cross-entropy in the critic's and in the generator's loss, where the
            critic guesses labels; (1.0, 0.1), as in the improved-WGAN code, unless given.
        micro_batch: how many of a minibatch's images a device computes at once, a divisor of m; None for all. A step
            then needs the memory of so many and gives the numbers of all, up to rounding; but layers that draw random
            numbers of their own, such as dropout, draw others.
        class_names: of a conditional game, in the order of its labels, for `sample(labels=["Ankle boot"])`.
        seed: of everything random in training, from 0 to 2^32 - 1; None draws one. Networks that were built before
            have their initial weights from Keras's own seed: to repeat those too, call `keras.utils.set_random_seed`
            before building them.

    Raises:
        ValueError: networks whose shapes do not fit each other, a critic that ends in a sigmoid or another function
            that limits its scores, a generator that cannot be copied for `ema_decay`, an argument out of range; a
            `micro_batch` where losses or layers depend on all of a minibatch, as a batch normalization does.
    """

    generator, critic, latent_dim, seed = Fixed(), Fixed(), Fixed(), Fixed()
    n_critic = Setting(checks.NCritic)
    latent_prior = Setting(checks.Prior)
    ema_decay = EmaDecay(checks.EmaDecay | None)

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        n_critic: checks.NCritic = 1,
        latent_prior: checks.Prior = "normal",
        ema_decay: checks.EmaDecay | None = None,
        penalties: Annotated[Sequence[Any], Parts(PENALTIES)] = (),
        views: Annotated[Sequence[Any], Parts(VIEWS)] = (),
        objective: Annotated[Any, OnePart(OBJECTIVES)] = None,
        classification_weights: tuple[NonNegative, NonNegative] = (1.0, 0.1),
        micro_batch: checks.MicroBatch | None = None,
        class_names: Sequence[str] | None = None,
        seed: Seed | None = None,
        **kwargs: Any,
    ) -> None:
        try:
            super().__init__(**kwargs)
        except ValueError:
            checks.check_arguments(type(self), kwargs)
            raise
        self.autocast = False  # latents and labels come to the sampler as they do in training: in float32
        self.compose(penalties, views, objective, classification_weights)
        checks.check_networks(generator, critic, self.shown_shape)
        self.check_critic_output(generator, critic)
        self.label_width = self.width_of_labels(generator, critic)
        self.class_names = checks.class_names(class_names, self.label_width)
        checks.check_seed(seed)
        self.n_critic = n_critic
        self.latent_prior = latent_prior
        self.ema_decay = ema_decay
        _give_back_constraints(critic)
        self.generator = generator
        self.critic = critic
        self.start_average()
        self.latent_dim = generator.inputs[0].shape[-1]
        self.seed = random.getrandbits(31) if seed is None else int(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        # Validation draws from its own stream, so that training does not depend on how often one validates.
        self.validation_seed_generator = keras.random.SeedGenerator(VALIDATION_SEED)
        if self.label_width is not None:  # how often each class came, by which `sample` draws labels
            self.label_counts = self.add_state((self.label_width,), "label_counts", "int32")
        self.build_parts()
        self.micro_batch = micro_batch
        names = ("critic_loss", "generator_loss", *self.log_names, *self.part_log_names)
        self._means = Means(tuple(dict.fromkeys(names)), self.log_weights)
        self.built = True

    def compile(
        self,
        generator_optimizer: keras.Optimizer | str | None = None,
        critic_optimizer: keras.Optimizer | str | None = None,
        scheduled_rates: Literal["both", "generator", "critic"] = "both",
        **kwargs: Any,
    ) -> None:
        """Sets the two optimizers (None: the paper's) and Keras's own `run_eagerly`, `jit_compile` and so on.

        Layers that are frozen or unfrozen (`trainable`) are so from here on. An optimizer that is in use is given again
        to go on with its moments and rate: `model.compile(model.generator_optimizer, model.critic_optimizer)`. With new
        ones the game's own count goes on, `generator_iterations`.

        Args:
            scheduled_rates: whose learning rate Keras's callbacks move, through `self.optimizer`: "both", in
                proportion, or "generator" or "critic" alone.
        """
        self.synchronize()
        in_use = self._functions_in_use()
        with self.on_devices():
            self._compile(generator_optimizer, critic_optimizer, scheduled_rates, **kwargs)
        for make in in_use:
            make()

    def _functions_in_use(self):
        """What makes the functions that `fit`, `evaluate` and `predict` make when they begin, where one may have."""
        wanted = [(self.make_train_function, self.batch_size_in_use)]
        wanted += [(self.make_test_function, self.test_function), (self.make_predict_function, self.predict_function)]
        return [make for make, use in wanted if use is not None]

    def _compile(self, generator_optimizer, critic_optimizer, scheduled_rates, **kwargs):
        default_generator_optimizer, default_critic_optimizer = self.default_optimizers()
        generator_optimizer = keras.optimizers.get(generator_optimizer or default_generator_optimizer)
        critic_optimizer = keras.optimizers.get(critic_optimizer or default_critic_optimizer)
        networks = (self, self.generator, self.critic)
        checks.check_compile(generator_optimizer, critic_optimizer, scheduled_rates, kwargs, networks)
        check_independent(self, self.micro_batch)
        self.check_devices([*self.variables, *generator_optimizer.variables, *critic_optimizer.variables])
        if self.compiled:
            self.keep_steps()
        super().compile(optimizer=generator_optimizer, **kwargs)
        self.constrain()
        self.freeze_average()
        generator_optimizer = following(generator_optimizer, self.generator)
        self.go_on_counting(generator_optimizer)
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = following(critic_optimizer, self.critic)
        self.optimizer = JointOptimizer(self.generator_optimizer, self.critic_optimizer, scheduled_rates)
        self._compile_arguments = {**kwargs, "scheduled_rates": scheduled_rates}

    def training_step(self, data: Any) -> dict[str, Tensor]:
        """WGAN's Algorithm 1, lines 2 to 11: n_critic critic updates, then one generator update.

        Each update of the critic is on a minibatch of its own.
        """
        stacked = minibatches.split(data, self.n_critic, self.label_width)
        backend.for_each(self.critic_step, stacked)
        backend.on_each_device(self.generator_step, [part[-1] for part in stacked])
        if self.label_width is not None:
            labels = ops.reshape(stacked[1], (-1, self.label_width))
            self.label_counts.assign(added_counts(self.label_counts, labels))
        return self.get_metrics_result()

    def critic_step(self, real: Tensor, labels: Tensor | None = None) -> None:
        """WGAN's Algorithm 1, lines 3 to 7: one critic update on m real images and m fresh latents.

        The generator stays as it is.
        """
        latents = self.draw_latents(ops.shape(real)[0], self.seed_generator)

        def loss(real, latents, labels=None):
            fake = ops.stop_gradient(weights_unchanged(self.generator, network_inputs(self.generator, latents, labels)))
            real, fake = (self.shown(x, self.seed_generator) for x in (real, ops.cast(fake, real.dtype)))
            return self.critic_objective(labels, real, fake, self.seed_generator)

        logs = self.update(self.critic, self.critic_optimizer, loss, real, latents, labels)
        self.after_update("critic")
        self._means.update(logs)

    def critic_objective(
        self, labels: Tensor | None, real: Tensor, fake: Tensor, seed: Seeds
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """(what an update of the critic minimizes: its loss and the user's own regularization, if any; the logs)."""
        passes = Passes(self.critic, in_training)
        value, logs = self.critic_value(Critic(self.critic, labels, passes.use), real, fake, seed)
        return value + passes.regularization(), {"critic_loss": value, **logs}

    def generator_step(self, real: Tensor, labels: Tensor | None = None) -> None:
        """WGAN's Algorithm 1, lines 9 to 11: one generator update on m fresh latents; the critic stays as it is."""
        latents = self.draw_latents(ops.shape(real)[0], self.seed_generator)

        def loss(real, latents, labels=None):
            passes = Passes(self.generator, in_training)
            fake = passes.use(self.generator, network_inputs(self.generator, latents, labels))
            shown = (self.shown(x, self.seed_generator) for x in (real, fake))
            critic = Critic(self.critic, labels, weights_unchanged)
            value, logs = self.generator_value(critic, *shown, self.seed_generator, self.objective)
            return value + passes.regularization(), {"generator_loss": value, **logs}

        logs = self.update(self.generator, self.generator_optimizer, loss, real, latents, labels)
        if self.generator_ema is not None:
            self.average_step(network_inputs(self.generator, latents, labels))
        self.after_update("generator")
        self._means.update({**logs, **self.critic_state()})

    def validation_step(self, data: Any) -> dict[str, Tensor]:
        """The same losses on held-out images, with nothing learned and no statistic moved.

        At an epoch's end the generator has just answered the critic, so that an estimate is smaller here than its mean
        over the epoch's critic updates, on images of the training as well.
        """
        parts = [part for part in minibatches.parts_of(data, self.label_width) if part is not None]
        size, logged = ops.shape(parts[0])[0], []
        weight = ops.where(size < self.least_batch, 0, size)  # the last batch may be smaller, or too small

        def on_one(*share):
            logs = backend.averaged(self.validation_logs(*share))
            self._means.update(logs, weight)
            logged.extend(logs)

        backend.on_each_device(on_one, parts)
        return {name: mean for name, mean in self.get_metrics_result().items() if name in logged}

    def validation_logs(self, real: Tensor, labels: Tensor | None = None) -> dict[str, Tensor]:
        """All that is logged of one batch, or of a device's share of it; nothing but the validation's seed moves."""
        logs, _ = self.validated(real, labels)
        return logs

    def validated(self, real: Tensor, labels: Tensor | None = None) -> tuple[dict[str, Tensor], dict[str, Passes]]:
        """(`validation_logs`, the passes through each network, by its role)."""
        seed = self.validation_seed_generator
        passes = {role: Passes(getattr(self, role), unchanged) for role in ("generator", "critic")}
        latents = self.draw_latents(ops.shape(real)[0], seed)
        fake = passes["generator"].use(self.generator, network_inputs(self.generator, latents, labels))
        real, fake = (self.shown(x, seed) for x in (real, ops.cast(fake, real.dtype)))
        critic = Critic(self.critic, labels, passes["critic"].use)
        loss, logs = self.critic_value(critic, real, fake, seed)
        generator_loss, more = self.generator_value(critic, real, fake, seed, self.validation_objective)
        return {**logs, "critic_loss": loss, "generator_loss": generator_loss, **more}, passes

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Images from latents, or from [latents, labels], by the averaged generator when there is one.

        Labels are vectors (batch, classes), or class numbers (batch,) or (batch, 1).
        """
        if self.takes_labels:
            latents, labels = latents_and_labels(inputs)
            inputs = network_inputs(self.sampler, latents, encode(labels, self.label_width))
        return self.sampler(inputs, training=training)

    @property
    def metrics(self) -> list[keras.Metric]:
        # A subclass's own, unless it adds them itself.
        own = self._metrics if type(self).metrics is AdversarialModel.metrics else []
        return [*self._means.metrics, *own]

    def get_config(self) -> dict[str, Any]:
        config = {
            **super().get_config(),
            "generator": keras.saving.serialize_keras_object(self.generator),
            "critic": keras.saving.serialize_keras_object(self.critic),
            "built_by": {"generator": built_by(self.generator), "critic": built_by(self.critic)},
            "built_under": {"generator": built_under(self.generator), "critic": built_under(self.critic)},
            **self.settings_config(),
            **self.parts_config(),
            **({} if self.class_names is None else {"class_names": list(self.class_names)}),
            "seed": self.seed,
        }
        self.check_arguments_are_kept(config)
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        networks = {k: keras.saving.deserialize_keras_object(config[k]) for k in ("generator", "critic")}
        records = {name: config.get(name, {}) for name in _RECORDS}  # files of the first days have none
        for role, network in networks.items():
            for name, record in records.items():
                setattr(network, name, record.get(role))
        return cls(**{k: v for k, v in config.items() if k not in _RECORDS} | networks)


def _give_back_constraints(critic):
    """Its variables have the constraints again that they had before their first game, which may have put others."""
    for variable in critic.variables:
        variable.constraint = variable.own_constraint = getattr(variable, "own_constraint", variable.constraint)
