"""MIB tables: which of them a device has, which columns rarely change, and what is read at each poll."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from collector.agents.ports import Ports
from collector.snmp import Agent, Column

FIXED_S: Final = 3_600.0
"""Seconds after which it is found out anew what a device has."""

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


def tables_for(object_id: str, tables: tuple[Table[Thing], ...]) -> tuple[Table[Thing], ...]:
    """Return the tables that a device may have, from its sysObjectID (`1.3.6.1.4.1.enterprise…`)."""
    parts = object_id.split(".")
    enterprise = int(parts[6]) if len(parts) > 6 and parts[6].isdigit() else -1
    return tuple(table for table in tables if not table.enterprises or enterprise in table.enterprises)


async def read_tables(
    agent: Agent, tables: tuple[Table[Thing], ...], ports: Ports, *, up_time: int, now: float
) -> list[Thing]:
    """Read all things of the tables that the device fills.

    A table for every vendor only helps out: it is asked where the vendor's own give nothing.

    Args:
        agent: The agent.
        tables: Those that the device may have, the vendor's own first.
        ports: The device's ports.
        up_time: sysUpTime in 0.01 s; when it went back, it is found out anew what the device has.
        now: Loop time.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    # Two probes may read MIBs of the same names, one for its modules, the other for its sensors.
    memory = "tables " + " ".join(f"{table.name} {table.decode!r}" for table in tables)
    known = agent.memory.get(memory)
    if not isinstance(known, _Remembered) or known.until < now or up_time < known.up_time:
        known = await _learn(agent, tables, up_time, now)
        agent.memory[memory] = known
    things: list[Thing] = []
    for filled in known.filled:
        things += filled.table.decode({**filled.fixed, **await _live(agent, filled)}, ports)
    return things


async def _learn(agent: Agent, tables: tuple[Table[Thing], ...], up_time: int, now: float) -> _Remembered[Thing]:
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
    filled = [await _fill(agent, table, seldom) for table in found]
    return _Remembered(tuple(filled), up_time, now + FIXED_S)


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
