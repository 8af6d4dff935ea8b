"""The first-run wizard in a real browser, against a real SNMP agent."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from inventory.access.accounts import Role
from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import hire
from tests.support.api import PASSWORD, Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, chromium
from tests.support.snmpd import Snmpd

pytestmark = pytest.mark.browser

COMMUNITY = "doc-mang-huyen"


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    hire(books, Role.ADMINISTRATOR, "quantri")
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_an_empty_house_to_the_first_watched_device(api: Api, size: tuple[int, int]) -> None:
    with Snmpd(community=COMMUNITY) as agent, chromium(api.url, size) as window:
        page = window.page
        window.sign_in("quantri", PASSWORD)
        page.click("main a:has-text('Thêm thiết bị')")
        page.fill("input[name=address]", "127.0.0.1")
        page.fill("input[name=community]", "khong-phai")
        page.click("summary:has-text('Thêm lựa chọn')")
        page.fill("input[name=port]", str(agent.port))
        page.click("button:has-text('Tìm thiết bị')")
        page.wait_for_selector("text=Có thiết bị ở địa chỉ này, nhưng không trả lời SNMP.")
        expect(page.locator("text=Sai chuỗi community hoặc thiết bị không trả lời SNMP.").first).to_be_visible()
        assert page.input_value("input[name=address]") == "127.0.0.1"
        assert page.input_value("input[name=community]") == ""
        page.fill("input[name=community]", COMMUNITY)
        page.press("input[name=community]", "Enter")
        page.wait_for_selector("text=Tìm thấy ở 127.0.0.1")
        expect(page.locator("text=agent for tests").first).to_be_visible()
        assert page.input_value("input[name=name]") == "agent.example"
        page.fill("input[name=new_site]", "Xã Tân Lập")
        if size == DESKTOP:
            window.picture("wizard-vi")
        page.fill("input[name=name]", "Không Hợp Lệ")
        page.click("button:has-text('Lưu và theo dõi')")
        page.wait_for_selector("#e-name")
        page.fill("input[name=name]", "tan-lap-rt")
        page.fill("input[name=title]", "Bộ định tuyến Tân Lập")
        page.click("button:has-text('Lưu và theo dõi')")
        page.wait_for_url(api.url + "/devices/tan-lap-rt?done=device")
        page.wait_for_selector("h1:has-text('Bộ định tuyến Tân Lập')")
        page.click("button:has-text('Kiểm tra ngay')")
        page.wait_for_selector("text=Vừa kiểm tra xong")
        page.wait_for_selector("text=đã chạy")
        assert window.overhang <= 0
        assert window.foreign == []
        assert [one for one in window.complaints if "422" not in one] == []
