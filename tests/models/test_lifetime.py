"""What was fitted, loaded or made of a preset is freed when nobody holds it, and memory does not grow by it."""

import gc
import pathlib
import subprocess
import sys
import weakref

import pytest
from tensorflow.data import Dataset
from tensorflow.python.framework import ops as registries

import wgan_keras as wk
from wgan_keras import presets
from wgan_keras.recipes import standard

GAMES = (wk.WGANGP, *(pytest.param(game, marks=pytest.mark.long) for game in (wk.GAN, wk.WGAN)))


def alive(make):
    """How many of the objects that `make()` returned are there still."""
    made = [weakref.ref(each) for each in make()]
    gc.collect()
    return sum(each() is not None for each in made)


@pytest.mark.parametrize(
    ("game", "kind"),
    [
        (wk.GAN, "array"),
        pytest.param(wk.GAN, "dataset", marks=pytest.mark.long),
        pytest.param(wk.WGANGP, "dataset", marks=pytest.mark.long),
        pytest.param(wk.WGAN, "dataset", marks=pytest.mark.long),
        pytest.param(wk.WGANGP, "array", marks=pytest.mark.long),
    ],
)
def test_a_fitted_model_and_its_data_are_freed(tiny, points, game, kind):
    def make():
        model, x = tiny(game), points(16)
        model.fit(*([x, None, 4] if kind == "array" else [Dataset.from_tensor_slices(x).batch(4)]), verbose=0)
        return model, x, model.generator, model.critic

    assert alive(make) == 0


@pytest.mark.parametrize("game", GAMES)
def test_a_loaded_model_that_went_on_is_freed_and_tensorflow_registers_nothing_for_it(tiny, points, tmp_path, game):
    """What its registry of gradients is given, and the graph behind it, it keeps for ever."""
    tiny(game, ema_decay=0.9).save(tmp_path / "gan.keras")

    def make():
        model = wk.load_model(tmp_path / "gan.keras")
        model.fit(points(16), batch_size=4, verbose=0)
        model.sample(2, seed=0)
        return model, model.generator, model.generator_ema

    make()
    before = set(registries.gradient_registry.list())
    assert alive(make) == 0
    assert set(registries.gradient_registry.list()) == before


@pytest.mark.parametrize("game", ["wgan_gp", *(pytest.param(game, marks=pytest.mark.long) for game in ("gan", "wgan"))])
def test_a_model_of_a_preset_is_freed(tmp_path, shallow, game):
    recipe = shallow(standard({"name": game, "ema_decay": 0.9}, {"name": "eight_gaussians"}, (2,), width=2))
    presets.save(recipe.compile(recipe.build()), recipe, tmp_path / "preset")

    def make():
        model = wk.from_preset(tmp_path / "preset")
        model.sample(2, seed=0)
        return (model,)

    assert alive(make) == 0


GROWTH = """
import gc, pathlib, resource
import numpy as np
import wgan_keras as wk

pages = lambda: int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
x = np.zeros((8, 2), "float32")
for i in range(12):
    generator = wk.networks.mlp_generator((2,), 2, units=8, depth=2)
    model = wk.WGANGP(generator, wk.networks.mlp_critic((2,), units=8, depth=2), n_critic=2)
    model.compile()
    model.fit(x, batch_size=4, verbose=0)
    del generator, model
    gc.collect()
    if i == 5:
        before = pages()
print(pages() - before)
"""


@pytest.mark.long  # in numbers what the tests of references and of the registry say above
@pytest.mark.skipif(not pathlib.Path("/proc/self/statm").exists(), reason="resident memory as Linux tells it")
def test_six_more_trainings_grow_a_process_by_less_than_30_megabytes():
    """11 where nothing keeps a step; 50 to 60 where TensorFlow's registry does."""
    done = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 30
