"""An SNMP v2c agent made by hand: it serves a table over a real UDP socket, as badly as a test wants."""

import socket
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_INSTANCE, END_OF_MIB = 0x81, 0x82
GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5

Key = tuple[int, ...]
Cell = tuple[int, bytes]
"""Tag and content octets of a value."""


def tlv(tag: int, content: bytes) -> bytes:
    """Encode one BER element with a definite length."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def read(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """Return tag, content and the offset behind one BER element."""
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 0x80:
        width = size & 0x7F
        size, at = int.from_bytes(data[at : at + width], "big"), at + width
    return tag, data[at : at + size], at + size


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the elements that stand one after the other in `data`."""
    at = 0
    while at < len(data):
        tag, content, at = read(data, at)
        yield tag, content


def whole(value: int) -> bytes:
    """Encode an integer's content, two's complement."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


def path(oid: Key) -> bytes:
    """Encode an object identifier's content."""
    out = bytearray((oid[0] * 40 + oid[1],))
    for part in oid[2:]:
        groups = [part & 0x7F]
        while part := part >> 7:
            groups.append(0x80 | (part & 0x7F))
        out += bytes(reversed(groups))
    return bytes(out)


def unpath(content: bytes) -> Key:
    """Decode an object identifier's content."""
    parts, value = [content[0] // 40, content[0] % 40], 0
    for octet in content[1:]:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            parts.append(value)
            value = 0
    return tuple(parts)


def key(oid: str) -> Key:
    """Return a dotted object identifier as numbers."""
    return tuple(int(part) for part in oid.split("."))


def cell(value: int | str | bytes, tag: int | None = None) -> Cell:
    """Return a value as tag and content: text as an octet string, a number as INTEGER unless `tag` says otherwise."""
    if isinstance(value, int):
        return (INTEGER if tag is None else tag, whole(value))
    content = value.encode() if isinstance(value, str) else value
    return (OCTETS if tag is None else tag, content)


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    community: bytes
    kind: int
    number: int
    repetitions: int
    oids: tuple[Key, ...]


Rows = list[tuple[Key, Cell]]


def respond(request: Request, rows: Rows, *, number: int | None = None, status: int = 0) -> bytes:
    """Encode a response."""
    bindings = b"".join(tlv(SEQUENCE, tlv(OID, path(oid)) + tlv(*value)) for oid, value in rows)
    body = tlv(INTEGER, whole(request.number if number is None else number))
    body += tlv(INTEGER, whole(status)) + tlv(INTEGER, whole(1 if status else 0)) + tlv(SEQUENCE, bindings)
    return tlv(SEQUENCE, tlv(INTEGER, whole(1)) + tlv(OCTETS, request.community) + tlv(RESPONSE, body))


def parse(data: bytes) -> Request:
    """Decode a v2c request."""
    _, message, _ = read(data)
    _, community, at = read(message, read(message)[2])
    kind, body, _ = read(message, at)
    (_, number), (_, _), (_, repetitions), (_, bindings) = elements(body)
    oids = tuple(unpath(read(binding)[1]) for _, binding in elements(bindings))
    return Request(community, kind, _signed(number), _signed(repetitions), oids)


def _signed(content: bytes) -> int:
    return int.from_bytes(content, "big", signed=True)


Behaviour = Callable[["HostileAgent", Request], Iterable[bytes]]
"""What is sent back for one request: any number of packets."""


def honest(agent: "HostileAgent", request: Request) -> Iterable[bytes]:
    """Answer as the standard says."""
    return (respond(request, agent.rows(request)),)


@dataclass
class HostileAgent:
    """Serves `table` on a free UDP port of `address` until the block ends; `behaviour` may be changed at any time.

    Attributes:
        table: Dotted object identifier to value.
        behaviour: Turns a request into the packets that are sent back.
        seen: The requests that came, oldest first.
        further: Tables of further communities, as of a switch that keeps one for each VLAN.
    """

    table: Mapping[str, Cell] = field(default_factory=dict)
    behaviour: Behaviour = honest
    community: bytes = b"public"
    address: str = "127.0.0.1"
    seen: list[Request] = field(default_factory=list)
    further: Mapping[bytes, Mapping[str, Cell]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.load(self.table)
        self._socket = socket.socket(socket.AF_INET6 if ":" in self.address else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((self.address, 0))
        self._socket.settimeout(0.05)
        self.port = int(self._socket.getsockname()[1])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def load(self, table: Mapping[str, Cell]) -> None:
        """Serve another table from now on."""
        everything = {self.community: table, **self.further}
        self._tables = {name: {key(oid): value for oid, value in each.items()} for name, each in everything.items()}
        self._orders = {name: sorted(cells) for name, cells in self._tables.items()}

    def rows(self, request: Request) -> Rows:
        """Return what the standard wants for this request (RFC 3416)."""
        cells, order = self._tables[request.community], self._orders[request.community]
        if request.kind == GET:
            return [(oid, cells.get(oid, (NO_SUCH_INSTANCE, b""))) for oid in request.oids]
        count = request.repetitions if request.kind == GET_BULK else 1
        rows: Rows = []
        cursors = list(request.oids)
        for _ in range(count):
            for column, cursor in enumerate(cursors):
                at = bisect_right(order, cursor)
                if at == len(order):
                    rows.append((cursor, (END_OF_MIB, b"")))
                else:
                    cursors[column] = order[at]
                    rows.append((order[at], cells[order[at]]))
        return rows

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                data, peer = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            request = parse(data)
            if request.community not in self._tables:
                continue
            self.seen.append(request)
            for packet in self.behaviour(self, request):
                if self._stop.is_set():
                    return
                self._socket.sendto(packet, peer)


def garbage(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer with octets that are no BER."""
    return (b"\xff" * 40, b"\x30\x84\xff\xff\xff\xff", b"\x00")


def truncated(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer with the first two thirds of the right packet."""
    packet = respond(request, agent.rows(request))
    return (packet[: len(packet) * 2 // 3],)


def other_number(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer another request than the one that was sent."""
    return (respond(request, agent.rows(request), number=(request.number + 1) & 0x7FFFFFFF),)


def empty(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer without any value."""
    return (respond(request, []),)


def error(status: int) -> Behaviour:
    """Return a behaviour that answers with an error-status: 1 tooBig, 2 noSuchName, 5 genErr."""

    def behave(agent: HostileAgent, request: Request) -> Iterable[bytes]:
        return (respond(request, [(oid, (NULL, b"")) for oid in request.oids], status=status),)

    return behave


def backwards(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer each GETBULK with the same first rows again (non-increasing object identifiers)."""
    if request.kind != GET_BULK:
        return honest(agent, request)
    oid = request.oids[0]
    column = oid[: len(_column(oid))]
    return (respond(request, [((*column, index), cell(index)) for index in (1, 2, 1, 2)]),)


def itself(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer each GETBULK with the very object identifier that was asked."""
    if request.kind != GET_BULK:
        return honest(agent, request)
    return (respond(request, [(request.oids[0], cell(1)), (request.oids[0], cell(2))]),)


def endless(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer each GETBULK with always higher rows of the same column."""
    if request.kind != GET_BULK:
        return honest(agent, request)
    oid = request.oids[0]
    column = _column(oid)
    start = oid[len(column)] if len(oid) > len(column) else 0
    rows: Rows = [((*column, start + step), cell(1)) for step in range(1, request.repetitions + 1)]
    return (respond(request, rows),)


def hundred_megabytes(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer each GETBULK with one row more of the same column, as long as the client's buffer, 25,000 times."""
    if request.kind != GET_BULK:
        return honest(agent, request)
    oid = request.oids[0]
    column = _column(oid)
    start = oid[len(column)] if len(oid) > len(column) else 0
    return (respond(request, [((*column, start + 1), cell("x" * 3_950))] if start < 25_000 else []),)


def flood(agent: HostileAgent, request: Request) -> Iterable[bytes]:
    """Answer one request with garbage for three seconds."""
    end = time.monotonic() + 3.0
    while time.monotonic() < end:
        yield b"\xff" * 40


def _column(oid: Key) -> Key:
    """Return the column part of an object identifier of ifTable (10 parts) or ifXTable (11)."""
    return oid[: 11 if oid[:8] == (1, 3, 6, 1, 2, 1, 31, 1) else 10]
