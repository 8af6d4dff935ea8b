"""A TCP connection with or without TLS; each phase of opening it is timed."""

import asyncio
import functools
import ipaddress
import os
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography import x509

from collector import metrics
from collector.probe import ProbeFailure, Sample
from collector.wire.limits import ensure_room, is_exhausted
from collector.wire.names import look_up

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ADDRESSES_MAX: Final = 4
"""Addresses of one name that are tried, in the resolver's order."""

READ_BYTES: Final = 65_536

_DER: Final = 2
"""CPython's `_ssl.ENCODING_DER`."""

RENEWED_S: Final = 86_400.0
"""Seconds after which the system's trusted certificates are read again: a collector runs for months."""

_FAULTS: Final = {
    9: "tls_early", 10: "tls_expired", 62: "tls_name", 64: "tls_name",
    18: "tls_untrusted", 19: "tls_untrusted", 20: "tls_untrusted", 21: "tls_untrusted",
}  # fmt: skip
"""OpenSSL's verdicts (X509_V_ERR_*): not valid yet, expired, wrong name or address, untrusted issuer."""


@dataclass(slots=True)
class Phases:
    """Seconds spent, by name of the phase: resolve, connect, tls, and what the caller adds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time of the block to a phase."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - began

    def samples(self, probe: str) -> tuple[Sample, ...]:
        """Return the times as samples of a probe."""
        return tuple(Sample(metrics.SERVICE_PHASE, (probe, phase), spent) for phase, spent in self.seconds.items())


class Arrivals(asyncio.StreamReader):
    """Received data; all of it can be read before a broken connection shows.

    A peer may state what is wrong and then reset the connection: the reason is in its words, not in the reset.

    Attributes:
        broken_by: Why the connection broke; `None` while it is open or after an end in order.
    """

    broken_by: Exception | None = None

    def set_exception(self, exc: Exception) -> None:
        """Note why nothing more will come."""
        self.broken_by = exc
        self.feed_eof()


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection.

    Attributes:
        reader: What comes in.
        writer: What goes out.
        expires_at: Unix time at which the first certificate of the server expires; `None` without TLS.
        protocol: What was agreed upon in the TLS session (RFC 7301); `None` for nothing.
    """

    reader: Arrivals
    writer: asyncio.StreamWriter
    expires_at: float | None = None
    protocol: str | None = None

    def expiry(self) -> tuple[Sample, ...]:
        """Return when the certificate expires, as a sample; none without TLS."""
        return () if self.expires_at is None else (Sample(metrics.SSL_EXPIRY, (), self.expires_at),)

    async def read(self, most: int = READ_BYTES) -> bytes:
        """Return what has come, at most `most` octets; nothing at the end.

        Raises:
            ProbeFailure: The connection broke, and all that had come before was returned.
        """
        data = await self.reader.read(most)
        if not data and self.reader.broken_by is not None:
            raise ProbeFailure("broken", reason_of(self.reader.broken_by))
        return data

    async def write(self, data: bytes) -> None:
        """Send octets.

        Raises:
            ProbeFailure: The connection broke.
        """
        try:
            self.writer.write(data)
            await self.writer.drain()
        except OSError as error:
            raise ProbeFailure("broken", reason_of(error)) from None


def tls_context(verify: bool, offers: tuple[str, ...] = ()) -> ssl.SSLContext:
    """Return the settings of TLS sessions, made once a day: reading the system's authorities takes long.

    Args:
        verify: Whether a certificate must be valid and of the server's name.
        offers: Protocols that are offered inside the session, in order of preference.
    """
    return made_context(verify, offers, int(time.monotonic() // RENEWED_S))


@functools.lru_cache(maxsize=8)
def made_context(verify: bool, offers: tuple[str, ...], _day: int) -> ssl.SSLContext:
    """Return new settings of TLS sessions, with the authorities that the system trusts now; see `tls_context`."""
    context = ssl.create_default_context()
    if offers:
        context.set_alpn_protocols(list(offers))
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def is_own(address: str) -> bool:
    """Return whether an IP address is this machine itself, or link-local."""
    return is_of_link(address) or any(part.is_loopback or part.is_unspecified for part in _meanings(address))


def is_of_link(address: str) -> bool:
    """Return whether an IP address is link-local; in clouds, such addresses hand out secrets."""
    return any(part.is_link_local for part in _meanings(address))


def _meanings(address: str) -> "tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, ...]":
    found = ipaddress.ip_address(address)
    inside = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (found,) if inside is None else (found, inside)


@asynccontextmanager
async def connected(
    host: str,
    port: int,
    phases: Phases,
    *,
    address: str | None = None,
    tls: ssl.SSLContext | None = None,
    shun: Callable[[str], bool] | None = None,
) -> "AsyncIterator[Connection]":
    """Open a connection for the length of a block.

    Args:
        host: Name or IP address; the name that the certificate must carry.
        port: TCP port.
        phases: Where the times of `resolve`, `connect` and `tls` are added.
        address: IP address to connect to instead of asking the resolver.
        tls: Settings of the TLS session; `None` for none.
        shun: Tells IP addresses to which nothing is connected.

    Raises:
        ProbeFailure: `shunned`, `dns`, `connect`, `tls`, or what is wrong with the certificate (`tls_expired` and
            others).
    """
    with phases.timed("resolve"):
        addresses = [address] if address else await resolve(host, port)
    if shun is not None and any(map(shun, addresses)):
        raise ProbeFailure("shunned", host)
    with phases.timed("connect"):
        reader, writer = await _connect(addresses, port)
    try:
        plain = Connection(reader, writer)
        yield plain if tls is None else await secured(plain, host, tls, phases)
    finally:
        writer.transport.abort()


async def secured(connection: Connection, host: str, tls: ssl.SSLContext, phases: Phases) -> Connection:
    """Begin TLS on an open connection and return it with the end of its certificate.

    Args:
        connection: Without TLS yet.
        host: The name that the certificate must carry.
        tls: Settings of the session.
        phases: Where the time of `tls` is added.

    Raises:
        ProbeFailure: `tls`, or what is wrong with the certificate: `tls_expired`, `tls_early`, `tls_name`,
            `tls_untrusted`.
    """
    with phases.timed("tls"):
        await _secure(connection.writer, host, tls)
    session = connection.writer.get_extra_info("ssl_object")
    protocol = session.selected_alpn_protocol() if session is not None else None
    return Connection(connection.reader, connection.writer, _expiry(connection.writer), protocol)


async def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name, at most `ADDRESSES_MAX`; an address stands for itself.

    Raises:
        ProbeFailure: `dns`.
    """
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    try:
        return (await look_up(host, port))[:ADDRESSES_MAX]
    except (OSError, UnicodeError):
        ensure_room()
        raise ProbeFailure("dns", host) from None


def reason_of(error: BaseException) -> str:
    """Return a short reason without addresses or secrets: the system's text for an error number, or its kind."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or type(error).__name__).lower().replace("_", " ")
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return type(error).__name__


async def _connect(addresses: list[str], port: int) -> tuple[Arrivals, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = Arrivals(READ_BYTES, loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    failure = ProbeFailure("dns", "")
    for address in addresses:
        try:
            transport, _ = await loop.create_connection(lambda: protocol, address, port)
        except OSError as error:
            if is_exhausted(error):
                raise
            failure = ProbeFailure("connect", reason_of(error))
        else:
            return reader, asyncio.StreamWriter(transport, protocol, reader, loop)
    raise failure


async def _secure(writer: asyncio.StreamWriter, host: str, tls: ssl.SSLContext) -> None:
    try:
        await writer.start_tls(tls, server_hostname=host)
    except (OSError, EOFError) as error:
        raise ProbeFailure(_fault_of(error), reason_of(error)) from None


def _fault_of(error: BaseException) -> str:
    """Return the reason's code: what is wrong with a certificate decides who has to do what."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _FAULTS.get(error.verify_code, "tls")
    return "tls"


def _expiry(writer: asyncio.StreamWriter) -> float | None:
    """Return when the first certificate of the chain expires: an authority's may end before the server's own."""
    session = writer.get_extra_info("ssl_object")
    if session is None:
        return None
    ends = []
    for der in _chain(session) or [session.getpeercert(binary_form=True)]:
        try:
            ends.append(x509.load_der_x509_certificate(der).not_valid_after_utc.timestamp())
        except ValueError:
            continue
    return min(ends, default=None)


def _chain(session: ssl.SSLObject) -> list[bytes]:
    """Return the certificates by which the server was found genuine; where nobody asked, those that it sent.

    Servers also send what is not needed any more, an old authority's certificate that has long expired, which must not
    be taken for the end of theirs. Before 3.13 Python shows the chain on its inner object alone; else there is none.
    """
    asked = session.context.verify_mode is not ssl.CERT_NONE
    inner = getattr(session, "_sslobj", None)
    chain = getattr(inner, "get_verified_chain" if asked else "get_unverified_chain", None)
    return [certificate.public_bytes(_DER) for certificate in (chain and chain()) or ()]
