"""The tree of physical entities of a device (ENTITY-MIB, RFC 6933), and which of them are ports."""

from collections.abc import Mapping
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.snmp import Column

ENT_DESCR: Final = "1.3.6.1.2.1.47.1.1.1.1.2"
ENT_CONTAINED_IN: Final = "1.3.6.1.2.1.47.1.1.1.1.4"
ENT_CLASS: Final = "1.3.6.1.2.1.47.1.1.1.1.5"
ENT_NAME: Final = "1.3.6.1.2.1.47.1.1.1.1.7"
ENT_ALIAS: Final = "1.3.6.1.2.1.47.1.3.2.1.2"
"""entAliasMappingIdentifier: what an entity is in another table, `1.3.6.1.2.1.2.2.1.1.ifIndex` for a port."""


_IF_INDEX: Final = "1.3.6.1.2.1.2.2.1.1."
_DEPTH_MAX: Final = 8


def port_of(index: str, columns: Columns, ports: Ports, aliases: Mapping[str, str]) -> str | None:
    """Find the port of a sensor: the nearest entity above it that is a row of ifTable, else by the name's beginning.

    Args:
        index: The sensor's entity.
        columns: `within` and `name` of all entities.
        ports: The device's ports.
        aliases: As `aliases_of` gives them.
    """
    at = index
    for _ in range(_DEPTH_MAX):
        if aliases.get(at) in ports.by_index:
            return aliases[at]
        at = str(columns["within"].get(at, "0"))
        if at == "0":
            break
    words = text(columns["name"].get(index)).split()
    return ports.by_name.get(words[0]) if words else None


def aliases_of(column: Column) -> dict[str, str]:
    """Return the ifIndex of each entity that is a port, from entAliasMappingIdentifier."""
    return {
        index.split(".")[0]: oid.removeprefix(_IF_INDEX)
        for index, oid in column.items()
        if isinstance(oid, str) and oid.startswith(_IF_INDEX)
    }
