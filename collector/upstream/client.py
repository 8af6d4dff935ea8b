"""The door to the API: leases, roster, reports. Every call is bounded in time and size, and fails in one of two ways.

`Refused` means that the API answered and said no; `Unreachable`, that its answer is unknown. The difference matters: a
collector that cannot reach the API continues with what it held last.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Annotated, Final, Self

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from collector.polling.standstill import passed_s
from collector.target import Slug
from collector.upstream.reports import Report

TIMEOUT_S: Final = 10.0
"""Seconds for a whole call; a roster of a province takes less than one."""

MOST_BYTES: Final = 200_000_000
"""Octets of an answer; a longer one is cut off and refused."""

CALL_S: Final = 30.0
"""Seconds after which a call is abandoned even if its answer is still arriving."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class Unreachable(Exception):
    """The API did not answer, or not in a way that says anything (a time-out, a 5xx, a page of a proxy).

    Attributes:
        status: HTTP status if there was one.
    """

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


class Refused(Exception):
    """The API answered with a clear no.

    Attributes:
        status: HTTP status, 400 to 499.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status


class Grant(BaseModel):
    """One leased site, as the API says it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    site: Slug
    until: AwareDatetime


class Leases(BaseModel):
    """The answer to a renewal.

    Attributes:
        leases: The sites that this collector holds now, and until when by the API's clock.
        renew_after_s: Seconds until the next renewal.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    leases: Annotated[tuple[Grant, ...], Field(max_length=100_000)]
    renew_after_s: Annotated[float, Field(gt=0, le=3_600)] = 10.0


@dataclass(frozen=True, slots=True)
class Held:
    """Leases on a clock that nobody sets and no sleep stops, so that a wrong wall clock on either side does no harm.

    Attributes:
        until: Site to the moment (as `passed_s` counts) at which the lease ends.
        renew_after_s: Seconds until the next renewal, 1 to 15.
    """

    until: Mapping[str, float]
    renew_after_s: float


@dataclass(frozen=True, slots=True)
class Document:
    """A roster as it came over the wire."""

    body: bytes
    etag: str | None


class Client:
    """Talks to the API as one collector. Use it as an asynchronous context manager."""

    def __init__(self, api: str, name: str, tokens: Callable[[], Sequence[str]]) -> None:
        """Prepare the connection; nothing is sent yet.

        Args:
            api: `http://...`, `https://...` or `unix:/path`.
            name: The collector's name.
            tokens: Returns the tokens to try, the preferred one first.
        """
        transport = httpx.AsyncHTTPTransport(uds=api.removeprefix("unix:")) if api.startswith("unix:") else None
        base = "http://api" if transport else api
        self._http = httpx.AsyncClient(
            base_url=f"{base}/api/v1/collectors/{name}/",
            transport=transport,
            timeout=TIMEOUT_S,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=4),
        )
        self._tokens = tokens
        self._good: str | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    @property
    def token(self) -> str | None:
        """Return the token that the API accepted last, or `None`."""
        return self._good

    def tokens(self) -> Sequence[str]:
        """Return the tokens that may be good, the one that the API accepted last first."""
        return sorted(self._tokens(), key=lambda token: token != self._good)

    async def renew(self, version: str, url: str | None, workers: int) -> Held:
        """Renew the leases and say where the pages are.

        Raises:
            Unreachable: Nobody can tell.
            Refused: The API said no.
        """
        asked_at = passed_s()
        response = await self._call("POST", "lease", {"version": version, "url": url, "workers": workers})
        try:
            answer = Leases.model_validate_json(response.body)
        except ValidationError as error:
            raise Unreachable(f"the answer about leases is not understood: {error.error_count()} errors") from None
        there = _date(response) or datetime.now(UTC)
        return Held(
            {grant.site: asked_at + (grant.until - there).total_seconds() for grant in answer.leases},
            min(15.0, max(1.0, answer.renew_after_s)),
        )

    async def roster(self, etag: str | None) -> Document | None:
        """Return the roster, or `None` if it is still the one with this ETag.

        Raises:
            Unreachable: Nobody can tell.
            Refused: The API said no.
        """
        response = await self._call("GET", "roster", headers={"If-None-Match": etag} if etag else {})
        if response.status == 304:
            return None
        return Document(response.body, response.headers.get("ETag"))

    async def report(self, reports: Sequence[Report]) -> None:
        """Hand over reports, in order; returns once the API has them for good.

        Raises:
            Unreachable: Nobody can tell; send them again.
            Refused: The API said no.
        """
        await self._call("POST", "reports", {"reports": list(reports)})

    async def errand(self) -> bytes | None:
        """Wait for something that the API wants to know now; return it, or `None` if nothing has come for a while.

        Raises:
            Unreachable: Nobody can tell.
            Refused: The API said no.
        """
        answer = await self._call("GET", "errand")
        return None if answer.status == 204 else answer.body

    async def deliver(self, uid: str, results: Sequence[Mapping[str, object]]) -> None:
        """Hand over what an errand has found.

        Raises:
            Unreachable: Nobody can tell.
            Refused: The API said no; nobody waits for it any more.
        """
        await self._call("POST", f"errands/{uid}", {"results": list(results)})

    async def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> _Answer:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = {} if content is None else {"Content-Type": "application/json"}
        answer = None
        for token in self.tokens():
            answer = await self._send(
                method, path, content, {**(headers or {}), **kind, "Authorization": f"Bearer {token}"}
            )
            if answer.status != 401:
                self._good = token
                break
        if answer is None:
            raise Refused(401, "there is no token")
        return _checked(answer)

    async def _send(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> _Answer:
        body = bytearray()
        try:
            async with (
                asyncio.timeout(CALL_S),
                self._http.stream(method, path, content=content, headers=headers) as response,
            ):
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise Unreachable(f"the answer is longer than {MOST_BYTES} octets")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from None
        return _Answer(response.status_code, response.headers, bytes(body))


def _checked(answer: _Answer) -> _Answer:
    if answer.status in {408, 425, 429} or answer.status >= 500:
        raise Unreachable(f"the API answered {answer.status}", answer.status)
    if 400 <= answer.status < 500:
        raise Refused(answer.status, _title(answer.body))
    if answer.status not in {200, 201, 202, 204, 304}:
        raise Unreachable(f"the API answered {answer.status}, as no API would", answer.status)
    return answer


def _title(body: bytes) -> str:
    """Return the title of an RFC 9457 problem, or the beginning of whatever came instead."""
    try:
        problem = json.loads(body)
        return str(problem["title"])[:200]
    except (ValueError, KeyError, TypeError):
        return body[:100].decode(errors="replace")


def _date(answer: _Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return None
