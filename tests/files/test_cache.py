"""Where the cache lies."""

import pathlib

import pytest

from wgan_keras.files.cache import cache_folder


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("/data/cache", "/data/cache"),
        ("~/fast", "/home/me/fast"),
        ("", "/home/me/.cache"),
        ("cache", "/home/me/.cache"),
        ("~nobody_of_that_name/cache", "/home/me/.cache"),
        (None, "/home/me/.cache"),
    ],
)
def test_the_cache_lies_where_the_user_says_in_full(monkeypatch, named, expected):
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if named is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", named)
    assert cache_folder() == pathlib.Path(expected, "wgan_keras")
