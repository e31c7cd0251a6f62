"""The three games the way Keras's own examples write them: what the library is measured against.

Everything a step does is spelled out in one `train_step`: a Python loop that is unrolled over the critic updates, the
same real batch in each of them, the generator inside the critic's tape, one tape a loss. The gradient penalty has
normal coefficients and nothing is averaged. The networks are the library's, with Keras's activation layers.
"""

import keras
import tensorflow as tf

from wgan_keras.layers import LeakyReLU


def plain(network):
    """The network, with new weights, on Keras's own layers."""

    def clone(layer):
        if isinstance(layer, LeakyReLU):
            slope = layer.negative_slope
            return keras.layers.LeakyReLU(slope) if slope else keras.layers.ReLU()
        return getattr(keras.layers, type(layer).__name__).from_config(layer.get_config())

    return keras.models.clone_model(network, clone_function=clone)


class Game(keras.Model):
    """`generator` and `critic` in the tutorials' form; one step trains the critic n_critic times on one real batch."""

    def __init__(self, generator, critic, n_critic=5):
        super().__init__()
        self.generator = generator
        self.critic = critic
        self.n_critic = n_critic
        self.latent_dim = generator.input_shape[-1]
        self.critic_metric = keras.metrics.Mean(name="critic_loss")
        self.generator_metric = keras.metrics.Mean(name="generator_loss")

    @property
    def metrics(self):
        return [self.critic_metric, self.generator_metric]

    def compile(self, generator_optimizer, critic_optimizer, **kwargs):
        super().compile(**kwargs)
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = critic_optimizer

    def critic_loss(self, real, fake, batch_size):
        raise NotImplementedError

    def generator_loss(self, fake_scores):
        return -tf.reduce_mean(fake_scores)

    def after_critic_update(self):
        pass

    def train_step(self, real):
        batch_size = tf.shape(real)[0]
        for _ in range(self.n_critic):
            latents = tf.random.normal((batch_size, self.latent_dim))
            with tf.GradientTape() as tape:
                fake = self.generator(latents, training=True)
                critic_loss = self.critic_loss(real, fake, batch_size)
            gradients = tape.gradient(critic_loss, self.critic.trainable_variables)
            self.critic_optimizer.apply_gradients(zip(gradients, self.critic.trainable_variables, strict=True))
            self.after_critic_update()
        latents = tf.random.normal((batch_size, self.latent_dim))
        with tf.GradientTape() as tape:
            generator_loss = self.generator_loss(self.critic(self.generator(latents, training=True), training=True))
        gradients = tape.gradient(generator_loss, self.generator.trainable_variables)
        self.generator_optimizer.apply_gradients(zip(gradients, self.generator.trainable_variables, strict=True))
        self.critic_metric.update_state(critic_loss)
        self.generator_metric.update_state(generator_loss)
        return {metric.name: metric.result() for metric in self.metrics}


class GAN(Game):
    """Cross entropy on real and fake images in one batch, as in the DCGAN example."""

    def critic_loss(self, real, fake, batch_size):
        scores = self.critic(tf.concat([real, fake], axis=0), training=True)
        labels = tf.concat([tf.ones((batch_size, 1)), tf.zeros((batch_size, 1))], axis=0)
        return keras.losses.BinaryCrossentropy(from_logits=True)(labels, scores)

    def generator_loss(self, fake_scores):
        return keras.losses.BinaryCrossentropy(from_logits=True)(tf.ones_like(fake_scores), fake_scores)


class WGAN(Game):
    """Weights clipped one by one after each critic update."""

    clip_value = 0.01

    def critic_loss(self, real, fake, batch_size):
        real_scores, fake_scores = self.critic(real, training=True), self.critic(fake, training=True)
        return tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)

    def after_critic_update(self):
        for weight in self.critic.trainable_variables:
            weight.assign(tf.clip_by_value(weight, -self.clip_value, self.clip_value))


class WGANGP(Game):
    """The gradient penalty as in the WGAN-GP example."""

    gradient_penalty_weight = 10.0

    def critic_loss(self, real, fake, batch_size):
        fake_scores, real_scores = self.critic(fake, training=True), self.critic(real, training=True)
        penalty = self.gradient_penalty(real, fake, batch_size)
        return tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores) + self.gradient_penalty_weight * penalty

    def gradient_penalty(self, real, fake, batch_size):
        alpha = tf.random.normal([batch_size] + [1] * (len(real.shape) - 1))
        points = real + alpha * (fake - real)
        with tf.GradientTape() as tape:
            tape.watch(points)
            scores = self.critic(points, training=True)
        gradients = tape.gradient(scores, points)
        norms = tf.sqrt(tf.reduce_sum(tf.square(gradients), axis=list(range(1, len(real.shape)))))
        return tf.reduce_mean((norms - 1.0) ** 2)
