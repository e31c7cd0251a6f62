"""Samples that other programs made: what is read, and what is refused."""

import json
import re
import shutil
import struct

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from wgan_keras import data, feature_cache, metrics, scoring
from wgan_keras.cli import app
from wgan_keras.data import Samples

PIXELS = np.random.default_rng(0).integers(0, 256, (12, 4, 6, 3)).astype("uint8")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "pictures"
    path.mkdir()
    for i, picture in enumerate(PIXELS):
        Image.fromarray(picture).save(path / f"{i:02d}.png")
    return path


def saved(tmp_path, array, **arrays):
    if arrays or array is None:
        np.savez(tmp_path / "samples.npz", **arrays)
        return tmp_path / "samples.npz"
    np.save(tmp_path / "samples.npy", array)
    return tmp_path / "samples.npy"


def test_a_folder_and_a_file_hold_the_same_pixels(folder, tmp_path):
    for path in (folder, saved(tmp_path, PIXELS), saved(tmp_path, None, samples=PIXELS, labels=np.arange(12))):
        np.testing.assert_array_equal(Samples(path).read((4, 6, 3), 12), PIXELS)


@pytest.mark.parametrize("name", ["arr_0", "mine"])
def test_an_array_under_another_name(name, tmp_path):
    np.testing.assert_array_equal(Samples(saved(tmp_path, None, **{name: PIXELS})).read((4, 6, 3), 12), PIXELS)


def test_of_more_samples_a_seed_chooses_some_without_replacement(folder):
    one, again, other = (Samples(folder).read((4, 6, 3), 6, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    rows = {picture.tobytes() for picture in PIXELS}
    assert len({picture.tobytes() for picture in one}) == 6 and {picture.tobytes() for picture in one} <= rows


def test_gray_pictures_fit_either_number_of_channels(tmp_path):
    gray = np.repeat(PIXELS[0, ..., :1], 3, axis=-1)
    Image.fromarray(gray).save(tmp_path / "0.png")
    Image.fromarray(gray[..., 0]).save(tmp_path / "1.png")
    np.testing.assert_array_equal(Samples(tmp_path).read((4, 6, 1), 2), np.stack([gray, gray])[..., :1])
    np.testing.assert_array_equal(Samples(tmp_path).read((4, 6, 3), 2), np.stack([gray, gray]))


def test_images_without_a_channel_axis_and_points_of_any_range(tmp_path):
    images = np.float64(PIXELS[..., 0]) / 127.5 - 1
    read = Samples(saved(tmp_path, images)).read((4, 6, 1), 12)
    assert read.dtype == np.float32 and np.abs(read[..., 0] - images).max() < 1e-6
    points = np.float32([[5, -7], [0, 1]])
    np.testing.assert_array_equal(Samples(saved(tmp_path, points)).read((2,), 2), points)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (PIXELS / 255, r"floats from 0 to 1; expected \[-1, 1\]\. Take 2 \* samples - 1"),
        (PIXELS.astype("float32"), r"floats from 0 to 255; expected \[-1, 1\]"),
        (PIXELS.astype("int64"), r"holds int64; expected floats in \[-1, 1\], or uint8 in 0\.\.255"),
        (
            PIXELS.transpose(0, 3, 1, 2),
            r"of shape \(12, 3, 4, 6\); expected \('n', 4, 6, 3\).*transpose\(0, 2, 3, 1\)\.",
        ),
        (PIXELS[:, :3], r"of shape \(12, 3, 6, 3\); expected \('n', 4, 6, 3\), as the data\.$"),
        (PIXELS[:5], r"holds 5 samples, and the protocol takes 12; give more, or name a protocol of at most 5\.$"),
        (np.array(3.0), r"holds a single float64; expected an array"),
        (np.array([None]), r"holds no array of samples: .*Python objects"),
    ],
)
def test_arrays_that_are_no_samples_of_the_data(array, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        Samples(saved(tmp_path, array)).read((4, 6, 3), 12)


def test_pictures_of_another_size_or_in_color(folder):
    with pytest.raises(ValueError, match=r"12 of 12 pictures .*00\.png is 6x4 pixels; expected 8x8 pixels in color"):
        Samples(folder).read((8, 8, 3), 12)
    with pytest.raises(ValueError, match=r"00\.png is in color; expected 6x4 pixels in gray\. Nothing is resized here"):
        Samples(folder).read((4, 6, 1), 12)
    with pytest.raises(ValueError, match=r"holds pictures; expected samples of shape \('n', 2\), in an \.npz"):
        Samples(folder).read((2,), 12)
    (folder / "05.png").write_text("no picture")
    with pytest.raises(ValueError, match=r"1 of 12 pictures in .* cannot be read: .*05\.png"):
        Samples(folder).read((4, 6, 3), 12)


def test_what_holds_no_samples(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"is neither a folder nor a file; expected a folder of pictures"):
        Samples(tmp_path / "nowhere")
    (tmp_path / "text.npz").write_text("text")
    with pytest.raises(ValueError, match=r"text\.npz holds no array of samples: .*Expected numpy\.savez"):
        Samples(tmp_path / "text.npz")
    with pytest.raises(ValueError, match=r"its arrays are called a, b"):
        Samples(saved(tmp_path, None, a=PIXELS, b=PIXELS))


@pytest.mark.parametrize("what", ["content", "means"])
def test_a_packed_file_that_is_damaged_holds_no_samples(tmp_path, what):
    path = tmp_path / "packed.npz"
    np.savez_compressed(path, samples=PIXELS)
    whole = bytearray(path.read_bytes())
    begin = 30 + sum(struct.unpack_from("<HH", whole, 26))  # behind the entry's name
    place, byte = {"content": (begin, 255), "means": (whole.index(b"PK\1\2") + 10, 99)}[what]
    whole[place] = byte  # which begins no packed block, and names no means of packing
    path.write_bytes(whole)
    with pytest.raises(ValueError, match=r"packed\.npz holds no array of samples: .*Expected numpy\.savez"):
        Samples(path)


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_the_command_scores_one_folder_against_another(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: tmp_path / "cache")
    real = tmp_path / "real"
    real.mkdir()
    for i, pixels in enumerate(np.random.default_rng(1).integers(0, 256, (40, 4, 4, 3))):
        Image.fromarray(pixels.astype("uint8")).save(real / f"{i:02d}.png")
    same = tmp_path / "same"
    same.mkdir()
    for i in range(10, 50, 10):  # the test split is every tenth picture
        shutil.copy(real / f"{i - 1:02d}.png", same)
    report = tmp_path / "report.json"
    common = ("--data", real, "--image-size", 4, "--protocol", "w1_pixels_4", "--json", report)
    done = run("evaluate", "--samples", same, *common)
    assert done.exit_code == 0, done.output
    told = json.loads(report.read_text())
    assert (
        told["samples"] == str(same)
        and told["scores"]["wasserstein_1"] < 1e-6 < told["real_against_real"]["wasserstein_1"]
    )
    done = run("evaluate", "--samples", folder, *common)
    assert done.exit_code == 1 and "is 6x4 pixels; expected 4x4 pixels" in done.stderr
    done = run("evaluate", "--samples", same, "--data", real)
    assert done.exit_code == 1 and f"is to judge samples of {real}? Name a protocol (--protocol" in done.stderr
    for arguments in ((), ("gan_swiss_roll", "--samples", same)):
        done = run("evaluate", *arguments, *common)
        assert done.exit_code == 2 and "Give a model, or --samples, and not both." in re.sub(r"\s+", " ", done.stderr)


def test_samples_of_a_file_score_as_the_model_that_made_them(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(feature_cache, "cache_folder", lambda: tmp_path / "cache")
    evaluation = scoring.reference("w1_pixels_50", "swiss_roll")
    model = tiny()
    np.savez(tmp_path / "s.npz", samples=model.sample(50, seed=3))
    report = scoring.evaluate_samples(data.Samples(tmp_path / "s.npz"), evaluation)
    assert report.scores == pytest.approx(scoring.evaluate(model, evaluation, seed=3).scores)


def test_samples_whose_classes_are_stored_in_turn_score_as_shuffled_ones(tmp_path):
    """As `wgan-keras sample --label a --label b` writes them: every tenth sample is of one class."""

    def run(points):
        return points, np.eye(2, dtype="float32")[points[:, 0].astype(int)]

    protocol = metrics.Protocol("is_own_200", ("is",), "own", 200)
    points = np.tile(np.eye(2, dtype="float32"), (100, 1))
    evaluation = metrics.Evaluation.from_images(protocol, metrics.Extractor("own", run, {}), points, points)
    evaluation.sample_shape = (2,)
    np.save(tmp_path / "s.npy", points)
    scores = scoring.evaluate_samples(data.Samples(tmp_path / "s.npy"), evaluation).scores
    assert scores["inception_score"] == pytest.approx(2, abs=0.1)
