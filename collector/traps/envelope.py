"""The outer fields of an SNMP message, decoded by hand: version, and community or engine and user.

A full decoder costs milliseconds per message. These few octets cost microseconds, and suffice to drop messages with a
wrong community or user, whoever sends however many.
"""

from dataclasses import dataclass
from typing import Final, Literal

LONGEST: Final = 2_048
"""Octets of a notification that is looked at; agents send 484 to 1,472."""

Version = Literal["v1", "v2c", "v3"]

_INTEGER: Final = 0x02
_OCTETS: Final = 0x04
_SEQUENCE: Final = 0x30
_VERSIONS: Final[dict[bytes, Version]] = {b"\x00": "v1", b"\x01": "v2c", b"\x03": "v3"}
_ENGINE_OCTETS: Final = 32
_NAME_OCTETS: Final = 255


class Malformed(Exception):
    """It is no SNMP message."""


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """What stands on the outside. It has no repr, because a community is a secret.

    Attributes:
        version: Of SNMP.
        community: v1 and v2c.
        engine: v3: the identity of the engine whose clock counts; empty while it is being asked for.
        user: v3; empty while the engine is being asked for.
    """

    version: Version
    community: bytes = b""
    engine: bytes = b""
    user: bytes = b""


def open_envelope(packet: bytes) -> Envelope:
    """Return what stands on the outside of a message (RFC 1157, RFC 1901, RFC 3412 section 6, RFC 3414 section 2.4).

    Raises:
        Malformed: It is no SNMP message, or not of a version that is known.
    """
    message, end = _inside(packet, 0, len(packet), _SEQUENCE)
    if end != len(packet):
        raise Malformed
    number, at = _octets(packet, message, end, _INTEGER)
    version = _VERSIONS.get(number)
    if version is None:
        raise Malformed
    if version != "v3":
        community, _ = _octets(packet, at, end, _OCTETS)
        return Envelope(version, community)
    _, at = _inside(packet, at, end, _SEQUENCE)
    parameters, _ = _octets(packet, at, end, _OCTETS)
    engine, user = _identity(parameters)
    return Envelope(version, engine=engine, user=user)


def _identity(parameters: bytes) -> tuple[bytes, bytes]:
    at, end = _inside(parameters, 0, len(parameters), _SEQUENCE)
    engine, at = _octets(parameters, at, end, _OCTETS)
    _, at = _octets(parameters, at, end, _INTEGER)
    _, at = _octets(parameters, at, end, _INTEGER)
    user, _ = _octets(parameters, at, end, _OCTETS)
    if len(engine) > _ENGINE_OCTETS or len(user) > _NAME_OCTETS:
        raise Malformed
    return engine, user


def _octets(packet: bytes, at: int, end: int, tag: int) -> tuple[bytes, int]:
    """Return the content of the element at a place, and the place behind it."""
    start, stop = _inside(packet, at, end, tag)
    return packet[start:stop], stop


def _inside(packet: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Return where the content of an element begins and ends; its length is definite (X.690, section 8.1.3)."""
    if at + 2 > end or packet[at] != tag:
        raise Malformed
    length, start = packet[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or start + count > end:
            raise Malformed
        length, start = int.from_bytes(packet[start : start + count], "big"), start + count
    if start + length > end:
        raise Malformed
    return start, start + length
