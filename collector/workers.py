"""Several processes of one collector, forked before any thread or event loop exists, and restarted when one dies.

Every worker has its own socket, bound by the parent, so a restarted worker answers at the same address. Workers end
when the parent does, however it ends: they watch the other end of a pipe that only the parent holds open.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

log = logging.getLogger(__name__)

CALM_S: Final = 10.0
"""A worker that lived shorter than this is made again only after `PAUSE_S`."""

PAUSE_S: Final = 2.0

Work = Callable[[int, int], int]
"""`(worker, pipe) -> exit status`; the pipe becomes readable when the parent is gone."""


class Workers:
    """The parent's side."""

    def __init__(self, count: int, work: Work) -> None:
        self._count, self._work = count, work
        self._read, self._write = os.pipe()
        self._born: dict[int, tuple[int, float]] = {}
        self._stopping = False

    def run(self) -> int:
        """Run all workers until SIGTERM or SIGINT, then end them; return the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for worker in range(self._count):
            self._make(worker)
        while self._born:
            pid, status = os.waitpid(-1, 0)
            worker, born = self._born.pop(pid, (-1, 0.0))
            if worker < 0 or self._stopping:
                continue
            log.error("worker %d ended with %d; it is started again", worker, os.waitstatus_to_exitcode(status))
            if time.monotonic() - born < CALM_S:
                time.sleep(PAUSE_S)
            if not self._stopping:
                self._make(worker)
        return 0

    def _make(self, worker: int) -> None:
        pid = os.fork()
        if pid == 0:
            os.close(self._write)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            status = 1
            try:
                status = self._work(worker, self._read)
            except Exception:
                log.exception("worker %d failed", worker)
            finally:
                os._exit(status)
        self._born[pid] = (worker, time.monotonic())
        if self._stopping:
            os.kill(pid, signal.SIGTERM)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for pid in list(self._born):
            os.kill(pid, signal.SIGTERM)
