"""The generator's gradient under log(1 - D) and under -log D while a discriminator learns to see through it.

    python -m benchmarks.papers.vanishing_gradient

Sources: 004_6486c79b6c4ddef4.txt, Vanishing gradient, Fig. 5 (from Arjovsky and Bottou 2017): a DCGAN is trained for
1, 10 and 25 epochs; then, the generator fixed, a discriminator is trained from scratch and the generator's gradient
norm falls, in the best case by 5 orders of magnitude in 4,000 updates; 002_0e7c56bf96b42f19.txt, Vanishing Gradient,
on -log D. Here on Fashion-MNIST; the discriminator's learning rate, which the sources do not print, is 1e-3. Reduced:
epochs of 3,200 images, DCGAN of width 16, 1,500 discriminator updates, about three minutes on one core; `--full`:
60,000 images, width 64, 4,000 updates.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import report
from wgan_keras import backend, data, losses

FIG_5 = "004_6486c79b6c4ddef4.txt, Vanishing gradient, Fig. 5"
LOSSES = {
    "log(1 - D)": losses.minimax_generator_loss,
    "-log D": losses.non_saturating_generator_loss,
}
BATCH = 64
EPOCHS = (1, 10, 25)  # of the generators
LEARNING_RATE = 1e-3  # of the discriminator that learns from scratch
PROBE = 256  # latents on which the gradient is taken, the same at every look


class Settings(NamedTuple):
    images: int  # an epoch
    width: int
    updates: int  # of the discriminator, the generator fixed
    interval: int  # updates between two looks


REDUCED = Settings(images=3_200, width=16, updates=1_500, interval=100)
FULL = Settings(images=60_000, width=64, updates=4_000, interval=100)


class GradientNorm:
    """Takes the place of an optimizer: keeps the norm of the gradient and changes nothing."""

    def apply(self, gradients, variables):
        self.norm = float(ops.sqrt(sum(ops.sum(ops.square(g)) for g in gradients)))


def gradient_norm(loss, generator, critic, latents):
    """|d loss / d theta| for the generator's parameters theta."""
    probe = GradientNorm()
    backend.minimize(
        lambda: (loss(critic(generator(latents, training=True))), None), generator.trainable_variables, probe
    )
    return probe.norm


def discriminator(width, seed):
    keras.utils.set_random_seed(seed)
    return wk.networks.dcgan_critic((28, 28, 1), width=width)


def generators(images, settings):
    """{epochs: generator}, one after the other from one training."""
    critic = discriminator(settings.width, seed=0)
    gan = wk.GAN(wk.networks.dcgan_generator((28, 28, 1), width=settings.width), critic, seed=0)
    gan.compile()
    trained, done = {}, 0
    for epochs in EPOCHS:
        gan.fit(images, batch_size=BATCH, epochs=epochs - done, verbose=0)
        trained[epochs], done = keras.models.clone_model(gan.generator), epochs
        trained[epochs].set_weights(gan.generator.get_weights())
    return trained


def watch(generator, images, settings):
    """{loss: norms (looks,)} as a new discriminator trains; the first look is before its first update."""
    gan = wk.GAN(generator, discriminator(settings.width, seed=1), n_critic=settings.interval, seed=1)
    gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.Adam(LEARNING_RATE, 0.5))  # the generator stays
    latents = gan.draw_latents(PROBE, seed=2)
    random = np.random.default_rng(3)
    norms = {name: [] for name in LOSSES}
    for look in range(settings.updates // settings.interval + 1):
        if look:
            gan.fit(images[random.integers(len(images), size=settings.interval * BATCH)], batch_size=BATCH, verbose=0)
        for name, loss in LOSSES.items():
            norms[name].append(gradient_norm(loss, gan.generator, gan.critic, latents))
    return {name: np.array(each) for name, each in norms.items()}


def orders_lost(norms):
    """Powers of ten between the first norm and the smallest later one."""
    return float(np.log10(norms[0] / norms[1:].min()))


def run(settings):
    images = data.load_arrays("fashion_mnist", "train")[: settings.images]
    curves = {epochs: watch(generator, images, settings) for epochs, generator in generators(images, settings).items()}
    lost = {name: [orders_lost(curves[epochs][name]) for epochs in EPOCHS] for name in LOSSES}
    updates = settings.interval * np.arange(settings.updates // settings.interval + 1)
    numbers = {
        "updates": updates.tolist(),
        "norms": {f"{epochs} epochs": {n: v.tolist() for n, v in each.items()} for epochs, each in curves.items()},
        "orders_lost": lost,
    }
    return report.Result(
        claims(lost, curves, settings.updates), {"norms": draw(curves, updates)}, [0, 1, 2, 3], numbers
    )


def claims(lost, curves, updates):
    size = f"The paper's curves are of 4,000 discriminator updates, these of {updates:,}, and some are falling still."
    each = ", ".join(f"{value:.1f} after {epochs}" for value, epochs in zip(lost["log(1 - D)"], EPOCHS, strict=True))
    growth = [curves[epochs]["-log D"][-1] / curves[epochs]["-log D"][0] for epochs in EPOCHS]
    return [
        report.Claim(
            FIG_5,
            "Under log(1 - D) the gradient vanishes as the discriminator learns, for every generator",
            "powers of ten lost, smallest of the three generators",
            min(lost["log(1 - D)"]),
            at_least=1,
            note=f"Lost: {each} epochs. {size}",
        ),
        report.Claim(
            FIG_5,
            "In the best case 5 orders of magnitude are lost",
            "powers of ten lost, largest of the three generators",
            max(lost["log(1 - D)"]),
            at_least=5,
            note=size,
        ),
        report.Claim(
            "002_0e7c56bf96b42f19.txt, Vanishing Gradient",
            "Under -log D the gradient does not vanish",
            "powers of ten lost, largest of the three generators",
            max(lost["-log D"]),
            at_most=1,
            note=f"It grows: the last norm is {min(growth):.3g} to {max(growth):.3g} times the first.",
        ),
    ]


def draw(curves, updates):
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), LOSSES, strict=True):
        for epochs, norms in curves.items():
            axes.plot(updates, norms[name], label=f"after {epochs} epoch{'s' * (epochs > 1)}")
        axes.set(title=name, xlabel="discriminator updates", ylabel="norm of the generator's gradient", yscale="log")
        axes.legend(fontsize="x-small")
    return figure


if __name__ == "__main__":
    report.main("vanishing_gradient", __doc__, run, REDUCED, FULL)
