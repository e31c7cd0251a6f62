import tracemalloc

import keras
import numpy as np
import pytest
from PIL import Image

import wgan_keras as wk
from wgan_keras import plots
from wgan_keras.models.exporting import _served
from wgan_keras.objectives import OBJECTIVES
from wgan_keras.penalties import PENALTIES
from wgan_keras.samples.forms import Grid


def test_pixels_are_rounded_and_clipped():
    assert plots.to_uint8([-1.0, 0.0, 1.0, -3.0, 3.0, 1 / 127.5 - 1]).tolist() == [0, 128, 255, 0, 255, 1]


def test_an_image_survives_the_round_trip_through_png(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype="uint8")
    plots.save_png(plots.image(pixels / 127.5 - 1), tmp_path / "one.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "one.png")), pixels)


def test_a_grid_shows_every_image_at_its_place():
    images = np.linspace(-1, 1, 6).reshape(6, 1, 1, 1) * np.ones((6, 64, 64, 1))
    sheet = np.asarray(plots.grid(images, columns=3))
    assert sheet.shape == (2 * 66 + 2, 3 * 66 + 2)
    centers = [[sheet[2 + 66 * row + 32, 2 + 66 * column + 32] for column in range(3)] for row in range(2)]
    assert np.ravel(centers).tolist() == plots.to_uint8(images[:, 0, 0, 0]).tolist()


def test_a_grid_has_no_more_columns_than_images():
    assert plots.grid(np.zeros((2, 64, 64, 1)), columns=20_000).size == (2 * 66 + 2, 66 + 2)
    assert plots.series(np.zeros((2, 8, 1)), columns=20_000).size == plots.series(np.zeros((2, 8, 1)), columns=2).size


def test_the_memory_of_a_grid_is_foretold():
    images = np.zeros((9, 64, 32, 3), "float32")
    tracemalloc.start()
    sheet = plots.grid(images, columns=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    foretold = plots.grid_bytes(9, (64, 32, 3), columns=2)
    assert foretold == sheet.width * sheet.height * 7
    assert peak < foretold + 3 * images.nbytes  # with what makes pixels of them


def test_small_images_are_enlarged_by_a_whole_factor_without_blur():
    sheet = np.asarray(plots.grid(np.random.default_rng(0).uniform(-1, 1, (1, 28, 28, 1))))
    tile = sheet[2:-2, 2:-2]
    assert np.array_equal(tile[::2, ::2].repeat(2, 0).repeat(2, 1), tile)


def test_four_channels_are_drawn_as_color_and_opacity(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 4), dtype="uint8")
    sheet = plots.sheet(pixels / 127.5 - 1, columns=5)
    assert sheet.mode == "RGBA"
    assert np.array_equal(np.asarray(sheet)[2:66, 2 + 4 * 66 : 66 + 4 * 66], pixels[4])
    plots.save_png(sheet, tmp_path / "four.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "four.png")), np.asarray(sheet))


def test_series_are_drawn_each_in_its_tile_with_a_color_a_channel():
    """Curves in the third tile of four, the others empty: below on the left."""
    samples = np.full((4, 16, 2), np.nan)
    samples[2] = np.stack([np.linspace(-1, 1, 16), np.linspace(1, -1, 16)], axis=-1)
    picture = np.asarray(plots.sheet(samples)).astype(int)
    drawn = np.argwhere((picture < 255).any(axis=2))
    middle = np.array(picture.shape[:2]) / 2
    assert drawn[:, 0].min() > middle[0] - 20 and drawn[:, 1].max() < middle[1] + 20
    red, _, blue = np.moveaxis(picture, 2, 0)
    assert np.sum(blue > red + 100) > 100 and np.sum(red > blue + 100) > 100  # the first two colors


@pytest.mark.parametrize("shape", [(4, 8, 8, 2), (4, 8, 8, 5), (4, 3), (4,), (4, 2, 8, 8, 3)])
def test_what_no_picture_shows_is_refused(shape):
    with pytest.raises(ValueError, match="a picture"):
        plots.sheet(np.zeros(shape))


@pytest.mark.parametrize("shape", [(2,), (8, 2), (4, 4, 1)])
def test_a_sheet_of_a_conditional_game_asks_for_labels_itself(shape):
    """After a training on vectors that are no classes, of which a game draws none."""
    sizes = {"units": 4, "depth": 1, "classes": 3}
    generator = wk.networks.mlp_generator(shape, 2, **sizes)
    model = wk.GAN(generator, wk.networks.mlp_critic(shape, **sizes), seed=0)
    model.compile(run_eagerly=True)
    mixed = np.full((4, 3), 0.3, "float32")
    model.fit(np.zeros((4, *shape), "float32"), mixed, batch_size=4, verbose=0)
    with pytest.raises(ValueError, match="were no classes, so that none can be drawn"):
        model.sample(6)
    assert plots.sample_sheet(model, 6, seed=0).width > 100


@pytest.mark.parametrize(("end", "black"), [("tanh", -1), ("sigmoid", 0)])
def test_pictures_are_black_where_the_generator_ends(end, black, tmp_path):
    """On sheets, in samples for files and in exported networks; uint8 images come to TensorBoard as they do to fit."""
    z = keras.Input((2,))
    x = keras.layers.Dense(16, kernel_initializer="zeros", bias_initializer=keras.initializers.Constant(-99))(z)
    generator = keras.Model(z, keras.layers.Activation(end)(keras.layers.Reshape((4, 4, 1))(x)))
    model = wk.GAN(generator, wk.networks.mlp_critic((4, 4, 1), units=1, depth=1), seed=0)
    assert np.all(model.sample(2) == black)
    assert np.asarray(plots.sample_sheet(model, 1, seed=0))[8:-8, 8:-8].max() == 0
    assert np.all(next(Grid(model, 2).shown()) == -1)
    latents = np.zeros((1, 2), "float32")
    assert np.all(_served(model, "generator", "uint8")(latents)["images"] == 0)
    bytes_ = np.arange(16, dtype="uint8").reshape(1, 4, 4, 1)
    scores = model.critic(bytes_ / 255 * (1 - black) + black)
    np.testing.assert_allclose(_served(model, "critic", "uint8")(bytes_)["scores"], scores, atol=1e-5)
    board = wk.callbacks.TensorBoard(tmp_path, images=bytes_)
    board.set_model(model)
    board.on_train_begin()
    np.testing.assert_allclose(board._scores()["real"], scores, atol=1e-5)
    board.on_train_end()


def test_curves_show_the_score_by_which_a_state_was_chosen():
    rows = [{"iteration": i, "js_estimate": 0.5, "val_js_estimate": 0.4} for i in (1, 2)]
    scored = [row | {"val_fid": 9 / row["iteration"], "val_kid": 0.1} for row in rows]
    widths = [plots.curves(each).width for each in (rows, scored)]
    assert widths[1] == 2 * widths[0]  # a panel more, for the first score alone


def test_curves_show_values_that_only_some_rows_have():
    """Held-out values of some epochs alone, as with validation_freq; they are drawn and not left out or refused."""
    rows = [{"iteration": i, "wasserstein_estimate": 1 / i} for i in (1, 2, 3, 4)]
    without = np.asarray(plots.curves(rows))
    held_out = [row | {"val_wasserstein_estimate": 0.5} if row["iteration"] > 2 else row for row in rows]
    assert not np.array_equal(plots.curves(held_out), without)


@pytest.mark.parametrize("registry", [PENALTIES, OBJECTIVES])
def test_curves_have_a_panel_for_all_that_parts_log(registry):
    logged = {name for part in registry.values() for name in part.log_names}
    drawn = {name for _, names in plots._panels(dict.fromkeys(logged)) for name in names}
    assert logged <= drawn


def test_panels_of_one_title_are_each_drawn_where_their_values_were_logged(monkeypatch):
    ours, theirs = ("DRAGAN penalty", ("dragan",)), ("DRAGAN penalty", ("of_another_part",))
    other = type("Other", (wk.penalties.Penalty,), {"panels": dict([theirs])})
    monkeypatch.setitem(PENALTIES._things, "other", other)
    assert plots._panels({"dragan": None}) == [ours]
    assert plots._panels({"of_another_part": None}) == [theirs]
    assert plots._panels({"dragan": None, "of_another_part": None}) == [ours, theirs]
