"""What pictures may become: other than square, cropped, padded or stretched, gray or color."""

import numpy as np
import pytest
from PIL import Image

from wgan_keras import data
from wgan_keras.data import emoji

RED, WHITE = [255, 0, 0], [255, 255, 255]


def only(folder, pixels, **options):
    """The one picture of a folder that is made of it."""
    Image.fromarray(np.asarray(pixels, np.uint8)).save(folder / "a.png")
    (image,) = data.load_raw(folder, **options)
    return image


def wide(height=8, width=16):
    """Red in the middle half, blue to its left, green to its right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 4, 2] = pixels[:, -width // 4 :, 1] = 255
    pixels[:, width // 4 : -width // 4, 0] = 255
    return pixels


def test_a_picture_of_the_size_keeps_its_pixels_however_it_is_resized(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 12, 3), np.uint8)
    for resize in ("crop", "pad", "stretch"):
        np.testing.assert_array_equal(only(tmp_path, pixels, image_size=(8, 12), resize=resize), pixels)


def test_the_pair_is_height_and_width_as_in_keras(tmp_path):
    assert only(tmp_path, wide(), image_size=(4, 8)).shape == (4, 8, 3)
    assert data.load(tmp_path, image_size=[4, 8]).element_spec.shape == (4, 8, 3)
    assert data.load_splits.__kwdefaults__["resize"] == "crop"


def test_crop_keeps_the_center(tmp_path):
    image = only(tmp_path, wide(), image_size=8)
    assert (image == RED).all()
    tall = only(tmp_path, wide().transpose(1, 0, 2), image_size=(8, 8))
    np.testing.assert_array_equal(tall, image)


@pytest.mark.parametrize("shape", [(4, 600, 3), (600, 4, 3)])
def test_pad_keeps_what_is_thinner_than_a_pixel(tmp_path, shape):
    image = only(tmp_path, np.zeros(shape, "uint8"), image_size=28, resize="pad")
    assert (image < 255).any(axis=-1).sum() == 28


def test_pad_keeps_everything_and_puts_white_around(tmp_path):
    image = only(tmp_path, wide(), image_size=16, resize="pad")
    np.testing.assert_array_equal(image[4:12], wide())
    assert (image[:4] == WHITE).all() and (image[12:] == WHITE).all()
    sides = only(tmp_path, wide().transpose(1, 0, 2), image_size=16, resize="pad")
    np.testing.assert_array_equal(sides, image.transpose(1, 0, 2))


def test_stretch_keeps_everything_and_not_its_shape(tmp_path):
    image = only(tmp_path, wide(), image_size=(16, 16), resize="stretch")
    np.testing.assert_array_equal(image[:, [0, 8, 15]], np.tile([[0, 0, 255], RED, [0, 255, 0]], (16, 1, 1)))
    assert (image == image[0]).all()


def test_gray_asked_for_is_the_luma_of_rec_601(tmp_path):
    image = only(tmp_path, np.full((4, 4, 3), [200, 100, 50]), image_size=4, channels=1)
    assert image.shape == (4, 4, 1)
    assert (image == round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)).all()


def test_color_asked_for_of_gray_pictures_has_three_equal_channels(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (4, 4), np.uint8)
    assert only(tmp_path, pixels, image_size=4).shape == (4, 4, 1)
    np.testing.assert_array_equal(
        data.load_raw(tmp_path, image_size=4, channels=3), pixels[None, ..., None].repeat(3, -1)
    )


def test_the_emoji_take_a_format_too(tmp_path, monkeypatch):
    Image.new("RGBA", (64, 64), (255, 0, 0, 255)).save(tmp_path / emoji._A_PICTURE)
    images = data.load_raw("emoji", data_dir=tmp_path, image_size=(32, 64), resize="pad", channels=1)
    assert images.shape == (1, 32, 64, 1)
    assert images[0, 0, [0, 32], 0].tolist() == [255, 76]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": (8,)}, r"image_size=\(8,\) .* expected the side in pixels .* or \(height, width\)"),
        ({"image_size": (8, 0)}, r"image_size=\(8, 0\)"),
        ({"image_size": (8, 8, 3)}, r"image_size=\(8, 8, 3\)"),
        ({"image_size": "8x8"}, "image_size='8x8'"),
        ({"image_size": 8, "resize": "fit"}, "resize is 'fit'; expected 'crop' or 'pad' or 'stretch'"),
        ({"image_size": 8, "channels": 4}, r"channels is 4; expected 1 or 3\."),
    ],
)
def test_another_format_is_refused(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        only(tmp_path, wide(), **options)


@pytest.mark.parametrize("options", [{"resize": "pad"}, {"channels": 3}])
def test_sets_with_images_of_their_own_take_none(options):
    with pytest.raises(
        ValueError, match="are for folders of pictures and sets of tensorflow-datasets; swiss_roll comes"
    ):
        data.load_raw("swiss_roll", **options)
