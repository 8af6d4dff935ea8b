"""Revising a campaign: all of it before it begins, afterwards what stands over and under its minutes."""

from typing import Any, Final

from sqlalchemy import delete

from inventory import history
from inventory.access.rights import Actor
from inventory.audit.campaigns import (
    StocktakeCreate,
    columns_of,
    leading,
    read_plan,
    require_open,
    sites_of_plan,
    write,
)
from inventory.audit.stocktake import Stocktake, StocktakeSite, StocktakeState
from inventory.books import Books
from inventory.columns import column
from inventory.errors import Conflict, Forbidden
from inventory.text import Text

FROZEN: Final = ("categories", "evidence_days")
"""What never changes once the list is frozen, besides the sites."""


def revise(
    books: Books, actor: Actor, number: int, version: int, values: dict[str, Any] | StocktakeCreate
) -> Stocktake:
    """Write a campaign as it is sent, whole; nothing is written where nothing differs.

    Raises:
        Forbidden: The actor may not lead this campaign, as it was or as it would be.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Invalid: Fields are wrong; all of them are named.
        Conflict: It is signed, or has begun and its scope would change.
    """
    sent = read_plan(values)
    with leading(books, actor, number, version) as (session, row):
        if row.state != StocktakeState.DRAFT:
            require_open(row)
        before = history.masked(row)
        sites = sites_of_plan(session, actor, sent)
        changed = {name: value for name, value in columns_of(sent).items() if getattr(row, name) != value}
        if row.state != StocktakeState.DRAFT and (sites != row.site_ids or not changed.keys().isdisjoint(FROZEN)):
            raise Conflict(_BEGUN.fill(title=row.title), Text(vi="Lập đợt kiểm kê khác.", en="Plan another stocktake."))
        if actor.site_ids is not None and not actor.site_ids.issuperset(sites):
            raise Forbidden
        if sites != row.site_ids:
            mine = column(StocktakeSite, "stocktake_id") == row.id
            session.execute(delete(StocktakeSite).where(mine, column(StocktakeSite, "site_id").not_in(sites)))
            added = set(sites).difference(row.site_ids)
            session.add_all(StocktakeSite(stocktake_id=row.id or 0, site_id=site) for site in sorted(added))
            changed["site_ids"] = sites
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            write(session, books, actor, row, "revise", before)
        return row


_BEGUN: Final = Text(
    vi="Đợt “{title}” đã chốt danh sách; đơn vị và loại tài sản không đổi được nữa.",
    en="The list of “{title}” is frozen; its sites and kinds of things change no more.",
)
