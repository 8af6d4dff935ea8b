"""Whether a video-conference terminal or server speaks SIP. It is sent OPTIONS, which does not make it ring."""

import secrets
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.target import Credential, Target
from collector.wire.connection import Phases, connected, tls_context
from collector.wire.datagram import Wire, ask, wire_of
from collector.wire.dialog import shown
from collector.wire.host import HostSettings
from inventory.text import same

ANSWER_MAX: Final = 65_536
"""Octets of all answers over TCP, provisional ones with them."""

_BROKEN: Final = range(500, 600)


class SipSettings(HostSettings):
    """Whom to ask and how."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 5060
    """Port: 5060, or 5061 with TLS."""

    transport: Literal["udp", "tcp", "tls"] = "udp"
    """How to ask."""

    user: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,64}$")] | None = None
    """Whom to ask for; empty for the terminal itself."""

    status: tuple[Annotated[int, Field(ge=200, le=699)], ...] = ()
    """Final answers that count as success. Empty: every one but 500 to 599, since a terminal that asks who calls (401)
    or knows no such user (404) is there."""

    verify: bool = True
    """Whether the certificate must be valid and of this name."""


class _Call(NamedTuple):
    """What makes a question ours."""

    call_id: str
    branch: str
    tag: str


async def run(target: Target, settings: SipSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Send OPTIONS and wait for the final answer (RFC 3261, 11).

    Raises:
        ProbeFailure: No answer, or not a status that counts.
    """
    host = settings.host_of(target)
    call, phases = _Call(secrets.token_hex(16), "z9hG4bK" + secrets.token_hex(12), secrets.token_hex(8)), Phases()
    if settings.transport == "udp":
        data = await ask(
            host,
            settings.port,
            lambda wire: _options(settings, host, wire, call),
            lambda packet: (_status(packet, call) or 0) >= 200,
            phases,
            address=target.address,
        )
        status = _status(data, call) or 0
    else:
        status = await _over_tcp(target, settings, host, call, phases)
    wanted = status in settings.status if settings.status else status not in _BROKEN
    if not wanted:
        raise ProbeFailure("sip_status", str(status))
    return Answer((Sample(metrics.SIP_STATUS, (), status), *phases.samples("sip")))


async def _over_tcp(target: Target, settings: SipSettings, host: str, call: _Call, phases: Phases) -> int:
    tls = tls_context(settings.verify) if settings.transport == "tls" else None
    async with connected(host, settings.port, phases, address=target.address, tls=tls) as connection:
        wire = wire_of(connection.writer.transport)
        with phases.timed("request"):
            await connection.write(_options(settings, host, wire, call))
            heard, octets = b"", 0
            while octets <= ANSWER_MAX:
                head, blank, rest = heard.partition(b"\r\n\r\n")
                if blank:
                    if (status := _status(head, call)) is None:
                        raise ProbeFailure("talk_garbled", shown(head[:100].decode("utf-8", "replace")))
                    if status >= 200:
                        return status
                    heard = rest  # a provisional answer has no body
                    continue
                more = await connection.read()
                if not more:
                    raise ProbeFailure("broken", "EOF")
                heard, octets = heard + more, octets + len(more)
    raise ProbeFailure("talk_garbled", f"> {ANSWER_MAX}")


def _options(settings: SipSettings, host: str, wire: Wire, call: _Call) -> bytes:
    own, own_port = _literal(wire.own[0]), wire.own[1]
    to = f"sip:{settings.user}@{_literal(host)}" if settings.user else f"sip:{_literal(host)}"
    lines = (
        f"OPTIONS {to}:{settings.port} SIP/2.0",
        f"Via: SIP/2.0/{settings.transport.upper()} {own}:{own_port};rport;branch={call.branch}",
        "Max-Forwards: 70",
        f"From: <sip:quang@{own}>;tag={call.tag}",
        f"To: <{to}>",
        f"Call-ID: {call.call_id}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:quang@{own}:{own_port}>",
        "Accept: application/sdp",
        "User-Agent: quang",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _literal(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _status(packet: bytes, call: _Call) -> int | None:
    """Return the status of an answer to our question; nothing if it is none."""
    first, *headers = packet.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace").split("\r\n")
    words = first.split(" ", 2)
    if (
        words[0] != "SIP/2.0"
        or len(words) < 2
        or not (words[1].isascii() and words[1].isdigit() and len(words[1]) == 3)
    ):
        return None
    values = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in headers)}
    ours = (values.get("call-id") or values.get("i")) == call.call_id
    return int(words[1]) if ours and values.get("cseq", "").split() == ["1", "OPTIONS"] else None


PROBE: Final = Probe(
    kind="sip",
    title=same("SIP"),
    job="services",
    run=run,
    settings=SipSettings,
    interval_s=60.0,
    timeout_s=8.0,
    metrics=(metrics.SIP_STATUS, metrics.SERVICE_PHASE),
)
