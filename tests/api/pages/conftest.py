"""Fixtures for the tests of the pages: the API on the books of a small district, and readers of each role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import httpx
import pytest

from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import Person
from tests.support.api import Api, running_api, settings_for
from tests.support.custody import act
from tests.support.district import PASSWORD, District, book_district
from tests.support.rows import add_asset

USERS = {
    "administrator": "quantri",
    "it_staff": "kythuat",
    "auditor": "kiemtra",
    "commune_staff": "canboxa",
}

Reader = Callable[..., httpx.Client]


@pytest.fixture
def database() -> str:
    """Pages ask the books by the same statements on both databases; the books' own tests run on both."""
    return "sqlite"


@pytest.fixture
def calm_pages(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    """The API on a district in which nothing is wrong."""
    with on_district(new_settings(), calm=True) as (api, _):
        yield api


@pytest.fixture
def district(new_settings: Callable[[], InventorySettings]) -> Iterator[tuple[Api, District]]:
    """The API on the district, and the numbers of its incidents."""
    with on_district(new_settings()) as found:
        yield found


@pytest.fixture
def pages(district: tuple[Api, District]) -> Api:
    """The API on the district; no Prometheus answers."""
    return district[0]


@pytest.fixture
def reader(pages: Api) -> Reader:
    """Give a signed-in browser of a role: `reader("auditor", "en")`."""
    return lambda role="it_staff", language="vi": browser_of(pages, role, language)


def browser_of(api: Api, role: str = "it_staff", language: str = "vi") -> httpx.Client:
    """Return the client of somebody of a role, asking for pages as a browser does."""
    client = api.signed_in(Person(USERS[role], PASSWORD), Accept="text/html")
    client.cookies.set("quang_language", language)
    return client


@contextmanager
def on_district(settings: InventorySettings, *, calm: bool = False, **more: object) -> Iterator[tuple[Api, District]]:
    """Run the API on the books of a district."""
    books = open_books(settings)
    booked = book_district(books, calm=calm)
    add_asset(books, "OWN/1", "vinh-tuy", category="printer", status="in_use", custodian="Hoàng Thị Lan")
    act(books, "hand_over", "OWN/1", to_name="Lý Văn Páo", day=date(2018, 12, 3))
    books.engine.dispose()
    with running_api(settings_for(settings, **more)) as api:
        yield api, booked
