"""Combinations that make no sense, and parts whose hooks return something else, are refused with the reason."""

import dataclasses

import keras
import numpy as np
import pytest
from keras import layers, ops

import wgan_keras as wk
from wgan_keras.penalties import PENALTIES
from wgan_keras.views import VIEWS


def test_batch_normalization_is_refused_under_a_penalty_by_images_packed_or_not(tiny):
    def critic(width):
        norm = layers.BatchNormalization(name="norm")
        return keras.Sequential([keras.Input((width,)), layers.Dense(3), norm, layers.Dense(1)])

    for penalty in (wk.penalties.R1(), wk.penalties.R2(), wk.penalties.DRAGAN(), wk.penalties.GradientPenalty()):
        with pytest.raises(ValueError, match="'norm' is a batch normalization"):
            tiny(wk.GAN, critic=critic(2), penalties=[penalty])
    with pytest.raises(ValueError, match="'norm' is a batch normalization"):
        tiny(wk.GAN, critic=critic(4), penalties=[wk.penalties.R1()], views=[wk.views.Pack(2)])
    tiny(wk.GAN, critic=critic(4), penalties=[wk.penalties.HistoricalAveraging()], views=[wk.views.Pack(2)])


def test_layers_that_tie_samples_are_refused_too(tiny):
    tied = wk.layers.MinibatchDiscrimination(2, 2, name="tied")
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(3), tied, layers.Dense(1)])
    with pytest.raises(ValueError, match="'tied' is a MinibatchDiscrimination"):
        tiny(wk.GAN, critic=critic, penalties=[wk.penalties.R1()])


@pytest.mark.parametrize("part", [{"penalties": [{"name": "r1"}]}, {"objective": {"name": "unrolled"}}])
def test_a_wrong_second_derivative_is_found_in_any_game(tiny, points, part):
    """TensorFlow has none of softsign; it is measured before the first step."""
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(3, "softsign", name="soft"), layers.Dense(1)])
    model = tiny(wk.GAN, critic=critic, compile={"run_eagerly": True}, **part)
    with pytest.raises(ValueError, match="second derivative of the critic's layers, and on tensorflow that of 'soft'"):
        model.fit(points(8), batch_size=4, verbose=0)


def test_a_wrong_second_derivative_is_found_in_a_conditional_critic():
    z, x, y = keras.Input((2,)), keras.Input((2,)), keras.Input((3,))
    generator = keras.Model([z, y], layers.Dense(2)(layers.Concatenate()([z, y])))
    hidden = layers.Dense(3, "softsign", name="soft")(layers.Concatenate()([x, y]))
    model = wk.GAN(generator, keras.Model([x, y], layers.Dense(1)(hidden)), penalties=[wk.penalties.R1()])
    model.compile()
    with pytest.raises(ValueError, match="that of 'soft' is"):
        model.train_on_batch(np.zeros((4, 2), "float32"), np.arange(4) % 3)


def test_a_penalty_that_is_there_already_is_refused(tiny):
    with pytest.raises(ValueError, match="'r1' would be logged twice: a penalty was given twice"):
        tiny(wk.GAN, penalties=[wk.penalties.R1(), wk.penalties.R1()])
    with pytest.raises(ValueError, match="'gradient_penalty', 'gradient_norm' would be logged twice"):
        tiny(wk.WGANGP, penalties=[wk.penalties.GradientPenalty()])


def test_a_gradient_penalty_needs_one_score_an_image(tiny):
    autoencoder = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    with pytest.raises(ValueError, match=r"critic of a EBGAN returns \(None, 2\), and a gradient penalty is on"):
        tiny(wk.EBGAN, critic=autoencoder, penalties=[wk.penalties.R1()])


def test_what_is_no_part_is_refused_with_what_is(tiny):
    with pytest.raises(
        ValueError, match=r"penalties names 'dragon' \(did you mean 'dragan'\?\).*register_penalty\('dragon'\)"
    ):
        tiny(wk.GAN, penalties=[{"name": "dragon"}])
    with pytest.raises(TypeError, match=r"views has <.*expected a registered view, or a dict with its name"):
        tiny(wk.GAN, views=[object()])


def test_what_is_logged_without_a_name_is_named(tiny, points):
    class Unnamed(wk.HingeGAN):
        def critic_loss(self, critic, real, fake, seed):
            return super().critic_loss(critic, real, fake, seed)[0], {"mine": 0.0}

    model = tiny(Unnamed, compile={"run_eagerly": True})
    with pytest.raises(ValueError, match=r"'mine' is logged, and the log_names .* Add it to log_names"):
        model.train_on_batch(points(8))


def own(name, **hooks):
    """A game with these losses; each takes the four arguments."""
    return type(name, (wk.HingeGAN,), {"__doc__": name, **hooks})


@pytest.mark.parametrize(
    ("hook", "returned", "message"),
    [
        (
            "critic_loss",
            lambda m: m,
            r"returned a tensor of shape \(\); expected a scalar and a dict .*: return loss, {}",
        ),
        ("critic_loss", lambda m: None, "returned nothing; expected a scalar and a dict"),
        (
            "critic_loss",
            lambda m: (m[None], {}),
            r"returned \(a tensor of shape \(1,\), a dict\); expected a scalar and",
        ),
        ("generator_loss", lambda m: (m, {}), r"returned \(a tensor of shape \(\), a dict\); expected a scalar alone"),
        ("generator_loss", lambda m: None, "returned nothing; expected a scalar alone: return loss"),
    ],
)
def test_a_loss_that_returns_something_else_is_named(tiny, points, hook, returned, message):
    def loss(self, critic, real, fake, seed):
        return returned(ops.mean(critic(fake)))

    model = tiny(own("Mine", **{hook: loss}), compile={"run_eagerly": True})
    with pytest.raises(ValueError, match=rf"Mine\.{hook} {message}"):
        model.train_on_batch(points(8))


def test_a_penalty_that_returns_something_else_is_named(tiny, points, monkeypatch):
    class Bare(wk.penalties.Penalty):
        def critic_term(self, critic, real, fake, seed):
            return ops.mean(critic(real))

    monkeypatch.setattr(PENALTIES, "_registered", dict(PENALTIES) | {"bare": Bare})
    model = tiny(wk.GAN, penalties=[Bare()], compile={"run_eagerly": True})
    with pytest.raises(
        ValueError, match=r"Bare\.critic_term returned a tensor of shape \(\); expected a scalar and a dict"
    ):
        model.train_on_batch(points(8))


def test_a_penalty_without_a_term_is_told_to_write_one():
    class Called(wk.penalties.Penalty):
        def __call__(self, critic, real, fake, seed):
            return ops.mean(critic(real)), {}

    with pytest.raises(TypeError, match=r"Called has neither of a penalty's terms\. Write critic_term\(self, critic"):
        wk.register_penalty("called")(Called)
    assert "called" not in PENALTIES


@pytest.mark.parametrize(
    ("returned", "what"),
    [
        (lambda images: None, "nothing"),
        (lambda images: images[::2], r"the shape \(2, 2\)"),
        (lambda images: images[:, :1], r"the shape \(4, 1\)"),
    ],
)
def test_a_view_that_returns_something_else_is_named(tiny, points, monkeypatch, returned, what):
    class Bare(wk.views.View):
        def __call__(self, images, seed, iteration):
            return returned(images)

    monkeypatch.setattr(VIEWS, "_registered", dict(VIEWS) | {"bare": Bare})
    model = tiny(wk.GAN, views=[Bare()], compile={"run_eagerly": True})
    with pytest.raises(
        ValueError, match=rf"Bare\.__call__ returned {what} for images of shape \(4, 2\); expected the im"
    ):
        model.train_on_batch(points(8))


@pytest.mark.parametrize(
    ("register", "base"),
    [
        (wk.register_penalty, wk.penalties.R1),
        (wk.register_view, wk.views.View),
        (wk.register_objective, wk.objectives.Objective),
    ],
)
def test_a_part_with_arguments_that_is_no_dataclass_is_told(register, base):
    class Bare(base):
        strength: float = 1.0

    with pytest.raises(TypeError, match=r"Bare has the arguments strength and is no dataclass.*Write @dataclasses"):
        register("bare")(Bare)


def test_an_argument_without_an_annotation_is_told(monkeypatch, tiny):
    monkeypatch.setattr(PENALTIES, "_registered", dict(PENALTIES))

    @wk.register_penalty("pull")
    @dataclasses.dataclass
    class Pull(wk.penalties.Penalty):
        strength = 2.0

        def critic_term(self, critic, real, fake, seed):
            return self.strength * keras.ops.mean(critic(real)), {}

    told = r"Pull\.strength has no annotation, .* no argument of the penalty; write strength: float = \.\.\. in the"
    with pytest.raises(ValueError, match=told):
        tiny(wk.GAN, penalties=[{"name": "pull", "strength": 1.0}])
    for name in ("stength", "log_names"):
        with pytest.raises(ValueError, match=f"penalty 'pull' takes no '{name}'"):
            tiny(wk.GAN, penalties=[{"name": "pull", name: 1.0}])


@pytest.mark.parametrize("hook", ["critic_loss", "generator_loss"])
def test_a_game_without_one_of_its_losses_is_told_to_write_it(tiny, points, hook):
    bare = own("Bare", **{hook: getattr(wk.AdversarialModel, hook)})
    model = tiny(bare, compile={"run_eagerly": True})
    with pytest.raises(
        NotImplementedError, match=rf"Bare has no {hook}\. Write {hook}\(self, critic, real, fake, seed\)"
    ):
        model.train_on_batch(points(8))


def test_a_loss_of_other_arguments_is_refused_with_the_form(tiny):
    def critic_loss(self, critic, real, fake):
        return ops.mean(critic(fake)), {}

    with pytest.raises(
        TypeError, match=r"Short\.critic_loss takes \(critic, real, fake\) beside self; expected critic_loss\("
    ):
        tiny(own("Short", critic_loss=critic_loss))
