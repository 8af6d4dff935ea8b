"""Whether a time server answers, and how far its clock is from the collector's."""

import secrets
import struct
import time
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.target import Credential, Target
from collector.wire.connection import Phases
from collector.wire.datagram import ask
from collector.wire.host import HostSettings
from inventory.text import same

_HEAD: Final = struct.Struct("!BBbbII4sQ8sQQ")
"""RFC 5905, figure 8: mode and version, stratum, poll, precision, root delay, root dispersion, reference, its time, and
the times of origin, receipt and sending."""

_ERA_S: Final = 2**32
_UNIX_S: Final = 2_208_988_800
"""Seconds from the beginning of NTP's first era (1900) to Unix'."""

_VERSION_4_CLIENT: Final = 0b00_100_011
_SERVER: Final = 4
_UNKNOWN: Final = 3
STRATUM_MAX: Final = 15


class NtpSettings(HostSettings):
    """Which server to ask."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 123
    """UDP port of the server."""


class Times(NamedTuple):
    """The four moments of one exchange, Unix seconds.

    Attributes:
        sent: By the collector's clock.
        received: By the server's clock.
        answered: By the server's clock.
        back: By the collector's clock.
    """

    sent: float
    received: float
    answered: float
    back: float

    @property
    def offset_s(self) -> float:
        """Return how far the server's clock is ahead (RFC 5905, theta)."""
        return ((self.received - self.sent) + (self.answered - self.back)) / 2

    @property
    def delay_s(self) -> float:
        """Return the time on the way, never less than 0 (RFC 5905, delta)."""
        return max(0.0, (self.back - self.sent) - (self.answered - self.received))


async def run(target: Target, settings: NtpSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Ask for the time once (RFC 5905).

    Raises:
        ProbeFailure: No answer, no NTP, a server that refuses or does not know the time itself.
    """
    host = settings.host_of(target)
    # A random cookie in place of our time: the server cannot tell our clock, and nobody can answer unasked. Each try
    # has its own, so that what answers the second is not measured from the first.
    asked: dict[bytes, tuple[float, float]] = {}

    def question(_: object) -> bytes:
        cookie = secrets.token_bytes(8)
        asked[cookie] = (time.time(), time.monotonic())
        return _HEAD.pack(_VERSION_4_CLIENT, 0, 0, 0, 0, 0, b"", 0, b"", 0, int.from_bytes(cookie))

    def is_answer(data: bytes) -> bool:
        return len(data) >= _HEAD.size and data[0] & 7 == _SERVER and data[24:32] in asked

    data = await ask(host, settings.port, question, is_answer, Phases(), address=target.address)
    sent, began = asked[data[24:32]]
    return Answer(_samples(data, sent, sent + time.monotonic() - began))


def _samples(data: bytes, sent: float, back: float) -> list[Sample]:
    first, stratum, _, _, _, dispersion, reference, _, _, received, answered = _HEAD.unpack_from(data)
    # Stratum 0 is a kiss of death, with a code of letters, or a server that knows no time yet (RFC 5905, 7.4).
    if stratum == 0 and (code := reference.rstrip(b"\0")).isalpha():
        raise ProbeFailure("ntp_refused", code.decode("ascii"))
    if first >> 6 == _UNKNOWN or not 1 <= stratum <= STRATUM_MAX or not (received and answered):
        raise ProbeFailure("ntp_unsynchronised", str(stratum))
    times = Times(sent, unix(received, near=back), unix(answered, near=back), back)
    return [
        Sample(metrics.NTP_OFFSET, (), times.offset_s),
        Sample(metrics.NTP_DELAY, (), times.delay_s),
        Sample(metrics.NTP_STRATUM, (), stratum),
        Sample(metrics.NTP_ROOT_DISPERSION, (), dispersion / 65_536),
    ]


def unix(stamp: int, *, near: float) -> float:
    """Return the Unix time of a 64-bit stamp: of all eras the moment that is nearest to one that is known.

    Args:
        stamp: Seconds and fractions since the beginning of an era of 2^32 s: the first began in 1900, the second does
            in 2036.
        near: Unix seconds.
    """
    within = stamp / 2**32 - _UNIX_S
    return within + round((near - within) / _ERA_S) * _ERA_S


PROBE: Final = Probe(
    kind="ntp",
    title=same("NTP"),
    job="services",
    run=run,
    settings=NtpSettings,
    interval_s=60.0,
    timeout_s=8.0,
    metrics=(metrics.NTP_OFFSET, metrics.NTP_DELAY, metrics.NTP_STRATUM, metrics.NTP_ROOT_DISPERSION),
)
