"""The session of a person: signing in, who am I, signing out, the own password."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.house import house_of
from api.http.auth import actor, clear_session, csrf_of, person, set_session, signed_of
from api.http.signing import signed_in, signed_out
from inventory.access.accounts import Role, Scope
from inventory.access.passwords import LONGEST, change_password
from inventory.access.rights import Actor
from inventory.text import Language

ROUTER = APIRouter(prefix="/api/v1/session", tags=["session"])

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SignIn(BaseModel):
    """A name and a password."""

    model_config = ConfigDict(
        **_STRICT, json_schema_extra={"examples": [{"username": "admin", "password": "mua xuan den roi day"}]}
    )

    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=LONGEST, repr=False)


class NewPassword(BaseModel):
    """The current password and the one that takes its place."""

    model_config = ConfigDict(
        **_STRICT,
        json_schema_extra={"examples": [{"current": "mua xuan den roi day", "password": "nang len tren dinh doi"}]},
    )

    current: str = Field(min_length=1, max_length=LONGEST, repr=False)
    password: str = Field(min_length=1, max_length=1000, repr=False)


class Me(BaseModel):
    """Who asks.

    Attributes:
        scopes: What a token may do; absent for a person.
        csrf: What unsafe requests of this session repeat in `X-CSRF-Token`; absent for a token.
        must_change_password: Whether nothing else may be done before the password is changed.
        expires_at: When the session ends at the latest.
    """

    name: str
    role: Role | None
    scopes: list[Scope] | None = None
    language: Language
    csrf: str | None = None
    must_change_password: bool = False
    expires_at: datetime | None = None


@ROUTER.post("", summary="Sign in", status_code=201)
async def sign_in(request: Request, response: Response, body: SignIn) -> Me:
    """Begin a session. The answer sets the cookie; five wrong passwords lock the account for 15 minutes."""
    secret, signed = await signed_in(request, body.username, body.password)
    set_session(response, request, secret)
    return Me(
        name=signed.actor.name,
        role=signed.actor.role,
        language=signed.actor.language,
        csrf=signed.csrf,
        must_change_password=signed.must_change_password,
        expires_at=signed.expires_at,
    )


@ROUTER.get("", summary="Who am I")
def me(request: Request, who: Annotated[Actor, Depends(actor)]) -> Me:
    """Return who asks and what of."""
    signed = signed_of(request)
    return Me(
        name=who.name,
        role=who.role,
        scopes=None if who.scopes is None else sorted(who.scopes),
        language=who.language,
        csrf=csrf_of(request) or None,
        must_change_password=bool(signed and signed.must_change_password),
        expires_at=signed.expires_at if signed else None,
    )


@ROUTER.delete("", summary="Sign out", status_code=204)
async def sign_out(request: Request, response: Response) -> None:
    """End the session."""
    await signed_out(request)
    clear_session(response, request)


@ROUTER.post("/password", summary="Change the own password", status_code=204)
def new_password(request: Request, body: NewPassword, who: Annotated[Actor, Depends(person)]) -> None:
    """Change the own password: at least 14 characters. Every other session of the account ends."""
    signed = signed_of(request)
    keep = signed.secret_hash if signed else ""
    change_password(house_of(request).books, who, body.current, body.password, keep=keep)
