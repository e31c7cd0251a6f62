"""The page in a browser: what it shows is what Python makes, however it is moved there."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import wgan_keras as wk
from wgan_keras import plots
from wgan_keras.models.labels import draw_labels
from wgan_keras.models.loading import load_model
from wgan_keras.models.sampling import draw_latents, slerp

MINUS = "\N{MINUS SIGN}"
PRESET = "wgan_gp_fashion_mnist"
POINTS = "wgan_gp_eight_gaussians"

pytestmark = [pytest.mark.needs_browser, pytest.mark.needs_export]


@pytest.fixture(scope="module")
def game():
    return wk.from_preset(PRESET)


@pytest.fixture(scope="module")
def clothes(conditional):
    return load_model(conditional)


PIXELS = """elements => elements.map(canvas => btoa(String.fromCharCode(
    ...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data)))"""


def pictures(page, selector, shape=(28, 28, 1)):
    """uint8 (n, *shape) of the canvases that a selector finds."""
    found = np.frombuffer(b"".join(map(base64.b64decode, page.eval_on_selector_all(selector, PIXELS))), "uint8")
    return found.reshape(-1, *shape[:2], 4)[..., : shape[2]]


def assert_same(found, expected):
    """uint8 pictures and float ones in [-1, 1]; where a float lies on the border of two bytes either one is right."""
    expected = plots.to_uint8(expected)
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).max() <= 1 and (found != expected).mean() < 0.01


def scores(page, selector):
    return [float(text.replace(MINUS, "-")) for text in page.locator(selector).all_inner_texts()]


SLOT = {"a": "#slot-a canvas", "b": "#slot-b canvas", "between": "#between"}


def settle(page):
    """Waits until all that was asked for of the held samples is drawn."""
    page.wait_for_function("document.querySelector('#held').ariaBusy === 'false'")


def drawn(page, name):
    """The held picture, or the one between, when it is drawn."""
    settle(page)
    return pictures(page, SLOT[name])


@pytest.mark.parametrize(("prior", "n", "width", "seed"), [("normal", 64, 128, 0), ("uniform", 5, 7, 2**32 - 1)])
def test_latents_of_a_seed_are_pythons(opened, prior, n, width, seed):
    script = "([...given]) => import('./random.js').then(random => Array.from(random.latents(...given)))"
    found = np.float32(opened().evaluate(script, [prior, n, width, seed])).reshape(n, width)
    np.testing.assert_allclose(found, draw_latents(prior, n, width, seed), rtol=1e-6, atol=1e-6)


def test_labels_of_a_seed_are_pythons(opened):
    script = "counts => import('./random.js').then(random => random.labels(counts, 200, 5))"
    assert opened().evaluate(script, [3, 1, 0, 6]) == draw_labels([3, 1, 0, 6], 200, 5).tolist()


@pytest.mark.parametrize("seed", [0, 5])
def test_the_pictures_of_a_seed_are_pythons_and_so_are_their_scores(opened, game, seed):
    page = opened(f"#seed={seed}")
    samples = game.sample(64, seed=seed)
    assert_same(pictures(page, ".tiles canvas"), samples)
    expected = np.ravel(game.critic(samples, training=False))
    np.testing.assert_allclose(scores(page, ".tiles span"), expected, rtol=0.006)


def held_tiles(page):
    """The marks in the sheet of the held samples that it shows."""
    marks = page.locator(".tiles button").evaluate_all("all => all.map(each => each.dataset.held)")
    return [mark for mark in marks if mark]


def test_classes_are_drawn_as_in_training_or_all_alike(opened, clothes, of_clothes):
    page = opened(f"{of_clothes}&seed=2&a=2.0&b=2.1")
    assert_same(pictures(page, ".tiles canvas", (16, 16, 3)), clothes.sample(64, seed=2))
    assert held_tiles(page) == ["A", "B"]
    names = page.locator(".tiles button").evaluate_all("all => all.map(each => each.title)")
    assert names == [clothes.class_names[i] for i in draw_labels([1, 0, 3], 64, 2)]
    page.get_by_role("button", name="scarf").click()
    page.wait_for_function("document.querySelector('.tiles button:last-child').ariaLabel.match(/scarf.*score/)")
    assert held_tiles(page) == []  # what is held stays in its own class
    samples = clothes.sample(64, seed=2, labels=["scarf"] * 64)
    assert_same(pictures(page, ".tiles canvas", (16, 16, 3)), samples)
    expected = clothes.critic([samples, np.eye(3, dtype="float32")[[1] * 64]], training=False)
    np.testing.assert_allclose(scores(page, ".tiles span"), np.ravel(expected), rtol=0.006, atol=1e-4)


def test_a_held_picture_moves_along_the_axes_and_the_walk_follows(opened, game):
    page = opened("#a=0.3~z5:2~z9:-1.5&b=1.60&t=0.25")
    first, second = (np.array(draw_latents("normal", 64, 128, seed)) for seed in (0, 1))
    z = first[3].copy()
    z[[4, 8]] += [2, -1.5]
    path = slerp(z[None], second[60][None], 5)[0, [0, 1, 4]].astype("float32")
    found = np.concatenate([pictures(page, SLOT[name]) for name in ("a", "between", "b")])
    assert_same(found, game.sample(latents=path))


def test_the_walk_between_classes_fades(opened, clothes, of_clothes):
    page = opened(f"{of_clothes}&a=0.3.0&b=1.60.1&t=0.5")
    ends = [np.array(draw_latents("uniform", 64, 6, seed))[i] for seed, i in ((0, 3), (1, 60))]
    expected = clothes.sample(latents=np.mean(ends, axis=0)[None], labels=np.float32([[0.5, 0.5, 0]]))
    assert_same(pictures(page, SLOT["between"], (16, 16, 3)), expected)


COORDINATES = re.compile(rf"seed (\d+), sample (\d+)\nat \(([{MINUS}\d.]+), ([{MINUS}\d.]+)\)")


def point_in(page, slot):
    """(seed, sample, x, y) of a held point."""
    words = COORDINATES.fullmatch(page.locator(f"#slot-{slot} .origin").inner_text()).groups()
    return [float(word.replace(MINUS, "-")) for word in words]


def test_points_are_pythons_and_a_click_holds_the_nearest(opened):
    game = wk.from_preset(POINTS)
    points = game.sample(1024, seed=3)
    page = opened(f"#model={POINTS}&seed=3&a=3.0&b=3.1023")
    for slot, index in (("a", 0), ("b", 1023)):
        np.testing.assert_allclose(point_in(page, slot), [3, index + 1, *points[index]], atol=0.006)
    score = game.critic(points[:1], training=False)
    np.testing.assert_allclose(scores(page, "#slot-a .score"), score[0], rtol=0.006)
    side = page.locator("#cloud").bounding_box()["width"]
    reach = 1.1 * np.abs(points).max()
    outermost = points[:, 0].argmax()
    x, y = (side / 2 * (1 + points[outermost] * [1, -1] / reach)).tolist()
    page.locator("#cloud").click(position={"x": x + 2, "y": y})
    settle(page)
    assert point_in(page, "a")[1] == outermost + 1
    page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    settle(page)
    assert point_in(page, "b")[1] == (outermost + 1) % 1024 + 1


def test_held_points_stand_in_the_cloud_of_another_seed(opened):
    page = opened(f"#model={POINTS}&seed=3&a=3.0&b=3.1023")
    page.locator("#seed").fill("5")
    page.locator("#seed").blur()
    page.wait_for_function("document.querySelector('#status').textContent.includes('of seed 5 are drawn')")

    def painted():
        settle(page)
        canvases = page.locator(", ".join(SLOT.values()))
        return canvases.evaluate_all("all => all.map(each => each.toDataURL())")

    found = painted()
    opened(f"#model={POINTS}&seed=5&a=3.0&b=3.1023")
    assert len(set(found)) == 3 and painted() == found


ANOTHER_FINGER = """pad => [["pointerdown", 0], ["pointermove", 300], ["pointerup", 300]].forEach(
    ([type, clientX]) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 77, clientX })))"""


def test_dragging_and_sliders_and_arrow_keys_are_one_movement(opened):
    page = opened()
    start = drawn(page, "a")
    box = page.locator("#slot-a .pad").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.locator("#slot-a .pad").evaluate(ANOTHER_FINGER)
    page.mouse.move(x + page.locator("#slot-a .pad").evaluate("pad => pad.clientWidth") / 4, y, steps=4)
    page.mouse.up()
    dragged = drawn(page, "a")
    assert not np.array_equal(dragged, start)
    assert page.locator("#value-x").inner_text() == "2.0" and page.locator("#value-y").inner_text() == "0.0"
    page.locator("#slot-a .reset").click()
    assert np.array_equal(drawn(page, "a"), start)
    page.locator("#slot-a .pad").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert np.array_equal(drawn(page, "a"), dragged)
    page.locator("#slot-a .reset").click()
    page.locator("#steps-x").fill("2")
    assert np.array_equal(drawn(page, "a"), dragged)


def test_a_link_reproduces_the_view(opened):
    page = opened("#seed=4")
    page.locator("#slot-b .pad").click()
    page.locator(".tiles button").nth(17).click()
    page.locator("#axis-y").select_option("z3")
    page.locator("#steps-y").fill("-2.5")
    page.locator("#position").fill("0.8")
    link = "#model=wgan_gp_fashion_mnist&seed=4&a=0.0&b=4.17~z3:-2.5&x=d1&y=z3&on=b&t=0.8"
    page.wait_for_function("link => location.hash === link", arg=link)
    shown = {name: drawn(page, name) for name in SLOT}
    assert len({picture.tobytes() for picture in shown.values()}) == 3
    again = opened(link)
    assert all(np.array_equal(drawn(again, name), shown[name]) for name in SLOT)
    assert again.locator("#value-y").inner_text() == f"{MINUS}2.5"


def test_the_walk_plays_there_and_back_until_stopped(opened):
    page = opened("#t=0")
    start = drawn(page, "between")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('#position').value > 0.02")
    page.get_by_role("button", name="Stop").click()
    assert not np.array_equal(drawn(page, "between"), start)
    position = float(page.locator("#position").input_value())
    page.wait_for_timeout(150)
    assert 0 < position < 1 and float(page.locator("#position").input_value()) == position


def test_pictures_are_saved_pixel_for_pixel(opened, game):
    page = opened("#seed=5&a=5.1")
    saved = {}
    for selector in ("#save-sheet", "#slot-a .save"):
        with page.expect_download() as download:
            page.locator(selector).click()
        saved[download.value.suggested_filename] = Image.open(io.BytesIO(download.value.path().read_bytes())).convert(
            "L"
        )
    assert list(saved) == ["wgan_gp_fashion_mnist_seed5.png", "wgan_gp_fashion_mnist_seed5_sample2.png"]
    sheet, one = map(np.array, saved.values())
    assert sheet.shape == (8 * 30 + 2, 8 * 30 + 2)
    assert_same(one[None, ..., None], game.sample(64, seed=5)[[1]])
    assert np.array_equal(sheet[2:30, 32:60], one)


def test_the_keyboard_reaches_everything(opened):
    page = opened()
    page.locator(".tiles button").first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "b"):
        page.keyboard.press(key)
    settle(page)
    assert page.locator("#slot-b .origin").inner_text() == "seed 0, sample 10"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    settle(page)
    assert page.locator("#slot-a .origin").inner_text() == "seed 0, sample 64"
    assert page.get_by_role("status").inner_text() == "Sample 64 is held as A."
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.slot').id") == "slot-a"
