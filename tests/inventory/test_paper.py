"""Paper: what is written can be read again, and no text becomes a formula."""

import io
from datetime import date

import openpyxl
import pytest

from inventory.cells import BadFile
from inventory.paper import Line, Paper
from inventory.spreadsheet import LONGEST_CELL, write_paper


def test_a_sheet_has_its_cells_joins_widths_and_repeated_headings() -> None:
    lines = [
        Line("title", ["Biên bản"], [(1, 3, 1)]),
        Line("heading", ["STT", "Tên", "Tiền"]),
        Line("body", [1, "Máy in", 7_000_000]),
        Line("total", [None, "Cộng", 7_000_000]),
    ]
    page = openpyxl.load_workbook(io.BytesIO(write_paper(Paper("C53/HD", (6, 30, 15), lines)))).active
    assert page is not None
    assert page.title == "C53 HD"
    assert [list(row) for row in page.iter_rows(values_only=True)] == [
        ["Biên bản", None, None], ["STT", "Tên", "Tiền"], [1, "Máy in", 7_000_000], [None, "Cộng", 7_000_000]
    ]  # fmt: skip
    assert [str(one) for one in page.merged_cells.ranges] == ["A1:C1"]
    assert page.print_title_rows == "$2:$2"
    assert (page["C3"].number_format, page["C4"].font.bold, page["C3"].border.left.style) == ("#,##0", True, "thin")
    assert page.column_dimensions["B"].width == 30


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-5", "@SUM(A1)", "_x0041_", "a\x0bb"])
def test_a_text_stays_the_text_that_it_is(text: str) -> None:
    octets = write_paper(Paper("X", (10,), [Line("body", [text])]))
    cell = openpyxl.load_workbook(io.BytesIO(octets)).active["A1"]  # type: ignore[index]
    assert cell.data_type == "s"
    assert openpyxl.utils.escape.unescape(str(cell.value)) == text


def test_a_text_that_no_cell_holds_is_refused() -> None:
    with pytest.raises(BadFile):
        write_paper(Paper("X", (10,), [Line("body", ["x" * (LONGEST_CELL + 1)])]))


def test_sums_shares_and_days_are_numbers_to_a_spreadsheet_program() -> None:
    octets = write_paper(Paper("X", (10, 10, 10), [Line("body", [1_250_000, 14.29, date(2023, 5, 1)])]))
    page = openpyxl.load_workbook(io.BytesIO(octets)).active
    assert page is not None
    assert [page[at].number_format for at in ("A1", "B1", "C1")] == ["#,##0", "0.00", "dd/mm/yyyy"]
    assert [page[at].data_type for at in ("A1", "B1", "C1")] == ["n", "n", "d"]
