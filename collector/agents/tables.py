"""MIB tables: which of them a device has, which columns rarely change, and what is read at each poll."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

from collector.agents.ports import Ports
from collector.snmp import Agent, Column, Value

FIXED_S: Final = 3_600.0
"""Seconds after which it is found out anew what a device has."""

YOUNG_TICKS: Final = 90_000
"""sysUpTime, in 0.01 s, up to which a device may still be finding out itself what it has."""

YOUNG_S: Final = 120.0
"""The same as `FIXED_S` for such a device: boards and modules come minutes after the agent."""

CHANGED_S: Final = 300.0
"""Seconds that pass at least before a device's word that its parts have changed is followed again."""

ENT_LAST_CHANGE: Final = "1.3.6.1.2.1.47.1.4.1.0"
"""entLastChangeTime (RFC 6933): changes when a part of the device comes or goes."""

KEPT_MAX: Final = 500
"""Rows of one table that are asked for one by one."""

Columns = Mapping[str, Column]
"""Column by the name that the table gives it."""

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Table(Generic[Thing]):
    """One table of a MIB, and how things are read from it.

    Attributes:
        name: Short name of the MIB.
        enterprises: Private enterprise numbers whose devices have it; empty for all.
        live: Name to object identifier of the columns that are read at each poll. The first tells whether the table is
            there at all.
        fixed: Likewise, of columns that change only with the hardware; read again each hour.
        decode: Turns both into things. Pure.
        instead_of: Names of tables that say the same, and better: where a device fills one of them, this one is not
            asked.
        rows: Picks, from what all columns hold, the rows that are worth reading; the others, and columns without any of
            these rows, are looked at again after an hour. `None` reads whole columns at each poll. Pure.
    """

    name: str
    enterprises: tuple[int, ...]
    live: Mapping[str, str]
    decode: Callable[[Columns, Ports], Iterable[Thing]]
    fixed: Mapping[str, str] = field(default_factory=dict)
    instead_of: tuple[str, ...] = ()
    rows: Callable[[Columns], Iterable[str]] | None = None


@dataclass(frozen=True)
class _Filled(Generic[Thing]):
    """A table that the device fills.

    Attributes:
        fixed: What seldom changes in it.
        live: Columns to read.
        indexes: Rows to read; `None` for all.
    """

    table: Table[Thing]
    fixed: Columns
    live: Mapping[str, str]
    indexes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Remembered(Generic[Thing]):
    """What is known of a device until it restarts or an hour has passed."""

    filled: tuple[_Filled[Thing], ...]
    up_time: int
    until: float
    changed: Value | None
    learned_at: float

    def holds(self, up_time: int, changed: Value | None, now: float) -> bool:
        """Return whether the device has neither restarted since the last look nor said that its parts have changed."""
        is_same = changed == self.changed or now < self.learned_at + CHANGED_S
        return now <= self.until and up_time >= self.up_time and is_same


def tables_for(object_id: str, tables: tuple[Table[Thing], ...]) -> tuple[Table[Thing], ...]:
    """Return the tables that a device may have, from its sysObjectID (`1.3.6.1.4.1.enterprise…`)."""
    parts = object_id.split(".")
    enterprise = int(parts[6]) if len(parts) > 6 and parts[6].isdigit() else -1
    return tuple(table for table in tables if not table.enterprises or enterprise in table.enterprises)


def fixed_until(up_time: int, now: float) -> float:
    """Return until when what was found out of a device holds, if it says nothing else; loop time.

    Args:
        up_time: sysUpTime in 0.01 s.
        now: Loop time.
    """
    return now + (FIXED_S if up_time >= YOUNG_TICKS else YOUNG_S)


async def read_tables(
    agent: Agent,
    tables: tuple[Table[Thing], ...],
    ports: Ports,
    *,
    up_time: int,
    now: float,
    changed: Value | None = None,
) -> list[Thing]:
    """Read all things of the tables that the device fills.

    A table for every vendor only helps out: it is asked where the vendor's own give nothing.

    Args:
        agent: The agent.
        tables: Those that the device may have, the vendor's own first.
        ports: The device's ports.
        up_time: sysUpTime in 0.01 s; when it went back, it is found out anew what the device has.
        now: Loop time.
        changed: `ENT_LAST_CHANGE`, where the device says it; when it is another, likewise.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    # Two probes may read MIBs of the same names, one for its modules, the other for its sensors.
    memory = "tables " + " ".join(f"{table.name} {table.decode!r}" for table in tables)
    known = agent.memory.get(memory)
    if isinstance(known, _Remembered) and known.holds(up_time, changed, now):
        known = replace(known, up_time=up_time)
    else:
        filled_now = await _learn(agent, tables)
        known = _Remembered(filled_now, up_time, fixed_until(up_time, now), changed, now)
    agent.memory[memory] = known
    things: list[Thing] = []
    for filled in known.filled:
        things += filled.table.decode({**filled.fixed, **await _live(agent, filled)}, ports)
    return things


async def _learn(agent: Agent, tables: tuple[Table[Thing], ...]) -> tuple[_Filled[Thing], ...]:
    found: list[Table[Thing]] = []
    for table in tables:
        if found and not table.enterprises:
            break
        if any(better.name in table.instead_of for better in found):
            continue
        (first,) = await agent.walk((next(iter(table.live.values())),))
        if first:
            found.append(table)
    # A chassis has thousands of entities: the column of their names is read once, and all tables share it.
    seldom = await _columns(agent, {oid: oid for table in found for oid in table.fixed.values()})
    return tuple([await _fill(agent, table, seldom) for table in found])


async def _fill(agent: Agent, table: Table[Thing], seldom: Columns) -> _Filled[Thing]:
    fixed = {name: seldom[oid] for name, oid in table.fixed.items()}
    if table.rows is None:
        return _Filled(table, fixed, table.live)
    columns = await _columns(agent, table.live)
    there = {index for column in columns.values() for index in column}
    wanted = [index for index in dict.fromkeys(table.rows({**columns, **fixed})) if index in there][:KEPT_MAX]
    live = {name: oid for name, oid in table.live.items() if any(index in columns[name] for index in wanted)}
    return _Filled(table, fixed, live, tuple(wanted))


async def _live(agent: Agent, filled: _Filled[Thing]) -> Columns:
    if filled.indexes is None:
        return await _columns(agent, filled.live)
    found: dict[str, Column] = {name: {} for name in filled.table.live}
    if filled.live and filled.indexes:
        _, cells = await agent.cells((), tuple(filled.live.values()), filled.indexes)
        given = iter(cells)
        for name in filled.live:
            found[name] = {index: value for index in filled.indexes if (value := next(given)) is not None}
    return found


async def _columns(agent: Agent, wanted: Mapping[str, str]) -> dict[str, Column]:
    found = await agent.walk(tuple(wanted.values())) if wanted else []
    return dict(zip(wanted, found, strict=True))
