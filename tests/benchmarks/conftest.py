"""Benchmarks at toy size: a few updates each, which take less time than XLA would take to compile them."""

import pytest

from wgan_keras.models.adversarial import AdversarialModel


@pytest.fixture
def without_xla(monkeypatch):
    """Games are traced but not compiled by XLA until the test ends."""
    compile_game = AdversarialModel.compile

    def compile_without(self, *args, jit_compile=None, **kwargs):
        compile_game(self, *args, jit_compile=False, **kwargs)

    monkeypatch.setattr(AdversarialModel, "compile", compile_without)
