"""Credentials: how devices let us ask them, and who uses which. No secret ever stands on a page."""

from collections import Counter
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlalchemy import func, or_, select
from starlette.responses import Response

from api.house import House, house_of
from api.http.auth import actor
from api.views.changes import changes_of
from api.views.credential_forms import KINDS
from api.views.rendering import render
from inventory.access.rights import Act, check
from inventory.columns import column
from inventory.db import reading
from inventory.network.devices import Device
from inventory.network.services import Service
from inventory.nouns import NOUNS
from inventory.register import Query, get, list_

ROUTER: Final = APIRouter(include_in_schema=False)

MOST: Final = 200
MOST_USERS: Final = 100
_USES: Final = (
    ("devices", Device, ("snmp_credential_id", "ssh_credential_id")),
    ("services", Service, ("credential_id",)),
)
"""Who uses credentials: noun, table, and the columns that name one."""


@ROUTER.get("/credentials")
async def credentials(request: Request) -> Response:
    """Show the list."""
    check(actor(request), Act.READ, "credentials")
    query = Query(limit=MOST, sort="name")
    page = await run_sync(list_, house_of(request).books, actor(request), NOUNS["credentials"], query)
    counts = await run_sync(_counts, house_of(request))
    return render(request, "credentials/list.html", rows=page.items, counts=counts, kinds=KINDS)


@ROUTER.get("/credentials/{name}")
async def credential(request: Request, name: str) -> Response:
    """Show one credential without its secret, and what is asked with it."""
    check(actor(request), Act.READ, "credentials")
    found = await run_sync(get, house_of(request).books, actor(request), NOUNS["credentials"], name)
    users = await run_sync(_users, house_of(request), found.id)
    changes = await changes_of(request, "credential", found.id)
    template = "credentials/credential.html"
    return render(request, template, credential=found, users=users, changes=changes, kinds=KINDS)


def _counts(house: House) -> dict[int, int]:
    """Return how often devices and services in use name each credential."""
    counts: Counter[int] = Counter()
    with reading(house.books.engine) as session:
        for _, table, names in _USES:
            for name in names:
                by, live = column(table, name), column(table, "retired_at").is_(None)
                for number, count in session.execute(
                    select(by, func.count()).where(by.is_not(None), live).group_by(by)
                ):
                    counts[number] += count
    return counts


def _users(house: House, number: int) -> list[tuple[str, str, str]]:
    """Return (noun, name, title) of what uses a credential, at most `MOST_USERS` of each noun."""
    found: list[tuple[str, str, str]] = []
    with reading(house.books.engine) as session:
        for noun, table, names in _USES:
            uses = or_(*(column(table, name) == number for name in names))
            rows = select(column(table, "name"), column(table, "title")).where(
                uses, column(table, "retired_at").is_(None)
            )
            ordered = rows.order_by(column(table, "name")).limit(MOST_USERS)
            found += [(noun, name, title) for name, title in session.execute(ordered)]
    return found
