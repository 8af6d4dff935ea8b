"""`quang collect`: from settings to running processes."""

import asyncio
import fcntl
import logging
import os
import signal
import socket
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Final

import uvloop

from collector.collector import Collector
from collector.doors import OpenDoors
from collector.memory import keep_in_order
from collector.probe import Probe, Result, run
from collector.probes import PROBES
from collector.series.server import listener
from collector.settings import BadSettings, Settings
from collector.target import Credential, Target
from collector.workers import Workers

log = logging.getLogger(__name__)

LOCK_S: Final = 5.0
"""Seconds to wait for a predecessor that is ending to leave the state folder."""


def main(settings: Settings) -> int:
    """Run the collector until SIGTERM or SIGINT.

    Returns:
        0 after an orderly end, 1 if it could not start or failed; the reason stands in the log.
    """
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings.tokens()
        settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _lock(settings.state)
        sockets = _sockets(settings)
    except (OSError, BadSettings) as error:
        log.critical("the collector cannot start: %s", error)
        return 1
    url = settings.url or _own_url(sockets[0])
    try:
        if settings.workers == 1:
            return work(settings, url, sockets, 0)
        return Workers(settings.workers, partial(work, settings, url, sockets)).run()
    finally:
        os.close(lock)


def work(settings: Settings, url: str | None, sockets: list[socket.socket], worker: int, parent: int = -1) -> int:
    """Run one worker to its end.

    Args:
        settings: What the collector was told.
        url: Where Prometheus reaches worker 0.
        sockets: One listening socket per worker.
        worker: Which one this is.
        parent: A pipe that becomes readable when the parent is gone, or -1.

    Returns:
        The exit status.
    """
    status = 0
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_work(settings, url, sockets[worker], worker, parent))
    except* (OSError, BadSettings, sqlite3.Error) as errors:
        log.critical("the collector cannot work: %s", "; ".join(str(error) for error in errors.exceptions))
        status = 1
    return status


async def _work(settings: Settings, url: str | None, sock: socket.socket, worker: int, parent: int) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if parent >= 0:
        loop.add_reader(parent, stop.set)
    order = asyncio.create_task(keep_in_order())
    async with OpenDoors(settings.state / "refused.db", settings.tokens()[0]) as doors:

        async def ask(probe: Probe, target: Target, credential: Credential | None) -> Result:
            return await run(probe, target, credential, doors)

        await Collector(settings, worker, PROBES, ask).run(sock, url, stop)
    order.cancel()


def _sockets(settings: Settings) -> list[socket.socket]:
    if settings.listen_fds:
        return [socket.socket(fileno=number) for number in settings.listen_fds]
    return [listener(settings.host, settings.port + worker) for worker in range(settings.workers)]


def _own_url(sock: socket.socket) -> str | None:
    """Return where a socket is reached, or `None` if it listens on every address and nobody can tell."""
    host, port = sock.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        log.warning("set `url`: the collector listens on every address, so Prometheus cannot be told where it is")
        return None
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _lock(state: Path) -> int:
    """Make sure that no other collector works in the folder; the lock ends with the process."""
    number = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + LOCK_S
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(number)
                raise OSError(f"another collector works in {state}") from None
            time.sleep(0.1)
        else:
            return number
