"""The three games of `benchmarks.speed.torch_eager` under `torch.compile`: the strongest form of the yardstick.

Autograd cannot differentiate twice through what is compiled. So losses are functions of weights and buffers (the moving
statistics), their gradients are taken by `torch.func`, the penalty's inside the other, and the whole is compiled.
"""

import torch
from torch import func

from benchmarks.speed import torch_eager


def state(network):
    """(weights, buffers) by name, which share their memory with the network's and are not followed by autograd."""
    return {name: w.detach() for name, w in network.named_parameters()}, dict(network.named_buffers())


class Compiled:
    """Put before a game of `torch_eager`: `critic_update` and `generator_update` as one compiled function each."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.critic_gradients = torch.compile(self.critic_gradients, fullgraph=True)
        self.generator_gradients = torch.compile(self.generator_gradients, fullgraph=True)
        self.states = state(self.generator), state(self.critic)

    def critic_update(self, real, latents):
        gradients, loss = self.critic_gradients(*self.states, real, latents)
        _give(self.critic, gradients)
        return loss

    def generator_update(self, latents):
        gradients, loss = self.generator_gradients(*self.states, latents)
        _give(self.generator, gradients)
        return loss

    def critic_gradients(self, generator_state, critic_state, real, latents):
        def loss(weights, buffers, real, fake):
            return self.critic_loss(lambda x: self.scores_of((weights, buffers), x), real, fake)

        with torch.autocast(self.device, torch.bfloat16, enabled=self.bfloat16, cache_enabled=False):
            fake = func.functional_call(self.generator, generator_state, (latents,)).float()
            return func.grad_and_value(loss)(*critic_state, real, fake)

    def generator_gradients(self, generator_state, critic_state, latents):
        def loss(weights, buffers, critic_state, latents):
            fake = func.functional_call(self.generator, (weights, buffers), (latents,)).float()
            return self.generator_loss(self.scores_of(critic_state, fake))

        with torch.autocast(self.device, torch.bfloat16, enabled=self.bfloat16, cache_enabled=False):
            return func.grad_and_value(loss)(*generator_state, critic_state, latents)

    def scores_of(self, critic_state, images):
        return func.functional_call(self.critic, critic_state, (images,)).float()


def _give(network, gradients):
    for name, weight in network.named_parameters():
        weight.grad = gradients[name]


class GAN(Compiled, torch_eager.GAN):
    pass


class WGAN(Compiled, torch_eager.WGAN):
    pass


class WGANGP(Compiled, torch_eager.WGANGP):
    def input_gradient(self, critic, points):
        return func.grad(lambda x: critic(x).sum())(points)
