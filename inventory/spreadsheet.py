"""Door to openpyxl: spreadsheets are read and written as a stream, within bounds, without formulas."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from inventory.cells import (
    BOUNDS,
    BadFile,
    Bounds,
    Cell,
    Row,
    Sheet,
    begins_formula,
    guarded,
    too_long,
    too_many_columns,
    too_many_rows,
    unguarded,
)  # fmt: skip
from inventory.delimited import read_csv
from inventory.encodings import refuse_fonts
from inventory.paper import Line, Paper
from inventory.text import Text

LONGEST_CELL: Final = 32_767
"""Characters that a cell of an XLSX file may hold (ECMA-376, and every spreadsheet program)."""

_MOST_PARTS: Final = 2_000
_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 200
_NOT_COMPUTED: Final = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>")
_SMALL_PART: Final = 1024 * 1024
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMATS: Final = {
    "day": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm:ss", "vnd": "#,##0", "share": "0.00", "text": "@"
}  # fmt: skip
_WIDEST: Final = 60
_SAMPLE: Final = 200
_LINE_PT: Final = 15
_HIGHEST_PT: Final = 409
"""More a row of a workbook cannot be."""


def read_sheet(octets: bytes, bounds: Bounds = BOUNDS) -> Sheet:
    """Return the rows of a CSV or XLSX file; which of the two it is, its own bytes say.

    Of a workbook the first sheet that holds something is read; of a formula, the value that was last computed.

    Args:
        octets: The whole file.
        bounds: How large it may be.

    Raises:
        BadFile: It is neither, is spoilt, or exceeds a bound.
    """
    if len(octets) > bounds.octets:
        raise _too_large(bounds)
    if not octets.strip():
        raise BadFile(*_NOTHING)
    if octets.startswith(_OLD_EXCEL):
        raise BadFile(*_OLD)
    if octets.startswith(b"PK"):
        return _read_xlsx(octets, bounds)
    if octets.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z")):
        raise BadFile(*_NO_TABLE)
    return read_csv(octets, bounds)


def read_stream(file: BinaryIO, bounds: Bounds = BOUNDS) -> Sheet:
    """Return the rows of an open file; no more than the bound is read, however much there is.

    Raises:
        BadFile: As `read_sheet`.
    """
    return read_sheet(file.read(bounds.octets + 1), bounds)


def _read_xlsx(octets: bytes, bounds: Bounds) -> Sheet:
    _examine(octets, bounds)
    try:
        with warnings.catch_warnings():
            # What openpyxl does not understand (data validation, print areas) is not what is read here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, data_only=True, keep_links=False)
            try:
                return _first_sheet(book, bounds)
            finally:
                book.close()
    except BadFile:
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, ParseError, OSError,
            EOFError, NotImplementedError, RuntimeError, OverflowError) as error:  # fmt: skip
        # openpyxl checks nothing of what it reads, so a spoilt workbook shows as any of these.
        raise BadFile(*_SPOILT) from error


def _examine(octets: bytes, bounds: Bounds) -> None:
    """Look at the list of parts before anything is unpacked: zipfile gives no more bytes than a part announces."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as parts:
            listed = parts.infolist()
            if len(listed) > _MOST_PARTS or sum(part.file_size for part in listed) > bounds.unpacked:
                raise _bomb(bounds)
            for part in listed:
                if part.file_size > _SMALL_PART and part.file_size > bounds.ratio * max(part.compress_size, 1):
                    raise _bomb(bounds)
                if part.filename.endswith((".xml", ".rels")):
                    _look_at(parts, part)
            if "[Content_Types].xml" not in parts.namelist():
                raise BadFile(*_NO_TABLE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise BadFile(*_SPOILT) from error


def _look_at(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse what openpyxl would pass over: a document type, and formulas whose values nobody has computed yet."""
    with parts.open(part) as content:
        piece = content.read(_PIECE)
        if b"<!DOCTYPE" in piece[:4096]:
            raise BadFile(*_SPOILT)
        while piece and part.filename.startswith("xl/worksheets/"):
            if _NOT_COMPUTED.search(piece):
                raise BadFile(*_FORMULAS)
            following = content.read(_PIECE)
            piece = piece[-_OVERLAP:] + following if following else b""


def _first_sheet(book: Any, bounds: Bounds) -> Sheet:  # noqa: ANN401 - openpyxl's workbook
    epoch = book.epoch.date()
    for page in book.worksheets:
        # The size that a file announces is often wrong, and 16 384 empty columns are not worth their time.
        page.reset_dimensions()
        rows = list(_rows(page, bounds))
        if rows:
            refuse_fonts(
                "\n".join(cell for row in rows[:2_000] for cell in row.cells.values() if isinstance(cell, str))
            )
            return Sheet(rows, epoch)
    return Sheet([], epoch)


def _rows(page: Any, bounds: Bounds) -> Iterator[Row]:  # noqa: ANN401 - openpyxl's worksheet
    kept, width = 0, bounds.columns + 1
    nothing = (None,) * width
    for number, values in enumerate(page.iter_rows(max_col=width, values_only=True), start=1):
        if values == nothing:
            # A million of these are a common accident; nothing more is spent on them.
            continue
        cells = {place: cell for place, value in enumerate(values) if (cell := _cell(value)) is not None}
        if not cells:
            continue
        if max(cells) >= bounds.columns:
            raise too_many_columns(bounds, number)
        if any(isinstance(cell, str) and len(cell) > bounds.characters for cell in cells.values()):
            raise too_long(bounds, number)
        kept += 1
        if kept > bounds.rows:
            raise too_many_rows(bounds)
        yield Row(number, cells)


def _cell(value: object) -> Cell | None:
    if isinstance(value, str):
        text = unguarded(_unescaped(value))
        return text if text and not text.isspace() else None
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, bool | int | float | date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return None


def write_xlsx(
    title: str, headings: Sequence[str], kinds: Sequence[str], rows: Iterable[Sequence[Cell | None]]
) -> bytes:
    """Return a workbook with one sheet: bold headings that stay in sight, a filter, widths that fit.

    Args:
        title: Name of the sheet.
        headings: Of the columns.
        kinds: Of the columns: `text`, `day`, `moment`, `vnd` or `number`.
        rows: The cells, as many as headings. Texts stay texts, whatever sign they begin with.

    Raises:
        BadFile: A text is longer than a cell may be.
    """
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
    page.freeze_panes = "A2"
    # The widths stand before the rows in the file, so the first rows decide.
    waiting = iter(rows)
    sample = list(islice(waiting, _SAMPLE))
    for place, heading in enumerate(headings):
        longest = max((len(_seen(row[place])) for row in sample), default=0)
        page.column_dimensions[get_column_letter(place + 1)].width = min(max(len(heading), longest) + 3, _WIDEST)
    written = io.BytesIO()
    try:
        page.append([_heading(page, heading) for heading in headings])
        count = 1
        for count, row in enumerate(chain(sample, waiting), start=2):
            page.append([_styled(page, cell, kind, count) for cell, kind in zip(row, kinds, strict=True)])
        page.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count}"
    finally:
        # Whatever happened: this also takes away what openpyxl keeps on the disk meanwhile.
        book.save(written)
    return written.getvalue()


def write_paper(paper: Paper) -> bytes:
    """Return a workbook with one sheet that is ready to print on A4 across; headings come again on each page.

    Raises:
        BadFile: A text is longer than a cell may be.
    """
    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = re.sub(r"[\\/*?:\[\]]", " ", paper.title)[:31]
    for place, width in enumerate(paper.widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    styles: dict[tuple[str, str], Any] = {}
    for number, line in enumerate(paper.lines, start=1):
        _draw(page, number, line, len(paper.widths), styles)
        if (height := line.height(paper.widths)) > 1:
            page.row_dimensions[number].height = min(height * _LINE_PT, _HIGHEST_PT)
    headings = [number for number, line in enumerate(paper.lines, start=1) if line.kind == "heading"]
    if headings:
        page.print_title_rows = f"{headings[0]}:{headings[-1]}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _draw(page: Any, number: int, line: Line, columns: int, styles: dict[tuple[str, str], Any]) -> None:  # noqa: ANN401 - openpyxl's worksheet and styles
    for place in range(1, columns + 1):
        value = line.cells[place - 1] if place <= len(line.cells) else None
        cell = page.cell(number, place)
        form = _form_of(value)
        look = styles.get((line.kind, form))
        if look is None:
            _style(cell, line.kind, form)
            # Cells of one look share it: making it anew for each takes most of the time of a long form.
            look = styles[line.kind, form] = cell._style
        cell._style = look
        if isinstance(value, str):
            text = _escaped(value)
            if len(text) > LONGEST_CELL:
                raise BadFile(_LONG.fill(row=number, most=LONGEST_CELL), Text(vi="Rút ngắn lại.", en="Shorten it."))
            cell.value, cell.data_type = text, "s"
        elif value is not None:
            cell.value = value
    for first, last, rows in line.joined:
        page.merge_cells(start_row=number, end_row=number + rows - 1, start_column=first, end_column=last)


def _form_of(value: Cell | None) -> str:
    if isinstance(value, int):
        return "vnd"
    if isinstance(value, float):
        return "share"
    return "day" if isinstance(value, date) else "text"


def _style(cell: Any, kind: str, form: str) -> None:  # noqa: ANN401 - openpyxl's cell
    ruled = kind in {"heading", "body", "total"}
    cell.number_format = _FORMATS[form]
    cell.font = Font(bold=kind in {"title", "heading", "total"}, size=14 if kind == "title" else 11)
    middle = "center" if kind in {"title", "centre", "heading"} else None
    cell.alignment = Alignment(wrap_text=ruled or kind == "centre", vertical="top", horizontal=middle)
    if ruled:
        thin = Side(style="thin")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)


def _heading(page: Any, text: str) -> Any:  # noqa: ANN401 - openpyxl's worksheet and cell
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _styled(page: Any, value: Cell | None, kind: str, row: int) -> Any:  # noqa: ANN401 - as above
    if value is None:
        return None
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        # openpyxl writes 16 figures; the rare number that needs 17 is kept whole as text.
        value = repr(value)
    if not isinstance(value, str):
        cell = WriteOnlyCell(page)
        cell.value = value
        cell.number_format = _FORMATS.get(kind, "General")
        return cell
    text = _escaped(guarded(value) if value.startswith("'") else value)
    if len(text) > LONGEST_CELL:
        raise BadFile(_LONG.fill(row=row, most=LONGEST_CELL), Text(vi="Xuất dạng CSV.", en="Export it as CSV."))
    cell = WriteOnlyCell(page)
    cell.value = text
    # openpyxl takes a text that begins with = for a formula.
    cell.data_type = "s"
    cell.number_format = "@"
    if begins_formula(value):
        cell.quotePrefix = True
    return cell


def _seen(value: Cell | None) -> str:
    return "" if value is None else str(value).partition("\n")[0]


_ESCAPE: Final = re.compile("_x[0-9A-Fa-f]{4}_")
_NO_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def _escaped(text: str) -> str:
    """Write what XML cannot hold as `_xHHHH_`, and so also a text that looks like that (ECMA-376 part 1, 22.9.2.19)."""
    text = _ESCAPE.sub(lambda found: f"_x005F{found.group()}", text)
    return _NO_XML.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found.group()[2:6], 16)), text)


def _too_large(bounds: Bounds) -> BadFile:
    return BadFile(
        Text(vi="Tệp lớn hơn {most} MB.", en="The file has more than {most} MB.").fill(most=bounds.octets // 1_048_576),
        Text(vi="Xóa ảnh và trang tính thừa, hoặc chia nhỏ tệp.", en="Delete pictures and other sheets, or split it."),
    )


def _bomb(bounds: Bounds) -> BadFile:
    return BadFile(
        Text(
            vi="Tệp bung ra quá lớn (hơn {most} MB, hoặc nén bất thường) nên không được mở.",
            en="The file would unpack to too much (over {most} MB, or packed unusually tight) and was not opened.",
        ).fill(most=bounds.unpacked // 1_048_576),
        Text(
            vi="Chép phần dữ liệu sang một tệp Excel mới rồi lưu lại.",
            en="Copy the rows that matter to a new workbook and save that.",
        ),
    )


_SAVE_AGAIN: Final = Text(
    vi="Mở bằng Excel rồi lưu dạng XLSX hoặc CSV UTF-8.", en="Open it and save it as XLSX or CSV."
)
_NOTHING: Final = (Text(vi="Tệp trống.", en="The file is empty."), _SAVE_AGAIN)
_OLD: Final = (
    Text(vi="Tệp Excel kiểu cũ (.xls), hoặc tệp có mật khẩu.", en="An old Excel file (.xls), or one with a password."),
    Text(vi="Mở bằng Excel, bỏ mật khẩu, lưu dạng XLSX.", en="Open it, take the password off, save it as XLSX."),
)
_NO_TABLE: Final = (Text(vi="Tệp không phải là CSV hay XLSX.", en="The file is neither CSV nor XLSX."), _SAVE_AGAIN)
_SPOILT: Final = (Text(vi="Tệp Excel bị hỏng.", en="The workbook is spoilt."), _SAVE_AGAIN)
_FORMULAS: Final = (
    Text(vi="Trong tệp có công thức chưa được tính.", en="There are formulas in the file that were never computed."),
    Text(
        vi="Mở bằng Excel rồi lưu lại, hoặc dán lại dạng giá trị (Paste Special – Values).",
        en="Open it in a spreadsheet program and save it, or paste it as values.",
    ),
)
_LONG: Final = Text(
    vi="Một ô ở dòng {row} dài hơn {most} ký tự mà Excel nhận.",
    en="A cell of row {row} has more than the {most} characters that a workbook takes.",
)
