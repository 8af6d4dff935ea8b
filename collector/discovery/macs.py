"""MAC addresses as they are written in observations."""

from typing import Final

from collector.snmp import Value

_VIRTUAL: Final = ("00005e0001", "00005e0002", "00000c07ac", "00000c9ff", "000573a0", "0007b400")
"""Beginnings of addresses that several routers share, so that they belong to none: VRRP for IPv4 (CARP, too) and IPv6
(RFC 5798), HSRP, HSRP version 2 for IPv4 and IPv6, GLBP."""


def mac_of(value: Value | None) -> str:
    """Return a hardware address in lower case with colons; empty for what belongs to no single machine.

    Args:
        value: Six octets as an agent sent them.
    """
    if not isinstance(value, bytes) or len(value) != 6:
        return ""
    # The lowest bit of the first octet marks a group (IEEE 802, section 8.2.2).
    if value[0] & 1 or not any(value) or value.hex().startswith(_VIRTUAL):
        return ""
    return value.hex(":")


def mac_in_index(parts: list[str]) -> str:
    """Return the hardware address that six parts of a row's index make, or nothing as `mac_of`."""
    if len(parts) != 6 or not all(part.isdigit() and int(part) < 256 for part in parts):
        return ""
    return mac_of(bytes(map(int, parts)))
