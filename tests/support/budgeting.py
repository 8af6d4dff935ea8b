"""A small district whose things are due for replacement, and scenarios over it."""

from typing import Any

from sqlmodel import select

from inventory.access.rights import SYSTEM, Actor
from inventory.assets.rulebook_files import read_rulebooks
from inventory.audit.budget import BudgetLine, BudgetPlan
from inventory.audit.drafting import draft, lines_of
from inventory.books import Books
from inventory.db import reading
from inventory.places.sites import Site
from tests.support.rows import add, add_asset, add_device, add_site

RULEBOOKS = read_rulebooks()
MILLION = 1_000_000


def book_due_things(books: Books) -> None:
    """Write two communes: Tân Lập (4 people) has 2 old desktops and an old router, Hùng An (2 people) nothing old.

    By the norms of 2026, Tân Lập lacks 2 computers, 2 printers and a scanner; Hùng An a printer and a scanner.
    """
    add_site(books, "huyen", name="Huyện Bắc Quang", kind="district")
    add_site(books, "tan-lap", name="Xã Tân Lập", parent="huyen", headcount=4)
    add_site(books, "hung-an", name="Xã Hùng An", parent="huyen", headcount=2)
    add(books, "providers", slug="may-tinh-hg", name="Máy tính Hà Giang", is_supplier=True)
    add(
        books, "products", slug="rb4011", manufacturer="MikroTik", model="RB4011", category="router",
        list_price_vnd=5_500_000, end_of_support="2024-12-31",
    )  # fmt: skip
    used: dict[str, Any] = {"status": "in_use", "category": "desktop", "name": "Máy tính để bàn"}
    add_asset(books, "TL-1", "tan-lap", **used, put_to_use="2017-03-01", funding="Ngân sách huyện")
    add_asset(books, "TL-2", "tan-lap", **used, put_to_use="2019-03-01")
    add_asset(books, "TL-R", "tan-lap", status="in_use", put_to_use="2018-03-01", product="rb4011", cost_vnd=6_500_000)
    for number in (1, 2):
        add_asset(books, f"HA-{number}", "hung-an", **used, put_to_use="2025-03-01")
    add_device(books, "tan-lap-router", "tan-lap")
    add(books, "holdings", device="tan-lap-router", asset="TL-R", held_from="2018-03-01T00:00:00Z")


def drafted(books: Books, actor: Actor = SYSTEM, **values: Any) -> BudgetPlan:
    """Draft a scenario for 2027 with money for everything, unless told otherwise."""
    return draft(books, actor, {"title": "Phương án 1", "year": 2027, "cap_vnd": 999 * MILLION} | values, RULEBOOKS)


def lines(books: Books, row: BudgetPlan, actor: Actor = SYSTEM) -> list[BudgetLine]:
    """Return the lines that somebody may see."""
    with reading(books.engine) as session:
        found = lines_of(session, actor, row)
        session.expunge_all()
    return found


def site_id(books: Books, slug: str) -> int:
    """Return the number of a site."""
    with reading(books.engine) as session:
        return session.exec(select(Site).where(Site.slug == slug)).one().id or 0
