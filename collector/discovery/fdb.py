"""Who is plugged in where: the forwarding table of a switch (BRIDGE-MIB, RFC 4188; Q-BRIDGE-MIB, RFC 4363)."""

from collections.abc import Iterator, Mapping
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


async def read_fdb(agent: Agent, ports: Ports) -> Mapping[str, str]:
    """Return hardware address to name (ifName) of the port behind which it was heard, in the agent's order.

    The table with VLANs comes first; a switch without it is asked for the one without. An address that stands at two
    ports is left out: the switch has not made up its mind.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    heard, states, indexes = await agent.walk((Q_FDB_PORT, Q_FDB_STATUS, BASE_PORT_IF_INDEX))
    if not heard:
        heard, states = await agent.walk((TP_FDB_PORT, TP_FDB_STATUS))
    found: dict[str, set[str]] = {}
    for mac, port in _learned(heard, states):
        if name := _name(port, indexes, ports):
            found.setdefault(mac, set()).add(name)
    return {mac: next(iter(names)) for mac, names in found.items() if len(names) == 1}


def _learned(heard: Column, states: Column) -> Iterator[tuple[str, str]]:
    for index, port in heard.items():
        mac = mac_in_index(index.split(".")[-6:])
        if mac and isinstance(port, int) and port > 0 and states.get(index, LEARNED) == LEARNED:
            yield mac, str(port)


def _name(port: str, indexes: Column, ports: Ports) -> str:
    """Return the name of a bridge port; without a table of them its number is the ifIndex."""
    labels = ports.by_index.get(str(indexes.get(port, port)))
    return labels[1] if labels else ""
