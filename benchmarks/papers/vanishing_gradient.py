"""The generator's gradient under log(1 - D) and under -log D while a discriminator learns to see through it.

    python -m benchmarks.papers.vanishing_gradient

Source: Arjovsky and Bottou 2017, arXiv 1701.04862, Figure 2: a DCGAN is trained for 1, 10 and 25 epochs; then, the
generator fixed, a discriminator is trained from scratch and the generator's gradient norm falls, in the best case by 5
orders of magnitude in 4,000 updates; the same paper, section 2.2.2, on -log D. Here on Fashion-MNIST; the
discriminator's learning rate, which the paper does not print, is 1e-3. Reduced: epochs of 3,200 images, DCGAN of width
16, 1,500 discriminator updates, two minutes a seed on one core; `--full`: 60,000 images, width 64, 4,000 updates.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

import wgan_keras as wk
from benchmarks.papers import estimates, repeats, report, sources
from wgan_keras import backend, data, losses

FIGURE_2 = f"{sources.PRINCIPLED}, section 2.2.1, Figure 2"
LOSSES = {
    "log(1 - D)": losses.minimax_generator_loss,
    "-log D": losses.non_saturating_generator_loss,
}
BATCH = 64
EPOCHS = (1, 10, 25)  # of the generators
LEARNING_RATE = 1e-3  # of the discriminator that learns from scratch
NEW = 1_000  # added to a training's seed for that of the new discriminator
PROBE = 256  # latents on which the gradient is taken, the same at every look


class Settings(NamedTuple):
    seeds: int  # at most
    images: int  # an epoch
    width: int
    updates: int  # of the discriminator, the generator fixed
    interval: int  # updates between two looks


REDUCED = Settings(seeds=10, images=3_200, width=16, updates=1_500, interval=100)
FULL = Settings(seeds=10, images=60_000, width=64, updates=4_000, interval=100)


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


def generators(images, seed, settings):
    """{epochs: generator}, one after the other from one training."""
    critic = discriminator(settings.width, seed)
    gan = wk.GAN(wk.networks.dcgan_generator((28, 28, 1), width=settings.width), critic, seed=seed)
    gan.compile()
    trained, done = {}, 0
    for epochs in EPOCHS:
        gan.fit(images, batch_size=BATCH, epochs=epochs - done, verbose=0)
        trained[epochs], done = keras.models.clone_model(gan.generator), epochs
        trained[epochs].set_weights(gan.generator.get_weights())
    return trained


def watch(generator, images, seed, settings):
    """{loss: norms (looks,)} as a new discriminator trains; the first look is before its first update."""
    gan = wk.GAN(generator, discriminator(settings.width, NEW + seed), n_critic=settings.interval, seed=NEW + seed)
    gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.Adam(LEARNING_RATE, 0.5))  # the generator stays
    latents = gan.draw_latents(PROBE, seed=2)
    random = np.random.default_rng(NEW + seed)
    norms = {name: [] for name in LOSSES}
    for look in range(settings.updates // settings.interval + 1):
        if look:
            gan.fit(images[random.integers(len(images), size=settings.interval * BATCH)], batch_size=BATCH, verbose=0)
        for name, loss in LOSSES.items():
            norms[name].append(gradient_norm(loss, gan.generator, gan.critic, latents))
    return norms


def orders_lost(norms):
    """Powers of ten between the first norm and the smallest later one."""
    return float(np.log10(norms[0] / min(norms[1:])))


def train(seeds, settings):
    """A record a seed: {epochs of the generator: {loss: norms}}."""
    images = data.load_arrays("fashion_mnist", "train")[: settings.images]
    for seed in seeds:
        trained = generators(images, seed, settings)
        yield {str(epochs): watch(generator, images, seed, settings) for epochs, generator in trained.items()}


def conclude(records, settings):
    updates = settings.interval * np.arange(settings.updates // settings.interval + 1)
    numbers = {"updates": updates.tolist(), "norms": records}
    return report.Result(claims(records, settings.updates), {"norms": draw(records[0], updates)}, [], numbers)


def run(settings):
    return repeats.until_decided("vanishing_gradient", train, conclude, settings, repeats.RECORDS)


def claims(records, updates):
    size = f"The paper's curves are of 4,000 discriminator updates, these of {updates:,}, and some are falling still."
    lost = {
        loss: np.array([[orders_lost(record[str(epochs)][loss]) for epochs in EPOCHS] for record in records])
        for loss in LOSSES
    }
    medians = np.median(lost["log(1 - D)"], axis=0)
    each = ", ".join(f"{value:.1f} after {epochs}" for value, epochs in zip(medians, EPOCHS, strict=True))
    growth = [norms["-log D"][-1] / norms["-log D"][0] for record in records for norms in record.values()]
    return [
        report.Claim(
            FIGURE_2,
            "Under log(1 - D) the gradient vanishes as the discriminator learns, for every generator",
            "powers of ten that the norm loses, smallest of the three generators; median over seeds",
            estimates.median(lost["log(1 - D)"].min(axis=1)),
            at_least=1,
            note=f"Lost, medians over seeds: {each} epochs. {size}",
        ),
        report.Claim(
            FIGURE_2,
            "In the best case 5 orders of magnitude are lost",
            "powers of ten that the norm loses, largest of the three generators; median over seeds",
            estimates.median(lost["log(1 - D)"].max(axis=1)),
            at_least=5,
            note=size,
        ),
        report.Claim(
            f"{sources.PRINCIPLED}, section 2.2.2, Figure 3",
            "Under -log D the gradient does not vanish",
            "powers of ten that the norm loses, largest of the three generators; median over seeds",
            estimates.median(lost["-log D"].max(axis=1)),
            at_most=1,
            note=f"It grows: the last norm is {min(growth):.3g} to {max(growth):.3g} times the first.",
        ),
    ]


def draw(record, updates):
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), LOSSES, strict=True):
        for epochs in EPOCHS:
            axes.plot(updates, record[str(epochs)][name], label=f"after {epochs} epoch{'s' * (epochs > 1)}")
        axes.set(title=name, xlabel="discriminator updates", ylabel="norm of the generator's gradient", yscale="log")
        axes.legend(fontsize="x-small")
    return figure


if __name__ == "__main__":
    report.main("vanishing_gradient", __doc__, run, REDUCED, FULL)
