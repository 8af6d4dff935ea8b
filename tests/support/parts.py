"""Outside parts that tests need: a missing one is a skip on a laptop and a failure where `CI` is set."""

import os
import random
import shutil
import socket
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Final, NoReturn

import pytest

_LOWEST: Final = 10_000
_HIGHEST: Final = 32_000
_SHARES: Final = 8
_RANGE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")


def need(program: str) -> str:
    """Return the path of an outside program, or skip (fail under `CI`) because it is not installed."""
    folders = os.environ.get("PATH", os.defpath) + os.pathsep + os.pathsep.join(("/usr/sbin", "/sbin"))
    path = shutil.which(program, path=folders)
    if path is None:
        missing(f"the program {program!r} is not installed")
    return path


def need_root() -> None:
    """Skip (fail under `CI`) unless the tests run as root."""
    if os.geteuid() != 0:
        missing("this test needs root")


def missing(what: str) -> NoReturn:
    """Skip with `what`, or fail where `CI` is set."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port of 127.0.0.1 that nobody listens on now and that nobody else is given by chance.

    The kernel takes the near end of each connection, and port 0, from a range of its own; a port found there may be in
    use again a moment later. These are from below it, one after the other, and each of several workers has its share.
    """
    ports = _ports()
    for _ in range(_HIGHEST):
        port = next(ports)
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("no port is left")


@cache
def _ports() -> Iterator[int]:
    """Return this worker's ports in an order by lot: what else runs tests on this machine draws another."""
    lowest_given = int(_RANGE.read_text(encoding="ascii").split()[0]) if _RANGE.exists() else _HIGHEST
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SHARES
    highest = min(_HIGHEST, lowest_given) if lowest_given > _LOWEST + 1_000 else _HIGHEST
    ports = list(range(_LOWEST + share, highest, _SHARES))
    random.SystemRandom().shuffle(ports)
    return cycle(ports)
