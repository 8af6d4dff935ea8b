"""The outer frame of every request: its id, its line in the log, its count, and the last resort for errors."""

import logging
import re
import secrets
import time
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.counts import Counts
from api.http.problems import UNEXPECTED, Problem, answer, problem_of
from inventory.errors import QuangError

_LOG: Final = logging.getLogger(__name__)
_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class _Exchange:
    """The two channels of a request, noting what passes: whether its body arrived, how it was answered."""

    def __init__(self, request: Request, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._id = request.scope["state"]["request_id"]
        headers = request.headers
        self._arrived = "transfer-encoding" not in headers and headers.get("content-length", "0") == "0"
        self.status = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._arrived = self._arrived or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._id
            if not self._arrived:
                # Refused before its body was read: nobody waits for the rest of it.
                headers["Connection"] = "close"
        await self._send(message)


class Frame:
    """Gives each request an id, catches what nothing else caught, and writes one line for it.

    The line has method, path, status, time and actor; never a query, a header or a body, which may hold secrets.

    Args:
        app: What answers.
        counts: Where answers are counted.
    """

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self._app = app
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.scope.setdefault("state", {})["request_id"] = _id_of(request)
        exchange = _Exchange(request, receive, send)
        began = time.perf_counter()
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            problem = _problem(error, scope["state"]["request_id"])
            if exchange.status:
                raise
            await answer(request, problem)(scope, receive, exchange.send)
        finally:
            self._note(scope, exchange.status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "unmatched"
        self._counts.add(route, scope["method"], status, seconds)
        actor = scope["state"].get("actor")
        _LOG.info(
            "%s %s %s %.0f ms %s %s",
            scope["method"],
            _printable(scope["path"]),
            status or "closed",
            seconds * 1000,
            actor.name if actor else "-",
            scope["state"]["request_id"],
        )


def _id_of(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


def _problem(error: Exception, request_id: str) -> Problem:
    if isinstance(error, QuangError):
        return problem_of(error)
    _LOG.error("request %s failed unexpectedly", request_id, exc_info=error)
    return Problem(500, "unexpected", *UNEXPECTED)


def _printable(path: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in path[:200])
