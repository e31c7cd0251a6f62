"""WGAN-GP in JAX the way a tutorial writes it: the yardstick of `benchmarks.speed.gpu_throughput`.

One jitted function with a Python loop over the critic updates, the same real batch in each, the generator inside the
critic's loss, normal coefficients and Keras's activation layers.
"""

import jax
from jax import numpy as jnp

GRADIENT_PENALTY_WEIGHT = 10.0


def stateful(generator, critic, generator_optimizer, critic_optimizer):
    """The state that `step` takes and returns: weights, statistics and optimizer variables of both networks."""
    state = []
    for network, optimizer in ((generator, generator_optimizer), (critic, critic_optimizer)):
        optimizer.build(network.trainable_variables)
        kinds = (network.trainable_variables, network.non_trainable_variables, optimizer.variables)
        state.append([[jnp.array(v.value) for v in variables] for variables in kinds])
    return state


def make_step(generator, critic, generator_optimizer, critic_optimizer, latent_dim, n_critic=5):
    """step(state, real, key) -> (state, critic loss), jitted; real: (m, ...)."""

    def critic_loss(weights, statistics, generator_state, real, latents, alpha):
        fake, _ = generator.stateless_call(*generator_state[:2], latents, training=True)

        def scores(x):
            return critic.stateless_call(weights, statistics, x, training=True)[0]

        points = real + alpha * (fake - real)
        gradients = jax.grad(lambda x: scores(x).sum())(points)
        norms = jnp.sqrt(jnp.sum(jnp.square(gradients), axis=tuple(range(1, real.ndim))))
        penalty = jnp.mean((norms - 1.0) ** 2)
        return scores(fake).mean() - scores(real).mean() + GRADIENT_PENALTY_WEIGHT * penalty

    def generator_loss(weights, statistics, critic_state, latents):
        fake, statistics = generator.stateless_call(weights, statistics, latents, training=True)
        return -critic.stateless_call(*critic_state[:2], fake, training=True)[0].mean(), statistics

    def step(state, real, key):
        generator_state, (weights, statistics, slots) = state
        m = real.shape[0]
        for _ in range(n_critic):
            key, for_latents, for_alpha = jax.random.split(key, 3)
            latents = jax.random.normal(for_latents, (m, latent_dim))
            alpha = jax.random.normal(for_alpha, (m, *[1] * (real.ndim - 1)))
            loss, gradients = jax.value_and_grad(critic_loss)(
                weights, statistics, generator_state, real, latents, alpha
            )
            weights, slots = critic_optimizer.stateless_apply(slots, gradients, weights)
        critic_state = [weights, statistics, slots]
        latents = jax.random.normal(key, (m, latent_dim))
        weights, statistics, slots = generator_state
        (_, statistics), gradients = jax.value_and_grad(generator_loss, has_aux=True)(
            weights, statistics, critic_state, latents
        )
        weights, slots = generator_optimizer.stateless_apply(slots, gradients, weights)
        return [[weights, statistics, slots], critic_state], loss

    return jax.jit(step, donate_argnums=0)
