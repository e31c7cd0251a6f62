"""The size of images on the command line: a side, or width and height."""

import pytest
from typer.testing import CliRunner

from wgan_keras.cli import app
from wgan_keras.cli.options import image_size_of


def test_a_pair_is_width_and_height_and_becomes_height_and_width():
    assert (image_size_of("64"), image_size_of("96x64"), image_size_of("064")) == (64, (64, 96), 64)


@pytest.mark.parametrize("verb", ["train", "evaluate", "tune"])
@pytest.mark.parametrize("text", ["64x", "x64", "64x64x3", "6.4", "-64", "", "sixty", "123456", "²"])
def test_another_form_is_one_line(verb, text):
    result = CliRunner().invoke(app, [verb, "--image-size", text, *(["a"] if verb == "evaluate" else [])])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert f"{text!r} is no size; expected a side such as 64, or a width and height, 96x64." in result.output
