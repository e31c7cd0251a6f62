"""What the throughput benchmark trains: four sizes of networks, each game on each, in two precisions and four ways."""

import dataclasses
import importlib.util

import keras
import numpy as np
import tensorflow as tf

import wgan_keras as wk
from benchmarks.speed import tutorial
from wgan_keras.layers.precision import policy as dtype_policy

N_CRITIC = 5
EMA_DECAY = 0.999  # of the library's games, as the recipes have it; the others average nothing
GAMES = ("WGANGP", "WGAN", "GAN")
TORCH = importlib.util.find_spec("torch") is not None


@dataclasses.dataclass(frozen=True)
class Workload:
    """Networks of `width` filters (image shapes) or units (points) on minibatches of `m`.

    steps: generator iterations a timing takes, so that it lasts some tenths of a second.
    compile: of the library's games, beyond the defaults: what suits networks that are bound by overhead.
    rounds: timings of each way.
    """

    name: str
    shape: tuple
    width: int
    m: int
    latent_dim: int
    steps: int = 1
    compile: dict = dataclasses.field(default_factory=dict)
    rounds: int = 11

    @property
    def is_images(self):
        return len(self.shape) == 3

    def networks(self, game):
        """(generator, critic) of wgan_keras.networks; the paper's critics without a penalty have batch norm."""
        if not self.is_images:
            generator = wk.networks.mlp_generator(self.shape, self.latent_dim, units=self.width, depth=3)
            return generator, wk.networks.mlp_critic(self.shape, units=self.width, depth=3)
        generator = wk.networks.dcgan_generator(self.shape, self.latent_dim, self.width)
        return generator, wk.networks.dcgan_critic(self.shape, self.width, critic_normalization(game))

    def images(self, count):
        """Noise in [-1, 1]: the time of a step does not depend on what the pictures show."""
        return np.random.default_rng(0).uniform(-1, 1, (count, *self.shape)).astype("float32")


WORKLOADS = {
    w.name: w
    for w in (
        Workload("dcgan_28x28x1", (28, 28, 1), 64, 64, 128),
        Workload("dcgan_64x64x3", (64, 64, 3), 64, 64, 128, rounds=3),
        Workload("mlp_3x512", (2,), 512, 256, 2, 10, {"steps_per_execution": 10}),
        Workload("mlp_3x128", (2,), 128, 256, 2, 20, {"steps_per_execution": 20}),
    )
}


def critic_normalization(game):
    """The WGAN paper's critics have batch normalization; a gradient penalty does not allow it."""
    return None if game == "WGANGP" else "batch"


def optimizers():
    return [keras.optimizers.Adam(1e-4, 0.0, 0.9) for _ in range(2)]


def library(workload, game, policy="float32", n_critic=N_CRITIC):
    """A compiled game of this library."""
    with dtype_policy(policy):
        model = getattr(wk, game)(*workload.networks(game), n_critic=n_critic, ema_decay=EMA_DECAY, seed=0)
        model.compile(*optimizers(), **workload.compile)
    return model


def tutorial_way(workload, game, policy="float32"):
    """The same game as a tutorial writes it, compiled with Keras's defaults."""
    with dtype_policy(policy):
        networks = map(tutorial.plain, workload.networks(game))
        model = getattr(tutorial, game)(*networks, n_critic=N_CRITIC)
        model.compile(*optimizers())
    # As the library's `compile` does; so a first step is the same work on both sides.
    model.generator_optimizer.build(model.generator.trainable_variables)
    model.critic_optimizer.build(model.critic.trainable_variables)
    return model


def keras_steps(model, batch, steps):
    """A function that makes `steps` generator iterations on one batch again and again, as `fit` calls them."""
    iterator = iter(tf.data.Dataset.from_tensors(tf.constant(batch)).repeat())
    model.make_train_function()

    def run():
        for _ in range(steps // model.steps_per_execution):
            logs = model.train_function(iterator)
        return float(logs["critic_loss"])

    return run


def torch_game(workload, game, policy="float32", compiled=False):
    """The same game in PyTorch: eager with the optimizers' defaults, or under `torch.compile` with fused ones."""
    import torch

    from benchmarks.speed import torch_compiled, torch_eager

    if workload.is_images:
        generator = torch_eager.dcgan_generator(workload.shape, workload.latent_dim, workload.width)
        critic = torch_eager.dcgan_critic(workload.shape, workload.width, critic_normalization(game))
    else:
        generator = torch_eager.mlp(workload.latent_dim, workload.shape[0], workload.width, 3)
        critic = torch_eager.mlp(workload.shape[0], 1, workload.width, 3)
    fused = {"fused": True} if compiled else {}
    torch._dynamo.reset()  # it compiles one step for only so many games in a process
    adams = (torch.optim.Adam(n.parameters(), 1e-4, (0.0, 0.9), **fused) for n in (generator, critic))
    games = torch_compiled if compiled else torch_eager
    bfloat16 = policy == "mixed_bfloat16"
    return getattr(games, game)(generator, critic, *adams, workload.latent_dim, N_CRITIC, bfloat16=bfloat16)


def torch_steps(workload, game, policy="float32", compiled=False):
    """A function that makes `workload.steps` generator iterations of it on one batch again and again."""
    import torch

    model = torch_game(workload, game, policy, compiled)
    order = (0, 1, 4, 2, 3) if workload.is_images else (0, 1, 2)  # channels first
    real = workload.images(N_CRITIC * workload.m).reshape(N_CRITIC, workload.m, *workload.shape).transpose(order)
    real = torch.from_numpy(np.ascontiguousarray(real))

    def run():
        return [model.step(real) for _ in range(workload.steps)][-1][0]

    return run
