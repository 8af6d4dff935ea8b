"""What only an administrator does with tokens and passwords: the secrets are shown once, in the answer."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.house import house_of
from api.http.auth import needs
from api.http.etag import etag_of
from inventory.access.accounts import Scope
from inventory.access.passwords import reset_password
from inventory.access.rights import Act, Actor
from inventory.access.tokens import issue_token, scopes_of

ROUTER = APIRouter(prefix="/api/v1", tags=["tokens"])


class NewToken(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "report", "scopes": ["read"], "expires_at": "2027-12-31T17:00:00+07:00"}]
        },
    )

    name: str = Field(min_length=1, max_length=64)
    scopes: list[Scope] = Field(min_length=1, max_length=6)
    expires_at: AwareDatetime
    collector_name: str | None = Field(default=None, max_length=64)


class IssuedToken(BaseModel):
    """A token that was made.

    Attributes:
        secret: What the program sends as `Authorization: Bearer`; shown here and never again.
    """

    name: str
    scopes: list[Scope]
    expires_at: datetime
    collector_name: str | None
    secret: str = Field(repr=False)


class IssuedPassword(BaseModel):
    """A password that was made.

    Attributes:
        password: To be handed over; shown here and never again, and to be changed at the first sign-in.
    """

    username: str
    password: str = Field(repr=False)


@ROUTER.post("/tokens", summary="Make a token", status_code=201)
def make_token(
    request: Request,
    response: Response,
    body: NewToken,
    who: Annotated[Actor, Depends(needs(Act.ADMINISTER, "tokens"))],
) -> IssuedToken:
    """Make a token for a program. Its name is taken from then on, so sending the request twice makes no second one."""
    secret, token = issue_token(
        house_of(request).books, who, body.name, body.scopes, body.expires_at, body.collector_name
    )
    response.headers["Location"] = f"/api/v1/tokens/{token.name}"
    response.headers["ETag"] = etag_of(token.version)
    return IssuedToken(
        name=token.name,
        scopes=sorted(scopes_of(token)),
        expires_at=token.expires_at,
        collector_name=token.collector_name,
        secret=secret,
    )


@ROUTER.post("/accounts/{key}/password", summary="Give an account a new password", tags=["accounts"], status_code=201)
def give_password(
    request: Request,
    key: Annotated[str, Path(max_length=64)],
    who: Annotated[Actor, Depends(needs(Act.ADMINISTER, "accounts"))],
) -> IssuedPassword:
    """Make a random password, unlock the account, end its sessions, and bring it back if it was disabled."""
    return IssuedPassword(username=key, password=reset_password(house_of(request).books, who, key))
