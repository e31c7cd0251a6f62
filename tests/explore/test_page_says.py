"""Everybody can use the page: what it needs, what it says of its models and of what is missing."""

import pytest

pytestmark = [pytest.mark.needs_browser, pytest.mark.needs_export]


def test_a_screen_reader_has_a_name_for_everything(opened, of_clothes):
    page = opened(of_clothes)
    tree = page.locator("body").aria_snapshot()
    controls = [
        line.strip(" -:")
        for line in tree.splitlines()
        if line.strip(" -").split(" ")[0].rstrip(":")
        in ("button", "combobox", "slider", "spinbutton", "img", "application")
    ]
    assert len(controls) > 80
    assert not [line for line in controls if '"' not in line]


def test_everything_comes_from_the_folder_and_fits_a_phone_at_night(blank, address):
    asked = []
    blank.on("request", lambda request: asked.append(request.url))
    blank.goto(address)
    blank.wait_for_function("document.querySelector('.tiles span')?.textContent")
    assert any(url.endswith(".wasm") for url in asked)
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert blank.evaluate("document.documentElement.scrollWidth") <= 390
    assert blank.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] < 64")


def test_the_card_has_scores_beside_real_data_and_figures(opened):
    page = opened()
    row = page.get_by_role("row", name="fid").first
    assert row.locator("td").all_inner_texts() == ["2.319 ± 0.03", "0.02628"]
    assert "wgan-keras train wgan_gp_fashion_mnist --out runs/again" in page.locator("#card").inner_text()
    loaded = (
        "all => Promise.all(all.map(each => { each.loading = 'eager'; return each.decode(); })).then(() => all.length)"
    )
    assert page.locator("#card img").evaluate_all(loaded) == 2


@pytest.mark.parametrize(
    ("hash", "message"),
    [
        ("#model=nobody", "The link is to nobody, which is not on this page; wgan_gp_fashion_mnist is shown."),
        pytest.param(
            "#seed=-1",
            "The link has seed=-1, which this model does not have; the usual view is shown.",
            marks=pytest.mark.long,
        ),
        ("#a=0.64", "The link has a=64, which this model does not have; the usual view is shown."),
        pytest.param(
            "#x=d17",
            "The link has x=17, which this model does not have; the usual view is shown.",
            marks=pytest.mark.long,
        ),
        pytest.param(
            "#class=0",
            "The link has class=0, which this model does not have; the usual view is shown.",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_link_that_does_not_fit_says_so(opened, hash, message):
    page = opened(hash)
    assert page.get_by_role("alert").inner_text() == message
    assert page.locator(".tiles canvas").count() == 64


def test_a_browser_without_webassembly_is_told(blank, address):
    blank.add_init_script("delete window.WebAssembly")
    blank.goto(address)
    assert (
        blank.get_by_role("alert").inner_text().startswith("This browser has no WebAssembly, which runs the networks;")
    )


def test_a_missing_file_is_named(blank, address):
    blank.route("**/generator.onnx", lambda route: route.fulfill(status=404))
    blank.goto(address)
    message = (
        "models/wgan_gp_fashion_mnist/generator.onnx is missing (404); write the page again by wgan-keras explore."
    )
    assert blank.get_by_role("alert").inner_text() == message


def test_a_page_opened_as_a_file_says_how_to_serve_it(blank, folder):
    blank.goto((folder / "index.html").as_uri())
    assert "Serve this folder: wgan-keras explore" in blank.get_by_role("alert").inner_text()
