"""Signing in and out over HTTP, for the API and for the login page alike."""

from typing import Final

from anyio.to_thread import run_sync
from starlette.requests import Request

from api.house import house_of
from api.http.auth import address_of, secret_of
from inventory.access.sessions import Signed, SignInRefused, session_of, sign_in, sign_out

LONGEST_PASSWORD: Final = 256
"""Characters that are looked at; no stored password is that long."""


async def signed_in(request: Request, username: str, password: str) -> tuple[str, Signed]:
    """Check a name and a password and begin a session; a session that the browser had before ends.

    Returns:
        The secret for the cookie, and the session.

    Raises:
        SignInRefused: The name or password is wrong, or the account is locked or disabled.
        TooManyAttempts: The address failed too often.
    """
    house = house_of(request)
    address, before, limits = address_of(request), secret_of(request), house.settings.access.limits

    def begin() -> tuple[str, Signed]:
        secret, _ = sign_in(house.books, username, password[:LONGEST_PASSWORD], address=address, limits=limits)
        signed = session_of(house.books, secret, limits=limits, touch=False)
        if signed is None:
            raise SignInRefused
        if before:
            sign_out(house.books, before)
        return secret, signed

    # A queue of their own: a flood of sign-ins must not take the threads that answer everybody else.
    return await run_sync(begin, limiter=house.sign_ins)


async def signed_out(request: Request) -> None:
    """End the session of the browser that asks."""
    secret = secret_of(request)
    if secret:
        await run_sync(sign_out, house_of(request).books, secret)
