"""The losses of a game, and their gradients by the generated images: run on each backend by test_losses.py.

`python losses.py GAME FILE` writes them to FILE.
"""

import sys

import keras
import numpy as np
from keras import ops

from wgan_keras import backend, recipes
from wgan_keras.games import GAMES
from wgan_keras.models.critic import Critic

M, CLASSES = 6, ["zero", "one", "two"]


def at_once(function):
    """The function, on JAX as one program: else each of its operations is compiled by itself."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    return function


def build(name):
    """The game of the usual recipe, every weight drawn anew."""
    labels = CLASSES if GAMES[name].labels_may_lack else None
    recipe = recipes.standard({"name": name}, {"name": "eight_gaussians"}, (2,), width=1, class_names=labels)
    model, rng = recipe.build(), np.random.default_rng(0)
    for weight in model.critic.trainable_variables:
        weight.assign(rng.normal(0, 0.5, weight.shape))
    return model, labels


def losses(name):
    """{what: array} of a game: both losses of fixed images, what is logged of them, and their gradients."""
    model, labels = build(name)
    rng = np.random.default_rng(1)
    real, fake = (ops.convert_to_tensor(rng.normal(size=(M, 2)).astype("float32")) for _ in range(2))
    labels = None if labels is None else ops.one_hot(np.arange(M) % len(labels), len(labels))

    def of_critic(fake):
        critic = Critic(model.critic, labels, lambda network, x: network(x))
        return model.critic_loss(critic, real, fake, keras.random.SeedGenerator(3))

    def of_generator(fake):
        critic = Critic(model.critic, labels, lambda network, x: network(x))
        return model.generator_loss(critic, real, fake, keras.random.SeedGenerator(3))

    @at_once
    def found(fake):
        value, logs = of_critic(fake)
        return {
            **logs,
            "critic_loss": value,
            "its gradient": backend.input_gradient(lambda x: of_critic(x)[0], fake),
            "generator_loss": of_generator(fake),
            "gradient of the generator's": backend.input_gradient(of_generator, fake),
        }

    return {what: ops.convert_to_numpy(each) for what, each in found(fake).items()}


if __name__ == "__main__":
    np.savez(sys.argv[2], **losses(sys.argv[1]))
