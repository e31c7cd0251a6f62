"""A web server for this machine alone."""

import errno
import functools
import http.server
import pathlib

_HOST = "127.0.0.1"
_TAKEN = (errno.EADDRINUSE, errno.EACCES)


class _Handler(http.server.SimpleHTTPRequestHandler):
    # Browsers compile WebAssembly while it arrives, and take modules at all, only under these names.
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")  # the folder may be written again
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is for the page's address."""


def bind(folder: pathlib.Path, port: int) -> http.server.ThreadingHTTPServer:
    """A server of `folder`, which need not be there yet, at a port of this machine; 0 takes any that is free.

    Raises:
        OSError: the port is taken, or not for this user.
    """
    try:
        return http.server.ThreadingHTTPServer((_HOST, port), functools.partial(_Handler, directory=str(folder)))
    except OSError as error:
        if error.errno not in _TAKEN:
            raise
        raise OSError(f"Port {port} is taken, or not yours to open; choose another by --port, or 0 for any.") from None


def address(server: http.server.ThreadingHTTPServer) -> str:
    """What to open in the browser."""
    return f"http://{_HOST}:{server.server_port}/"
