"""The district's units merging in a real browser: rehearsed, done, its record printed, taken back."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.books import open_books
from inventory.loading import load_units
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import hire
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, SMALLEST, chromium
from tests.support.custody import act, asset
from tests.support.rows import add_asset, add_device

pytestmark = pytest.mark.browser


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    """The 23 units as they ship, with something at some of them."""
    settings = new_settings()
    books = open_books(settings)
    load_units(books, SYSTEM)
    for slug in ("tan-lap", "tan-thanh", "tan-quang", "vinh-tuy", "dong-yen"):
        add_device(books, f"{slug}-rt", slug, title=f"Bộ định tuyến {slug}")
        for n in (1, 2):
            add_asset(books, f"TS-{slug}-{n}", slug, name=f"Máy tính để bàn {n}", serial=f"5CG{slug.upper()}{n}X")
        act(books, "assign", f"TS-{slug}-1", to_name="Hoàng Thị Lan", to_title="Văn phòng UBND")
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running


def test_twenty_three_units_go_into_eight_and_back(api: Api) -> None:
    administrator = hire(api.books, Role.ADMINISTRATOR)
    with chromium(api.url) as window:
        window.sign_in(administrator.username, administrator.password)
        page = window.page
        window.open("/reorganisations")
        page.click("a.btn-primary[href='/reorganisations/start'] >> nth=0")
        page.wait_for_url("**/reorganisations/start")
        assert page.input_value("#f-day") == "2025-07-01"
        assert page.input_value("#f-into-tan-lap") == "tan-quang-2025"
        page.fill("#f-decree", "Nghị quyết sắp xếp đơn vị hành chính cấp xã năm 2025")
        window.picture("merger-start")
        page.click("button:has-text('Nhập thử')")
        page.wait_for_selector("text=23 đơn vị nhập thành 8")
        page.click("#unit-tan-lap summary")
        expect(page.locator("#unit-tan-lap >> text=Hoàng Thị Lan").first).to_be_visible()
        window.picture("merger-rehearsal")
        assert asset(api.books, "TS-tan-lap-1").version == 2
        page.click("button:text-is('Sáp nhập')")
        page.wait_for_url("**/reorganisations/SN-2025-0001**")
        window.picture("merger-done")
        window.follow("a:has-text('Bản ghi để in')", "**/print")
        assert page.locator(".paper-table >> nth=0").locator("tbody tr").count() == 24
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 4
        window.picture("merger-paper")
        window.open("/reorganisations/SN-2025-0001")
        page.click("summary:has-text('Đợt sáp nhập này sai?')")
        page.click("button:has-text('Hoàn lại việc sáp nhập')")
        page.wait_for_selector("text=đã được hoàn lại ngày")
        assert (window.complaints, window.foreign) == ([], [])


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, True), (PHONE, False), (SMALLEST, True)])
def test_no_page_of_a_merger_is_wider_than_the_window(api: Api, size: tuple[int, int], *, dark: bool) -> None:
    administrator = hire(api.books, Role.ADMINISTRATOR)
    with chromium(api.url, size, dark=dark) as window:
        window.sign_in(administrator.username, administrator.password)
        page, wide = window.page, []
        window.open("/reorganisations/start")
        wide.append(window.overhang)
        window.picture(f"merger-start-{size[0]}")
        page.fill("#f-decree", "Nghị quyết 2025")
        page.click("button:has-text('Nhập thử')")
        page.wait_for_selector("button:text-is('Sáp nhập')")
        wide.append(window.overhang)
        window.picture(f"merger-rehearsal-{size[0]}")
        page.click("button:text-is('Sáp nhập')")
        page.wait_for_url("**/reorganisations/SN-2025-0001**")
        for path in ("/reorganisations/SN-2025-0001", "/reorganisations", "/reorganisations/SN-2025-0001/print"):
            window.open(path)
            wide.append(window.overhang)
        window.picture(f"merger-paper-{size[0]}")
        assert (max(wide), window.foreign, window.complaints) == (0, [], [])
