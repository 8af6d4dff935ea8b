"""Neighbours at the other end of cables: LLDP-MIB (IEEE 802.1AB) and CISCO-CDP-MIB.

A neighbour may send any text: it is truncated and stripped of control characters (`collector.agents.ports.text`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Final

from collector.agents.ports import Ports, text
from collector.discovery.macs import mac_of
from collector.snmp import Agent, Column, Value

LLDP_REMOTE: Final = "1.0.8802.1.1.2.1.4.1.1"
"""lldpRemEntry, indexed by time mark, number of the local port, number of the neighbour."""

LLDP_ADDRESS: Final = "1.0.8802.1.1.2.1.4.2.1.3"
"""lldpRemManAddrIfSubtype; the address stands in the index: type (1 = IPv4), length, parts."""

LLDP_LOCAL: Final = "1.0.8802.1.1.2.1.3.7.1"
"""lldpLocPortEntry, by number of the local port: .2 kind of its name (5 = ifName), .3 name, .4 description."""

CDP_CACHE: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1"
"""cdpCacheEntry, indexed by ifIndex and number of the neighbour."""

LONGEST: Final = 80
"""Characters of one text of a neighbour that are kept."""

LONGEST_VALUE: Final = 500
"""Characters of an observation."""

_MAC: Final = 4
_PORT_MAC: Final = 3
_CHASSIS_ADDRESS: Final = 5
_PORT_ADDRESS: Final = 4
"""Kinds of names: a hardware address, or an address of the network, as telephones have it (LldpChassisIdSubtype,
LldpPortIdSubtype)."""

_FAMILIES: Final = {1: 4, 2: 16}
"""First octet of an address of the network (IANA's address family) to the length of what follows."""

_LLDP_COLUMNS: Final = (4, 5, 6, 7, 8, 9, 10, 12)
_CDP_COLUMNS: Final = (3, 4, 6, 7, 8, 9)

_LLDP_PHONE: Final = 0x04
_LLDP_RELAYS: Final = 0x78
"""lldpRemSysCapEnabled, first octet: repeater, bridge, access point, router (LldpSystemCapabilitiesMap)."""

_CDP_PHONE: Final = 0x80
_CDP_RELAYS: Final = 0x4B
"""cdpCacheCapabilities, last octet: router, bridge, switch, repeater."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a device says of its neighbour.

    Attributes:
        local: Name (ifName) of the own port.
        chassis: The neighbour's hardware address, or whatever it is known by.
        name: What it calls itself.
        port: Its port, as it names it.
        address: Where it is managed; empty if it does not say.
        kind: What it is, in its own words.
        port_mac: Hardware address of its port, if it names the port by that.
        relays: `yes` for what passes others' traffic on (a switch, a router, an access point), so that what is heard
            behind it stands further away; a desk telephone with a socket for a computer does not count.
    """

    local: str
    chassis: str
    name: str
    port: str
    address: str = ""
    kind: str = ""
    port_mac: str = ""
    relays: str = ""

    @property
    def subject(self) -> str:
        """Return what tells it from other neighbours of the device."""
        return f"{self.local} {self.chassis or self.name}"[:128]

    @property
    def value(self) -> str:
        """Return all of it as one JSON object, short enough for an observation whatever the neighbour wrote."""
        said = {name: words for name, words in asdict(self).items() if words}
        for spare in ("", "kind", "port_mac", "address", "name", "port", "chassis", "relays", "local"):
            said.pop(spare, None)
            line = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            if len(line) <= LONGEST_VALUE:
                return line
        return "{}"


async def read_neighbours(agent: Agent, ports: Ports) -> list[Neighbour]:
    """Return the neighbours by both protocols; one that speaks both stands once, as LLDP has it.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    found = {(one.local, one.name or one.chassis): one for one in await _cdp(agent, ports)}
    for one in await _lldp(agent, ports):
        found.pop((one.local, one.chassis), None)
        found[one.local, one.name or one.chassis] = one
    return sorted(found.values(), key=lambda one: one.subject)


async def _lldp(agent: Agent, ports: Ports) -> list[Neighbour]:
    (names,) = await agent.walk((f"{LLDP_REMOTE}.5",))
    if not names:
        return []
    columns = [f"{LLDP_REMOTE}.{number}" for number in _LLDP_COLUMNS if number != 5]
    locals_ = [f"{LLDP_LOCAL}.{number}" for number in (2, 3, 4)]
    walked = await agent.walk((*columns, *locals_, LLDP_ADDRESS))
    rest = dict(zip((4, 6, 7, 8, 9, 10, 12), walked, strict=False))
    addresses = _managed(walked[-1])
    local = _locals(walked[7:10], ports)
    return list(_remote({5: names, **rest}, addresses, local, ports))


def _remote(
    columns: Mapping[int, Column], addresses: Mapping[str, str], local: Mapping[str, str], ports: Ports
) -> Iterator[Neighbour]:
    for index, chassis in columns[5].items():
        parts = index.split(".")
        if len(parts) != 3:
            continue
        port_said = columns[7].get(index)
        port_mac = mac_of(port_said) if columns[6].get(index) == _PORT_MAC else ""
        port_address = _address(port_said) if columns[6].get(index) == _PORT_ADDRESS else ""
        own_address = _address(chassis) if columns[4].get(index) == _CHASSIS_ADDRESS else ""
        # One that names its port by an address says in words what people call it.
        coded = port_mac or port_address
        said = _words(columns[8].get(index)) or coded if coded else _words(port_said)
        yield Neighbour(
            local=local.get(parts[1]) or _port(parts[1], ports),
            chassis=own_address or (mac_of(chassis) if columns[4].get(index) == _MAC else _words(chassis)),
            name=_words(columns[9].get(index)),
            port=said or _words(columns[8].get(index)),
            address=addresses.get(index, "") or own_address,
            kind=_words(columns[10].get(index)),
            port_mac=port_mac,
            relays=_relays(columns[12].get(index), 0, _LLDP_RELAYS, _LLDP_PHONE),
        )


def _locals(columns: list[Column], ports: Ports) -> dict[str, str]:
    """Return local port number to ifName: by the name that LLDP gives the port, where IF-MIB has it."""
    kinds, names, descriptions = columns
    found = {}
    for number in names.keys() | descriptions.keys():
        for said in (text(names.get(number)), text(descriptions.get(number))):
            if said in ports.by_name and (kinds.get(number) == 5 or number not in ports.by_index):
                found[number] = said
                break
    return found


def _address(value: Value | None) -> str:
    """Return an address of the network in words; empty for what is none."""
    if not isinstance(value, bytes) or not value or len(value) - 1 != _FAMILIES.get(value[0]):
        return ""
    return str(ip_address(value[1:])) if any(value[1:]) else ""


def _managed(column: Column) -> dict[str, str]:
    """Return a neighbour's index to the first address at which it is managed."""
    found: dict[str, str] = {}
    for index in column:
        parts = index.split(".")
        length = {("1", "4"): 4, ("2", "16"): 16}.get((parts[3], parts[4])) if len(parts) > 5 else None
        octets = parts[5:]
        if length == len(octets) and all(int(part) < 256 for part in octets):
            found.setdefault(".".join(parts[:3]), str(ip_address(bytes(map(int, octets)))))
    return found


async def _cdp(agent: Agent, ports: Ports) -> list[Neighbour]:
    (names,) = await agent.walk((f"{CDP_CACHE}.6",))
    if not names:
        return []
    columns = [f"{CDP_CACHE}.{number}" for number in _CDP_COLUMNS if number != 6]
    kinds, addresses, remote, platforms, able = await agent.walk(tuple(columns))
    found = []
    for index, name in names.items():
        address = addresses.get(index)
        plain = isinstance(address, bytes) and len(address) == 4 and kinds.get(index) == 1 and any(address)
        found.append(
            Neighbour(
                local=_port(index.split(".")[0], ports),
                chassis="",
                name=_words(name),
                port=_words(remote.get(index)),
                address=str(ip_address(address)) if plain and isinstance(address, bytes) else "",
                kind=_words(platforms.get(index)),
                relays=_relays(able.get(index), -1, _CDP_RELAYS, _CDP_PHONE),
            )
        )
    return found


def _relays(able: Value | None, octet: int, relays: int, phone: int) -> str:
    """Return `yes` if the bits in which a neighbour tells what it does say that it passes traffic on."""
    bits = able[octet] if isinstance(able, bytes) and able else 0
    return "yes" if bits & relays and not bits & phone else ""


def _port(index: str, ports: Ports) -> str:
    labels = ports.by_index.get(index)
    return labels[1] if labels else f"port {index}"


def _words(value: Value | None) -> str:
    return text(value)[:LONGEST].strip()
