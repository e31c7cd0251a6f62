"""The three games in PyTorch, eager, on the networks of `wgan_keras.networks`: a second yardstick for speed."""

import itertools
import math

import torch
from torch import nn
from torch.nn import functional

from wgan_keras.networks.dcgan import halvings


def dcgan_generator(image_shape, latent_dim=128, width=64):
    stages = halvings(image_shape)
    height, breadth, channels = image_shape
    filters = [width * 2**i for i in reversed(range(stages))]
    coarse = (filters[0], height >> stages, breadth >> stages)
    layers = [nn.Linear(latent_dim, math.prod(coarse), bias=False), nn.Unflatten(1, coarse)]
    for count, after in zip(filters, [*filters[1:], channels], strict=True):
        layers += [nn.BatchNorm2d(count), nn.ReLU()]
        layers += [nn.ConvTranspose2d(count, after, 4, 2, 1, bias=after == channels)]
    return nn.Sequential(*layers, nn.Tanh())


def dcgan_critic(image_shape, width=64, normalization=None):
    stages = halvings(image_shape)
    height, breadth, channels = image_shape
    layers, before = [], channels
    for i in range(stages):
        normalized = bool(i and normalization)
        layers += [nn.Conv2d(before, width * 2**i, 4, 2, 1, bias=not normalized)]
        layers += [nn.BatchNorm2d(width * 2**i)] if normalized else []
        layers += [nn.LeakyReLU(0.2)]
        before = width * 2**i
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * (height >> stages) * (breadth >> stages), 1))


def mlp(inputs, outputs, units, depth):
    """Both networks of the games on points."""
    sizes = [inputs, *[units] * depth]
    hidden = [layer for a, b in itertools.pairwise(sizes) for layer in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(units, outputs))


class Game:
    """One generator iteration a call of `step`, on n_critic fresh real batches; bfloat16 as `torch.autocast` has it."""

    def __init__(
        self, generator, critic, generator_optimizer, critic_optimizer, latent_dim, n_critic=5, bfloat16=False
    ):
        self.generator, self.critic = generator, critic
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = critic_optimizer
        self.latent_dim = latent_dim
        self.n_critic = n_critic
        self.bfloat16 = bfloat16
        self.device = next(critic.parameters()).device.type

    def critic_loss(self, critic, real, fake):
        raise NotImplementedError

    def generator_loss(self, fake_scores):
        return -fake_scores.mean()

    def after_critic_update(self):
        pass

    def scores(self, images):
        """Losses are taken in float32."""
        return self.critic(images).float()

    def step(self, real):
        """real: (n_critic, m, ...). Returns the two losses as floats."""
        for minibatch in real:
            critic_loss = self.critic_update(minibatch, torch.randn(len(minibatch), self.latent_dim))
            self.critic_optimizer.step()
            self.after_critic_update()
        generator_loss = self.generator_update(torch.randn(len(real[0]), self.latent_dim))
        self.generator_optimizer.step()
        return critic_loss.item(), generator_loss.item()

    def critic_update(self, real, latents):
        """Gives the critic's weights their gradients; returns the loss."""
        with torch.autocast(self.device, torch.bfloat16, enabled=self.bfloat16):
            with torch.no_grad():
                fake = self.generator(latents).float()
            loss = self.critic_loss(self.scores, real, fake)
        self.critic_optimizer.zero_grad()
        loss.backward()
        return loss

    def generator_update(self, latents):
        """Gives the generator's weights their gradients; returns the loss."""
        with torch.autocast(self.device, torch.bfloat16, enabled=self.bfloat16):
            loss = self.generator_loss(self.scores(self.generator(latents).float()))
        self.generator_optimizer.zero_grad()
        loss.backward()
        return loss


class GAN(Game):
    def critic_loss(self, critic, real, fake):
        return functional.softplus(-critic(real)).mean() + functional.softplus(critic(fake)).mean()

    def generator_loss(self, fake_scores):
        return functional.softplus(-fake_scores).mean()


class WGAN(Game):
    def critic_loss(self, critic, real, fake):
        return critic(fake).mean() - critic(real).mean()

    @torch.no_grad()
    def after_critic_update(self):
        for weight in self.critic.parameters():
            weight.clamp_(-0.01, 0.01)


class WGANGP(Game):
    def critic_loss(self, critic, real, fake):
        u = torch.rand(len(real), *[1] * (real.ndim - 1))
        gradients = self.input_gradient(critic, u * real + (1 - u) * fake)
        penalty = ((gradients.flatten(1).norm(dim=1) - 1) ** 2).mean()
        return critic(fake).mean() - critic(real).mean() + 10 * penalty

    def input_gradient(self, critic, points):
        points.requires_grad_()
        (gradients,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
        return gradients
