"""Samples of a trained game as pictures, films and files."""
