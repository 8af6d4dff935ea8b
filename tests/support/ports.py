"""Ports that really carry frames: a network of the tests' own, pairs of virtual cables in it, and traffic over them."""

import ctypes
import os
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.namespace import ip
from tests.support.parts import need_root

_NEW_NETWORK = 0x40000000
_ETHERTYPE = 0x88B5
"""Set aside for local experiments (IEEE 802)."""

FRAME_OCTETS = 1_400
"""Octets of one frame, as interfaces count them."""

_FRAME = b"\xff" * 6 + b"\x02\0\0\0\0\x01" + _ETHERTYPE.to_bytes(2, "big") + bytes(FRAME_OCTETS - 14)


@contextmanager
def own_network() -> Iterator[None]:
    """Put the calling thread, and all that it starts, into a network that is empty but for loopback (root)."""
    need_root()
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _check(libc.unshare(_NEW_NETWORK))
        ip("link set lo up")
        yield
    finally:
        _check(libc.setns(before, _NEW_NETWORK))
        os.close(before)


def lay(cables: Iterable[tuple[str, str, int]]) -> None:
    """Lay cables; both ends of each are up and count from 0.

    Args:
        cables: Name of the near end, name of the far end, ifIndex of the near end; the far end has 100 more.
    """
    for near, far, index in cables:
        ip(f"link add {near} index {index} type veth peer name {far} index {index + 100}")
    for near, far, _ in cables:
        ip(f"link set {near} up")
        ip(f"link set {far} up")


def take_away(*near: str) -> None:
    """Take cables away, with all that their ends have counted."""
    for name in near:
        ip(f"link del {name}")


def index_of(name: str) -> int:
    """Return the ifIndex of an interface."""
    return socket.if_nametoindex(name)


class Traffic:
    """Sends a frame out of each of some ports every 0.1 s, whatever happens to them, until it is stopped."""

    def __init__(self, *ports: str) -> None:
        """Begin at once, in the calling thread's network."""
        self._ports = ports
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def bps(self) -> float:
        """Return the bit/s that each port carries when nothing is pushed."""
        return 8 * FRAME_OCTETS / 0.1

    def push(self, port: str, octets: int, seconds: float) -> None:
        """Send so many octets more out of a port, evenly; returns when all are sent."""
        pause = threading.Event()
        steps = max(1, round(seconds / 0.02))
        with _opened(port) as sock:
            for step in range(steps):
                for _ in range(octets * (step + 1) // steps // FRAME_OCTETS - octets * step // steps // FRAME_OCTETS):
                    sock.send(_FRAME)
                pause.wait(seconds / steps)

    def stop(self) -> None:
        """Send no more."""
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.wait(0.1):
            for port in self._ports:
                try:
                    with _opened(port) as sock:
                        sock.send(_FRAME)
                except OSError:
                    continue  # the cable is being taken away or laid


def _opened(port: str) -> socket.socket:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    try:
        sock.bind((port, 0))
    except OSError:
        sock.close()
        raise
    return sock


def counted(folder: Path, *, bits: int, bases: dict[str, int]) -> str:
    """Return the lines of net-snmp's configuration by which an agent's octet counters begin at chosen values.

    An interface of Linux counts from 0 in 64 bits and cannot be set; real traffic is added to the bases, and the sum
    wraps at the counter's end. Nothing is cached on the way, so the agent tells what was counted this moment.

    Args:
        folder: Where the bases are kept; they are read when the agent starts.
        bits: 32 for a device without ifXTable, 64 for one with it.
        bases: Port to its first value; 0 for those that are missing.
    """
    rebase(folder, bases)
    columns = {32: ("1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.2.2.1.16"), 64: _HIGH}[bits]
    script = Path(__file__).with_name("passing.py")
    words = f"/usr/bin/env -i {_python()} -IS {script} {folder / 'bases'} {bits}"
    return "\n".join(
        f"pass_persist -p 20 .{column} {words} {direction} .{column}"
        for column, direction in zip(columns, ("in", "out"), strict=True)
    )


_HIGH = ("1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.10")


def rebase(folder: Path, bases: dict[str, int]) -> None:
    """Let the counters begin at other values from the agent's next start on."""
    lines = (f"{port} {base}\n" for port, base in bases.items())
    (folder / "bases").write_text("".join(lines), encoding="ascii")


def _python() -> str:
    return os.path.realpath("/proc/self/exe")


def _check(failed: int) -> None:
    if failed:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
