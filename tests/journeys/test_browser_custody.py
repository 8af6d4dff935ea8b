"""Handing three assets over in a real browser: ticked in the list, written, printed on one sheet, undone."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, SMALLEST, chromium
from tests.support.custody import act, asset, document
from tests.support.district import PASSWORD, book_district
from tests.support.rows import add, add_asset

pytestmark = pytest.mark.browser

DAY = date(2025, 3, 4)
TAGS = [f"TS/2024/{n:03d}" for n in range(1, 6)]


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    book_district(books, calm=True)
    add(books, "products", slug="op7010", manufacturer="Dell", model="OptiPlex 7010", category="desktop")
    for n, tag in enumerate(TAGS, 1):
        add_asset(
            books, tag, "tan-lap", name=f"Máy tính để bàn phòng {n}", category="desktop", product="op7010",
            serial=f"5CG{n}41X{n}Z", status="in_use", custodian="Hoàng Thị Lan, Văn phòng UBND", cost_vnd=14_250_000,
            put_to_use="2024-03-05", attributes={"memory_gb": 8, "disk_gb": 256},
        )  # fmt: skip
    act(books, "hand_over", TAGS[4], to_name="Nguyễn Văn Tám", day=DAY)
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running


def test_three_assets_are_handed_over_and_the_minutes_print_on_one_sheet(api: Api) -> None:
    with chromium(api.url) as window:
        window.sign_in("kythuat", PASSWORD)
        page = window.page
        window.open("/assets?within=tan-lap")
        assert page.is_disabled("button:has-text('Lập chứng từ')")
        for tag in TAGS[:3]:
            page.check(f"input[value='{tag}']")
        assert page.inner_text("[data-count]") == "3"
        window.follow("button:has-text('Lập chứng từ')")
        assert page.input_value("#f-from_name") == "Hoàng Thị Lan"
        page.fill("#f-to_name", "Lý Văn Páo")
        page.fill("#f-to_title", "Tư pháp – hộ tịch")
        page.fill("#f-reason", "Bàn giao khi chuyển công tác")
        page.fill("#f-accessories", "Bàn phím, chuột; bộ; 3; 350.000")
        window.follow("button:has-text('Bàn giao: 3 tài sản')", "**/documents/BG-*")
        number = page.url.rsplit("/", 1)[1].split("?")[0]
        assert [asset(api.books, tag).custodian for tag in TAGS[:3]] == ["Lý Văn Páo, Tư pháp – hộ tịch"] * 3
        window.follow("a:has-text('Biên bản để in')", "**/print")
        paper = page.pdf(prefer_css_page_size=True)
        assert paper.count(b"/Type /Page\n") == 1
        assert page.locator(".paper-table >> nth=0").locator("tbody tr").count() == 4
        window.picture("handover-minutes")
        window.open(f"/documents/{number}")
        page.click("summary:has-text('Chứng từ này sai?')")
        page.fill("#reason", "Nhầm người nhận")
        window.follow("button:has-text('Hủy chứng từ')", "**/documents/HC-*")
        assert document(api.books, number).reversed_by_id is not None
        assert asset(api.books, TAGS[0]).custodian == "Hoàng Thị Lan, Văn phòng UBND"
        assert (window.complaints, window.foreign) == ([], [])


def test_labels_fill_a_sheet_and_a_tape_with_one_label_a_page(api: Api) -> None:
    with chromium(api.url) as window:
        window.sign_in("kythuat", PASSWORD)
        page = window.page
        window.open("/assets?within=tan-lap")
        page.check("[data-all]")
        window.follow("button:has-text('In nhãn')", "**/labels**")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
        size = page.evaluate("(e => [e.offsetWidth, e.offsetHeight])(document.querySelector('.label'))")
        # 70 × 37 mm at 96 points an inch.
        assert size == [265, 140]
        with page.expect_navigation():
            page.select_option("#sheet", "tape")
        page.wait_for_selector(".label-page-tape")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 5
        window.picture("labels-tape")
        assert (window.complaints, window.foreign) == ([], [])


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, True), (PHONE, False), (SMALLEST, True)])
def test_no_page_of_assets_complains_or_is_wider_than_the_window(
    api: Api, size: tuple[int, int], *, dark: bool
) -> None:
    number = document_of(api)
    paths = (
        "/assets", f"/assets/{TAGS[0]}", "/assets/BQ-0001", "/assets/new?category=printer", f"/assets/{TAGS[0]}/edit",
        "/documents", f"/documents/{number}", f"/documents/{number}/print", f"/labels?tag={TAGS[0]}",
        f"/documents/new?kind=transfer&tag={TAGS[0]}", f"/documents/new?kind=assign&tag={TAGS[0]}",
    )  # fmt: skip
    with chromium(api.url, size, dark=dark) as window:
        window.sign_in("kythuat", PASSWORD)
        wide = []
        for path in paths:
            window.open(path)
            window.settle()
            if window.overhang > 0:
                wide.append((path, window.overhang))
        assert (wide, window.foreign, window.complaints) == ([], [], [])


def document_of(api: Api) -> str:
    return f"BG-{DAY.year}-0001"
