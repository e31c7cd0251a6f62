"""docs/extend.py does what it says, and things of one's own are refused with the reason where they must be."""

import pathlib
import sys

import keras
import pytest

import wgan_keras as wk
from wgan_keras.data import DATASETS
from wgan_keras.games import GAMES
from wgan_keras.metrics import EXTRACTORS, METRICS
from wgan_keras.networks import NETWORKS
from wgan_keras.optimizers import SCHEDULES
from wgan_keras.penalties import PENALTIES
from wgan_keras.runtime import user_modules
from wgan_keras.views import VIEWS

REGISTRIES = (GAMES, NETWORKS, DATASETS, METRICS, EXTRACTORS, PENALTIES, VIEWS, SCHEDULES)

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def own(monkeypatch):
    """What is registered in a test is forgotten after it, and before when it is called."""
    before = [(registry, dict(registry)) for registry in REGISTRIES]

    def forget():
        for registry, registered in before:
            monkeypatch.setattr(registry, "_registered", dict(registered))
        for path in (ROOT / "docs/extend").glob("*.py"):
            sys.modules.pop(path.stem, None)

    forget()
    yield forget
    forget()


def test_the_guide_runs(own, run_guide, tmp_path, monkeypatch, capsys):
    """Each command imports the files anew, as a process of its own does."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(user_modules, "_imported", {})
    (tmp_path / "run").mkdir()
    (tmp_path / "run/gan.keras").touch()  # as if it had run before
    run_guide(ROOT / "docs/extend.py", tmp_path, before=own)
    assert (tmp_path / "samples.png").exists() and (tmp_path / "run/best.keras").exists()
    assert "mean_gap" in capsys.readouterr().out
    assert '"name": "hinge"' in (tmp_path / "run/preset/config.json").read_text()


def test_the_game_of_the_guide_has_25_lines():
    assert len((ROOT / "docs/extend/hinge.py").read_text().splitlines()) <= 25


def test_a_preset_names_what_nobody_has_registered(own, tmp_path):
    @wk.register_game("hinge")
    class HingeGAN(wk.AdversarialModel):
        def critic_loss(self, critic, real, fake, seed):
            return keras.ops.mean(keras.ops.relu(1 - critic(real)) + keras.ops.relu(1 + critic(fake))), {}

        def generator_loss(self, critic, real, fake, seed):
            return -keras.ops.mean(critic(fake))

    networks = wk.networks.mlp_generator((2,), latent_dim=2, units=4), wk.networks.mlp_critic((2,), units=4)
    gan = HingeGAN(*networks, seed=3)
    gan.compile()
    gan.save_to_preset(tmp_path / "preset")
    assert type(wk.from_preset(tmp_path / "preset")) is HingeGAN
    assert wk.Recipe.load(tmp_path / "preset/config.json").game == {"name": "hinge", "seed": 3}
    del GAMES._registered["hinge"]
    with pytest.raises(ValueError, match=r"game names 'hinge'.*register_game\('hinge'\).*--import FILE"):
        wk.from_preset(tmp_path / "preset")


def test_a_game_that_takes_less_than_its_base_is_refused(own):
    class Closed(wk.WGANGP):
        def __init__(self, generator, critic, penalty_weight=10.0, seed=None):
            super().__init__(generator, critic, penalty_weight=penalty_weight, seed=seed)

    told = r"The game 'closed' takes no .*ema_decay, penalties, .*class_names, .* Let __init__ take \*\*kwargs"
    with pytest.raises(TypeError, match=told):
        wk.register_game("closed")(Closed)


def test_what_is_no_game_and_what_is_no_network_is_refused(own):
    with pytest.raises(TypeError, match=r"expected a subclass of wgan_keras\.AdversarialModel"):
        wk.register_game("model")(keras.Model)
    with pytest.raises(TypeError, match="expected a function"):
        wk.register_network("network")(3)
    with pytest.raises(TypeError, match=r"takes \*\*options; recipes give each argument by its name"):
        wk.register_network("network")(lambda shape, **options: None)
    with pytest.raises(ValueError, match=r"'wgan' is the name of a game already: wgan_keras\.models\.wgan\.WGAN"):
        wk.register_game("wgan")(wk.GAN)

    @wk.register_network("nothing")
    def nothing(units: int = 3):
        return None

    with pytest.raises(TypeError, match=r"The network 'nothing' built a NoneType; expected a keras\.Model"):
        nothing()
