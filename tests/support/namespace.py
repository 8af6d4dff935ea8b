"""A network of one's own for the length of a test: a thread in a new network namespace (root)."""

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.parts import need, need_root

_NEW_NETWORK, _NEW_MOUNTS = 0x40000000, 0x20000
_CAPABILITY_VERSION = 0x20080522
_NET_RAW = 13


def alone(act: Callable[[], Any], *, mounts: bool = False) -> Any:
    """Run `act` in a thread whose network is empty but for loopback, and return what it returns.

    What the thread starts lives in that network too; it ends with the last socket or program in it.

    Args:
        act: What to do.
        mounts: Whether file systems that others mount meanwhile shall not be seen there either.
    """
    need_root()

    def enter() -> None:
        _check(ctypes.CDLL(None, use_errno=True).unshare(_NEW_NETWORK | (_NEW_MOUNTS if mounts else 0)))
        ip("link set lo up")
        if mounts:
            subprocess.run([need("mount"), "--make-rprivate", "/"], check=True, capture_output=True, timeout=60)

    return _in_thread(enter, act)


def within(name: str, act: Callable[[], Any]) -> Any:
    """Run `act` in a thread whose network is the namespace of that name (`ip netns add`); return what it returns."""

    def enter() -> None:
        with Path(f"/run/netns/{name}").open("rb") as space:
            _check(ctypes.CDLL(None, use_errno=True).setns(space.fileno(), _NEW_NETWORK))

    return _in_thread(enter, act)


def _in_thread(enter: Callable[[], None], act: Callable[[], Any]) -> Any:
    done: dict[str, Any] = {}

    def inside() -> None:
        try:
            enter()
            done["value"] = act()
        except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
            done["error"] = error

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    if "error" in done:
        raise done["error"]
    return done["value"]


def ip(command: str) -> None:
    """Run `ip` with a command, in the calling thread's network."""
    subprocess.run([need("ip"), *command.split()], check=True, capture_output=True, timeout=60)


def without_net_raw() -> None:
    """Take CAP_NET_RAW from the calling thread for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)()
    _check(libc.capget(header, data))
    data[0] &= ~(1 << _NET_RAW) & 0xFFFFFFFF
    _check(libc.capset(header, data))


def _check(failed: int) -> None:
    if failed:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
