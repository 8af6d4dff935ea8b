"""The first sign-in of a new house, in a real browser, at a desk and on a phone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from inventory.access.passwords import first_administrator
from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, chromium

pytestmark = pytest.mark.browser

WANTED = "đường dây nóng mùa mưa lũ"


@pytest.fixture
def house(new_settings: Callable[[], InventorySettings]) -> Iterator[tuple[Api, str]]:
    settings = new_settings()
    books = open_books(settings)
    password = first_administrator(books)
    assert password
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running, password


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_first_administrator_signs_in_and_chooses_a_password(house: tuple[Api, str], size: tuple[int, int]) -> None:
    api, password = house
    with chromium(api.url, size) as window:
        page = window.page
        window.open("/sites")
        assert page.url.endswith("/login?next=%2Fsites")
        page.fill("input[name=username]", "admin")
        page.fill("input[name=password]", "sai rồi")
        page.press("input[name=password]", "Enter")
        page.wait_for_selector("text=Không đăng nhập được.")
        assert page.input_value("input[name=username]") == "admin"
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_selector("text=Hãy đặt mật khẩu của riêng bạn")
        window.open("/settings")
        page.wait_for_selector("h1:has-text('Đổi mật khẩu')")
        page.fill("input[name=current]", password)
        page.fill("input[name=password]", "ngắn")
        page.fill("input[name=again]", "ngắn")
        page.click("button:has-text('Lưu mật khẩu mới')")
        page.wait_for_selector("#e-password:has-text('ít nhất 14 ký tự')")
        expect(page.locator("[role=alert]:focus")).to_be_visible()
        page.fill("input[name=current]", password)
        page.fill("input[name=password]", WANTED)
        page.fill("input[name=again]", WANTED)
        page.click("button:has-text('Lưu mật khẩu mới')")
        page.wait_for_selector("text=Đã đổi mật khẩu.")
        page.wait_for_selector("text=Chưa theo dõi thiết bị nào")
        assert window.overhang <= 0
        page.click(".topbar-end summary")
        page.click("button:has-text('Đăng xuất')")
        page.wait_for_url(api.url + "/login")
        assert window.foreign == []
        assert [one for one in window.complaints if "401" not in one and "422" not in one] == []
