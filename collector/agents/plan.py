"""The requests of a poll, as generators that yield one request and are resumed with its answer.

They work around the library's pitfalls. It ignores the error-status, so an empty answer is requested again and decoded
here. It follows an agent in circles, so indexes must increase. It cannot hold a packet above 4,080 octets, so a garbled
answer is requested again in smaller parts.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, Literal, Protocol

from collector.agents.answer import ERROR_STATUS, TOO_BIG, raw_status
from collector.probe import ProbeFailure

Value = int | float | str | bytes
"""An integer of any kind, a float (opaque), an object identifier or IP address as text, or octets."""

Column = dict[str, Value]
"""Index (the part of the object identifier behind the column, dotted) to value, in the agent's order."""

SYS_UP_TIME: Final = "1.3.6.1.2.1.1.3.0"

GET_MAX: Final = 60
"""Object identifiers in one GET: more do not fit the library's 4,080 octets."""

ANSWER_MAX: Final = 1_400
"""Octets of the variable bindings in an answer about cells: with its head and a community of 40 octets it fills one
Ethernet frame (1,472 octets of UDP), and so is never sent in parts, which poor lines lose."""

ANSWER_MAX_V3: Final = 1_280
"""The same beside the head of v3, its user, engine and keys."""

ANSWER_MIN: Final = 300
"""An agent or a path that holds no larger packets is asked for no less at once."""

REPETITIONS_MAX: Final = 40
ROWS_MAX: Final = 20_000
"""Rows of one column; an agent that has more is cut off with a failure."""

OCTETS_MAX: Final = 4_000_000
"""Octets of text in one column; an agent that sends more is cut off with a failure."""

_FEW_ROWS: Final = 1_000
"""So many rows cannot hold `OCTETS_MAX`, so their text is not counted."""

_SIZE: Final = "octets"
"""Among the hints: how many octets of cells an agent was found to hold in one packet."""

_IF_ENTRY: Final = "1.3.6.1.2.1.2.2.1."
"""Columns of ifTable: none is wider than 32 bits."""

Verdict = Literal["again", "end", "closed", "refused", "garbled"]


class Wire(Protocol):
    """The library's non-blocking socket."""

    def get_fd(self) -> int: ...  # noqa: D102
    def send_get_many(self, oids: Sequence[str]) -> None: ...  # noqa: D102
    def recv_get_many(self) -> dict[str, Any]: ...  # noqa: D102
    def send_get_bulk(self, cursor: Any) -> None: ...  # noqa: ANN401, D102
    def recv_get_bulk(self, cursor: Any) -> list[tuple[str, Any] | None]: ...  # noqa: ANN401, D102


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """An open socket and what its library needs. It has no repr, because it holds keys.

    Attributes:
        wire: The socket.
        cursor: Makes the library's iterator over a column: `(object identifier, repetitions)`.
        judge: Says what an exception of the library means.
        refresh: Sends and receives a time synchronisation; `None` without user-based security.
        identify: Sets the user's keys once the engine is known; `None` without user-based security.
    """

    wire: Wire
    cursor: Callable[[str, int], object]
    judge: Callable[[BaseException], Verdict]
    refresh: "Step | None" = None
    identify: Callable[[], None] | None = None


Step = tuple[Callable[[], None], Callable[[], Any]]
"""Send one request; receive its answer or raise."""

Plan = Generator[Step, Any, Any]


class Garbled(Exception):
    """The answer is no SNMP, or longer than the library's buffer."""


class TooBig(Garbled):
    """The agent says that it cannot answer so much at once; its arguments are those of the failure if it never can."""


class Refused(Exception):
    """The agent does not accept the user, its keys or its clock."""


def poll(line: Line, oids: Sequence[str], columns: Sequence[str], hints: dict[str, int]) -> Plan:
    """Ask for instances, then for columns.

    Args:
        line: The open socket.
        oids: Instances.
        columns: Columns.
        hints: Rows of each column at the last poll; updated.

    Raises:
        ProbeFailure: As `Session.poll`.
        Garbled: An answer is no SNMP however little is asked.
    """
    found = yield from get(line, oids)
    walked = {}
    for column in columns:
        walked[column] = yield from _column(line, column, hints)
    return found, list(walked.values())


Keep = Callable[[tuple[Value | None, ...], tuple[str, ...]], Any]
"""Makes of the values of one packet, and of their object identifiers, what is kept; such parts can be added up."""


def cells(
    line: Line,
    scalars: tuple[str, ...],
    columns: tuple[str, ...],
    indexes: tuple[str, ...],
    hints: dict[str, int],
    *,
    keep: Keep,
) -> Plan:
    """Ask for scalars and for the cells of columns whose indexes are known, in as few packets as hold them.

    Args:
        line: The open socket.
        scalars: Instances that stand alone; `SYS_UP_TIME` is asked anyway.
        columns: Columns.
        indexes: Rows.
        hints: How many octets of cells fit a packet of this agent; lowered where an answer was too big.
        keep: What is kept of each packet's cells at once, so that their objects do not pile up until the last one.

    Raises:
        ProbeFailure: As `Session.cells` or `Session.numbers`.
        Garbled: An answer is no SNMP however little is asked.
    """
    size = hints.get(_SIZE, ANSWER_MAX if line.refresh is None else ANSWER_MAX_V3)
    found: dict[str, Value] = {}
    kept = keep((), ())
    skip = 1 + len(scalars)
    for packet in packets(scalars, columns, indexes, size):
        try:
            reply = yield from _get(line, packet)
        except Garbled:
            if size <= ANSWER_MIN:
                raise
            hints[_SIZE] = max(ANSWER_MIN, size // 2)  # the next polls know it
            return (yield from cells(line, scalars, columns, indexes, hints, keep=keep))
        given = tuple(reply.values() if len(reply) == len(packet) else map(reply.get, packet))
        if found:
            # An agent that restarts in between has a lower one, which whoever compares shall see.
            found[SYS_UP_TIME] = min(found[SYS_UP_TIME], given[0])
        else:
            found = {oid: value for oid, value in zip(packet[:skip], given, strict=False) if value is not None}
        kept += keep(given[skip:], packet[skip:])
        skip = 1
    return found, kept


@lru_cache(maxsize=1_024)
def packets(
    scalars: tuple[str, ...], columns: tuple[str, ...], indexes: tuple[str, ...], size: int
) -> tuple[tuple[str, ...], ...]:
    """Return what is asked for in each packet, `SYS_UP_TIME` always first and then all scalars.

    It is the same for all devices with the same rows, so it is kept for a while.

    Args:
        scalars: Instances that stand alone.
        columns: Columns.
        indexes: Rows.
        size: Octets that the variable bindings of one answer may have, whatever the agent has counted.
    """
    full: list[list[str]] = [[SYS_UP_TIME, *scalars]]
    room = size - sum(map(_octets, full[0]))
    for oid in [f"{column}.{index}" for column in columns for index in indexes]:
        octets = _octets(oid)
        if octets > room:
            full.append([SYS_UP_TIME])
            room = size - _octets(SYS_UP_TIME)
        full[-1].append(oid)
        room -= octets
    return tuple(map(tuple, full))


def _octets(oid: str) -> int:
    """Return the octets of a variable binding with the largest number that an instance can have."""
    parts = [int(part) for part in oid.split(".")]
    name = 1 + sum(max(1, -(-part.bit_length() // 7)) for part in parts[2:])
    narrow = oid.endswith(".0") or oid.startswith(_IF_ENTRY)
    return 2 + (2 + name) + 2 + (5 if narrow else 9)


def get(line: Line, oids: Sequence[str]) -> Plan:
    """Ask for instances, and for `SYS_UP_TIME` in each packet.

    Raises:
        ProbeFailure: As `Session.get`.
        Garbled: An answer is no SNMP however little is asked.
    """
    found: dict[str, Value] = {}
    wanted = [oid for oid in oids if oid != SYS_UP_TIME]
    at, size = 0, max(1, min(GET_MAX - 1, len(wanted)))
    while at < len(wanted) or not found:
        try:
            reply = yield from _get(line, [SYS_UP_TIME, *wanted[at : at + size]])
        except Garbled:
            if size == 1:
                raise
            size = max(1, size // 4)
            continue
        found.update((oid, value) for oid, value in reply.items() if value is not None)
        at += size
    return found


def _get(line: Line, packet: Sequence[str]) -> Plan:
    """Ask for one packet of instances, the first of which is `SYS_UP_TIME`.

    Raises:
        Garbled: The answer is no SNMP, or the agent says that it would be too big.
    """
    step = (partial(line.wire.send_get_many, packet), line.wire.recv_get_many)
    reply = (yield step) if line.refresh is None else (yield from _ask(line, step))
    if reply.get(SYS_UP_TIME) is None:
        yield from _explain(line, step)
        if line.refresh is not None:  # the reason stands where only the library could read it
            raise TooBig("snmp_empty", SYS_UP_TIME)
        raise ProbeFailure("snmp_empty", SYS_UP_TIME)
    return reply


def _column(line: Line, base: str, hints: dict[str, int]) -> Plan:
    repetitions = min(REPETITIONS_MAX, hints.get(base, 24) + 1)
    while True:
        try:
            rows = yield from _rows(line, base, repetitions)
        except Garbled:
            if repetitions == 1:
                raise
            repetitions = max(1, repetitions // 4)
        else:
            hints[base] = min(len(rows), repetitions)
            return rows


def _rows(line: Line, base: str, repetitions: int) -> Plan:
    cursor = line.cursor(base, repetitions)
    step = (partial(line.wire.send_get_bulk, cursor), partial(line.wire.recv_get_bulk, cursor))
    rows: Column = {}
    skip, last, octets = len(base) + 1, "", 0
    while True:
        reply = yield from _ask(line, step)
        if not reply:
            yield from _explain(line, step)
            return rows
        batch = reply[:-1] if reply[-1] is None else reply
        rows.update((oid[skip:], value) for oid, value in batch)
        if batch:
            last = _advanced(last, batch[0][0][skip:], batch[-1][0][skip:])
        if len(rows) > _FEW_ROWS:
            octets += sum(len(value) for _, value in batch if isinstance(value, bytes))
            if len(rows) > ROWS_MAX or octets > OCTETS_MAX:
                raise ProbeFailure("snmp_endless", base)
        if len(batch) < len(reply):
            return rows


def _ask(line: Line, step: Step) -> Plan:
    """Take a step; one that is refused is taken once more after the clocks were compared (RFC 3414, section 3.2)."""
    try:
        return (yield step)
    except Refused:
        if line.refresh is None:
            raise
    yield line.refresh
    return (yield step)


def _explain(line: Line, step: Step) -> Plan:
    """Ask once more and read the answer by hand: the library does not tell an error from the end of the tree."""
    if line.refresh is not None:
        reply = yield from _ask(line, (partial(line.wire.send_get_many, [SYS_UP_TIME]), line.wire.recv_get_many))
        if reply.get(SYS_UP_TIME) is None:
            raise ProbeFailure("snmp_error")
        return
    status, bindings = yield (step[0], partial(raw_status, line.wire.get_fd()))
    if status == ERROR_STATUS[TOO_BIG]:
        raise TooBig("snmp_error", status)
    if status:
        raise ProbeFailure("snmp_error", status)
    if not bindings:
        raise ProbeFailure("snmp_empty")


def _advanced(last: str, first: str, newest: str) -> str:
    """Return the newest index of a column, having checked that the agent does not walk in circles."""
    if (last and _key(first) <= _key(last)) or _key(newest) < _key(first):
        raise ProbeFailure("snmp_circular", first)
    return newest


def _key(index: str) -> tuple[int, ...]:
    if not index:  # the column itself as its own first row: it never gets further
        raise ProbeFailure("snmp_circular")
    return tuple(map(int, index.split(".")))
