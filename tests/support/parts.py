"""Outside parts that tests need: a missing one is a skip on a laptop and a failure where `CI` is set."""

import os
import shutil
import socket
from typing import NoReturn

import pytest


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
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
