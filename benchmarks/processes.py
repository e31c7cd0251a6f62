"""Processes of a benchmark that run at once on this machine: their ports, and their shares of its cores."""

import os
import socket


def free_ports(count: int) -> list[int]:
    """So many ports that nobody listens at now."""
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def sharing_cores(count: int) -> dict[str, str]:
    """The environment of each of `count` processes, in which libraries start threads for its share of the cores."""
    threads = str(max(1, (os.cpu_count() or 1) // count))
    limits = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
    return {**os.environ, **dict.fromkeys(limits, threads)}
