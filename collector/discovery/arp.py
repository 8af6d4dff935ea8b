"""The ARP table of a device (IP-MIB, RFC 4293, and its predecessor RFC 1213)."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address
from typing import Final

from collector.discovery.macs import mac_of
from collector.snmp import Agent, Column

NET_TO_MEDIA: Final = "1.3.6.1.2.1.4.22.1.2"
"""ipNetToMediaPhysAddress, indexed by ifIndex and the four parts of the address."""

NET_TO_PHYSICAL: Final = "1.3.6.1.2.1.4.35.1.4"
"""ipNetToPhysicalPhysAddress, indexed by ifIndex, type of address (1 = IPv4), its length and its parts."""

IF_PHYS_ADDRESS: Final = "1.3.6.1.2.1.2.2.1.6"
"""ifPhysAddress: the device's own hardware addresses."""


async def read_arp(agent: Agent) -> Mapping[str, str]:
    """Return IPv4 address to hardware address, in the agent's order; the newer table only where the older is empty.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    (media,) = await agent.walk((NET_TO_MEDIA,))
    if media:
        return dict(_pairs(media, ahead=1))
    (physical,) = await agent.walk((NET_TO_PHYSICAL,))
    return dict(_pairs({index: value for index, value in physical.items() if index.split(".")[1:3] == ["1", "4"]}, 3))


async def read_own(agent: Agent) -> Mapping[str, str]:
    """Return ifIndex to the port's own hardware address.

    Raises:
        ProbeFailure: As `Agent.walk`.
    """
    (own,) = await agent.walk((IF_PHYS_ADDRESS,))
    return {index: mac for index, value in own.items() if (mac := mac_of(value))}


def _pairs(column: Column, ahead: int) -> Iterator[tuple[str, str]]:
    """Yield address and hardware address; `ahead` parts of the index stand before the address."""
    for index, value in column.items():
        parts, mac = index.split(".")[ahead:], mac_of(value)
        if mac and len(parts) == 4 and all(int(part) < 256 for part in parts):
            address = IPv4Address(".".join(parts))
            if not (address.is_multicast or address.is_unspecified or address.is_loopback):
                yield str(address), mac
