"""Pictures of folders: exact pixels for every mode, at the size that is asked for."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from wgan_keras import data


def save(path, pixels, mode=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels), mode).save(path, **options)


def flat(color, size=(8, 8)):
    return np.full((*size, len(color)), color, np.uint8)


def only(folder, size=8):
    """The one train picture of a folder."""
    images = data.load_raw(folder, image_size=size)
    assert len(images) == 1
    return images[0]


def test_a_picture_of_the_right_size_keeps_its_pixels(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    save(tmp_path / "a.png", pixels)
    np.testing.assert_array_equal(only(tmp_path), pixels)
    np.testing.assert_array_equal(data.load_arrays(tmp_path, image_size=8)[0], data.scale(pixels))


def test_alpha_is_composited_over_white(tmp_path):
    pixels = flat((200, 0, 100, 255))
    pixels[0, 0, 3] = 0
    pixels[0, 1, 3] = 51  # a fifth
    save(tmp_path / "a.png", pixels)
    image = only(tmp_path)
    assert image[0, 0].tolist() == [255, 255, 255]
    assert image[0, 1].tolist() == [244, 204, 224]  # 255 - (255 - color) / 5
    assert image[1, 1].tolist() == [200, 0, 100]


def test_colors_under_full_transparency_do_not_bleed_when_resized(tmp_path):
    pixels = flat((255, 0, 0, 0), (64, 64))
    save(tmp_path / "a.png", pixels)
    assert only(tmp_path).min() == 255


def test_palette_with_a_transparent_color(tmp_path):
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30, 250, 0, 0])
    palette.putpixel((0, 0), 2)
    palette.putpixel((1, 0), 0)
    palette.save(tmp_path / "a.png", transparency=2)
    image = only(tmp_path)
    assert image[0, 0].tolist() == [255, 255, 255]
    assert image[0, 1].tolist() == [0, 0, 0]
    assert image[1, 1].tolist() == [10, 20, 30]


def test_the_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    for name in ("a.gif", "b.webp"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], lossless=True)
    images = data.load_raw(tmp_path, image_size=8)
    assert len(images) == 2
    np.testing.assert_allclose(images, np.broadcast_to(np.uint8([255, 0, 0]), (2, 8, 8, 3)), atol=2)


def test_gray_pictures_keep_one_channel(tmp_path):
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    save(tmp_path / "a.png", pixels)
    save(tmp_path / "b.png", np.stack([pixels, np.full_like(pixels, 128)], axis=-1))  # LA, half transparent
    save(tmp_path / "c.png", pixels.astype(np.uint16) * 257)  # 16 bits
    Image.new("1", (8, 8), 1).save(tmp_path / "d.bmp")
    images = data.load_raw(tmp_path, image_size=8)
    assert images.shape == (4, 8, 8, 1)
    np.testing.assert_array_equal(images[0, ..., 0], pixels)
    np.testing.assert_allclose(images[1, ..., 0], 255 - (255.0 - pixels) * 128 / 255, atol=1)
    np.testing.assert_array_equal(images[2, ..., 0], pixels)
    assert images[3].min() == 255


GRAYS = np.arange(16).reshape(4, 4)


@pytest.mark.parametrize(("name", "kind"), [("a.png", "<u2"), ("a.tif", "<u2"), ("a.tif", ">u2"), ("a.ppm", "int32")])
def test_16_bits_are_scaled_to_8(tmp_path, name, kind):
    Image.fromarray((GRAYS * 4369).astype(kind)).save(tmp_path / name)
    (tmp_path / name).rename(tmp_path / "a.png")
    np.testing.assert_array_equal(only(tmp_path, 4)[..., 0], GRAYS * 17)


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize(
    ("bits", "color", "rows", "key"),
    [
        (2, 0, b"\0\x1b", (1,)),  # shades 0, 1, 2, 3
        (4, 0, b"\0\x05\xaf", (5,)),  # 0, 5, 10, 15
        (16, 2, b"\0" + bytes(6) + bytes.fromhex("123456789abc") + 2 * bytes(6), (0x1234, 0x5678, 0x9ABC)),
    ],
)
def test_the_transparent_shade_of_a_png_of_other_bits_is_white(tmp_path, bits, color, rows, key):
    head = struct.pack(">IIBBBBB", 4, 1, bits, color, 0, 0, 0)
    key = struct.pack(f">{len(key)}H", *key)
    parts = ((b"IHDR", head), (b"tRNS", key), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))
    image = only(tmp_path, (1, 4))
    assert image[0, 1].tolist() == [255] * image.shape[-1] and image[0, 0].max() == 0


def test_the_transparent_shade_of_16_bits_is_white(tmp_path):
    Image.fromarray((GRAYS * 4369).astype("uint16")).save(tmp_path / "a.png", transparency=4369)
    assert only(tmp_path, 4)[0, :, 0].tolist() == [0, 255, 34, 51]


@pytest.mark.parametrize("kind", ["float32", "int32", "white at 0", "12 bits", "signed"])
def test_numbers_that_do_not_say_what_is_white_are_unreadable(tmp_path, kind):
    """Pillow opens all of them, and as nearly black."""
    tags = {"white at 0": {262: 0}, "12 bits": {339: 1}, "signed": {339: 2}}.get(kind, {})
    pixels = GRAYS.astype("uint16" if tags else kind)
    Image.fromarray(pixels).save(tmp_path / "a.tif", tiffinfo=tags)
    if kind == "12 bits":  # which Pillow reads and does not write: the tag BitsPerSample, one short
        bits = struct.Struct("<HHIH")
        whole = (tmp_path / "a.tif").read_bytes()
        (tmp_path / "a.tif").write_bytes(whole.replace(bits.pack(258, 3, 1, 16), bits.pack(258, 3, 1, 12)))
    save(tmp_path / "b.png", GRAYS.astype("uint8"))
    expected = r"1 of 2 pictures in .*a\.tif \(ValueError: its pixels are .*; save it with 8 bits, or with 16 unsigned"
    with pytest.raises(ValueError, match=expected):
        data.load_raw(tmp_path, image_size=4)
    ((name, reason),) = data.check_folder(tmp_path).unreadable
    assert name == "a.tif" and "no scale in common" in reason


def test_one_colored_picture_makes_all_rgb_in_both_splits(tmp_path):
    for number in range(10):
        save(tmp_path / f"{number}.png", np.full((8, 8), number, np.uint8))
    assert data.load_raw(tmp_path, "train", image_size=8).shape == (9, 8, 8, 1)
    save(tmp_path / "9.png", flat((1, 2, 3)))  # the tenth: the test split
    train = data.load_raw(tmp_path, "train", image_size=8)
    assert train.shape == (9, 8, 8, 3)
    assert train[:, 0, 0].tolist() == [[number] * 3 for number in range(9)]
    assert data.load_raw(tmp_path, "test", image_size=8)[0, 0, 0].tolist() == [1, 2, 3]


def test_the_center_of_a_wide_picture(tmp_path):
    pixels = np.concatenate([flat((255, 0, 0), (8, 4)), flat((0, 255, 0)), flat((0, 0, 255), (8, 4))], axis=1)
    save(tmp_path / "wide.png", pixels)
    np.testing.assert_array_equal(only(tmp_path), flat((0, 255, 0)))
    (tmp_path / "wide.png").unlink()
    save(tmp_path / "tall.png", pixels.transpose(1, 0, 2))
    np.testing.assert_array_equal(only(tmp_path), flat((0, 255, 0)))


def test_resizing_is_antialiased(tmp_path):
    checks = (np.indices((64, 64)).sum(0) % 2 * 255).astype(np.uint8)
    save(tmp_path / "a.png", checks)
    np.testing.assert_allclose(only(tmp_path)[2:-2, 2:-2], 127.5, atol=2)  # not 0s and 255s


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16"])
def test_small_pictures_grow_and_sideways_ones_are_turned(tmp_path, mode):
    turned = Image.Exif()
    turned[0x0112] = 6  # orientation: turn a quarter clockwise to see it upright
    pixels = np.uint8([[0, 255]]).repeat(2, 0)
    image = Image.fromarray(pixels.astype("uint16") * 257) if mode == "I;16" else Image.fromarray(pixels).convert(mode)
    assert image.mode == mode
    image.save(tmp_path / "a.png", exif=turned)
    image = only(tmp_path)
    assert image.shape[:2] == (8, 8)
    assert image[0].max() < 60 and image[-1].min() > 195


@pytest.mark.parametrize("form", ["jpg", "png", "webp", "profile"])
def test_damaged_metadata_of_a_whole_picture_do_no_harm(tmp_path, form):
    garbage = {"exif": b"Exif\0\0garbage that is no TIFF"}
    pixels = np.uint8([[0, 255]]).repeat(2, 0).repeat(4, 0).repeat(4, 1)
    if form == "profile":
        text = PngImagePlugin.PngInfo()
        text.add_text("Raw profile type exif", "\nexif\n  4\nnot hexadecimal\n")
        save(tmp_path / "a.png", pixels, pnginfo=text)
    elif form == "jpg":
        save(tmp_path / "a.jpg", pixels, dpi=(72, 72), **garbage)
    else:
        save(tmp_path / f"a.{form}", pixels, lossless=True, **garbage)
    assert not data.check_folder(tmp_path).unreadable
    assert np.abs(only(tmp_path).astype(int)[..., 0] - pixels).max() <= 2  # JPEG's and WebP's rounding


@pytest.mark.parametrize("name", ["a.tif", "a.tiff", "a.jfif"])
def test_further_endings_are_read(tmp_path, name):
    save(tmp_path / name, flat((10, 20, 30)), format="JPEG" if name.endswith("jfif") else "TIFF")
    np.testing.assert_allclose(only(tmp_path), np.broadcast_to(np.uint8([10, 20, 30]), (8, 8, 3)), atol=2)
