"""Attributes that are set after the first step hold from the next step on, or refuse."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.models.settings import Setting
from wgan_keras.objectives import FeatureMatching, Unrolled
from wgan_keras.parts import find
from wgan_keras.penalties import PENALTIES, R1

# They are settings of one kind, a descriptor each; two change what a loss is, two which variables move.
LONG = [
    (wk.GAN, {"ema_decay": 0.05}),
    (wk.WGAN, {"clip_value": 0.001}),
    (wk.WGANGP, {"gradient_penalty_weight": 0.1}),
    (wk.WGANGP, {"ema_decay": 0.05}),
    (wk.GAN, {"label_smoothing": 0.3}),
    (wk.GAN, {"loss_name": "minimax"}),
    (wk.GAN, {"latent_prior": "uniform"}),
    (wk.WGANGP, {"one_sided": True}),
]


@pytest.mark.parametrize(
    ("game", "changed"),
    [(wk.GAN, {"n_critic": 4}), *(pytest.param(*each, marks=pytest.mark.long) for each in LONG)],
)
def test_what_is_set_after_a_step_holds_at_the_next(tiny, points, state_of, game, changed):
    """The second step is that of a game that was built so, from the same state."""
    decay = {"ema_decay": 0.9} if "ema_decay" in changed else {}
    model = tiny(game, **decay)
    model.train_on_batch(points(8))
    for name, value in changed.items():
        setattr(model, name, value)
    built = {"loss" if name == "loss_name" else name: value for name, value in changed.items()}
    assert_next_step_is_of(tiny(game, **{**decay, **built}, compile={"run_eagerly": True}), model, points, state_of)


def test_what_is_set_of_a_part_holds_at_the_next_step(tiny, points, state_of):
    given = R1(1.0)
    model = tiny(wk.GAN, penalties=[given])
    model.train_on_batch(points(8))
    model.penalties[0].weight = np.float32(100)
    assert given.weight == 1.0  # the game has a copy of its own
    assert json.dumps(model.get_config()["penalties"]) == '[{"name": "r1", "weight": 100.0}]'
    other = tiny(wk.GAN, penalties=[R1(100.0)], compile={"run_eagerly": True})
    assert_next_step_is_of(other, model, points, state_of)
    with pytest.raises(ValueError, match=r"R1 'weight' is -1\.0; expected"):
        model.penalties[0].weight = -1.0
    assert model.penalties[0].weight == 100.0


def test_a_layer_set_later_is_the_one_whose_features_are_matched(tiny, points):
    layers = [keras.layers.Dense(4, name="first"), keras.layers.Dense(3, name="second"), keras.layers.Dense(1)]
    critic = keras.Sequential([keras.Input((2,)), *layers])
    model = tiny(wk.GAN, critic=critic, objective=FeatureMatching("first"), compile={"run_eagerly": True})
    model.objective.layer = "second"
    other = tiny(wk.GAN, critic=critic, objective=FeatureMatching("second"), compile={"run_eagerly": True})
    logs = [each.test_on_batch(points(8), return_dict=True)["generator_loss"] for each in (model, other)]
    np.testing.assert_allclose(*logs, rtol=1e-6)


REFUSED_LATER = {
    "objective": (FeatureMatching(), "layer", "nonsense", "layer 'nonsense', which is not there"),
    "own rate": (Unrolled(1), "learning_rate", 0.5, r"learning_rate=0\.5 and rule='critic_optimizer'"),
    "view": (wk.views.Pack(2), "k", 4, r"of which the views make \(8,\), and the critic takes \(4,\)"),
}


@pytest.mark.parametrize("case", REFUSED_LATER)
def test_what_a_game_would_not_be_built_with_is_refused_later(tiny, case):
    part, name, value, message = REFUSED_LATER[case]
    is_view = isinstance(part, wk.views.View)
    parts = {"views": [part]} if is_view else {"objective": part}
    model = tiny(wk.GAN, critic=wk.networks.mlp_critic((4 if is_view else 2,), units=8, depth=1), **parts)
    (own,) = model.views or [model.objective]
    kept, function = dict(vars(own)), model.train_function
    with pytest.raises(ValueError, match=message):
        setattr(own, name, value)
    assert vars(own) == kept and own == part and model.train_function is function


@dataclasses.dataclass
class Listed(wk.penalties.Penalty):
    """Lists by annotations of all kinds."""

    weights: tuple[float, ...] = (1.0,)
    rows: Sequence[Sequence[float]] = ((1.0,),)
    bare: list = dataclasses.field(default_factory=lambda: [1.0])
    free: Any = None
    made: list = dataclasses.field(init=False, default_factory=list)  # no argument

    def __post_init__(self):
        self.made.append(len(self.weights))


def test_lists_are_kept_as_tuples_and_written_as_lists(monkeypatch):
    monkeypatch.setattr(PENALTIES, "_registered", dict(PENALTIES) | {"listed": Listed})
    critic, penalty = wk.networks.mlp_features((2,), units=2, depth=1), Listed(weights=[np.float32(1)], free=[[1.0]])
    model = wk.MMDGAN(
        wk.networks.mlp_generator((2,), 2, units=2, depth=1), critic, bandwidths=[1], penalties=[penalty], seed=0
    )
    model.bandwidths = [1, np.float32(2)]
    (own,) = model.penalties
    assert (model.bandwidths, own.weights, own.bare) == ((1.0, 2.0), (1.0,), (1.0,))
    assert own.rows == own.free == ((1.0,),)
    config = json.loads(json.dumps(model.get_config()))
    assert model.get_config()["bandwidths"] == config["bandwidths"] == [1.0, 2.0]
    assert model.get_config()["penalties"] == config["penalties"]
    assert own.made == [1] and find(PENALTIES, *config["penalties"], "penalties") == own
    own.weights = [1, 2, 3]
    assert own.made == [3]  # what a part makes of its arguments goes with them
    assert wk.views.DiffAugment(["flip"]).policy == ("flip",)


def assert_next_step_is_of(other, model, points, state_of):
    """The next step of a traced game is that of another from the same state, which takes it eagerly."""
    for variable, value in zip(_variables(other), state_of(model), strict=True):
        variable.assign(value)
    for each in (model, other):
        each.train_on_batch(points(8, seed=1))
    for ours, expected in zip(state_of(model), state_of(other), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-3, atol=1e-6)


def _variables(model):
    return [*model.variables, *model.generator_optimizer.variables, *model.critic_optimizer.variables]


def test_a_value_out_of_range_is_refused_and_the_old_one_stays(tiny):
    model = tiny(wk.WGANGP)
    for name, value in (("n_critic", 0), ("gradient_penalty_weight", -1.0), ("latent_prior", "cauchy")):
        with pytest.raises(ValueError, match=f"{name} is {value!r}; expected"):
            setattr(model, name, value)
    assert (model.n_critic, model.gradient_penalty_weight, model.latent_prior) == (2, 10.0, "normal")


def test_what_is_set_while_held_out_images_are_scored_holds_from_the_next_batch_on(tiny, points):
    """And a model may be compiled anew in the middle of a training."""
    model = tiny(wk.GAN, views=[wk.views.InstanceNoise(0.5)])

    def scored(*callbacks):
        return model.evaluate(points(8), batch_size=4, verbose=0, return_dict=True, callbacks=[*callbacks])

    noisy = scored()
    quiet = scored(keras.callbacks.LambdaCallback(on_test_begin=lambda logs: setattr(model.views[0], "std", 0.0)))
    assert quiet == scored() != noisy

    def anew(epoch, logs):
        model.compile(model.generator_optimizer, model.critic_optimizer, run_eagerly=True)

    anew(0, {})
    again = keras.callbacks.LambdaCallback(on_epoch_end=anew)
    model.fit(points(8), batch_size=4, epochs=2, verbose=0, callbacks=[again], validation_data=points(4))
    assert model.generator_iterations == 2


def test_a_game_may_be_compiled_while_it_is_evaluated_or_predicts(tiny, points):
    model = tiny(wk.GAN, compile={"run_eagerly": True})

    def anew(batch, logs):
        model.compile(model.generator_optimizer, model.critic_optimizer, run_eagerly=True)

    often = [keras.callbacks.LambdaCallback(on_test_batch_end=anew, on_predict_batch_end=anew)]
    expected = model.evaluate(points(8), batch_size=4, verbose=0), model.predict(points(8), verbose=0)
    found = [run(points(8), batch_size=4, verbose=0, callbacks=often) for run in (model.evaluate, model.predict)]
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


class WithTheMargin(wk.GAN):
    m = Setting(float)

    def __init__(self, *args, m=10.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.m = m


def test_the_papers_letters_are_left_to_games_of_ones_own(tiny, points):
    model = tiny(WithTheMargin, compile={"run_eagerly": True}, m=2.0)
    model.fit(points(4), batch_size=2, verbose=0)
    assert WithTheMargin.from_config(model.get_config()).m == 2.0
    plain = tiny(wk.GAN)
    plain.m = 10.0
    assert plain.m == 10.0


def test_an_equal_value_traces_nothing_anew(tiny):
    model = tiny(wk.WGANGP)
    model.make_train_function()
    function = model.train_function
    model.n_critic, model.gradient_penalty_weight = 2, 10
    assert model.train_function is function


def test_what_a_game_is_built_by_cannot_be_set(tiny):
    model = tiny(wk.GAN)
    count = len(model.weights)
    for name in ("generator", "critic", "latent_dim", "seed", "penalties", "views", "objective"):
        value = keras.models.clone_model(model.critic) if name in ("generator", "critic") else 99
        with pytest.raises(AttributeError, match=f"{name} cannot be set: this GAN and its optimizers are built by it"):
            setattr(model, name, value)
    assert len(model.weights) == count
    with pytest.raises(AttributeError, match=r"ema_decay is None and cannot become 0\.9: .*Build another game"):
        model.ema_decay = 0.9


def test_held_out_losses_follow_as_well(tiny, points):
    model = tiny(wk.WGANGP)  # in a graph
    first = model.evaluate(points(8), verbose=0, return_dict=True)
    model.gradient_penalty_weight = 0.0
    second = model.evaluate(points(8), verbose=0, return_dict=True)
    np.testing.assert_allclose(first["critic_loss"] - 10 * first["gradient_penalty"], second["critic_loss"], rtol=1e-4)


class Undeclared(wk.GAN):
    def __init__(self, generator, critic, *, alpha=1.0, **kwargs):
        super().__init__(generator, critic, **kwargs)
        self.alpha = alpha


class Declared(Undeclared):
    alpha = Setting(float | None)


class Overriding(Undeclared):
    def get_config(self):
        return {**super().get_config(), "alpha": self.alpha}


class OverridingBelow(Overriding):
    def __init__(self, *args, beta=1.0, **kwargs):
        super().__init__(*args, **kwargs)


def test_an_argument_that_no_file_would_hold_is_refused(tiny):
    for game, lost in ((Undeclared, "alpha"), (OverridingBelow, "beta")):
        message = rf'{game.__name__} takes {lost}, .* {lost} = \S*\.Setting\(float\), or override get_config.*"{lost}"'
        with pytest.raises(NotImplementedError, match=message):
            tiny(game, alpha=7.0).get_config()


@pytest.mark.parametrize("alpha", [7.0, None])
@pytest.mark.parametrize("game", [Declared, Overriding])
def test_an_argument_of_ones_own_comes_back(tiny, game, alpha):
    model = tiny(game, alpha=alpha)
    assert game.from_config(model.get_config()).alpha == alpha


class Forgetful(wk.WGAN):
    beta = Setting(float)

    def __init__(self, *args, beta=1.0, **kwargs):
        super().__init__(*args, **kwargs)


def test_an_argument_that_the_constructor_forgets_is_told(tiny):
    assert not hasattr(tiny(Forgetful), "beta")
    with pytest.raises(ValueError, match=r"Forgetful has no beta yet; its __init__ is to set it: self\.beta = beta\."):
        tiny(Forgetful).get_config()
