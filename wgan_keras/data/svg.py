"""Drawings (SVG) to pictures, by resvg."""


def rasterize(drawing: str, side: int) -> bytes:
    """A drawing as a PNG file with transparency; fonts of the machine are left aside.

    Args:
        drawing: an SVG document.
        side: pixels on its longer side.

    Raises:
        ImportError: resvg_py is not installed.
        ValueError: it is no SVG document.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise ImportError(
            f"these pictures come as drawings, which resvg_py makes pixels of ({error}); "
            "pip install 'wgan_keras[svg]', or: pip install resvg_py"
        ) from error
    return resvg_py.svg_to_bytes(svg_string=drawing, width=side, height=side, skip_system_fonts=True)
