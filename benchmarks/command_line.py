"""The command line of a module that is run as `python -m MODULE`, whose docstring is its help."""

import argparse


def parser(module: str, docstring: str) -> argparse.ArgumentParser:
    """A parser without arguments; the help shows the docstring as it is written."""
    plain = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(f"python -m {module}", description=docstring, formatter_class=plain)
