"""Whether a TCP service accepts connections, and greets as expected."""

from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure
from collector.target import Credential, Target
from collector.wire.connection import Connection, Phases, connected, tls_context
from collector.wire.host import HostSettings
from inventory.text import same

BANNER_MAX: Final = 4_096
"""Octets of the greeting that are read and searched."""


class TcpSettings(HostSettings):
    """Where to connect and what to expect."""

    port: Annotated[int, Field(ge=1, le=65_535)]
    """TCP port."""

    expect: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Text that the first 4,096 octets of the greeting must hold; empty for a connection alone."""

    tls: bool = False
    """Whether TLS is spoken from the start."""

    verify: bool = True
    """Whether the certificate must be valid and of this name."""


async def run(target: Target, settings: TcpSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Connect, and wait for the greeting if one is expected.

    Raises:
        ProbeFailure: No connection, or another greeting.
    """
    host = settings.host_of(target)
    tls = tls_context(settings.verify) if settings.tls else None
    async with connected(host, settings.port, Phases(), address=target.address, tls=tls) as connection:
        if settings.expect is not None:
            await _expect(connection, settings.expect)
    return Answer(connection.expiry())


async def _expect(connection: Connection, text: str) -> None:
    banner = b""
    while text.encode() not in banner:
        more = await connection.read()
        banner += more
        if not more or len(banner) > BANNER_MAX:
            raise ProbeFailure("banner", text)


PROBE: Final = Probe(
    kind="tcp",
    title=same("TCP"),
    job="services",
    run=run,
    settings=TcpSettings,
    interval_s=30.0,
    timeout_s=10.0,
    metrics=(metrics.SSL_EXPIRY,),
)
