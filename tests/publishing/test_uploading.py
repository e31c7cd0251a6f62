"""Presets to the hub and back, on a local stand-in of the hub's API."""

import base64
import hashlib
import http.server
import json
import shutil
import sys
import threading
from urllib.parse import unquote

import huggingface_hub
import numpy as np
import pytest
from huggingface_hub import constants
from typer.testing import CliRunner

import wgan_keras as wk
from wgan_keras.cli import app
from wgan_keras.data.catalog import Folder, Unregistered
from wgan_keras.presets import store
from wgan_keras.publishing import model_card
from wgan_keras.publishing.recipe import public_name, without_paths

PRESET = "wgan_swiss_roll"
URI = "hf://someone/toy"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(http.server.BaseHTTPRequestHandler):
    """One repository, someone/toy: `repository` is None, or {"private", "files"}; `commits` are those taken."""

    repository, commits = None, []
    token, refuses = "may-write", None

    def do_GET(self):
        path = unquote(self.path.split("?")[0])
        if self.repository is None:
            return self.answer(404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})
        held = self.repository["files"]
        if "/resolve/" in path:
            content = held[path.rsplit("/", 1)[1]]
            return self.answer(200, content, {"ETag": f'"{oid(content)}"', "X-Repo-Commit": COMMIT})
        if "/tree/" in path:
            return self.answer(
                200, [{"type": "file", "path": k, "size": len(v), "oid": oid(v)} for k, v in held.items()]
            )
        siblings = [{"rfilename": name} for name in held]
        return self.answer(
            200, {"id": "someone/toy", "sha": COMMIT, "private": self.repository["private"], "siblings": siblings}
        )

    do_HEAD = do_GET

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/api/validate-yaml":
            errors = [{"message": "license is not known"}] if "license: odd" in json.loads(sent)["content"] else []
            self.answer(400 if errors else 200, {"errors": errors, "warnings": []})
        elif self.headers["Authorization"] != f"Bearer {self.token}":
            self.answer(403, {"error": "You do not have the right"})
        elif self.path == "/api/repos/create":
            Hub.repository = {"private": json.loads(sent)["visibility"] == "private", "files": {".gitattributes": b""}}
            self.answer(200, {"url": f"http://{self.headers['Host']}/someone/toy"})
        elif "/preupload/" in self.path:
            names = [each["path"] for each in json.loads(sent)["files"]]
            modes = [{"path": name, "uploadMode": "regular", "shouldIgnore": False} for name in names]
            self.answer(200, {"files": modes})
        elif self.refuses:
            self.answer(self.refuses, {"error": "No room is left"})
        else:
            head, *lines = (json.loads(line) for line in sent.splitlines())
            changed = {
                kind: [line["value"] for line in lines if line["key"] == kind] for kind in ("file", "deletedFile")
            }
            files = {each["path"]: base64.b64decode(each["content"]) for each in changed["file"]}
            self.commits.append((head["value"].get("parentCommit"), files))
            Hub.repository["files"].update(files)
            for each in changed["deletedFile"]:
                del Hub.repository["files"][each["path"]]
            self.answer(200, {"commitUrl": f"{constants.ENDPOINT}/someone/toy/commit/1", "commitOid": COMMIT})

    def answer(self, status, content, headers=()):
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**dict(headers), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def oid(content):
    return hashlib.sha1(content).hexdigest()


@pytest.fixture
def hub(monkeypatch, tmp_path):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(Hub, "repository", None)
    monkeypatch.setattr(Hub, "commits", [])
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_TOKEN", "may-write")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield Hub
    server.shutdown()
    server.server_close()


def test_samples_that_no_picture_shows_are_left_out(hub, tmp_path):
    generator = wk.networks.mlp_generator((3,), latent_dim=2, units=2, depth=1)
    game = wk.GAN(generator, wk.networks.mlp_critic((3,), units=2, depth=1))
    game.save_to_preset(tmp_path / "points")
    wk.upload_preset(URI, tmp_path / "points")
    ((_, uploaded),) = hub.commits
    assert set(uploaded) == {"config.json", "model.weights.h5", "metadata.json", "README.md"}
    assert b"samples.png)" not in uploaded["README.md"]
    hub.repository["files"]["samples.png"] = b"of a preset of pictures, which this one replaces"
    wk.upload_preset(URI, tmp_path / "points")
    assert set(hub.repository["files"]) == {".gitattributes", *uploaded} and len(hub.commits) == 2


@pytest.mark.parametrize("name", [".", "../cats", "../../pets/cats"])
def test_a_folder_of_pictures_is_told_by_its_name_wherever_it_is_named_from(tmp_path, monkeypatch, name):
    (tmp_path / "pets/cats").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "pets/cats")
    assert without_paths({"data": {"name": name}, "batch_size": 4}) == {"data": {"name": "./cats"}, "batch_size": 4}


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("/pets/mnist", 28, "./mnist"),
        ("./mnist", 28, "./mnist"),
        ("mnist", 28, "./mnist"),  # published before folders were told from sets, which have a size of their own
        ("mnist", None, "mnist"),
        ("emoji", 28, "emoji"),
        ("tfds:a/b", 28, "tfds:a/b"),
        ("a_set_of_ones_own", 28, "a_set_of_ones_own"),
    ],
)
def test_a_folder_of_pictures_is_not_taken_for_a_set_of_its_name(name, size, told):
    assert public_name({"name": name, "image_size": size}) == told


@pytest.mark.parametrize(
    "name, kind", [("/pets/mnist", Folder), ("./mnist", Folder), ("mnist", Folder), ("a_set_of_ones_own", Unregistered)]
)
def test_the_card_of_a_model_of_a_folder_or_of_what_is_not_known_names_no_set(name, kind, tiny, tmp_path):
    folder = shutil.copytree(store.ZOO / PRESET, tmp_path / "preset")
    recipe, metadata = (json.loads((folder / file).read_text()) for file in ("config.json", "metadata.json"))
    (folder / "config.json").write_text(json.dumps({**recipe, "data": {"name": name, "image_size": 28}}))
    del metadata["data"]
    for known in ({}, {"data": {"name": "mnist", "source": kind.source, "license": kind.license}}):
        (folder / "metadata.json").write_text(json.dumps({**metadata, **known}))
        card = huggingface_hub.ModelCard(model_card.text("a/b", folder, tiny(), model_card.results(folder), "mit"))
        assert (card.data.datasets, card.data.eval_results[0].dataset_name) == (None, "a data set of the user's own")
        assert f"Source: {kind.source}. License of the data: not known." in card.text


def test_where_a_folder_of_pictures_lies_is_not_told(hub, tmp_path):
    folder = shutil.copytree(store.ZOO / PRESET, tmp_path / "preset")
    recipe = json.loads((folder / "config.json").read_text())
    recipe["data"]["name"] = str(tmp_path / "private/cats")
    (folder / "config.json").write_text(json.dumps(recipe))
    wk.upload_preset(URI, folder)
    ((_, uploaded),) = hub.commits
    assert json.loads(uploaded["config.json"]) == {**recipe, "data": {**recipe["data"], "name": "./cats"}}
    assert not [name for name, content in uploaded.items() if str(tmp_path).encode() in content]


def test_a_preset_goes_up_in_one_private_commit_and_comes_back_the_same(hub):
    assert wk.upload_preset(URI, PRESET) == f"{constants.ENDPOINT}/someone/toy/commit/1"
    assert hub.repository["private"] is True
    ((parent, files),) = hub.commits
    assert parent is None
    assert set(files) == {"config.json", "model.weights.h5", "metadata.json", "README.md", "samples.png"}
    returned = wk.from_preset(f"{URI}@{COMMIT}").sample(5, seed=0)
    np.testing.assert_array_equal(returned, wk.from_preset(PRESET).sample(5, seed=0))
    wk.upload_preset(URI, PRESET)  # over a preset, as the child of the commit that was looked at
    assert len(hub.commits) == 2 and hub.commits[1][0] == COMMIT


def test_the_card_has_scores_as_the_hub_reads_them(hub):
    wk.upload_preset(URI, PRESET, public=True, license="mit")
    assert hub.repository["private"] is False
    card = huggingface_hub.ModelCard(hub.commits[0][1]["README.md"].decode())
    assert (card.data.library_name, card.data.license, card.data.datasets) == ("wgan-keras", "mit", ["swiss_roll"])
    assert card.data.tags == ["keras", "gan", "wgan"]
    (result,) = card.data.eval_results
    stated = json.loads((store.ZOO / PRESET / "metadata.json").read_text())["scores"]
    spread = stated["best"]["protocols"]["w1_pixels_2000"]["wasserstein_1"]
    assert (result.metric_type, result.metric_config) == ("wasserstein_1", "w1_pixels_2000")
    assert (result.metric_value, result.metric_args) == (spread["mean"], {"seeds": [1, 2, 3], "std": spread["std"]})
    assert "| wasserstein_1 | w1_pixels_2000 | 0.06331 | 0.01 | 1, 2, 3 | 0.06361 |" in card.text


def test_of_a_run_the_card_has_what_was_scored_at_the_presets_iteration(tmp_path):
    metadata = json.loads((store.ZOO / PRESET / "metadata.json").read_text())
    kept = {name: metadata[name] for name in ("format", "weights_sha256", "keras", "parameters")}
    (tmp_path / "metadata.json").write_text(json.dumps({**kept, "iterations": 20}))
    history = [{"epoch": i, "iteration": 10 * i, "wasserstein_1": 1 / i} for i in (1, 2, 3)]
    scores = {"protocol": {"name": "w1"}, "real_against_real": {"wasserstein_1": 0.25}, "history": history}
    (tmp_path / "scores.json").write_text(json.dumps(scores))
    expected = model_card.Result("wasserstein_1", "w1", mean=0.5, std=None, seeds=(0,), real=0.25)
    assert model_card.results(tmp_path, tmp_path / "scores.json") == [expected]
    assert model_card.results(tmp_path) == []


def test_a_score_by_another_network_is_not_named_as_inceptions():
    folder = store.locate("wgan_gp_fashion_mnist")
    card = model_card.text("a/b", folder, wk.from_preset(folder), model_card.results(folder), "mit")
    data = huggingface_hub.ModelCard(card).data
    assert data.pipeline_tag == "unconditional-image-generation"
    assert {"fid_fashion_mnist_classifier", "precision"} <= set(data.metrics) and "fid" not in data.metrics


OTHER = {"config.json": b"{}", "model.weights.h5": b"", "metadata.json": b'{"keras_version": "3"}'}


@pytest.mark.parametrize(
    "files, private, message",
    [
        ({"model.safetensors": b""}, True, r"something else than a preset of wgan_keras \(\['model.safetensors'\]\)"),
        ({"README.md": b"A card by hand"}, True, "something else than a preset"),
        (OTHER, True, "something else than a preset"),  # of KerasHub, whose files have the same names
        ({".gitattributes": b""}, False, "is public, and was to be private"),
    ],
)
def test_other_repositories_are_left_alone(hub, files, private, message):
    hub.repository = {"private": private, "files": dict(files)}
    with pytest.raises(ValueError, match=message):
        wk.upload_preset(URI, PRESET)
    assert hub.commits == [] and hub.repository["files"] == files


def test_a_token_that_is_missing_or_may_not_write(hub, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_TOKEN", "may-read")
    with pytest.raises(PermissionError, match=r"may not write to hf://someone/toy; .*403"):
        wk.upload_preset(URI, PRESET)
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "none"))
    done = CliRunner().invoke(app, ["upload", PRESET, URI])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1
    assert done.stderr.startswith("wgan-keras: hf://someone/toy needs a token that may write: set HF_TOKEN")
    assert hub.repository is None


def test_refused_files_leave_what_was_there(hub, monkeypatch):
    monkeypatch.setattr(hub, "refuses", 507)
    with pytest.raises(ConnectionError, match=r"could not be uploaded to hf://someone/toy: .*507"):
        wk.upload_preset(URI, PRESET)
    assert hub.repository["files"] == {".gitattributes": b""}
    monkeypatch.setattr(hub, "refuses", None)
    wk.upload_preset(URI, PRESET)  # the empty repository is taken up
    assert len(hub.commits) == 1


def test_a_license_that_the_hub_does_not_know(hub):
    done = CliRunner().invoke(app, ["upload", PRESET, URI, "--license", "odd"])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1
    assert done.stderr.endswith("Invalid metadata in README.md. - license is not known\n")
    assert hub.commits == []


def test_no_network_is_one_sentence(hub, monkeypatch):
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(ConnectionError, match="could not be uploaded to hf://someone/toy: ConnectError"):
        wk.upload_preset(URI, PRESET)


def test_a_damaged_preset_is_not_uploaded(hub, tmp_path):
    shutil.copytree(store.ZOO / PRESET, tmp_path / "damaged")
    with open(tmp_path / "damaged/model.weights.h5", "ab") as file:
        file.write(b"x")
    with pytest.raises(ValueError, match="it was cut short or changed"):
        wk.upload_preset(URI, tmp_path / "damaged")
    assert hub.repository is None


@pytest.mark.parametrize("uri", ["someone/toy", "hf://toy", "hf://someone/toy@main"])
def test_other_addresses_are_refused(uri):
    with pytest.raises(ValueError, match="expected hf://user/repo"):
        wk.upload_preset(uri, PRESET)


def test_without_huggingface_hub_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ImportError, match=r"needs huggingface_hub: pip install 'wgan_keras\[hub\]'"):
        wk.upload_preset(URI, PRESET)
