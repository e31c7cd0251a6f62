"""A folder that is replaced as a whole: what of others it may not hold, and where it may lie."""

import os

import pytest

from wgan_keras import export
from wgan_keras.explore import folder
from wgan_keras.export import FORMATS
from wgan_keras.files.contents import Contents
from wgan_keras.files.saving import whole_folder

CONTENTS = Contents("a page", "page.html", ("page.html", "style"))


def write(path, contents=CONTENTS):
    with whole_folder(path, contents) as folder:
        folder.mkdir()
        (folder / contents.mark).write_text("new")


def page(path):
    path.mkdir(parents=True)
    (path / "page.html").write_text("old")
    (path / "style").mkdir()
    (path / "style/former").touch()
    return path


def test_an_empty_folder_and_one_of_the_same_kind_are_replaced(tmp_path):
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", page(tmp_path / "page"), tmp_path / "new"):
        write(path)
        assert [each.name for each in path.iterdir()] == ["page.html"] and (path / "page.html").read_text() == "new"
    assert len(os.listdir(tmp_path)) == 3


@pytest.mark.parametrize(
    "contents", [CONTENTS, folder.CONTENTS, FORMATS["savedmodel"].contents], ids=lambda each: each.kind
)
def test_what_somebody_put_there_is_not_removed(tmp_path, contents):
    (tmp_path / contents.mark).write_text("old")
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").touch()
    expected = rf" holds \.git, notes\.txt beside {contents.kind}; move that away, or name a new folder\.$"
    with pytest.raises(ValueError, match=expected):
        write(tmp_path, contents)
    assert sorted(os.listdir(tmp_path)) == sorted([contents.mark, ".git", "notes.txt"])


def test_what_is_put_there_while_it_is_written_is_not_removed_either(tmp_path):
    path = page(tmp_path / "page")
    with pytest.raises(ValueError, match=r"holds notes\.txt beside a page"), whole_folder(path, CONTENTS) as folder:
        folder.mkdir()
        (path / "notes.txt").touch()
    assert (path / "notes.txt").exists() and os.listdir(tmp_path) == ["page"]


def test_a_folder_or_file_of_something_else_is_not_replaced(tmp_path):
    (tmp_path / "style").mkdir()
    (tmp_path / "page.html").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file"):
        with pytest.raises(ValueError, match=r"holds something else than a page; name a new folder\.$"):
            write(path)


def test_of_a_link_the_target_is_replaced(tmp_path):
    target, link = page(tmp_path / "target"), tmp_path / "link"
    link.symlink_to(target)
    write(link)
    assert link.is_symlink() and (target / "page.html").read_text() == "new" and not (target / "style").exists()
    (tmp_path / "ahead").symlink_to(tmp_path / "later")
    write(tmp_path / "ahead")
    assert (tmp_path / "ahead").is_symlink() and (tmp_path / "later/page.html").exists()


@pytest.mark.parametrize("out", [".", "..", "../style"])
def test_the_folder_that_the_command_runs_in_is_refused(tmp_path, monkeypatch, out):
    monkeypatch.chdir(page(tmp_path / "page") / "style")
    with pytest.raises(ValueError, match=r"the folder that this command runs in|something else than a page"):
        write(out)
    assert (tmp_path / "page/style/former").exists()


def test_an_empty_folder_that_the_command_runs_in_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expected = r"^\. is the folder that this command runs in, .* name a new folder in it, or run this from outside\.$"
    for refused in (lambda: write("."), lambda: folder.write([], "."), lambda: export.write(None, ".", "savedmodel")):
        with pytest.raises(ValueError, match=expected):
            refused()
