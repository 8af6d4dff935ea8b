"""The part of BER that SNMP v2c needs (ITU-T X.690, RFC 3416, RFC 3417), fast enough for a whole district."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

Oid = tuple[int, ...]

INTEGER: Final = 0x02
OCTETS: Final = 0x04
NULL: Final = 0x05
OBJECT_ID: Final = 0x06
SEQUENCE: Final = 0x30
COUNTER32: Final = 0x41
GAUGE32: Final = 0x42
TIME_TICKS: Final = 0x43
COUNTER64: Final = 0x46
NO_SUCH_INSTANCE: Final = 0x81
END_OF_MIB_VIEW: Final = 0x82

GET: Final = 0xA0
GET_NEXT: Final = 0xA1
RESPONSE: Final = 0xA2
GET_BULK: Final = 0xA5

VERSION_2C: Final = 1

MOST_BINDINGS: Final = 128
"""Variables that one request may name; a longer request is refused unread."""

MOST_ARCS: Final = 128
"""Numbers in one object identifier (RFC 2578, section 3.5)."""


class Malformed(ValueError):
    """The octets are no SNMP v2c request."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in.

    Attributes:
        community: The password of v2c.
        kind: `GET`, `GET_NEXT` or `GET_BULK`.
        number: Request id, returned as it came.
        first: Non-repeaters of a GETBULK; else without meaning.
        second: Max-repetitions of a GETBULK; else without meaning.
        oids: What is asked, in order.
    """

    community: bytes
    kind: int
    number: int
    first: int
    second: int
    oids: tuple[Oid, ...]


def tlv(tag: int, content: bytes) -> bytes:
    """Return one element: tag, definite length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Return a whole number in two's complement; unsigned types get a leading zero octet where they need one."""
    # The sign needs one bit more than the magnitude; of a negative number that of its complement counts.
    width = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return tlv(tag, value.to_bytes(width, "big", signed=True))


def octets(value: str | bytes) -> bytes:
    """Return an OCTET STRING; text as UTF-8."""
    return tlv(OCTETS, value.encode() if isinstance(value, str) else value)


def counter64(value: int) -> bytes:
    """Return a Counter64, wrapped at 2^64."""
    return integer(value & 0xFFFFFFFFFFFFFFFF, COUNTER64)


def counter32(value: int) -> bytes:
    """Return a Counter32, wrapped at 2^32."""
    return integer(value & 0xFFFFFFFF, COUNTER32)


def gauge32(value: int) -> bytes:
    """Return a Gauge32, held at its largest value."""
    return integer(min(value, 0xFFFFFFFF), GAUGE32)


def ticks(seconds: float) -> bytes:
    """Return TimeTicks (0.01 s), wrapped at 2^32."""
    return integer(int(seconds * 100) & 0xFFFFFFFF, TIME_TICKS)


def object_id(oid: Oid) -> bytes:
    """Return an OBJECT IDENTIFIER.

    Raises:
        ValueError: Fewer than two arcs, or the first two do not fit X.660.
    """
    if len(oid) < 2 or oid[0] > 2 or (oid[0] < 2 and oid[1] > 39):
        raise ValueError(f"no object identifier: {oid}")
    content = bytearray()
    for arc in (oid[0] * 40 + oid[1], *oid[2:]):
        start = len(content)
        content.append(arc & 0x7F)
        while arc := arc >> 7:
            content.insert(start, 0x80 | (arc & 0x7F))
    return tlv(OBJECT_ID, bytes(content))


def empty(tag: int) -> bytes:
    """Return an element without content, such as `NULL` or `NO_SUCH_INSTANCE`."""
    return bytes((tag, 0))


def read(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """Return tag, content and the offset behind the element that starts at `at`.

    Raises:
        Malformed: The element is cut off, or its length is indefinite or needs more than four octets.
    """
    try:
        tag, size = data[at], data[at + 1]
    except IndexError:
        raise Malformed("cut off") from None
    at += 2
    if size & 0x80:
        width = size & 0x7F
        if not 1 <= width <= 4 or at + width > len(data):
            raise Malformed("bad length")
        size, at = int.from_bytes(data[at : at + width], "big"), at + width
    end = at + size
    if end > len(data):
        raise Malformed("cut off")
    return tag, data[at:end], end


def whole(content: bytes) -> int:
    """Return the number of an INTEGER's content.

    Raises:
        Malformed: It is empty or longer than 8 octets.
    """
    if not 1 <= len(content) <= 8:
        raise Malformed("bad integer")
    return int.from_bytes(content, "big", signed=True)


def arcs(content: bytes) -> Oid:
    """Return the numbers of an OBJECT IDENTIFIER's content.

    Raises:
        Malformed: It is empty, cut off, or has too many or too large arcs.
    """
    if not content or content[-1] & 0x80 or len(content) > 5 * MOST_ARCS:
        raise Malformed("bad object identifier")
    values: list[int] = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            values.append(value)
            value = 0
        elif value >= 1 << 32:
            raise Malformed("arc too large")
    top = min(values[0] // 40, 2)
    if len(values) >= MOST_ARCS or max(values[1:], default=0) >= 1 << 32:
        raise Malformed("bad object identifier")
    return (top, values[0] - 40 * top, *values[1:])


def parse(data: bytes) -> Request:
    """Return the request that a datagram holds.

    Raises:
        Malformed: It is no v2c request, or asks for more than `MOST_BINDINGS` variables.
    """
    message = _expect(data, 0, SEQUENCE)[0]
    version, at = _expect(message, 0, INTEGER)
    if whole(version) != VERSION_2C:
        raise Malformed("not version 2c")
    community, at = _expect(message, at, OCTETS)
    kind, body, _ = read(message, at)
    if kind not in {GET, GET_NEXT, GET_BULK}:
        raise Malformed("not a request that reads")
    numbers = []
    at = 0
    for _ in range(3):
        content, at = _expect(body, at, INTEGER)
        numbers.append(whole(content))
    number, first, second = numbers
    bindings = _expect(body, at, SEQUENCE)[0]
    return Request(community, kind, number, first, second, _asked(bindings))


def response(request: Request, bindings: Iterable[tuple[bytes, bytes]], status: int = 0, at_fault: int = 0) -> bytes:
    """Return the answer to a request.

    Args:
        request: What is answered.
        bindings: Encoded object identifier and encoded value of each variable, in order.
        status: Error status of RFC 3416; 0 = no error.
        at_fault: Which variable the error is about, from 1; 0 = none.
    """
    rows = b"".join(tlv(SEQUENCE, name + value) for name, value in bindings)
    body = integer(request.number) + integer(status) + integer(at_fault) + tlv(SEQUENCE, rows)
    return tlv(SEQUENCE, integer(VERSION_2C) + octets(request.community) + tlv(RESPONSE, body))


def _asked(bindings: bytes) -> tuple[Oid, ...]:
    oids: list[Oid] = []
    at = 0
    while at < len(bindings):
        binding, at = _expect(bindings, at, SEQUENCE)
        oids.append(arcs(_expect(binding, 0, OBJECT_ID)[0]))
        if len(oids) > MOST_BINDINGS:
            raise Malformed("too many variables")
    return tuple(oids)


def _expect(data: bytes, at: int, tag: int) -> tuple[bytes, int]:
    found, content, end = read(data, at)
    if found != tag:
        raise Malformed(f"tag {found:#x} instead of {tag:#x}")
    return content, end
