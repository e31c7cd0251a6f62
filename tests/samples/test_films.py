"""Films: their pictures, their loop, and what is refused."""

import sys

import numpy as np
import pytest
from PIL import Image

import wgan_keras as wk
from wgan_keras.data.pictures import flatten
from wgan_keras.models.sampling import draw_latents, lerp, slerp
from wgan_keras.runtime import memory
from wgan_keras.samples import films, opening, writing
from wgan_keras.samples.forms import FORMS


def gray(values, side=6):
    return [Image.fromarray(np.full((side, side), value, "uint8")) for value in values]


def pictures(path):
    with Image.open(path) as film:
        for i in range(film.n_frames):
            film.seek(i)
            yield np.asarray(film.convert("L"))


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_pictures_come_back_in_their_order_and_the_film_starts_again(suffix, tmp_path):
    path = tmp_path / f"film{suffix}"
    assert films.write(iter(gray([0, 100, 255])), path, fps=25) == 3
    assert [int(picture[0, 0]) for picture in pictures(path)] == [0, 100, 255]
    with Image.open(path) as film:
        film.load()
        assert (film.info["loop"], film.info["duration"]) == (0, 40)


@pytest.mark.needs_video
def test_an_mp4_holds_the_pictures_at_even_sides(tmp_path):
    import imageio_ffmpeg

    assert films.write(gray([0, 120, 250], side=33), tmp_path / "film.mp4", fps=5) == 3
    about, *frames = imageio_ffmpeg.read_frames(tmp_path / "film.mp4")
    assert (about["size"], about["fps"], len(frames)) == ((34, 34), 5, 3)
    inner = [np.frombuffer(frame, "uint8").reshape(34, 34, 3)[:30, :30].mean() for frame in frames]
    np.testing.assert_allclose(inner, [0, 120, 250], atol=4)


def blue(left):
    """Blue on one side; the other side is red where nobody sees it, but a pixel that is half red."""
    pixels = np.full((32, 32, 4), (255, 0, 0, 0), "uint8")
    pixels[:, slice(16) if left else slice(16, 32)] = (0, 0, 255, 255)
    pixels[16:, 0] = pixels[16:, -1] = (255, 0, 0, 128)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("suffix", [".gif", ".webp", pytest.param(".mp4", marks=pytest.mark.needs_video)])
def test_opacity_lets_through_white_and_no_picture_before(suffix, tmp_path):
    path = tmp_path / f"film{suffix}"
    films.write(iter([blue(left=True), blue(left=False)]), path, fps=5)
    if suffix == ".mp4":
        import imageio_ffmpeg

        _, _, frame = imageio_ffmpeg.read_frames(path)
        shown = np.frombuffer(frame, "uint8").reshape(32, 32, 3)
    else:
        with Image.open(path) as film:
            film.seek(1)
            shown = np.asarray(flatten(film))
    np.testing.assert_allclose(shown[4, [4, 27]], [(255, 255, 255), (0, 0, 255)], atol=8)
    if suffix != ".mp4":  # which halves the colors' resolution
        np.testing.assert_allclose(shown[20, 0], (255, 127, 127), atol=2)


def test_an_mp4_without_its_package_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ImportError, match=r"pip install 'wgan_keras\[video\]'; or write a \.gif or \.webp\.$"):
        films.write(gray([0]), tmp_path / "film.mp4", fps=5)
    assert list(tmp_path.iterdir()) == []


def test_a_film_of_pictures_of_two_sizes_is_not_written(tmp_path):
    with pytest.raises(ValueError, match=r"Picture 1 of the film has \(5, 5\) pixels; expected \(6, 6\), as before"):
        films.write([*gray([0]), *gray([0], side=5)], tmp_path / "film.gif", fps=5)
    assert list(tmp_path.iterdir()) == []


def test_pixels_are_enlarged_by_a_whole_factor():
    picture = films.enlarged(Image.fromarray(np.array([[0, 255], [9, 3]], "uint8")), side=5)
    np.testing.assert_array_equal(picture, np.array([[0, 255], [9, 3]]).repeat(3, 0).repeat(3, 1))


@pytest.mark.parametrize("prior", ["normal", "uniform"])
def test_a_loop_passes_its_latents_and_closes(tiny, prior):
    game = tiny(latent_prior=prior)
    path = game.loop(3, 4, seed=1)
    assert path.shape == (3, 4, 2)
    latents = np.asarray(draw_latents(prior, 3, 2, 1))
    np.testing.assert_allclose(path[:, 0], game.sample(latents=latents), atol=1e-6)
    between = {"normal": slerp, "uniform": lerp}[prior](latents[2:], latents[:1], 5)[0, :4]
    np.testing.assert_allclose(path[2], game.sample(latents=between), atol=1e-5)


def test_a_loop_fades_from_class_to_class():
    generator = wk.networks.mlp_generator((2,), 2, units=4, depth=1, classes=2)
    game = wk.GAN(generator, wk.networks.mlp_critic((2,), units=4, depth=1, classes=2))
    path = game.loop(2, 2, seed=0, labels=[0, 1])
    start, end = np.asarray(draw_latents("normal", 2, 2, 0))
    middle = slerp(start[None], end[None], 3)[0, 1]
    expected = game.sample(latents=[start, middle], labels=np.float32([[1, 0], [0.5, 0.5]]))
    np.testing.assert_allclose(path[0], expected, atol=1e-6)


@pytest.fixture(scope="module")
def pictured():
    """A game of gray pictures."""
    return wk.GAN(
        wk.networks.mlp_generator((4, 4, 1), 2, units=4, depth=1), wk.networks.mlp_critic((4, 4, 1), units=4, depth=1)
    )


def test_a_video_shows_the_loop(pictured, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "open_model", lambda name: pictured)
    told = writing.write("game", tmp_path / "walk.gif", n=6, seed=2, form="video", columns=3)
    assert told == f"a film of 6 pictures to {tmp_path / 'walk.gif'}"
    shown = list(pictures(tmp_path / "walk.gif"))
    assert shown[0].shape == (256, 256)
    expected = np.rint((pictured.loop(2, 3, seed=2)[..., 0] + 1) * 127.5).reshape(6, 4, 4)
    np.testing.assert_allclose([picture[::64, ::64] for picture in shown], expected, atol=1)


def test_a_training_is_shown_from_its_grids(tmp_path):
    (tmp_path / "samples").mkdir()
    for epoch, picture in zip((1, 2, 10_000), gray([10, 20, 30]), strict=True):
        picture.save(tmp_path / f"samples/epoch_{epoch:04d}.png")
    writing.write(tmp_path, tmp_path / "film.webp", form="training")
    assert [int(picture[0, 0]) for picture in pictures(tmp_path / "film.webp")] == [10, 20, 30]


def test_a_damaged_grid_is_named(tmp_path):
    (tmp_path / "samples").mkdir()
    for epoch, picture in enumerate(gray([10, 20]), 1):
        picture.save(tmp_path / f"samples/epoch_{epoch:04d}.png")
    (tmp_path / "samples/epoch_0002.png").write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match=r"epoch_0002\.png is no whole picture \(.*\); remove it"):
        writing.write(tmp_path, tmp_path / "film.webp", form="training")
    assert not (tmp_path / "film.webp").exists()


@pytest.mark.parametrize("out", ["samples.png", "folder"])
def test_classes_of_a_game_without_labels_are_refused(out, pictured, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "open_model", lambda name: pictured)
    with pytest.raises(ValueError, match="takes no labels, so that there are no classes"):
        writing.write("game", tmp_path / out, form="classes")


def test_samples_are_not_put_beside_other_pictures(pictured, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "open_model", lambda name: pictured)
    for _ in range(2):  # the second time in place of the first
        writing.write("game", tmp_path / "folder", n=11, seed=0)
    before = {path.name: path.read_bytes() for path in (tmp_path / "folder").iterdir()}
    assert sorted(before) == [f"{i:02d}.png" for i in range(11)]
    (tmp_path / "folder/about.txt").touch()
    (tmp_path / "folder/.killed.png").touch()
    for n in (10, 9, 101):
        with pytest.raises(FileExistsError, match=r"holds other pictures, such as \d\d\.png, .* name a new folder"):
            writing.write("game", tmp_path / "folder", n=n, seed=1)
    below = tmp_path / "folder/below/00.png"  # whoever reads the folder reads it too
    below.parent.mkdir()
    below.touch()
    with pytest.raises(FileExistsError, match=r"such as below/00\.png"):
        writing.write("game", tmp_path / "folder", n=11, seed=0)
    below.unlink()
    below.parent.rmdir()
    writing.write("game", tmp_path / "folder", n=11, seed=0)
    for name in ("about.txt", ".killed.png"):
        (tmp_path / "folder" / name).unlink()
    assert {path.name: path.read_bytes() for path in (tmp_path / "folder").iterdir()} == before


def test_samples_are_counted_with_their_columns(pictured, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "open_model", lambda name: pictured)
    monkeypatch.setattr(memory, "limit", lambda: 10**7)
    with pytest.raises(ValueError, match="1,000,000 samples"):
        writing.write("game", tmp_path / "walk.png", n=64, form="interpolation", columns=1_000_000)
    monkeypatch.setattr(memory, "limit", lambda: 10**6)  # of 64 samples 2,048 bytes, and 5 for each pixel of the sheet
    with pytest.raises(ValueError, match=r"^64 samples would take 1\.04 MiB of memory"):
        writing.write("game", tmp_path / "sheet.png")


@pytest.mark.parametrize("form", FORMS)
def test_columns_that_are_not_given_are_the_forms_own(form):
    assert FORMS[form](None, 64).columns == FORMS[form].usual_columns


@pytest.mark.parametrize(
    ("form", "out", "options", "message"),
    [
        (
            "grid",
            "x.gif",
            {},
            r"for the form grid a name that ends in \.png or \.npz, or a folder's name\. Or take the ",
        ),
        ("video", "x.png", {}, r"for the form video a name that ends in \.gif or .*Or take the form grid or interpol"),
        ("training", "x.txt", {}, r"for the form training a name that ends in \.gif or \.webp or \.mp4\.$"),
        ("training", "x.gif", {"seed": 1}, r"^seed would change nothing here: the grids were drawn in training"),
        ("training", "x.gif", {"n": 5, "labels": ["a"]}, r"^n, labels would change nothing here"),
        ("classes", "x.npz", {"n": 64}, r"^n would change nothing here: there is a row for each class"),
        ("grid", "x.npz", {"columns": 7}, r"^columns would change nothing here: a grid has columns only as a picture"),
        ("grid", "x.png", {"columns": 7}, r"^columns would change nothing here: .*, of images or series"),
        ("grid", "folder", {"columns": 7}, r"^columns would change nothing here"),
        ("grid", "x.png", {"n": 0}, r"^n is 0; expected a whole number, at least 1 and at most 1,000,000,000,000\.$"),
        ("grid", "x.png", {"columns": 0}, r"^columns is 0; expected .* at most 1,000,000\.$"),
        ("grid", "x.png", {"seed": -1}, r"^seed is -1; expected .* at most 4,294,967,295\.$"),
        ("video", "x.gif", {}, r"no images, of shape \(2,\); a film shows images"),
    ],
)
def test_what_a_form_or_its_file_cannot_hold_is_refused(form, out, options, message, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "open_model", lambda name: tiny())
    with pytest.raises(ValueError, match=message):
        writing.write(tmp_path, tmp_path / out, form=form, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_grids_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no .*samples/epoch_0001\.png; expected the folder of a run"):
        writing.write(tmp_path, tmp_path / "film.gif", form="training")
