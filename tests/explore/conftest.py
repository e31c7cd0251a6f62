"""The page in Chromium, from this machine's own server."""

import threading

import keras
import numpy as np
import pytest

import wgan_keras as wk
from wgan_keras.explore import serving
from wgan_keras.explore.folder import write

PRESET = "wgan_gp_fashion_mnist"
POINTS = "wgan_gp_eight_gaussians"


@pytest.fixture(scope="session")
def conditional(tmp_path_factory):
    """The path of a game on colored pictures of three classes, unlike a trained one in each of its numbers."""
    keras.utils.set_random_seed(0)
    game = wk.GAN(
        wk.networks.dcgan_generator((16, 16, 3), latent_dim=6, width=4, classes=3),
        wk.networks.dcgan_critic((16, 16, 3), width=4, classes=3),
        latent_prior="uniform",
        class_names=["hat", "scarf", "glove"],
    )
    game.compile()
    rng = np.random.default_rng(0)
    for weight in game.generator.weights:
        weight.assign(weight + 0.3 * np.abs(rng.normal(size=weight.shape)))
    game.label_counts.assign([1, 0, 3])
    path = tmp_path_factory.mktemp("conditional") / "clothes.keras"
    game.save(path)
    return path


@pytest.fixture(scope="session")
def folder(conditional, tmp_path_factory):
    """The page of a preset, of `conditional`, and of a preset of points."""
    out = tmp_path_factory.mktemp("explore") / "page"
    write([PRESET, str(conditional), POINTS], out)
    return out


@pytest.fixture(scope="session")
def of_clothes(folder):
    """The link to the conditional model."""
    (directory,) = {path.name for path in (folder / "models").iterdir()} - {PRESET, POINTS}
    return f"#model={directory}"


@pytest.fixture(scope="session")
def address(folder):
    with serving.bind(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield serving.address(server)
        server.shutdown()
        thread.join()


@pytest.fixture
def blank(browser):
    """A page of its own, without an address."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    yield context.new_page()
    context.close()


# Only what is drawn after the change counts.
FOLLOW = """hash => {
    document.querySelector("#status").textContent = "";
    document.querySelectorAll(".score").forEach(each => (each.textContent = ""));
    history.replaceState(null, "", location.pathname + hash);
    dispatchEvent(new HashChangeEvent("hashchange"));
}"""
DRAWN = """() => document.querySelector("#status").textContent.includes("are drawn")
    && [...document.querySelectorAll(".score")].every(each => each.textContent !== "")"""


@pytest.fixture(scope="module")
def page(browser, address):
    """One page for many tests, as its start takes a second."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(DRAWN)
    yield page
    context.close()


@pytest.fixture
def opened(page):
    """opened(hash): the page at that view, all of it drawn; an error in its code fails the test."""
    errors = []

    def note(error):
        errors.append(error)

    page.on("pageerror", note)

    def open(hash=""):
        page.evaluate(FOLLOW, hash)
        page.wait_for_function(DRAWN)
        return page

    yield open
    page.remove_listener("pageerror", note)
    assert not errors
