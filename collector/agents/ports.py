"""The ports of a device, as its agent names them (IF-MIB, RFC 2863)."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from collector import metrics
from collector.probe import ProbeFailure
from collector.series.grid import Rows
from collector.snmp import SYS_UP_TIME, Agent, Column, Value

IF_DESCR: Final = "1.3.6.1.2.1.2.2.1.2"
IF_ADMIN_STATUS: Final = "1.3.6.1.2.1.2.2.1.7"
IF_OPER_STATUS: Final = "1.3.6.1.2.1.2.2.1.8"
IF_NAME: Final = "1.3.6.1.2.1.31.1.1.1.1"
IF_ALIAS: Final = "1.3.6.1.2.1.31.1.1.1.18"
IF_NUMBER: Final = "1.3.6.1.2.1.2.1.0"
IF_TABLE_LAST_CHANGE: Final = "1.3.6.1.2.1.31.1.5.0"

TEXT_MAX: Final = 200
"""Characters of a label that are kept."""

FRESH_S: Final = 600.0
"""After so long the names are read again, because a description changes without a trace in any counter."""

WALKS_MAX: Final = 3
"""How often a table is walked in one poll whose columns do not fit each other: of a router for hundreds of dialled
lines, some port comes or goes in between one time in ten."""

_MEMORY: Final = "ports"

PortLabels = tuple[str, str, str, str]
"""ifIndex, ifName, ifDescr, ifAlias: the order of the labels in `collector.metrics`."""


class PortRows(Rows):
    """The ports as they stand on a page. Devices whose ports are called alike share one of these.

    Attributes:
        indexes: ifIndex of each row.
        by_index: ifIndex to labels.
        by_name: ifName to ifIndex.
    """

    __slots__ = ("by_index", "by_name", "indexes")

    def __init__(self, labels: tuple[PortLabels, ...]) -> None:
        super().__init__(metrics.IF_OPER_STATUS.labels, labels)
        self.indexes = tuple(port[0] for port in labels)
        self.by_index = {port[0]: port for port in labels}
        self.by_name = {port[1]: port[0] for port in labels}


_shared: WeakValueDictionary[tuple[PortLabels, ...], PortRows] = WeakValueDictionary()
"""Rows that some device has now."""


@dataclass(slots=True)
class Ports:
    """What the agent calls its ports.

    Attributes:
        by_index: ifIndex (text) to labels, in the agent's order. Names are unique.
        by_name: ifName to ifIndex.
        up_time: sysUpTime in 0.01 s when the ports were last found to be these.
        changed: ifTableLastChange when the names were read, if the agent has it.
        read_at: Loop time at which they were read.
        count: ifNumber at that time, if the agent has it.
        rows: What they are called on a page.
    """

    by_index: Mapping[str, PortLabels]
    by_name: Mapping[str, str]
    up_time: int
    changed: Value | None
    read_at: float
    count: Value | None = None
    rows: PortRows | None = None

    @property
    def told(self) -> bool:
        """Return whether the agent has anything that tells of a new port."""
        return self.changed is not None or self.count is not None

    def current(self, scalars: Mapping[str, Value], now: float) -> bool:
        """Return whether the names can still be trusted: no restart, no change of the table, not too old."""
        up_time = number(scalars[SYS_UP_TIME])
        holds = (
            up_time >= self.up_time
            and scalars.get(IF_TABLE_LAST_CHANGE) == self.changed
            and scalars.get(IF_NUMBER, self.count) == self.count
            and now < self.read_at + FRESH_S
        )
        if holds:
            self.up_time = up_time
        return holds


def remembered(agent: Agent) -> Ports | None:
    """Return the ports read last from this agent, if any."""
    ports = agent.memory.get(_MEMORY)
    return ports if isinstance(ports, Ports) else None


async def current_ports(agent: Agent, now: float) -> Ports:
    """Return the ports as they are called now: those read last if the agent says that nothing has changed since.

    Args:
        agent: The agent.
        now: Loop time.

    Raises:
        ProbeFailure: As `read_ports`.
    """
    ports = remembered(agent)
    if ports is not None and ports.current(await agent.get((IF_TABLE_LAST_CHANGE, IF_NUMBER)), now):
        return ports
    return await read_ports(agent, now)


async def read_ports(agent: Agent, now: float) -> Ports:
    """Walk the names of all ports, remember them for this agent, and return them.

    Args:
        agent: The agent.
        now: Loop time.

    Raises:
        ProbeFailure: As `Agent.poll`; or the agent shows no port at all.
    """
    for _ in range(WALKS_MAX):
        scalars, (names, descriptions, aliases) = await agent.poll(
            (IF_TABLE_LAST_CHANGE, IF_NUMBER), (IF_NAME, IF_DESCR, IF_ALIAS)
        )
        indexes = list(descriptions) or list(names)
        if not indexes:
            raise ProbeFailure("snmp_empty", "ifDescr, ifName")
        if not (names and descriptions) or names.keys() <= descriptions.keys():
            break
    else:
        raise ProbeFailure("snmp_uneven", f"ifDescr {len(descriptions)}, ifName {len(names)}")
    labels = tuple(_labelled(indexes, names, descriptions, aliases))
    rows = _shared.get(labels) or _shared.setdefault(labels, PortRows(labels))
    ports = Ports(
        by_index=rows.by_index,
        by_name=rows.by_name,
        up_time=number(scalars[SYS_UP_TIME]),
        changed=scalars.get(IF_TABLE_LAST_CHANGE),
        read_at=now,
        count=scalars.get(IF_NUMBER),
        rows=rows,
    )
    agent.memory[_MEMORY] = ports
    return ports


def text(value: Value | None) -> str:
    """Return what an agent sent as one line of printable text, at most `TEXT_MAX` characters."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    line = "".join(letter if letter.isprintable() else " " for letter in str("" if value is None else value))
    return line.strip()[:TEXT_MAX]


def number(value: Value | None) -> int:
    """Return an integer that an agent sent.

    Raises:
        ProbeFailure: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProbeFailure("snmp_garbled", type(value).__name__)
    return value


def _labelled(indexes: Iterable[str], names: Column, descriptions: Column, aliases: Column) -> Iterable[PortLabels]:
    """Give each port a name of its own: of two with the same, the later one gets its ifIndex behind a `#`."""
    taken: set[str] = set()
    for index in indexes:
        description = text(descriptions.get(index))
        name = text(names.get(index)) or description or f"ifIndex {index}"
        if name in taken:
            name = f"{name}#{index}"
        taken.add(name)
        # Ten thousand devices have ports of the same few numbers and words: each is kept once.
        yield sys.intern(index), sys.intern(name), sys.intern(description), sys.intern(text(aliases.get(index)))
