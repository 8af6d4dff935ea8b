"""Delivers reports to the API: first to disk, then over the network, in order, until each is confirmed."""

import asyncio
import logging
import sqlite3
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from collector.upstream.client import Client, Refused, Unreachable
from collector.upstream.reports import PACKED, Report
from collector.upstream.sealing import Unsealable, seal, unseal
from collector.upstream.spool import BATCH, Spool

log = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between two attempts while the API is away; the last one is repeated."""

GATHER_S: Final = 0.05
"""Seconds that a report waits for others, so that they share one write to the disk."""

MOST_IN_MEMORY: Final = 20_000
"""Reports that may wait for the disk."""

_BAD_CONTENT: Final = frozenset({400, 413, 422})
"""The API understands who asks but not what: sending the same again would block the queue for ever."""

_BAD_PERHAPS: Final = frozenset({409, 410, 411, 414, 415, 431, 500, 501})
"""The API stumbles: over one report, or over everything. Only a report behind it that gets through tells which."""

MOST_TRIED: Final = 20
"""Reports that are tried one by one to find one that the API takes."""

_PURPOSE: Final = b"quang report 1"


class Delivery:
    """Two loops, so that a slow API never keeps a report from the disk.

    Attributes:
        lost: Reports dropped in memory because the disk was too slow.
    """

    def __init__(self, spool: Spool, client: Client) -> None:
        self._spool, self._client = spool, client
        self._new: deque[Report] = deque()
        self._written, self._added = asyncio.Event(), asyncio.Event()
        self._disk = ThreadPoolExecutor(1, "spool")
        self._most = BATCH
        self._writing = 0
        self._rows = spool.rows
        self._suspected: set[int] = set()
        self.lost = 0
        self._written.set()

    @property
    def waiting(self) -> int:
        """Return how many reports the API has not confirmed yet, in memory, on their way to the disk and on it."""
        return self._rows + self._writing + len(self._new)

    @property
    def dropped(self) -> int:
        """Return how many reports were dropped since the spool was made."""
        return self._spool.dropped + self.lost

    def add(self, reports: Sequence[Report]) -> None:
        """Take reports; returns at once. What in them is secret is sealed before it reaches the disk."""
        if reports:
            self._new.extend(self._sealed(report) for report in reports)
            while len(self._new) > MOST_IN_MEMORY:
                self._new.popleft()
                self.lost += 1
            self._added.set()

    async def run(self) -> None:
        """Write and send until cancelled; what is in memory is then written, and the spool closed."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._write_loop())
                group.create_task(self._send_loop())
        finally:
            self._disk.submit(self._put, self._taken())
            self._disk.submit(self._spool.close)
            self._disk.shutdown()

    async def _on_disk(self, act: Callable[..., T], *words: object) -> T:
        """Run an act of the spool on its one thread, so that no fsync holds up the polls.

        An act that was handed over is done even if the waiting is cancelled: nothing taken out of memory may be lost.
        """

        def acted() -> tuple[T, int]:
            return act(*words), self._spool.rows

        # The rows are those right behind this act: what is written later still counts as being written.
        done, self._rows = await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._disk, acted))
        return done

    async def _write_loop(self) -> None:
        while True:
            await self._added.wait()
            await asyncio.sleep(GATHER_S)
            self._added.clear()
            taken = self._taken()
            self._writing = len(taken)
            await self._on_disk(self._put, taken)
            self._writing = 0
            self._written.set()

    def _put(self, taken: list[Report]) -> None:
        """Write to the disk, if need be in a new file in place of a damaged one."""
        try:
            self._spool.put(taken)
        except sqlite3.DatabaseError as error:
            self._spool.renew(error)
            self._spool.put(taken)

    def _taken(self) -> list[Report]:
        taken = list(self._new)
        self._new.clear()
        return taken

    async def _send_loop(self) -> None:
        failures = 0
        while True:
            await self._written.wait()
            self._written.clear()
            try:
                while await self._send():
                    failures = 0
            except (Unreachable, Refused, sqlite3.OperationalError) as error:
                pause = RETRY_S[min(failures, len(RETRY_S) - 1)]
                failures += 1
                if failures == 1:
                    log.warning("%d reports wait on disk: %s", self.waiting, error)
                await asyncio.sleep(pause)
                self._written.set()
            except sqlite3.DatabaseError as error:
                await self._on_disk(self._spool.renew, error)

    async def _send(self) -> bool:
        """Send one batch; return whether there was one."""
        batch = await self._on_disk(self._spool.head, self._most)
        if not batch:
            return False
        numbers = [number for number, _ in batch]
        opened = [report for _, sealed in batch if (report := self._opened(sealed)) is not None]
        try:
            await self._client.report(opened)
        except (Refused, Unreachable) as error:
            if error.status in _BAD_CONTENT:
                await self._narrow(numbers, error)
                return True
            if error.status in _BAD_PERHAPS and await self._is_proven_bad(numbers, error):
                return True
            raise
        self._most = min(BATCH, self._most * 2)
        await self._on_disk(self._spool.done, numbers)
        return True

    def _sealed(self, report: Report) -> Report:
        secret = report.get(PACKED)
        if secret is None:
            return report
        token = next(iter(self._client.tokens()), "")
        return {**report, PACKED: b64encode(seal(secret.encode(), token, _PURPOSE)).decode()}

    def _opened(self, report: Report) -> Report | None:
        """Return a report as the API takes it; `None` for one that was sealed with a token that is gone."""
        sealed = report.get(PACKED)
        if sealed is None:
            return report
        try:
            return {**report, PACKED: unseal(b64decode(sealed), self._client.tokens(), _PURPOSE).decode()}
        except (Unsealable, ValueError):
            log.warning("a report of %s was sealed with a token that is gone; it is dropped", report.get("instance"))
            self.lost += 1
            return None

    async def _narrow(self, numbers: list[int], error: Refused | Unreachable) -> None:
        """Halve the batch until the one report that the API cannot take stands alone; that one is dropped."""
        if len(numbers) > 1:
            self._most = max(1, len(numbers) // 2)
            return
        await self._drop(numbers, error)

    async def _is_proven_bad(self, numbers: list[int], error: Refused | Unreachable) -> bool:
        """Drop the one report of a batch if the API stumbles over it and not over all; halve a longer batch.

        The reports behind it are tried one by one until one gets through. Those before it are then suspected: over
        which the API stumbles once more, that one is bad. Return whether there is something to do at once.
        """
        if len(numbers) > 1:
            self._most = max(1, len(numbers) // 2)
            return False
        if not self._suspected.isdisjoint(numbers):
            await self._drop(numbers, error)
            return True
        suspected = set(numbers)
        for number, sealed in (await self._on_disk(self._spool.head, MOST_TRIED))[1:]:
            try:
                if (report := self._opened(sealed)) is not None:
                    await self._client.report([report])
            except (Refused, Unreachable) as another:
                if another.status not in _BAD_PERHAPS:
                    raise
                suspected.add(number)
            else:
                await self._on_disk(self._spool.done, [number])
                self._suspected = suspected
                return True
        return False

    async def _drop(self, numbers: list[int], error: Refused | Unreachable) -> None:
        log.error("the API cannot take %d reports, which are dropped: %s", len(numbers), error)
        await self._on_disk(partial(self._spool.done, refused=True), numbers)
