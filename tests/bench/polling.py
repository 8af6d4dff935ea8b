"""Our side of the comparisons: polling, with or without the page, in this process."""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from types import TracebackType
from typing import Self, TypeVar

import uvloop

from collector.doors import OpenDoors
from collector.probe import Result, Sample, run
from collector.probes import PROBES
from collector.series.exposition import render
from collector.series.results import Results
from collector.target import Credential, Target

T = TypeVar("T")

WINDOW = 200
"""Polls under way at once, as the collector's own lanes have them."""


class Polling:
    """Open doors on an event loop that stands still between two rounds; used as a context."""

    def __init__(self, targets: Sequence[Target], credential: Credential | None) -> None:
        self.targets = list(targets)
        self._credential = credential
        self._results = Results()
        for target in self.targets:
            self._results.keep(target, "network")

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._doors = self._runner.run(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._close())
        self._runner.close()

    def round(self, *, pages: bool = False) -> float:
        """Poll each target once, and return the processor time of this process in seconds.

        Args:
            pages: Whether the results are kept and their page is rendered.

        Raises:
            AssertionError: A poll failed.
        """
        results, taken = self._timed(self._polled(pages))
        if failed := [result for result in results if not result.success]:
            raise AssertionError(f"{len(failed)} polls failed: {failed[0].reason} {failed[0].detail}")
        return taken

    def samples(self) -> Sequence[Sample]:
        """Return what one poll of the first target brings."""
        return self._timed(self._ask(self.targets[0]))[0].samples

    async def _polled(self, pages: bool) -> list[Result]:
        window = asyncio.Semaphore(WINDOW)

        async def one(target: Target) -> Result:
            async with window:
                result = await self._ask(target)
            if pages:
                self._results.record(result)
            return result

        results = await asyncio.gather(*map(one, self.targets))
        if pages:
            for site in dict.fromkeys(target.site for target in self.targets):
                for _ in render(self._results.page(("network", site)) or ()):
                    pass
        return results

    async def _ask(self, target: Target) -> Result:
        return await run(PROBES[target.probe], target, self._credential, self._doors)

    def _timed(self, work: Awaitable[T]) -> tuple[T, float]:
        async def go() -> T:
            return await work

        began = time.process_time()
        value = self._runner.run(go())
        return value, time.process_time() - began

    async def _open(self) -> OpenDoors:
        return await OpenDoors().__aenter__()

    async def _close(self) -> None:
        self._doors.close()
