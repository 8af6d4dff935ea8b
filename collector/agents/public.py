"""A slower stand-in for `collector/agents/session.py`: the same requests through the library's public client."""

import asyncio
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Final

from collector.agents.numbers import numbers
from collector.agents.plan import GET_MAX, OCTETS_MAX, REPETITIONS_MAX, ROWS_MAX, SYS_UP_TIME, Column, Value, Verdict
from collector.probe import ProbeFailure

_OURS: Final = (ProbeFailure, asyncio.CancelledError, KeyboardInterrupt, SystemExit)
"""What is no error of the library."""


class PublicSession:
    """A conversation with one agent over the public client: one poll at a time.

    An error-status cannot be read here: it looks like an empty answer.

    Attributes:
        used_at: Loop time of the last poll.
        memory: What probes remember of this agent between polls.
    """

    def __init__(self, client: Callable[[], Any], judge: Callable[[BaseException], Verdict], *, tries: int) -> None:
        self._make = client
        self._judge = judge
        self._tries = tries
        self._client: Any = None
        self._turn = asyncio.Lock()
        self.used_at = 0.0
        self.memory: dict[str, Any] = {}

    @property
    def busy(self) -> bool:
        """Return whether a poll is running or waiting."""
        return self._turn.locked()

    def allow(self, try_s: float) -> None:
        """Do nothing: how long the library waits is settled when its client is made."""

    async def get(self, oids: Sequence[str]) -> dict[str, Value]:
        """Do as `Session.get`."""
        return (await self.poll(oids, ()))[0]

    async def walk(self, columns: Sequence[str]) -> list[Column]:
        """Do as `Session.walk`."""
        return (await self.poll((), columns))[1]

    async def cells(
        self, scalars: tuple[str, ...], columns: tuple[str, ...], indexes: tuple[str, ...]
    ) -> tuple[dict[str, Value], list[Value | None]]:
        """Do as `Session.cells`."""
        wanted = [f"{column}.{index}" for column in columns for index in indexes]
        found = await self.get([*scalars, *wanted])
        return {oid: found[oid] for oid in (SYS_UP_TIME, *scalars) if oid in found}, list(map(found.get, wanted))

    async def numbers(
        self, scalars: tuple[str, ...], columns: tuple[str, ...], indexes: tuple[str, ...]
    ) -> "tuple[dict[str, Value], array[float]]":
        """Do as `Session.numbers`."""
        found, values = await self.cells(scalars, columns, indexes)
        return found, numbers(values, [f"{column}.{index}" for column in columns for index in indexes])

    async def poll(self, oids: Sequence[str], columns: Sequence[str]) -> tuple[dict[str, Value], list[Column]]:
        """Do as `Session.poll`."""
        async with self._turn:
            self.used_at = asyncio.get_running_loop().time()
            try:
                found = await self._get(oids)
                return found, [await self._column(column) for column in columns]
            except ProbeFailure:
                self.close()
                raise

    def close(self) -> None:
        """Forget the client; the next poll makes another."""
        self._client = None

    async def _get(self, oids: Sequence[str]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        wanted = [oid for oid in oids if oid != SYS_UP_TIME]
        for at in range(0, max(1, len(wanted)), GET_MAX - 1):
            reply = await self._ask([SYS_UP_TIME, *wanted[at : at + GET_MAX - 1]])
            if reply.get(SYS_UP_TIME) is None:
                raise ProbeFailure("snmp_empty", SYS_UP_TIME)
            found.update({oid: value for oid, value in reply.items() if value is not None})
        return found

    async def _ask(self, chunk: list[str]) -> dict[str, Any]:
        for _ in range(self._tries):
            try:
                if self._client is None:
                    client = self._make()
                    await client.refresh()
                    self._client = client
                reply: dict[str, Any] = await self._client.get_many(chunk)
            except TimeoutError:
                continue
            except _OURS:
                raise
            except BaseException as error:  # noqa: BLE001 - the library's errors and panics end here
                raise self._failure(error) from None
            return reply
        raise ProbeFailure("snmp_no_answer")

    async def _column(self, base: str) -> Column:
        rows: Column = {}
        last: tuple[int, ...] = ()
        octets = 0
        try:
            async for oid, value in self._client.getbulk(base, REPETITIONS_MAX):
                index = oid[len(base) + 1 :]
                octets += len(value) if isinstance(value, bytes) else 0
                last = _next(base, index, last, full=len(rows) >= ROWS_MAX or octets > OCTETS_MAX)
                rows[index] = value
        except TimeoutError:
            raise ProbeFailure("snmp_stalled") from None
        except _OURS:
            raise
        except BaseException as error:  # noqa: BLE001 - the library's errors and panics end here
            raise self._failure(error) from None
        return rows

    def _failure(self, error: BaseException) -> ProbeFailure:
        return ProbeFailure("snmp_refused" if self._judge(error) == "refused" else "snmp_garbled")


def _next(base: str, index: str, last: tuple[int, ...], *, full: bool) -> tuple[int, ...]:
    key = tuple(map(int, index.split("."))) if index else ()
    if key <= last:
        raise ProbeFailure("snmp_circular", index)
    if full:
        raise ProbeFailure("snmp_endless", base)
    return key
