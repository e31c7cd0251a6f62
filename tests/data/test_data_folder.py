"""Folders of pictures: exact pixels for every mode, and what is wrong named."""

import os
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


def test_every_tenth_picture_in_sorted_order_is_held_out(tmp_path):
    names = [f"{'b' if number % 3 else 'a/deep'}/{number:02}.PNG" for number in range(25)]
    for number, name in enumerate(names):
        save(tmp_path / name, np.full((8, 8), number, np.uint8))
    (tmp_path / ".thumbs").mkdir()
    (tmp_path / ".thumbs" / "x.png").write_bytes(b"")
    (tmp_path / "._00.png").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no picture")
    order = [int(name[-6:-4]) for name in sorted(names)]
    test = data.load_raw(tmp_path, "test", image_size=8)[:, 0, 0, 0].tolist()
    train = data.load_raw(tmp_path, "train", image_size=8)[:, 0, 0, 0].tolist()
    assert test == [order[9], order[19]]
    assert train == [number for number in order if number not in test]


def test_a_folder_as_a_dataset(tmp_path):
    for number in range(12):
        save(tmp_path / f"{number:02}.png", flat((number, 0, 255)))
    dataset = data.load(str(tmp_path), image_size=8, seed=0)
    assert dataset.element_spec.shape == (8, 8, 3) and len(dataset) == 11
    reds = sorted(round((float(image[0, 0, 0]) + 1) * 127.5) for image in dataset)
    assert reds == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]


def test_check_folder_counts_and_names(tmp_path):
    save(tmp_path / "a.png", flat((1, 2, 3), (5, 7)))
    save(tmp_path / "b.png", flat((1, 2, 3, 4), (20, 10)))
    save(tmp_path / "sub/c.png", flat((1, 2, 3), (3, 30)))
    (tmp_path / "sub/empty.jpg").write_bytes(b"")
    report = data.check_folder(tmp_path)
    assert (report.count, report.smallest, report.largest) == (3, (7, 5), (10, 20))
    assert report.modes == {"RGB": 2, "RGBA": 1}
    assert [name for name, _ in report.unreadable] == ["sub/empty.jpg"]
    assert "3 pictures, 1 unreadable" in str(report) and "7x5 to 10x20" in str(report)
    assert "unreadable: sub/empty.jpg: UnidentifiedImageError" in str(report)


def test_truncated_pictures_are_found(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for name in ("a.png", "b.jpg", "c.webp", "d.bmp"):
        save(tmp_path / name, noise)
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-1500])
    save(tmp_path / "good.png", noise)
    named = [name for name, _ in data.check_folder(tmp_path).unreadable]
    assert named == ["a.png", "b.jpg", "c.webp", "d.bmp"]


def test_unreadable_pictures_are_one_error_that_names_ten(tmp_path):
    for number in range(13):
        (tmp_path / f"{number:02}.png").write_bytes(b"no picture")
    save(tmp_path / "good.png", flat((1, 2, 3)))
    with pytest.raises(ValueError, match=r"13 of 14 pictures in .* cannot be read") as error:
        data.load(tmp_path, image_size=8)
    assert str(error.value).count(".png (UnidentifiedImageError") == 10
    assert "09.png" in str(error.value) and "10.png" not in str(error.value)
    assert "and 3 more; remove or repair them" in str(error.value)


def test_folders_without_pictures(tmp_path):
    with pytest.raises(ValueError, match=r"no pictures in .*; expected files that end in .png"):
        data.load(tmp_path, image_size=8)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ValueError, match=r"no pictures in .*; expected files that end in .png"):
        data.load(tmp_path, image_size=8)
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(ValueError, match=r"1 of 1 pictures in .* cannot be read"):
        data.check_folder(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no folder .*missing"):
        data.check_folder(tmp_path / "missing")


def test_too_few_pictures_for_a_test_split(tmp_path):
    save(tmp_path / "a.png", flat((1, 2, 3)))
    with pytest.raises(ValueError, match="holds 1 pictures: too few for the test split"):
        data.load(tmp_path, "test", image_size=8)


@pytest.mark.parametrize("image_size", [None, 0, 8.5])
def test_a_folder_needs_an_image_size(tmp_path, image_size):
    save(tmp_path / "a.png", flat((1, 2, 3)))
    with pytest.raises(
        ValueError, match=r"expected the side in pixels .* for example image_size=64 \(in the command --image-size 64\)"
    ):
        data.load(tmp_path, image_size=image_size)


@pytest.mark.parametrize("name", ["a.tif", "a.tiff", "a.jfif"])
def test_further_endings_are_read(tmp_path, name):
    save(tmp_path / name, flat((10, 20, 30)), format="JPEG" if name.endswith("jfif") else "TIFF")
    np.testing.assert_allclose(only(tmp_path), np.broadcast_to(np.uint8([10, 20, 30]), (8, 8, 3)), atol=2)


def test_what_is_no_picture_is_passed_over_and_told(tmp_path):
    folder = tmp_path / "pictures"
    save(folder / "a.png", flat((1, 2, 3)))
    os.mkfifo(folder / "pipe.png")  # to open it would take for ever
    (folder / "linked").symlink_to(tmp_path)
    (folder / "gone.png").symlink_to(tmp_path / "nothing.png")
    (folder / "device.png").symlink_to("/dev/zero")
    save(tmp_path / "outside.png", flat((1, 2, 3)))
    (folder / "b.png").symlink_to(tmp_path / "outside.png")  # a link to a file is as good as the file
    for name in ("1.txt", "2.TXT", "README"):
        (folder / name).write_text("text")
    report = data.check_folder(folder)
    assert (report.count, report.unreadable) == (2, ())
    assert report.left_out == {
        "pipes, sockets or devices": 2,
        ".txt": 2,
        "links to folders": 1,
        "links to nothing": 1,
        "files without an ending": 1,
    }
    assert "left out: " in str(report) and "2 .txt" in str(report) and "1 links to folders" in str(report)
    assert len(data.load_raw(folder, image_size=8)) == 2
    (folder / "a.png").unlink()
    (folder / "b.png").unlink()
    with pytest.raises(ValueError, match=r"no pictures in .*\.webp; it holds .*2 \.txt"):
        data.check_folder(folder)


def test_a_folder_that_cannot_be_listed_is_named(tmp_path, monkeypatch):
    """By a `scandir` that fails, as root may list everything; of hidden folders and lost+found nobody asks."""
    save(tmp_path / "a.png", flat((1, 2, 3)))
    for name in (".hidden", "lost+found", "locked"):
        (tmp_path / name).mkdir()
    scandir = os.scandir

    def refused(path):
        if os.path.basename(path) in ("locked", "lost+found", ".hidden"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(PermissionError, match=r"locked cannot be listed \(Permission denied\).* make it readable"):
        data.load(tmp_path, image_size=8)
    (tmp_path / "locked").rmdir()
    assert data.check_folder(tmp_path).count == 1


def test_the_root_of_all_files_is_no_folder_of_pictures():
    with pytest.raises(ValueError, match="/ is the root of all files; expected a folder of pictures below it"):
        data.check_folder("/")


def test_what_memory_cannot_hold_is_refused_with_its_size(tmp_path, monkeypatch):
    for i in range(3):
        save(tmp_path / f"{i}.png", flat((1, 2, 3)))
    monkeypatch.setattr("wgan_keras.runtime.memory.limit", lambda: 2**20)
    with pytest.raises(ValueError, match=r"3 images as float32 would take 1.37 MiB .* are 1 MiB; use load or stream"):
        data.load_arrays(tmp_path, image_size=200)
    with pytest.raises(ValueError, match=r"image_size=100000 .* at most 16,384"):
        data.load_raw(tmp_path, image_size=100_000)
