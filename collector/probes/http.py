"""Does the website answer as it should: status, redirects, content, certificate, and where the time goes."""

import base64
from typing import Annotated, Final, Literal, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import h11
from pydantic import AfterValidator, Field

from collector import metrics
from collector.connection import Connection, Phases, connected, tls_context
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample, Settings
from collector.target import Credential, HttpLogin, Target
from inventory.text import same

BODY_MAX: Final = 1_048_576
"""Octets of the body that are read and searched."""

REDIRECTS_MAX: Final = 5
PHASES: Final = ("resolve", "connect", "tls", "processing", "transfer")
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_HEADERS: Final = (("User-Agent", "quang"), ("Accept", "*/*"), ("Accept-Encoding", "identity"), ("Connection", "close"))


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be http://host/path or https://host/path")
    if parts.username or parts.password:
        raise ValueError("must not hold a password: use a credential")
    if not value.isascii() or any(letter <= " " for letter in value):
        raise ValueError("must be ASCII without blanks")
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


class _Reply(NamedTuple):
    status: int
    location: str | None
    body: bytes
    expires_at: float | None


async def run(target: Target, settings: HttpSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Fetch a page, following redirects.

    Raises:
        ProbeFailure: No connection, no HTTP, or not the status or content that is expected.
    """
    phases, url, hops = Phases(), settings.url, 0
    origin = urlsplit(url)
    while True:
        parts = urlsplit(url)
        at_home = (parts.scheme, parts.netloc) == (origin.scheme, origin.netloc)
        reply = await _fetch(
            parts, settings, credential if at_home else None, target.address if at_home else None, phases
        )
        if reply.status not in _REDIRECTS or not settings.redirects or reply.location is None:
            break
        hops += 1
        if hops > settings.redirects:
            raise ProbeFailure("http_redirects", f"> {settings.redirects}")
        url = _next(url, reply.location)
    _check(reply, settings)
    return Answer(_samples(reply, phases, hops))


def _next(url: str, location: str) -> str:
    try:
        return _web_address(urljoin(url, location))
    except ValueError:
        raise ProbeFailure("http_garbled", "Location") from None


async def _fetch(
    parts: SplitResult, settings: HttpSettings, credential: Credential | None, address: str | None, phases: Phases
) -> _Reply:
    secure = parts.scheme == "https"
    tls = tls_context(settings.verify) if secure else None
    port = parts.port or (443 if secure else 80)
    async with connected(parts.hostname or "", port, phases, address=address, tls=tls) as connection:
        with phases.timed("processing"):
            talk = h11.Connection(h11.CLIENT)
            await connection.write(talk.send(_request(parts, settings.method, credential)) or b"")
            await connection.write(talk.send(h11.EndOfMessage()) or b"")
            head = await _head(connection, talk)
        with phases.timed("transfer"):
            body = await _body(connection, talk)
    location = next((value.decode("ascii", "replace") for name, value in head.headers if name == b"location"), None)
    return _Reply(head.status_code, location, body, connection.expires_at)


def _request(parts: SplitResult, method: str, credential: Credential | None) -> h11.Request:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc), *_HEADERS]
    if isinstance(credential, HttpLogin):
        headers += _login(credential)
    return h11.Request(method=method, target=path, headers=headers)


def _login(credential: HttpLogin) -> list[tuple[str, str]]:
    if credential.bearer is not None:
        return [("Authorization", f"Bearer {credential.bearer.get_secret_value()}")]
    if credential.user is None:
        return []
    password = credential.password.get_secret_value() if credential.password is not None else ""
    pair = base64.b64encode(f"{credential.user}:{password}".encode()).decode()
    return [("Authorization", f"Basic {pair}")]


async def _head(connection: Connection, talk: h11.Connection) -> h11.Response:
    while True:
        event = await _event(connection, talk)
        if isinstance(event, h11.Response):
            return event
        if not isinstance(event, h11.InformationalResponse):
            raise ProbeFailure("http_garbled", "no response")


async def _body(connection: Connection, talk: h11.Connection) -> bytes:
    body = bytearray()
    while len(body) < BODY_MAX:
        event = await _event(connection, talk)
        if not isinstance(event, h11.Data):
            break
        body += event.data
    return bytes(body[:BODY_MAX])


async def _event(connection: Connection, talk: h11.Connection) -> object:
    try:
        while (event := talk.next_event()) is h11.NEED_DATA:
            talk.receive_data(await connection.read())
    except h11.RemoteProtocolError as error:
        raise ProbeFailure("http_garbled", str(error)[:100]) from None
    return event


def _check(reply: _Reply, settings: HttpSettings) -> None:
    wanted = reply.status in settings.status if settings.status else 200 <= reply.status <= 299
    if not wanted:
        raise ProbeFailure("http_status", str(reply.status))
    if settings.contains is not None and settings.contains.encode() not in reply.body:
        raise ProbeFailure("http_text_missing", settings.contains)
    if settings.lacks is not None and settings.lacks.encode() in reply.body:
        raise ProbeFailure("http_text_present", settings.lacks)


def _samples(reply: _Reply, phases: Phases, hops: int) -> tuple[Sample, ...]:
    expiry = () if reply.expires_at is None else (Sample(metrics.SSL_EXPIRY, (), reply.expires_at),)
    return (
        Sample(metrics.HTTP_STATUS, (), reply.status),
        *(Sample(metrics.HTTP_DURATION, (phase,), phases.seconds.get(phase, 0.0)) for phase in PHASES),
        Sample(metrics.HTTP_CONTENT_LENGTH, (), len(reply.body)),
        Sample(metrics.HTTP_REDIRECTS, (), hops),
        Sample(metrics.HTTP_SSL, (), 0 if reply.expires_at is None else 1),
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
        metrics.HTTP_SSL, metrics.SSL_EXPIRY,
    ),
)  # fmt: skip
