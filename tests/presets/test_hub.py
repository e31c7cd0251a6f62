"""hf://user/repo, from a local stand-in of the hub's file API."""

import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading

import pytest

from wgan_keras.presets import files, hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {name: f"content of {name}".encode() for name in (*files.FILES, "README.md", "train.py")}


class Hub(http.server.BaseHTTPRequestHandler):
    """Of every user's repository "toy": its list of files, and the files."""

    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        kind, _, _, *rest = self.path.strip("/").split("?")[0].split("/")
        if "/toy" not in self.path:
            self.answer(404, b'{"error": "Repository not found"}', {"X-Error-Code": "RepoNotFound"})
        elif "/tree/" in self.path:
            tree = [
                {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
                for name, content in FILES.items()
            ]
            self.answer(200, json.dumps(tree).encode(), {})
        elif kind == "api":
            siblings = [{"rfilename": name, "size": len(content)} for name, content in FILES.items()]
            self.answer(200, json.dumps({"id": "someone/toy", "sha": COMMIT, "siblings": siblings}).encode(), {})
        else:
            content = FILES[rest[-1]]
            etag = f'"{hashlib.sha1(content).hexdigest()}"'
            self.answer(200, content, {"ETag": etag, "X-Repo-Commit": COMMIT})

    do_HEAD = do_GET

    def answer(self, status, content, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def locate(preset, endpoint, home, **more):
    """What `store.locate` prints in a process of its own: the endpoint is read when the client is imported."""
    script = f"from wgan_keras.presets import store; print(store.locate({preset!r}))"
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HOME": str(home), "HF_HUB_DISABLE_TELEMETRY": "1"}
    environment.pop("HF_HUB_OFFLINE", None)
    environment |= more
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def fetched(server, tmp_path_factory):
    """(the home that has the preset, its folder, what was asked for)."""
    home = tmp_path_factory.mktemp("home")
    Hub.asked.clear()
    done = locate("hf://someone/toy", server, home)
    folder = home / ".cache/wgan_keras/hub/someone--toy"
    assert done.stdout == f"{folder}\n", done.stderr
    return home, folder, list(Hub.asked)


def test_exactly_the_files_of_a_preset_come_and_are_plain_files(fetched):
    _, folder, asked = fetched
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == {k: FILES[k] for k in files.FILES}
    files.check_files(folder)  # none of them is a link
    assert [path for path in asked if path.endswith(files.FILES)]
    assert not [path for path in asked if path.endswith(("README.md", "train.py"))]


def test_what_is_there_is_not_fetched_again_and_serves_without_a_network(fetched, server):
    home, folder, _ = fetched
    Hub.asked.clear()
    again = locate("hf://someone/toy", server, home)
    assert again.stdout == f"{folder}\n", again.stderr
    assert Hub.asked and not [path for path in Hub.asked if path.endswith(files.FILES)]
    offline = locate("hf://someone/toy", "http://127.0.0.1:1", home, HF_HUB_OFFLINE="1")
    assert offline.stdout == f"{folder}\n", offline.stderr


def test_a_repository_that_is_not_there_is_one_sentence(server, tmp_path):
    done = locate("hf://someone/nothing", server, tmp_path)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ConnectionError: hf://someone/nothing could not be fetched: RepositoryNotFoundError")


@pytest.mark.parametrize("name", ["hf://toy", "hf://a/b/c", "hf://../b", "hf://a/.."])
def test_other_names_are_refused(name):
    with pytest.raises(ValueError, match="expected hf://user/repo"):
        hub.download(name, files.FILES)


def test_without_huggingface_hub_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ImportError, match=r"needs huggingface_hub: pip install 'wgan_keras\[hub\]'"):
        hub.download("hf://someone/toy", files.FILES)
