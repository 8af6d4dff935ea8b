"""A budget in a browser: two scenarios compared, a line pinned, one approved, and what was bought in the books."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from inventory.access.accounts import Role
from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import Person, hire
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, Window, chromium
from tests.support.budgeting import book_due_things

pytestmark = pytest.mark.browser


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    book_due_things(books)
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running


@pytest.fixture
def buyer(api: Api) -> Person:
    return hire(api.books, Role.IT_STAFF, "kythuat")


def draft(window: Window, title: str, cap: str, *, fair: bool = False) -> str:
    """Draft a scenario by the form and return its address."""
    page = window.page
    window.open("/budgets/start")
    page.fill("#f-title", title)
    page.fill("#f-year", "2027")
    page.fill("#f-cap_vnd", cap)
    page.fill("#f-funding", "Ngân sách xã")
    if fair:
        page.check("#f-fair_share")
    window.follow("main form button.btn-primary", re.compile(r"/budgets/\d+\?done=created"))
    return page.url.removeprefix(window.url).partition("?")[0]


def money(page: Page, name: str) -> int:
    """Return the sum of a tile."""
    return int(re.sub(r"\D", "", page.locator(".tile", has_text=name).locator(".tile-number").inner_text()))


def test_from_scenarios_to_a_booked_asset(api: Api, buyer: Person) -> None:
    with chromium(api.url, DESKTOP) as window:
        page = window.page
        window.sign_in(buyer.username, buyer.password)
        first = draft(window, "Phương án 1", "46.000.000")
        second = draft(window, "Phương án 2", "46.000.000", fair=True)
        window.open(f"/budgets/compare?first={first.split('/')[2]}&second={second.split('/')[2]}")
        expect(page.locator("main")).to_contain_text("Phương án 1")
        expect(page.locator("main")).to_contain_text("Phương án 2")
        assert window.overhang <= 0

        window.open(first)
        assert money(page, "Đã dùng") <= 46_000_000
        window.follow(page.locator("tr", has_text="TL-2").locator("a[href$=settle]"))
        page.select_option("#f-pin", "buy")
        page.fill("#f-reason", "Máy của bộ phận một cửa")
        window.follow("main form button.btn-primary", re.compile(f"{first}\\?done=saved#line-"))
        row = page.locator("tr", has_text="TL-2")
        expect(row).to_contain_text("Bắt buộc mua: Máy của bộ phận một cửa")

        window.follow("main button:has-text('Duyệt')", re.compile(f"{first}\\?done=saved"))
        with_plan = page.locator("tr", has_text="TL-2")
        planned = re.search(r"DT2027-\d+-\d{4}", with_plan.inner_text())
        assert planned
        client = api.signed_in(buyer)
        before = client.get(f"/api/v1/assets/{planned[0]}").json()
        assert (before["status"], before["site"]) == ("planned", "tan-lap")

        window.follow(with_plan.locator("a[href$=purchase]"))
        assert window.overhang <= 0
        page.fill("#f-tag", "TL-2027-01")
        page.fill("#f-serial", "PF3X1B2C")
        page.fill("#f-cost_vnd", "17.850.000")
        page.fill("#f-papers", "HĐ 118")
        page.select_option("#f-supplier", "may-tinh-hg")
        window.follow("main form button.btn-primary", re.compile(f"{first}\\?done=saved#line-"))
        expect(page.locator("tr", has_text="TL-2027-01")).to_contain_text("17.850.000")
        after = client.get("/api/v1/assets/TL-2027-01").json()
        assert (after["status"], after["cost_vnd"], after["serial"]) == ("in_stock", 17_850_000, "PF3X1B2C")
        assert client.get(f"/api/v1/assets/{planned[0]}").status_code == 404
        assert after["document"].startswith("NK-")
        assert window.foreign == []
        assert window.complaints == []


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "dark"])
def test_the_pages_of_a_budget_fit_the_window(api: Api, buyer: Person, size: tuple[int, int], *, dark: bool) -> None:
    with chromium(api.url, size, dark=dark) as window:
        window.sign_in(buyer.username, buyer.password)
        here = draft(window, "Phương án 1", "46.000.000")
        assert window.overhang <= 0
        window.follow("a[href$=settle]")
        assert window.overhang <= 0
        window.open(here)
        window.follow("main button:has-text('Duyệt')", re.compile("done=saved"))
        window.follow("a[href$=purchase]")
        assert window.overhang <= 0
        assert window.complaints == []
