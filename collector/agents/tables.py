"""Tables of MIBs: which of them a device fills, what seldom changes in them, and what is read at each poll."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from collector.agents.ports import Ports
from collector.snmp import Agent, Column

FIXED_S: Final = 3_600.0
"""Seconds after which it is found out anew what a device has."""

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
    """

    name: str
    enterprises: tuple[int, ...]
    live: Mapping[str, str]
    decode: Callable[[Columns, Ports], Iterable[Thing]]
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Remembered(Generic[Thing]):
    """What is known of a device until it restarts or an hour has passed."""

    tables: tuple[Table[Thing], ...]
    fixed: dict[str, dict[str, Column]]
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
    for table in known.tables:
        live = await _columns(agent, table.live)
        things += table.decode({**known.fixed[table.name], **live}, ports)
    return things


async def _learn(agent: Agent, tables: tuple[Table[Thing], ...], up_time: int, now: float) -> _Remembered[Thing]:
    filled: list[Table[Thing]] = []
    fixed: dict[str, dict[str, Column]] = {}
    for table in tables:
        if filled and not table.enterprises:
            break
        (first,) = await agent.walk((next(iter(table.live.values())),))
        if first:
            filled.append(table)
            fixed[table.name] = await _columns(agent, table.fixed)
    return _Remembered(tuple(filled), fixed, up_time, now + FIXED_S)


async def _columns(agent: Agent, wanted: Mapping[str, str]) -> dict[str, Column]:
    found = await agent.walk(tuple(wanted.values())) if wanted else []
    return dict(zip(wanted, found, strict=True))
