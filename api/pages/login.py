"""Signing in and out, and changing one's password."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.house import house_of
from api.http.auth import actor, clear_session, set_session, signed_of
from api.http.signing import signed_in, signed_out
from api.views.forms import Field, Form, posted
from api.views.i18n import COOKIE
from api.views.rendering import local_path, remember, render
from inventory.access.passwords import LONGEST, change_password, problems_of
from inventory.access.sessions import SignInRefused, TooManyAttempts
from inventory.errors import FieldProblem, Invalid
from inventory.text import LANGUAGES, Text

ROUTER: Final = APIRouter(include_in_schema=False)

PASSWORD_FIELDS: Final = (
    Field(
        "current", Text(vi="Mật khẩu hiện tại", en="Current password"), "password", required=True,
        autocomplete="current-password", longest=LONGEST,
    ),
    Field(
        "password", Text(vi="Mật khẩu mới", en="New password"), "password", required=True,
        hint=Text(
            vi="Ít nhất 14 ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
            en="At least 14 characters. A short sentence is the easiest to remember.",
        ),
        autocomplete="new-password", longest=LONGEST,
    ),
    Field(
        "again", Text(vi="Gõ lại mật khẩu mới", en="New password again"), "password", required=True,
        autocomplete="new-password", longest=LONGEST,
    ),
)  # fmt: skip

_NOT_ALIKE: Final = Text(vi="Hai lần gõ mật khẩu mới không giống nhau.", en="The two new passwords are not alike.")


@ROUTER.get("/login")
async def sign_in_page(request: Request, language: str = "") -> Response:
    """Show the form; `?language=` chooses the language of a reader who is not signed in yet."""
    if language in LANGUAGES:
        response: Response = RedirectResponse("/login", 303)
        remember(response, request, COOKIE, language)
        return response
    following = local_path(request.query_params.get("next", "/"))
    ended = "ended" in request.query_params
    return render(request, "login/sign_in.html", next=following, username="", error=None, ended=ended)


@ROUTER.post("/login")
async def sign_in_act(request: Request) -> Response:
    """Begin a session, or say that name or password is wrong."""
    data = await posted(request)
    following = local_path(data.get("next", "/"))
    username, password = data.get("username", "").strip()[:64], data.get("password", "")[:1000]
    try:
        secret, signed = await signed_in(request, username, password)
    except (SignInRefused, TooManyAttempts) as error:
        status = 429 if isinstance(error, TooManyAttempts) else 401
        page = {"next": following, "username": username, "error": error, "ended": False}
        return render(request, "login/sign_in.html", status=status, **page)
    response = RedirectResponse(following, 303)
    set_session(response, request, secret)
    if COOKIE not in request.cookies:
        remember(response, request, COOKIE, signed.actor.language)
    return response


@ROUTER.post("/logout")
async def sign_out_act(request: Request) -> Response:
    """End the session."""
    await signed_out(request)
    response = RedirectResponse("/login", 303)
    clear_session(response, request)
    # What counting kept in the phone; the page's own script does the same where a browser does not heed this.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@ROUTER.get("/password")
async def password_page(request: Request) -> Response:
    """Show the form; a person with a password from somebody else gets no other page."""
    return _password_page(request, Form(PASSWORD_FIELDS))


@ROUTER.post("/password")
async def password_act(request: Request) -> Response:
    """Change the password; every other session of the account ends."""
    data = await posted(request)
    form = Form(PASSWORD_FIELDS)
    signed = signed_of(request)
    person = actor(request)
    house = house_of(request)
    keep = signed.secret_hash if signed else ""
    current, wanted = data.get("current", "")[:1000], data.get("password", "")[:1000]
    if data.get("again", "") != wanted:
        form.problems = (*problems_of(wanted, person.name), FieldProblem("again", "not_alike", _NOT_ALIKE))
        return _password_page(request, form, status=422)
    try:
        await run_sync(lambda: change_password(house.books, person, current, wanted, keep=keep))
    except Invalid as error:
        form.problems = error.problems
        return _password_page(request, form, status=422)
    return RedirectResponse("/?done=password", 303)


def _password_page(request: Request, form: Form, status: int = 200) -> Response:
    signed = signed_of(request)
    forced = bool(signed and signed.must_change_password)
    return render(request, "login/password.html", status=status, form=form, forced=forced)
