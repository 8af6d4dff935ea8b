"""Whether a website answers as it should: status, redirects, content, certificate, and the time of each phase."""

import base64
from collections.abc import Callable
from typing import Annotated, Final, Literal, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from pydantic import AfterValidator, Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample, Settings
from collector.target import Credential, HttpLogin, Target
from collector.web import http1, http2
from collector.web.address import ascii_address
from collector.web.exchange import Question, Reply
from collector.wire.connection import Phases, connected, is_of_link, is_own, resolve, tls_context
from inventory.text import same

REDIRECTS_MAX: Final = 5
PHASES: Final = ("resolve", "connect", "tls", "processing", "transfer")
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_HEADERS: Final = (("user-agent", "quang"), ("accept", "*/*"), ("accept-encoding", "identity"))


def _web_address(value: str) -> str:
    if any(letter <= " " for letter in value):
        raise ValueError("must hold no blanks")
    value = ascii_address(value)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be http://host/path or https://host/path")
    if parts.username or parts.password:
        raise ValueError("must not hold a password: use a credential")
    _ = parts.port
    return value


class HttpSettings(Settings):
    """What to ask and what to expect."""

    url: Annotated[str, Field(max_length=2_000), AfterValidator(_web_address)]
    """Address of the page; http or https. Where the target has an IP address, that one is connected to."""

    method: Literal["GET", "HEAD"] = "GET"
    """HTTP method."""

    status: tuple[Annotated[int, Field(ge=100, le=599)], ...] = ()
    """Status codes that count as success; empty for 200 to 299."""

    redirects: Annotated[int, Field(ge=0, le=REDIRECTS_MAX)] = REDIRECTS_MAX
    """Redirects that are followed, 0 to 5. With 0 the first answer counts, whatever it is."""

    contains: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Text that the first 1,048,576 octets of the body must hold."""

    lacks: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Text that they must not hold."""

    verify: bool = True
    """Whether the certificate must be valid and of this name."""

    http2: bool = True
    """Whether HTTP/2 is offered where TLS is spoken; the server chooses."""


class _Hop(NamedTuple):
    """One request of a chain of redirects.

    Attributes:
        parts: The address.
        credential: What this server is told; `None` for nothing.
        address: IP address to connect to; `None` asks the resolver.
        shun: Tells IP addresses to which nothing is connected.
    """

    parts: SplitResult
    credential: Credential | None
    address: str | None
    shun: Callable[[str], bool]


async def run(target: Target, settings: HttpSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Fetch a page, following redirects.

    Raises:
        ProbeFailure: No connection, no HTTP, or not the status or content that is expected.
    """
    phases, url, hops = Phases(), settings.url, 0
    origin = urlsplit(url)
    while True:
        reply, expires_at = await _fetch(await _hop(urlsplit(url), origin, target, credential), settings, phases)
        if reply.status not in _REDIRECTS or not settings.redirects or reply.location is None:
            break
        hops += 1
        if hops > settings.redirects:
            raise ProbeFailure("http_redirects", f"> {settings.redirects}")
        url = _next(url, reply.location)
    _check(reply, settings)
    return Answer(_samples(reply, expires_at, phases, hops))


async def _hop(parts: SplitResult, origin: SplitResult, target: Target, credential: Credential | None) -> _Hop:
    """Return what is asked where: another server is told no credential and found by the resolver alone."""
    if (parts.scheme, parts.netloc) == (origin.scheme, origin.netloc):
        return _Hop(parts, credential, target.address, is_of_link)
    # Where a server redirects to is its own choice: it must not lead the collector to the collector's own machine.
    return _Hop(parts, None, None, is_of_link if await _is_here(origin, target.address) else is_own)


async def _is_here(origin: SplitResult, address: str | None) -> bool:
    """Return whether the books' own address of a website is on this machine."""
    return any(map(is_own, [address] if address else await resolve(origin.hostname or "", origin.port or 0)))


def _next(url: str, location: str) -> str:
    try:
        return _web_address(urljoin(url, location))
    except ValueError:
        raise ProbeFailure("http_garbled", "Location") from None


async def _fetch(hop: _Hop, settings: HttpSettings, phases: Phases) -> tuple[Reply, float | None]:
    """Return the answer of one server, and when its certificate ends."""
    parts, secure = hop.parts, hop.parts.scheme == "https"
    offers = (http2.PROTOCOL, "http/1.1") if settings.http2 else ()
    tls = tls_context(settings.verify, offers) if secure else None
    port = parts.port or (443 if secure else 80)
    async with connected(parts.hostname or "", port, phases, address=hop.address, tls=tls, shun=hop.shun) as connection:
        carrier = http2 if connection.protocol == http2.PROTOCOL else http1
        reply = await carrier.fetch(connection, _question(parts, settings.method, hop.credential), phases)
        return reply, connection.expires_at


def _question(parts: SplitResult, method: str, credential: Credential | None) -> Question:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    login = _login(credential) if isinstance(credential, HttpLogin) else ()
    return Question(method, parts.scheme, parts.netloc, path, (*_HEADERS, *login))


def _login(credential: HttpLogin) -> list[tuple[str, str]]:
    if credential.bearer is not None:
        return [("authorization", f"Bearer {credential.bearer.get_secret_value()}")]
    if credential.user is None:
        return []
    password = credential.password.get_secret_value() if credential.password is not None else ""
    pair = base64.b64encode(f"{credential.user}:{password}".encode()).decode()
    return [("authorization", f"Basic {pair}")]


def _check(reply: Reply, settings: HttpSettings) -> None:
    wanted = reply.status in settings.status if settings.status else 200 <= reply.status <= 299
    if not wanted:
        raise ProbeFailure("http_status", str(reply.status))
    if settings.contains is not None and settings.contains.encode() not in reply.body:
        raise ProbeFailure("http_text_missing", settings.contains)
    if settings.lacks is not None and settings.lacks.encode() in reply.body:
        raise ProbeFailure("http_text_present", settings.lacks)


def _samples(reply: Reply, expires_at: float | None, phases: Phases, hops: int) -> tuple[Sample, ...]:
    expiry = () if expires_at is None else (Sample(metrics.SSL_EXPIRY, (), expires_at),)
    return (
        Sample(metrics.HTTP_STATUS, (), reply.status),
        Sample(metrics.HTTP_VERSION, (), reply.version),
        *(Sample(metrics.HTTP_DURATION, (phase,), phases.seconds.get(phase, 0.0)) for phase in PHASES),
        Sample(metrics.HTTP_CONTENT_LENGTH, (), len(reply.body)),
        Sample(metrics.HTTP_REDIRECTS, (), hops),
        Sample(metrics.HTTP_SSL, (), 0 if expires_at is None else 1),
        *expiry,
    )


PROBE: Final = Probe(
    kind="http",
    title=same("HTTP"),
    job="services",
    run=run,
    settings=HttpSettings,
    needs=("http",),
    interval_s=30.0,
    timeout_s=10.0,
    metrics=(
        metrics.HTTP_STATUS, metrics.HTTP_DURATION, metrics.HTTP_CONTENT_LENGTH, metrics.HTTP_REDIRECTS,
        metrics.HTTP_SSL, metrics.HTTP_VERSION, metrics.SSL_EXPIRY,
    ),
)  # fmt: skip
