"""Bounds of a request, kept before any parser sees it: address, headers, body, nesting, time."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.refusals import AddressTooLong, HeadTooLarge, Malformed, TooBusy, TooLarge, TooSlow
from inventory.cells import BOUNDS
from inventory.nouns import NOUNS
from inventory.text import Text

LONGEST_ADDRESS: Final = 4096
"""Bytes of path and query."""

MOST_HEADERS: Final = 64
LARGEST_HEAD: Final = 16 * 1024
"""Bytes of all header names and values."""

DEEPEST_JSON: Final = 32
"""Levels of nesting; the deepest that the API takes has five."""

BODY_LIMITS: Final[Mapping[str, int]] = {
    "/api/v1/session": 8 * 1024,
    "/login": 8 * 1024,
    # Alertmanager sends the whole group with all its annotations; a reorganised district may fire at once.
    "/api/v1/alertmanager": 4 * 1024 * 1024,
    # A file of rows, with some room for the form around it.
    **{f"/api/v1/imports/{path}": BOUNDS.octets + 64 * 1024 for path in NOUNS},
    "/imports": BOUNDS.octets + 64 * 1024,
}
"""Bytes of the body where a route differs from the setting, by path."""

DEADLINES: Final[Mapping[str, float]] = {
    # Twenty thousand rows with their history take their time, and nobody must be told "busy" of what is then written.
    address: 600.0
    for path in NOUNS
    for address in (f"/api/v1/imports/{path}", f"/api/v1/exports/{path}", f"/exports/{path}")
} | {"/imports": 120.0}
"""Seconds until an answer begins where a route differs from the setting, by path."""

_HOST: Final = re.compile(rb"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


class HeadBounds:
    """Refuses addresses and heads beyond their bounds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if its head is within bounds.

        Raises:
            AddressTooLong: Path and query have more than `LONGEST_ADDRESS` bytes.
            HeadTooLarge: There are too many headers or too many bytes of them.
            Malformed: Two headers contradict each other, or `Host` names no host.
        """
        if scope["type"] == "http":
            if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
                raise AddressTooLong(LONGEST_ADDRESS)
            headers = scope["headers"]
            size = sum(len(name) + len(value) for name, value in headers)
            if len(headers) > MOST_HEADERS or size > LARGEST_HEAD:
                raise HeadTooLarge
            for single in (b"host", b"authorization", b"content-length", b"content-type"):
                if sum(name == single for name, _ in headers) > 1:
                    raise Malformed(_TWICE.fill(name=single.decode()), _CHECK)
            if not all(_HOST.fullmatch(value) for name, value in headers if name == b"host"):
                raise Malformed(_BAD_HOST, _CHECK)
        await self._app(scope, receive, send)


class Deadline:
    """Ends a request that has not begun to be answered within its time.

    Args:
        app: What is guarded.
        seconds: From the end of the head to the start of the answer.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on.

        Raises:
            TooSlow: The body did not arrive in time.
            TooBusy: The answer was not ready in time.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        arrived = False

        async def noting() -> Message:
            nonlocal arrived
            message = await receive()
            arrived = arrived or not message.get("more_body", False)
            return message

        async def starting(message: Message) -> None:
            # A download may take as long as it takes; only its beginning is owed in time.
            clock.reschedule(None)
            await send(message)

        try:
            async with asyncio.timeout(DEADLINES.get(scope["path"], self._seconds)) as clock:
                await self._app(scope, noting, starting)
        except TimeoutError:
            if not clock.expired():
                raise
            raise (TooBusy() if arrived else TooSlow()) from None


class BodyBounds:
    """Takes in the whole body, counting its bytes, before anything parses it.

    Args:
        app: What is guarded.
        limit: Bytes, where `BODY_LIMITS` names no other bound.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body in one piece.

        Raises:
            TooLarge: The body has more bytes than allowed, announced or counted.
            Malformed: The body is JSON nested deeper than `DEEPEST_JSON`.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        limit = BODY_LIMITS.get(scope["path"], self._limit)
        body = await _whole(receive, limit, connection.headers.get("content-length", ""))
        if body is None:
            return
        if "json" in connection.headers.get("content-type", "").lower() and depth_of(body) > DEEPEST_JSON:
            raise Malformed(_TOO_DEEP.fill(limit=DEEPEST_JSON), _CHECK)
        await self._app(scope, replay(body, receive), send)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a channel that gives a body already read once more, and after it what the client does."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def depth_of(body: bytes) -> int:
    """Return how deep the brackets of a JSON text are nested, whether or not the rest of it is right."""
    depth = deepest = 0
    for octet in _STRING.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth += 1 if octet in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


async def _whole(receive: Receive, limit: int, announced: str) -> bytes | None:
    if announced.isdecimal() and (len(announced) > 18 or int(announced) > limit):
        raise TooLarge(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


_TWICE: Final = Text(vi="Tiêu đề {name} xuất hiện hai lần.", en="The header {name} stands there twice.")
_BAD_HOST: Final = Text(vi="Tiêu đề Host không phải là tên máy.", en="The header Host names no host.")
_TOO_DEEP: Final = Text(vi="JSON lồng nhau quá {limit} tầng.", en="The JSON is nested deeper than {limit} levels.")
_CHECK: Final = Text(vi="Sửa yêu cầu rồi gửi lại.", en="Correct the request and send it again.")
