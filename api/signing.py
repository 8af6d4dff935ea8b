"""Signing in and out over HTTP, for the API and for the login page alike."""

from typing import Final

from anyio.to_thread import run_sync
from starlette.requests import Request

from api.auth import address_of, secret_of
from api.house import house_of
from inventory.access.accounts import LoginSession
from inventory.access.sessions import sign_in, sign_out

LONGEST_PASSWORD: Final = 256
"""Characters that are looked at; no stored password is that long."""


async def signed_in(request: Request, username: str, password: str) -> tuple[str, LoginSession]:
    """Check a name and a password and begin a session; a session that the browser had before ends.

    Raises:
        SignInRefused: The name or password is wrong, or the account is locked or disabled.
        TooManyAttempts: The address failed too often.
    """
    house = house_of(request)
    address, before = address_of(request), secret_of(request)

    def begin() -> tuple[str, LoginSession]:
        opened = sign_in(
            house.books,
            username,
            password[: LONGEST_PASSWORD + 1],
            address=address,
            limits=house.settings.access.limits,
        )
        if before:
            sign_out(house.books, before)
        return opened

    # A queue of their own: a flood of sign-ins must not take the threads that answer everybody else.
    return await run_sync(begin, limiter=house.sign_ins)


async def signed_out(request: Request) -> None:
    """End the session of the browser that asks."""
    secret = secret_of(request)
    if secret:
        await run_sync(sign_out, house_of(request).books, secret)
