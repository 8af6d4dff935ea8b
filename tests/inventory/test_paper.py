"""Paper: what is written can be read again, and no text becomes a formula."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_a_row_is_as_high_as_its_fullest_cell_because_not_every_program_sees_to_that() -> None:
    lines = [
        Line("heading", ["STT", "Lý do và căn cứ của việc mua sắm"]),
        Line("body", [1, "Dùng từ 15/09/2016; đã 11 năm, quy định 7 năm"]),
        Line("body", [2, "Ngắn"]),
        Line("plain", ["Một dòng chữ dài ngoài bảng thì chạy ngang sang bên phải"]),
    ]
    page = openpyxl.load_workbook(io.BytesIO(write_paper(Paper("X", (6, 20), lines)))).active
    assert page is not None
    assert [page.row_dimensions[number].height for number in (1, 2, 3, 4)] == [30, 45, None, None]


@given(st.text(max_size=200), st.integers(1, 40), st.integers(1, 3))
def test_no_text_needs_fewer_lines_than_its_letters_fill(text: str, width: int, columns: int) -> None:
    line = Line("body", [text], [(1, columns, 1)])
    assert line.height([width] * columns) >= len("".join(text.split())) / (width * columns)


def test_joined_rows_share_the_height() -> None:
    assert Line("heading", ["Số hao mòn các năm trước chuyển sang"], [(1, 1, 2)]).height([11]) == 3
    assert Line("heading", ["Số hao mòn các năm trước chuyển sang"]).height([11]) == 5


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
