"""Wear in a real browser: a value on a coming day, the December closing rehearsed and run, both sheets saved."""

import io
from pathlib import Path

import openpyxl
import pytest

from inventory.access.accounts import Role
from tests.support.accounts import PASSWORD, hire
from tests.support.api import Api
from tests.support.browser import DESKTOP, PHONE, SMALLEST, chromium

pytestmark = pytest.mark.browser


@pytest.fixture
def accountant(worn: Api) -> str:
    return hire(worn.books, Role.ADMINISTRATOR, "ketoan").username


def test_a_year_is_looked_at_closed_and_printed(worn: Api, accountant: str) -> None:
    with chromium(worn.url) as window:
        window.sign_in(accountant, PASSWORD)
        page = window.page
        page.click(".sidebar a:has-text('Hao mòn')")
        page.wait_for_url("**/wear")
        page.fill("#day", "2028-12-31")
        page.click("button:has-text('Xem')")
        page.wait_for_url("**day=2028-12-31**")
        # PC/1: 14,000,000 − 8,400,000 − 3 × 1,400,000; R1 is worn out; a tool and what waits in the store do not wear.
        page.wait_for_selector(".tile:has-text('Giá trị còn lại') >> text=14.300.000 ₫")
        assert "Thông tư 141/2025/TT-BTC" in page.inner_text("tr:has-text('PC/1')")
        window.picture("wear-vi")
        page.click("a:has-text('Khóa sổ')")
        page.wait_for_url("**/wear/closings")
        window.open("/wear/closings/2024")
        assert "chưa có nguyên giá" in page.inner_text("main")
        window.picture("wear-closing-vi")
        page.click("button:has-text('Khóa sổ năm 2024')")
        # The browser itself wants the tick first.
        assert page.url.endswith("/wear/closings/2024")
        page.check("#sure")
        page.click("button:has-text('Khóa sổ năm 2024')")
        page.wait_for_url("**/wear/closings/2024?done=closed")
        assert "Đã khóa lúc" in page.inner_text("main")
        page.click("a:has-text('Sổ và bảng tính') >> nth=-1")
        page.wait_for_url("**/wear/papers?year=2024")
        page.wait_for_selector("tfoot >> text=56.000.000 ₫")
        with page.expect_download() as waiting:
            page.click("section:has-text('C55-HD') a:has-text('Tải Excel')")
        assert waiting.value.suggested_filename == "bang-hao-mon-2024.xlsx"
        rows = saved(waiting.value.path())
        assert next(row for row in rows if row[1] == "Cộng")[4] == 56_000_000
        window.follow("section:has-text('S24-H') a:has-text('Xem và in')", "**/wear/ledger**")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
        assert (window.complaints, window.foreign) == ([], [])


def saved(path: Path) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert page is not None
    return list(page.iter_rows(values_only=True))


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, True), (PHONE, False), (SMALLEST, True)])
def test_no_page_of_wear_complains_or_is_wider_than_the_window(
    worn: Api, accountant: str, size: tuple[int, int], *, dark: bool
) -> None:
    paths = (
        "/wear?day=2026-12-31", "/wear?day=2028-06-30&kind=projected", "/wear/papers?year=2024",
        "/wear/ledger?year=2024", "/wear/table?year=2026&site=tan-lap", "/wear/closings", "/wear/closings/2024",
        "/wear/rulebooks", "/wear/assets/PC/1", "/wear/assets/PC/1?kind=cost", "/assets/PC/1",
    )  # fmt: skip
    with chromium(worn.url, size, dark=dark) as window:
        window.sign_in(accountant, PASSWORD)
        wide = []
        for path in paths:
            window.open(path)
            window.settle()
            if window.overhang > 0:
                wide.append((path, window.overhang))
        assert (wide, window.foreign, window.complaints) == ([], [], [])
