"""Bringing a list in with a real browser: wrong cells are named, the file is mended, rehearsed and written."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from inventory.books import open_books
from inventory.delimited import write_csv
from inventory.settings import Settings as InventorySettings
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, SMALLEST, Window, chromium
from tests.support.custody import asset
from tests.support.district import PASSWORD, book_district

pytestmark = pytest.mark.browser

HEAD = ["STT", "Mã số máy", "Số tài sản", "Tên tài sản", "Loại", "Đơn vị", "Ngày đưa vào sử dụng", "Nguyên giá"]


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    book_district(books, calm=True)
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running


def written(folder: Path, name: str, place: str, rows: int = 130) -> Path:
    """Write a file whose places are right or wrong."""
    lines = [
        [str(n), f"5CG{n:04d}X", f"TS/2018/{n:03d}", f"Máy tính để bàn {n}", "máy tính để bàn", place, "15/03/2018",
         "14.250.000 đ"]
        for n in range(1, rows + 1)
    ]  # fmt: skip
    file = folder / name
    file.write_bytes(b"".join(write_csv([HEAD, *lines])))
    return file


def choose(window: Window, file: Path) -> None:
    window.open("/imports")
    window.page.set_input_files("#file", file)
    window.page.click("button:has-text('Đọc tệp')")
    window.page.wait_for_url("**/imports/*")


def test_a_file_with_wrong_cells_is_mended_and_written(api: Api, tmp_path: Path) -> None:
    with chromium(api.url) as window:
        window.sign_in("kythuat", PASSWORD)
        page = window.page
        choose(window, written(tmp_path, "tai-san.csv", "tan-lapp"))
        assert page.input_value("#f-column-1") == ""
        page.select_option("#f-column-1", "serial")
        window.picture("import-columns")
        page.click("button:has-text('Nhập thử')")
        page.wait_for_selector("text=130 ô chưa đúng")
        assert page.locator("#rows tbody tr").count() == 100
        assert page.inner_text("#rows tbody tr:first-child").split()[-1] == "tan-lap"
        window.picture("import-problems")
        page.click("a:has-text('Trang sau')")
        page.wait_for_selector("text=Trang 2 trên tổng số 2")
        with page.expect_download() as download:
            page.click("#rows a:has-text('XLSX')")
        assert Path(download.value.path()).read_bytes().startswith(b"PK")
        choose(window, written(tmp_path, "tai-san-sua.csv", "tan-lap"))
        # What was said of the column before is remembered.
        assert page.input_value("#f-column-1") == "serial"
        page.click("button:has-text('Nhập thử')")
        page.click("button:has-text('Nhập thật 130 dòng')")
        page.wait_for_selector("text=Tệp đã được ghi vào sổ")
        window.picture("import-done")
        page.click("#rows tbody tr:first-child a")
        page.wait_for_url("**/assets/TS/2018/001")
        assert asset(api.books, "TS/2018/130").serial == "5CG0130X"
        assert (window.complaints, window.foreign) == ([], [])


def test_a_file_that_is_too_large_is_told_before_it_is_sent(api: Api, tmp_path: Path) -> None:
    large = tmp_path / "lon.xlsx"
    with large.open("wb") as file:
        file.truncate(2 * 1024**3)
    with chromium(api.url) as window:
        window.sign_in("kythuat", PASSWORD)
        window.open("/imports")
        window.page.set_input_files("#file", large)
        expect(window.page.locator("#file-large")).to_be_visible()
        window.page.click("button:has-text('Đọc tệp')")
        expect(window.page.locator("text=Tệp lớn hơn 10 MB").first).to_be_visible()
        assert window.page.url.endswith("/imports")
        assert window.complaints == []


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, True), (PHONE, False), (SMALLEST, True)])
def test_no_page_of_an_import_complains_or_is_wider_than_the_window(
    api: Api, tmp_path: Path, size: tuple[int, int], *, dark: bool
) -> None:
    with chromium(api.url, size, dark=dark) as window:
        window.sign_in("kythuat", PASSWORD)
        wide = [window.overhang]
        for place in ("tan-lapp", "tan-lap"):
            choose(window, written(tmp_path, f"{place}.csv", place, 3))
            wide.append(window.overhang)
            window.picture(f"import-columns-{size[0]}-{dark}")
            window.page.click("button:has-text('Nhập thử')")
            window.page.wait_for_selector("#rows")
            window.picture(f"import-{place}-{size[0]}-{dark}")
            wide.append(window.overhang)
        assert (max(wide), window.foreign, window.complaints) == (0, [], [])
