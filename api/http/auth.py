"""Who asks: a person by the session cookie or a program by its bearer token. Nothing else is open but a short list."""

import hmac
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlsplit

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.house import house_of
from api.http.limits import replay
from api.http.refusals import ForeignPage, NotSignedIn, PasswordChangeNeeded
from api.settings import Settings
from inventory.access.rights import Act, Actor, check
from inventory.access.sessions import Signed, session_of
from inventory.access.tokens import actor_of_token
from inventory.errors import Forbidden

OPEN: Final = frozenset(
    {
        ("GET", "/healthz"),
        ("HEAD", "/healthz"),
        ("POST", "/api/v1/session"),
        ("GET", "/login"),
        ("HEAD", "/login"),
        ("POST", "/login"),
    }
)
"""What needs neither session nor token, besides the static files."""

STATIC: Final = "/static/"

BEFORE_PASSWORD_CHANGE: Final = frozenset({"/api/v1/session", "/api/v1/session/password", "/password", "/logout"})
"""What a person may use who still has the password that somebody else handed over."""

LOGIN_PAGE: Final = "/login"
PASSWORD_PAGE: Final = "/password"  # noqa: S105 - an address
BACKGROUND: Final = "x-background"
"""Header of requests that a page makes by itself: they do not keep a session open."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_SECRET: Final = 200


class Gate:
    """Finds out who asks and turns everybody else away, before the body is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with `state.actor` set.

        Raises:
            NotSignedIn: There is no valid session or token (a browser is sent to the login page instead).
            PasswordChangeNeeded: The password has to be changed first (likewise).
            Unavailable: The database does not answer.
        """
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http" or is_open(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        state = scope.setdefault("state", {})
        token = bearer_of(request)
        house = house_of(request)
        house.require_ready()
        if token is not None:
            state["actor"] = await run_sync(actor_of_token, house.books, token)
        else:
            signed = await run_sync(_session, request)
            state["signed"] = signed
            state["actor"] = signed.actor if signed else None
            if signed and signed.must_change_password and scope["path"] not in BEFORE_PASSWORD_CHANGE:
                await _turn_away(request, PASSWORD_PAGE, PasswordChangeNeeded())(scope, receive, send)
                return
        if state["actor"] is None:
            await _turn_away(request, LOGIN_PAGE, NotSignedIn())(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Csrf:
    """Refuses unsafe requests that another site made a browser send.

    A request with a session has to repeat the session's token in the header `X-CSRF-Token` or the form field `csrf`.
    One without (signing in) must not come from another origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on.

        Raises:
            ForeignPage: The request does not come from a page of ours.
        """
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        signed: Signed | None = scope.get("state", {}).get("signed")
        if bearer_of(request) is None and _from_elsewhere(request):
            raise ForeignPage
        if signed is not None:
            body = await request.body()
            given = request.headers.get("x-csrf-token") or await _form_field(scope, body, receive)
            if not hmac.compare_digest(given.encode(), signed.csrf.encode()):
                raise ForeignPage
            receive = replay(body, receive)
        await self._app(scope, receive, send)


def actor(request: HTTPConnection) -> Actor:
    """Return who asks.

    Raises:
        NotSignedIn: Nobody is signed in; only on an open route.
    """
    found: Actor | None = getattr(request.state, "actor", None)
    if found is None:
        raise NotSignedIn
    return found


def needs(act: Act, noun: str) -> Callable[[Request], Actor]:
    """Return a dependency that gives who asks if they may do `act` with `noun`, before any field is looked at."""

    def allowed(request: Request) -> Actor:
        who = actor(request)
        check(who, act, noun)
        return who

    return allowed


def person(request: Request) -> Actor:
    """Return who asks, if that is a person and no program.

    Raises:
        Forbidden: It is a program.
    """
    who = actor(request)
    if signed_of(request) is None:
        raise Forbidden
    return who


def signed_of(request: HTTPConnection) -> Signed | None:
    """Return the session of a person, `None` for a program."""
    found: Signed | None = getattr(request.state, "signed", None)
    return found


def csrf_of(request: HTTPConnection) -> str:
    """Return the token that forms and scripts of a page have to repeat; empty without a session."""
    signed = signed_of(request)
    return signed.csrf if signed else ""


def is_open(method: str, path: str) -> bool:
    """Tell whether a route needs neither session nor token."""
    return (method, path) in OPEN or (method in {"GET", "HEAD"} and path.startswith(STATIC))


def cookie_name(settings: Settings) -> str:
    """Return the name of the session cookie; the prefix makes browsers refuse one that was set over http."""
    return "__Host-quang_session" if settings.web.tls else "quang_session"


def secret_of(request: HTTPConnection) -> str:
    """Return the secret in the session cookie, empty if there is none."""
    return request.cookies.get(cookie_name(house_of(request).settings), "")[:_LONGEST_SECRET]


def set_session(response: Response, request: HTTPConnection, secret: str) -> None:
    """Give a browser its session; the cookie ends with the browser, the session by its own limits."""
    settings = house_of(request).settings
    response.set_cookie(cookie_name(settings), secret, path="/", httponly=True, samesite="lax", secure=settings.web.tls)


def clear_session(response: Response, request: HTTPConnection) -> None:
    """Take the session from a browser."""
    settings = house_of(request).settings
    response.delete_cookie(cookie_name(settings), path="/", httponly=True, samesite="lax", secure=settings.web.tls)


def address_of(request: HTTPConnection) -> str:
    """Return the network address that asks; empty over a Unix socket."""
    return request.client.host if request.client else ""


def bearer_of(request: HTTPConnection) -> str | None:
    """Return the token of the header `Authorization: Bearer`, `None` if there is no such header."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip()[:_LONGEST_SECRET] if kind.lower() == "bearer" else None


def is_page(request: HTTPConnection) -> bool:
    """Tell whether a browser asks for a page, not a program for data."""
    return "text/html" in request.headers.get("accept", "") and not request.scope["path"].startswith("/api/")


def _session(request: HTTPConnection) -> Signed | None:
    house, secret = house_of(request), secret_of(request)
    if not secret:
        return None
    touch = BACKGROUND not in request.headers
    return session_of(house.books, secret, limits=house.settings.access.limits, touch=touch)


def _turn_away(request: Request, page: str, refusal: NotSignedIn | PasswordChangeNeeded) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=refusal.status, headers={"HX-Redirect": page})
    if not is_page(request):
        raise refusal
    query = request.scope["query_string"].decode("latin-1")
    here = request.scope["path"] + (f"?{query}" if query else "")
    suffix = f"?next={quote(here, safe='')}" if request.method == "GET" and here != "/" else ""
    return RedirectResponse(page + suffix, status_code=303)


def _from_elsewhere(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return False
    ours = {request.headers.get("host", ""), urlsplit(house_of(request).settings.base_url).netloc}
    _, separator, host = origin.partition("://")
    return not separator or host not in ours


async def _form_field(scope: Scope, body: bytes, receive: Receive) -> str:
    kind = Request(scope).headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return ""
    try:
        async with Request(scope, replay(body, receive)).form(max_files=20, max_fields=500) as form:
            found = form.get("csrf")
    except (HTTPException, MultiPartException):
        return ""
    return found if isinstance(found, str) else ""
