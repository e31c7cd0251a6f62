"""The folder of the page without a browser: what is written, where from, and what is refused."""

import io
import json
import os
import shutil
import socket
import sys
import tarfile
import urllib.request

import keras
import pytest
from typer.testing import CliRunner

import wgan_keras as wk
from wgan_keras.cli import app
from wgan_keras.explore import choice, folder, runtime
from wgan_keras.explore.card import card
from wgan_keras.explore.model import Model
from wgan_keras.presets import store


def game(shape=(8, 8, 1), **generator):
    dense = wk.networks.mlp_generator(shape, generator.pop("latent_dim", 5), units=4, depth=1, **generator)
    return wk.GAN(dense, wk.networks.mlp_critic(shape, units=4, depth=1))


# What a model may be


@pytest.mark.parametrize("shape", [(3,), (8, 2), (4, 4, 4, 1)])
def test_what_is_no_picture_and_no_point_is_refused(shape):
    with pytest.raises(
        ValueError, match=r"The samples of mine have shape \(.*\); the page shows pictures, .* \(2,\)\."
    ):
        Model("mine", game(shape))


def test_a_model_too_large_for_a_page_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("wgan_keras.explore.model.LIMIT", 10**6)
    with pytest.raises(
        ValueError, match=r"networks of wgan_gp_fashion_mnist have 2 MB, too large for a page, .* most 1"
    ):
        folder.write(["wgan_gp_fashion_mnist"], tmp_path / "page")
    assert list(tmp_path.iterdir()) == []


def test_a_game_whose_labels_were_no_classes_is_refused():
    conditional = wk.GAN(
        wk.networks.mlp_generator((2,), 5, units=4, depth=1, classes=3),
        wk.networks.mlp_critic((2,), units=4, depth=1, classes=3),
    )
    assert Model("mine", conditional).description()["classes"]["counts"] == [1, 1, 1]
    conditional.label_counts.assign([2, 0, 1])
    assert Model("mine", conditional).description()["classes"]["counts"] == [2, 0, 1]
    conditional.label_counts.assign([-1, -1, -1])
    with pytest.raises(ValueError, match=r"labels that mine was trained on were no classes.*model\.sample\(labels="):
        Model("mine", conditional)
    assert not conditional.draws_labels and not game().draws_labels


def test_a_critic_that_judges_several_pictures_at_once_gives_none_a_score():
    packed = wk.GAN(
        wk.networks.mlp_generator((8, 8, 1), 5, units=4, depth=1),
        wk.networks.mlp_critic((8, 8, 2), units=4, depth=1),
        views=[wk.views.Pack(2)],
    )
    assert not Model("packed", packed).is_scored and Model("plain", game()).is_scored
    stack = [keras.layers.Flatten(), wk.layers.MinibatchDiscrimination(2, 2), keras.layers.Dense(1)]
    compared = keras.Sequential([keras.Input((8, 8, 1)), *stack])
    assert not Model("compared", wk.GAN(game().generator, compared)).is_scored


def test_a_critic_of_features_gives_no_score():
    features = wk.networks.mlp_features((8, 8, 1), 1, units=4, depth=1)
    assert not Model("features", wk.MMDGAN(game().generator, features)).is_scored


def test_a_folder_from_what_nobody_may_write_to_may_be_written_to(tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "ort.mjs").write_text("")
    kept.chmod(0o555)
    monkeypatch.setattr(runtime, "folder", lambda: kept)
    folder.write([], tmp_path / "page")
    assert (tmp_path / "page/runtime/ort.mjs").exists()
    assert (tmp_path / "page/runtime").stat().st_mode & 0o700 == 0o700


@pytest.mark.parametrize(
    ("name", "directory"),
    [
        ("wgan_gp_emoji", "wgan_gp_emoji"),
        ("runs/first/", "runs-first"),
        ("../a b.keras", "a-b"),
        ("hf://u/r", "hf-u-r"),
    ],
)
def test_every_name_has_a_folder_that_a_link_can_hold(name, directory):
    assert Model(name, game()).directory == directory


def test_what_somebody_put_beside_an_explorer_is_not_removed(tmp_path):
    for name in ("models.json", "index.html", "CNAME"):
        (tmp_path / name).write_text("[]")
    (tmp_path / ".git").mkdir()
    with pytest.raises(
        ValueError, match=r"holds \.git, CNAME beside an explorer; move that away, or name a new folder"
    ):
        folder.write(["gan_eight_gaussians"], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"models.json", "index.html", "CNAME", ".git"}


@pytest.mark.needs_export
def test_what_cannot_be_written_leaves_what_was_there(tmp_path):
    (tmp_path / "notes.txt").write_text("keep")
    with pytest.raises(ValueError, match=r"holds something else than an explorer; name a new folder\.$"):
        folder.write(["wgan_gp_fashion_mnist"], tmp_path)
    twice = ["wgan_gp_fashion_mnist"] * 2
    with pytest.raises(ValueError, match="wgan_gp_fashion_mnist would stand twice on the page"):
        folder.write(twice, tmp_path / "page")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_names_that_a_file_system_without_case_takes_for_one_are_refused():
    with pytest.raises(ValueError, match=r"^Faces, faces would stand twice on the page"):
        folder._check_once(["Faces", "digits", "faces"])


def test_without_a_name_the_presets_of_pictures_come_the_best_one_first():
    names = choice.picture_presets()
    assert names[0] == "wgan_gp_resnet_fashion_mnist"
    assert names[-3:] == ["wgan_gp_emoji", "wgan_gp_emoji_labels", "wgan_gp_avatars"]
    assert set(wk.list_presets()) - set(names) == {
        name for name in wk.list_presets() if "gaussians" in name or "roll" in name
    }


# The card


def test_the_card_of_a_preset_has_what_its_metadata_say():
    name = "wgan_gp_fashion_mnist"
    found = card(name, store.ZOO / name)
    facts = dict(found["facts"])
    assert facts["Generator"] == "dcgan_generator, 435,073 parameters" and facts["Time"].startswith("3 h 27 min")
    (table,) = found["scores"]
    assert table["protocol"] == "all_fashion_mnist_classifier_10k"
    assert table["rows"][0] == ("fid", "2.319 ± 0.03", "0.02628")
    assert found["figures"] == ["curves.png", "neighbors.png"] and found["recipe"]["batch_size"] == 64


def test_the_card_of_a_file_is_its_command_alone():
    assert card("my runs/g.keras", None)["commands"] == ["wgan-keras sample 'my runs/g.keras' --seed 0"]


def test_the_card_of_a_model_that_says_nothing_of_its_training_leaves_it_out(tmp_path):
    game().save_to_preset(tmp_path / "mine")
    found = card("mine", tmp_path / "mine")
    assert [name for name, _ in found["facts"]] == ["Game", "Generator", "Critic"]
    assert found["commands"] == ["wgan-keras sample mine --seed 0"]


def test_the_card_of_a_preset_by_another_hand_has_what_there_is(tmp_path):
    folder = shutil.copytree(store.ZOO / "wgan_gp_fashion_mnist", tmp_path / "mine")
    metadata, config = folder / "metadata.json", folder / "config.json"
    metadata.write_text(json.dumps(json.loads(metadata.read_text()) | {"scores": None, "seconds": None}))
    fields = json.loads(config.read_text())
    config.write_text(json.dumps({k: v for k, v in fields.items() if k not in ("iterations", "batch_size")}))
    found = card("mine", folder)
    assert [name for name, _ in found["facts"]] == ["Game", "Data", "Generator", "Critic", "Training"]
    assert found["scores"] == []


def test_the_card_does_not_say_where_a_folder_of_pictures_lies(tmp_path):
    folder = shutil.copytree(store.ZOO / "wgan_gp_fashion_mnist", tmp_path / "preset")
    recipe = json.loads((folder / "config.json").read_text())
    for name, told in {
        str(tmp_path / "cats"): "./cats",
        "~/dogs": "./dogs",
        "../owls/": "./owls",
        "tfds:a/b": "tfds:a/b",
    }.items():
        recipe["data"]["name"] = name
        (folder / "config.json").write_text(json.dumps(recipe))
        found = card("mine", folder)
        assert found["recipe"]["data"]["name"] == told
        assert dict(found["facts"])["Data"].startswith(told)


# ONNX Runtime Web

NPM = """#!{python}
import pathlib, shutil, sys
assert sys.argv[1:] == ["pack", {package!r}]
shutil.copy({archive!r}, pathlib.Path.cwd() / "package.tgz")
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without npm, whose cache is empty; returns the folder that PATH names."""
    monkeypatch.setattr(runtime, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


@pytest.fixture
def npm(machine, tmp_path):
    """The same machine with an npm, whose package holds the runtime and another file."""
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as members:
        for name in (*runtime.FILES, "ort.all.js"):
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.size = len(name)
            members.addfile(member, io.BytesIO(name.encode()))
    archive = str(tmp_path / "package.tgz")
    (machine / "npm").write_text(NPM.format(python=sys.executable, package=runtime.PACKAGE, archive=archive))
    os.chmod(machine / "npm", 0o755)
    return machine


def test_npm_brings_the_runtime_once(npm, tmp_path):
    assert not runtime.is_kept()
    assert {path.name: path.read_text() for path in runtime.folder().iterdir()} == {n: n for n in runtime.FILES}
    (npm / "npm").unlink()
    assert runtime.is_kept() and runtime.folder() == tmp_path / "cache/npm" / runtime.PACKAGE
    assert len(list(runtime.folder().parent.iterdir())) == 1


def test_a_runtime_that_another_process_brought_meanwhile_stays(npm, overtaken):
    first, second = overtaken(runtime, "_unpack", runtime.folder)
    assert first == second


@pytest.mark.needs_export
def test_without_npm_the_error_says_what_to_do(machine, tmp_path):
    message = r"onnxruntime-web@.*\(npm is not installed\)\. Install npm, or put ort.* into .*\.$"
    with pytest.raises(ConnectionError, match=message):
        folder.write(["wgan_gp_fashion_mnist"], tmp_path / "page")


# Serving


def test_a_port_that_is_taken_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = CliRunner().invoke(app, ["explore", "--port", str(port), "--out", str(tmp_path / "page")])
    expected = f"wgan-keras: Port {port} is taken, or not yours to open; choose another by --port, or 0 for any.\n"
    assert (result.exit_code, result.output) == (1, expected)


@pytest.mark.needs_browser
@pytest.mark.needs_export
def test_the_folder_is_served_on_this_machine_alone_as_what_it_is(folder, address):
    assert address.startswith("http://127.0.0.1:")
    kinds = {"": "text/html", "main.js": "text/javascript", "runtime/ort.wasm.min.mjs": "text/javascript"}
    kinds |= {"runtime/ort-wasm-simd-threaded.wasm": "application/wasm", "models.json": "application/json"}
    for path, kind in kinds.items():
        with urllib.request.urlopen(address + path) as answer:
            assert answer.headers.get_content_type() == kind
    listing = json.loads((folder / "models.json").read_text())
    assert sorted(entry["directory"] for entry in listing) == sorted(os.listdir(folder / "models"))
