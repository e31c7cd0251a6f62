"""Verbs of the command `wgan-keras` that are a module each."""
