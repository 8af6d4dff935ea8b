"""The forwarding table of a switch: which MAC is behind which port (BRIDGE-MIB, RFC 4188; Q-BRIDGE-MIB, RFC 4363)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from collector.agents.ports import Ports
from collector.discovery.macs import mac_in_index
from collector.snmp import Agent, Column

TP_FDB_PORT: Final = "1.3.6.1.2.1.17.4.3.1.2"
TP_FDB_STATUS: Final = "1.3.6.1.2.1.17.4.3.1.3"
Q_FDB_PORT: Final = "1.3.6.1.2.1.17.7.1.2.2.1.2"
Q_FDB_STATUS: Final = "1.3.6.1.2.1.17.7.1.2.2.1.3"
BASE_PORT_IF_INDEX: Final = "1.3.6.1.2.1.17.1.4.1.2"

LEARNED: Final = 3
"""dot1dTpFdbStatus of an entry that the switch learned from traffic; 4 is the switch itself."""

Heard = list[tuple[str, str]]
"""Hardware address and name (ifName) of a port behind which it was heard, in the agent's order."""


async def read_tagged(agent: Agent, ports: Ports) -> Heard:
    """Return what the one table of all VLANs holds; empty for a switch without it.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    heard, states, indexes = await agent.walk((Q_FDB_PORT, Q_FDB_STATUS, BASE_PORT_IF_INDEX))
    return list(_heard(heard, states, indexes, ports))


async def read_plain(agent: Agent, ports: Ports) -> Heard:
    """Return what the table without VLANs holds: all, or those of the VLAN for which the agent speaks.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    heard, states, indexes = await agent.walk((TP_FDB_PORT, TP_FDB_STATUS, BASE_PORT_IF_INDEX))
    return list(_heard(heard, states, indexes, ports))


def settled(heard: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return hardware address to port; one that stands at two is left out: the switch has not made up its mind."""
    found: dict[str, str] = {}
    for mac, port in heard:
        if found.setdefault(mac, port) != port:
            found[mac] = ""
    return {mac: port for mac, port in found.items() if port}


def _heard(heard: Column, states: Column, indexes: Column, ports: Ports) -> Iterator[tuple[str, str]]:
    for index, port in heard.items():
        mac = mac_in_index(index.split(".")[-6:])
        if mac and isinstance(port, int) and port > 0 and states.get(index, LEARNED) == LEARNED:
            name = _name(str(port), indexes, ports)
            if name:
                yield mac, name


def _name(port: str, indexes: Column, ports: Ports) -> str:
    """Return the name of a bridge port; without a table of them its number is the ifIndex.

    A table that leaves a port out (of a bundle, say) tells nothing of it: the number may be another port's ifIndex.
    """
    labels = ports.by_index.get(str(indexes.get(port) if indexes else port))
    return labels[1] if labels else ""
