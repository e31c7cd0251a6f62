"""Ports of this machine for processes that train together."""

import socket


def free(count: int) -> list[int]:
    """So many ports that nobody listens at now."""
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
