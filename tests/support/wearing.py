"""A small book whose wear is known to the đồng: two communes of a district, and people who look at it."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.assets.closing import ClosedYear, close_year
from inventory.assets.rulebook_files import read_rulebooks
from inventory.books import Books, open_books
from inventory.settings import Settings
from tests.support.accounts import hire
from tests.support.api import Api, running_api, settings_for
from tests.support.budgeting import site_id
from tests.support.rows import add_asset, add_site

RULEBOOKS = read_rulebooks()


@pytest.fixture
def worn(new_settings: Callable[[], Settings]) -> Iterator[Api]:
    """The API on the small book."""
    settings = new_settings()
    books = open_books(settings)
    book_worn_things(books)
    books.engine.dispose()
    with running_api(settings_for(settings)) as api:
        yield api


def book_worn_things(books: Books) -> None:
    """Write a computer and a router at Tân Lập; a phone, a printer in the store and a laptop without cost at Hùng An.

    PC/1: 14,000,000 × 20 % = 2,800,000 in 2023, 2024 and 2025; from 2026 on 5,600,000 ÷ (7 − 3) = 1,400,000.
    R1: 30,000,000 × 20 % = 6,000,000 a year from 2024 on. T1 is a tool.
    """
    add_site(books, "huyen", name="Huyện Bắc Quang", kind="district", code="034")
    add_site(books, "tan-lap", name="Xã Tân Lập", parent="huyen", code="01159")
    add_site(books, "hung-an", name="Xã Hùng An", parent="huyen", code="01201")
    add_asset(
        books, "PC/1", "tan-lap", name="Máy tính văn thư", category="desktop", serial="5CG0001", status="in_use",
        cost_vnd=14_000_000, put_to_use="2023-05-01",
    )  # fmt: skip
    add_asset(
        books, "R1", "tan-lap", name="Bộ định tuyến", status="in_use", cost_vnd=30_000_000, put_to_use="2024-02-01"
    )  # fmt: skip
    add_asset(
        books, "T1", "hung-an", name="Điện thoại bàn", category="phone", status="in_use", cost_vnd=900_000,
        put_to_use="2024-01-01",
    )  # fmt: skip
    add_asset(
        books, "P1", "hung-an", name="Máy in dự phòng", category="printer", status="in_stock", cost_vnd=12_000_000
    )
    add_asset(
        books, "L1", "hung-an", name="Máy xách tay", category="laptop", status="in_use", put_to_use="2024-03-01"
    )  # fmt: skip


def closed(books: Books, *years: int) -> list[ClosedYear]:
    """Close years, one after the other."""
    return [close_year(books, SYSTEM, year, RULEBOOKS) for year in years]


def browser(api: Api, role: Role = Role.ADMINISTRATOR, language: str = "vi", site: str = "") -> httpx.Client:
    """Return the browser of somebody who asks for pages."""
    person = hire(api.books, role, site_id=site_id(api.books, site) if site else None)
    client = api.signed_in(person, Accept="text/html")
    client.cookies.set("quang_language", language)
    return client
