"""Whether a name server answers, with the expected records."""

import struct
from typing import Annotated, Final, Literal

from dns import exception, flags, message, name, rcode, rdatatype
from pydantic import AfterValidator, Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.target import Credential, Target
from collector.wire.connection import Connection, Phases, connected
from collector.wire.datagram import ask
from collector.wire.host import HostSettings
from inventory.text import same

_CUT: Final = 0x02
"""TC, in the third octet of a message (RFC 1035, section 4.1.1)."""

PAYLOAD: Final = 1_232
"""Octets of an answer that UDP carries without being cut in pieces (RFC 9715)."""


def _name(value: str) -> str:
    try:
        return name.from_text(value).to_text()
    except (exception.DNSException, UnicodeError, ValueError):
        raise ValueError("must be a domain name") from None


class DnsSettings(HostSettings):
    """What to ask whom, and what to expect."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 53
    """Port of the name server."""

    name: Annotated[str, Field(min_length=1, max_length=253), AfterValidator(_name)] = "."
    """The name that is asked for. The root, whose servers each resolver knows, unless something else matters."""

    type: Literal["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] = "NS"
    """The type of record that is asked for."""

    transport: Literal["udp", "tcp"] = "udp"
    """How to ask. An answer that is too long for UDP is asked for again over TCP, as resolvers do."""

    rcode: Literal["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"] = "NOERROR"
    """The response code that counts as success."""

    answers: Annotated[int, Field(ge=0, le=100)] = 1
    """Records that the answer must hold at least, where the code is NOERROR; 0 to 100."""

    contains: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Text that one record of the answer must hold: an address, a server's name."""


async def run(target: Target, settings: DnsSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Ask a name server one question (RFC 1035).

    Raises:
        ProbeFailure: No answer, no DNS, or not the code or the records that are expected.
    """
    host = settings.host_of(target)
    query = message.make_query(settings.name, settings.type, use_edns=0, payload=PAYLOAD)
    phases = Phases()
    reply = None
    if settings.transport == "udp":
        reply = await _over_udp(host, settings.port, query, phases, target.address)
    if reply is None or reply.flags & flags.TC:
        reply = await _over_tcp(host, settings.port, query, phases, target.address)
    _check(reply, settings)
    return Answer(_samples(reply, phases))


async def _over_udp(
    host: str, port: int, query: message.Message, phases: Phases, address: str | None
) -> message.Message:
    wire = query.to_wire()
    packet = await ask(host, port, lambda _: wire, lambda data: _read(data, query) is not None, phases, address=address)
    reply = _read(packet, query)
    if reply is None:
        raise ProbeFailure("dns_garbled", "UDP")
    return reply


async def _over_tcp(
    host: str, port: int, query: message.Message, phases: Phases, address: str | None
) -> message.Message:
    async with connected(host, port, phases, address=address) as connection:
        wire = query.to_wire()
        with phases.timed("request"):
            await connection.write(struct.pack("!H", len(wire)) + wire)
            (length,) = struct.unpack("!H", await _exactly(connection, 2))
            reply = _read(await _exactly(connection, length), query)
    if reply is None:
        raise ProbeFailure("dns_garbled", "TCP")
    return reply


async def _exactly(connection: Connection, count: int) -> bytes:
    """Return so many octets, at most 65,535 by the length that stands before a message."""
    found = b""
    while len(found) < count:
        more = await connection.read(count - len(found))
        if not more:
            raise ProbeFailure("broken", "EOF")
        found += more
    return found


def _read(data: bytes, query: message.Message) -> message.Message | None:
    """Return the message if it is one and answers the query; one that says that it was cut may end anywhere."""
    cut = data[2:3] > b"" and bool(data[2] & _CUT)
    try:
        reply = message.from_wire(data, ignore_trailing=True, continue_on_error=cut)
    except (exception.DNSException, ValueError, struct.error):
        return None
    return reply if query.is_response(reply) else None


def _check(reply: message.Message, settings: DnsSettings) -> None:
    code = rcode.to_text(reply.rcode())
    if code != settings.rcode:
        raise ProbeFailure("dns_code", f"{code}, {settings.name} {settings.type}")
    if settings.rcode != "NOERROR":
        return
    records = _records(reply)
    if len(records) < settings.answers:
        raise ProbeFailure("dns_missing", f"{settings.name} {settings.type}")
    if settings.contains is not None and not any(settings.contains in record for record in records):
        raise ProbeFailure("dns_missing", f"{settings.name} {settings.type}: {settings.contains}")


def _records(reply: message.Message) -> list[str]:
    return [record.to_text() for found in reply.answer for record in found]


def _samples(reply: message.Message, phases: Phases) -> list[Sample]:
    counts = (
        (metrics.DNS_ANSWERS, reply.answer),
        (metrics.DNS_AUTHORITIES, reply.authority),
        (metrics.DNS_ADDITIONALS, reply.additional),
    )
    serials = [record.serial for found in reply.answer for record in found if found.rdtype == rdatatype.SOA]
    return [
        *phases.samples("dns"),
        *(Sample(metric, (), sum(len(found) for found in section)) for metric, section in counts),
        *(Sample(metrics.DNS_SERIAL, (), serial) for serial in serials[:1]),
    ]


PROBE: Final = Probe(
    kind="dns",
    title=same("DNS"),
    job="services",
    run=run,
    settings=DnsSettings,
    interval_s=30.0,
    timeout_s=8.0,
    metrics=(
        metrics.SERVICE_PHASE, metrics.DNS_ANSWERS, metrics.DNS_AUTHORITIES, metrics.DNS_ADDITIONALS,
        metrics.DNS_SERIAL,
    ),
)  # fmt: skip
