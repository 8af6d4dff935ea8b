"""Accounts, for administrators: who may sign in, with which role, and new passwords."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.house import house_of
from api.http.auth import actor
from api.views.changes import changes_of
from api.views.rendering import ROLES, render
from inventory.access.passwords import reset_password
from inventory.access.rights import Act, check
from inventory.columns import now
from inventory.nouns import NOUNS
from inventory.register import Query, get, list_

ROUTER: Final = APIRouter(include_in_schema=False)

MOST: Final = 500


@ROUTER.get("/accounts")
async def accounts(request: Request) -> Response:
    """Show the list, closed accounts last."""
    check(actor(request), Act.ADMINISTER, "accounts")
    query = Query(limit=MOST, sort="name", include_retired=True)
    page = await run_sync(list_, house_of(request).books, actor(request), NOUNS["accounts"], query)
    rows = sorted(page.items, key=lambda one: one.retired_at is not None)
    return render(request, "accounts/list.html", rows=rows, roles=ROLES, moment=now())


@ROUTER.get("/accounts/{username}")
async def account(request: Request, username: str) -> Response:
    """Show one account."""
    return await _page(request, username, "")


@ROUTER.post("/accounts/{username}/password")
async def give_password(request: Request, username: str) -> Response:
    """Give the account a new password, shown once; it is unlocked and its sessions end."""
    check(actor(request), Act.ADMINISTER, "accounts")
    password = await run_sync(reset_password, house_of(request).books, actor(request), username)
    return await _page(request, username, password)


async def _page(request: Request, username: str, password: str) -> Response:
    check(actor(request), Act.ADMINISTER, "accounts")
    found = await run_sync(get, house_of(request).books, actor(request), NOUNS["accounts"], username)
    changes = await changes_of(request, "account", found.id)
    return render(
        request,
        "accounts/account.html",
        account=found,
        roles=ROLES,
        password=password,
        changes=changes,
        moment=now(),
        own=username == actor(request).name,
    )
