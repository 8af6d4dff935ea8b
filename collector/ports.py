"""The ports of a device, as its agent names them (IF-MIB, RFC 2863)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from collector.probe import ProbeFailure
from collector.snmp import SYS_UP_TIME, Agent, Column, Value

IF_DESCR: Final = "1.3.6.1.2.1.2.2.1.2"
IF_NAME: Final = "1.3.6.1.2.1.31.1.1.1.1"
IF_ALIAS: Final = "1.3.6.1.2.1.31.1.1.1.18"
IF_TABLE_LAST_CHANGE: Final = "1.3.6.1.2.1.31.1.5.0"

TEXT_MAX: Final = 200
"""Characters of a label that are kept."""

FRESH_S: Final = 600.0
"""After so long the names are read again, because a description changes without a trace in any counter."""

_MEMORY: Final = "ports"

PortLabels = tuple[str, str, str, str]
"""ifIndex, ifName, ifDescr, ifAlias: the order of the labels in `collector.metrics`."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the agent calls its ports.

    Attributes:
        by_index: ifIndex (text) to labels, in the agent's order. Names are unique.
        by_name: ifName to ifIndex.
        up_time: sysUpTime in 0.01 s when the names were read.
        changed: ifTableLastChange at that time, if the agent has it.
        read_at: Loop time at which they were read.
    """

    by_index: Mapping[str, PortLabels]
    by_name: Mapping[str, str]
    up_time: int
    changed: Value | None
    read_at: float

    def current(self, scalars: Mapping[str, Value], now: float) -> bool:
        """Return whether the names can still be trusted: no restart, no change of the table, not too old."""
        return (
            number(scalars[SYS_UP_TIME]) >= self.up_time
            and scalars.get(IF_TABLE_LAST_CHANGE) == self.changed
            and now < self.read_at + FRESH_S
        )


def remembered(agent: Agent) -> Ports | None:
    """Return the ports read last from this agent, if any."""
    ports = agent.memory.get(_MEMORY)
    return ports if isinstance(ports, Ports) else None


async def read_ports(agent: Agent, now: float) -> Ports:
    """Walk the names of all ports, remember them for this agent, and return them.

    Args:
        agent: The agent.
        now: Loop time.

    Raises:
        ProbeFailure: As `Agent.poll`; or the agent shows no port at all.
    """
    scalars, (names, descriptions, aliases) = await agent.poll(
        (SYS_UP_TIME, IF_TABLE_LAST_CHANGE), (IF_NAME, IF_DESCR, IF_ALIAS)
    )
    indexes = list(descriptions) or list(names)
    if not indexes:
        raise ProbeFailure("snmp_empty", "ifDescr, ifName")
    if names and descriptions and not names.keys() <= descriptions.keys():
        raise ProbeFailure("snmp_uneven", f"ifDescr {len(descriptions)}, ifName {len(names)}")
    by_index = dict(_labelled(indexes, names, descriptions, aliases))
    ports = Ports(
        by_index=by_index,
        by_name={labels[1]: index for index, labels in by_index.items()},
        up_time=number(scalars[SYS_UP_TIME]),
        changed=scalars.get(IF_TABLE_LAST_CHANGE),
        read_at=now,
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


def _labelled(
    indexes: Iterable[str], names: Column, descriptions: Column, aliases: Column
) -> Iterable[tuple[str, PortLabels]]:
    """Give each port a name of its own: of two with the same, the later one gets its ifIndex behind a `#`."""
    taken: set[str] = set()
    for index in indexes:
        description = text(descriptions.get(index))
        name = text(names.get(index)) or description or f"ifIndex {index}"
        if name in taken:
            name = f"{name}#{index}"
        taken.add(name)
        yield index, (index, name, description, text(aliases.get(index)))
