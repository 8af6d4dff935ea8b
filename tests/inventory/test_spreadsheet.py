import codecs
import io
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.cells import BadFile, Bounds, Cell, begins_formula
from inventory.delimited import write_csv
from inventory.spelling import is_storable
from inventory.spreadsheet import LONGEST_CELL, read_sheet, read_stream, write_xlsx

HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FIRST = b'<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c></row>'
TAIL = b"</sheetData></worksheet>"

# Signs that the old fonts show as letters have a test of their own.
_ALPHABET = st.characters(exclude_characters="µ¶¸¹¨»¼½¾©®ª«¬\u00ad§¦·ØÛÏÅÄËÜøûïåäëüñÑ")
WORDS = st.text(_ALPHABET, min_size=1, max_size=40).filter(
    lambda text: is_storable(text, lines=True) and not text.isspace()
)
FORMULAS = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "'=", "''+", "＝"]), WORDS)


def cells(octets: bytes) -> list[dict[int, Cell]]:
    return [dict(row.cells) for row in read_sheet(octets).rows]


def workbook(rows: bytes) -> bytes:
    """Return a workbook whose only sheet has these rows."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_xlsx("a", ["slug"], ["text"], []))) as pattern,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for name in pattern.namelist():
            sheet = HEAD + rows + TAIL
            book.writestr(name, sheet if name.endswith("sheet1.xml") else pattern.read(name))
    return written.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_separator(encoding: str, sign: str) -> None:
    text = f"Tên đơn vị{sign}Ghi chú\r\nXã Tân Lập{sign}Đường liên xã\r\n"
    # Windows-1258 writes tone marks apart.
    apart = text if encoding != "cp1258" else _tones_apart(text)
    assert cells(apart.encode(encoding)) == [
        {0: "Tên đơn vị", 1: "Ghi chú"},
        {0: "Xã Tân Lập", 1: "Đường liên xã"},
    ]


def _tones_apart(text: str) -> str:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in tones)
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones)) + tone)
    return "".join(out)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("UBND x· T©n LËp;§êng liªn x·;ThiÕt bÞ m¹ng;B¾c Quang;§Þa chØ", "TCVN3"),
        ("Vieät Nam;Baéc Quang;ñöôøng;thieát bò maïng;Haø Giang;xaõ Taân Laäp", "VNI"),
    ],
)
def test_text_of_old_fonts_is_refused_by_the_name_of_its_code(text: str, name: str) -> None:
    for octets in (text.encode("cp1252"), text.encode(), _in_book(text)):
        with pytest.raises(BadFile) as refused:
            read_sheet(octets)
        assert name in refused.value.reason.vi
        assert "UniKey" in refused.value.first_step.vi


def _in_book(text: str) -> bytes:
    words = text.split(";")
    return write_xlsx("a", words, ["text"] * len(words), [])


@pytest.mark.parametrize(
    "text", ["Toà án; Tuấn; hoà; ñ", "5°C – “ngoặc kép”; Ø 20 mm; 100 µs; © 2018; ±5", "Nguyễn Thị Hoè; quả; Đắk Lắk"]
)
def test_proper_vietnamese_with_odd_signs_is_not_taken_for_an_old_font(text: str) -> None:
    assert cells(text.encode())


def test_a_file_of_mixed_encodings_is_refused_with_the_line() -> None:
    octets = "tên\nXã Tân Lập\n".encode() + _tones_apart("Xã Việt Vinh\n").encode("cp1258") + "Xã\n".encode()
    with pytest.raises(BadFile) as refused:
        read_sheet(octets)
    assert "dòng 3" in refused.value.reason.vi


def test_a_comma_inside_quotation_marks_separates_nothing() -> None:
    assert cells(b'a;b\r\n"1,2,3,4";"x ""y""\nz"\r\n')[1] == {0: "1,2,3,4", 1: 'x "y"\nz'}
    assert cells(b"sep=;\r\na;b,c,d,e\r\n") == [{0: "a", 1: "b,c,d,e"}]


def test_a_quotation_mark_that_never_ends_is_told_with_its_row() -> None:
    with pytest.raises(BadFile) as refused:
        read_sheet(b'a,b\n1,2\n"3,4\n5,6\n')
    assert "3" in refused.value.reason.en


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(WORDS | FORMULAS, WORDS | FORMULAS), min_size=1, max_size=5))
def test_every_text_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    written = [{0: "x", 1: "y"}, *({0: a, 1: b} for a, b in rows)]
    assert cells(write_xlsx("a", ["x", "y"], ["text", "text"], rows)) == written
    assert cells(b"".join(write_csv([("x", "y"), *rows]))) == written


@settings(deadline=None, max_examples=60)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**12), 10**12), st.dates(date(1950, 1, 1)))
def test_every_number_and_day_comes_back_as_it_was(number: float, whole: int, day: date) -> None:
    found = cells(write_xlsx("a", ["x", "y", "z"], ["number", "vnd", "day"], [(number, whole, day)]))[1]
    assert (float(found[0]), found[1], found[2]) == (number, whole, day)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=60)
@given(FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    book = write_xlsx("a", ["x"], ["text"], [(text,)])
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet, styles = parts.read("xl/worksheets/sheet1.xml"), parts.read("xl/styles.xml")
    assert b"<f" not in sheet
    assert b'quotePrefix="1"' in styles
    line = b"".join(write_csv([(text,)])).removeprefix(codecs.BOM_UTF8).decode()
    assert line.lstrip('"').startswith("'")


def test_a_negative_number_and_a_dash_inside_are_no_formulas() -> None:
    assert b"".join(write_csv([(-22.5, "TS-1")])).endswith(b"-22.5,TS-1\r\n")
    assert not begins_formula("TS-1")


def test_a_moment_of_a_workbook_keeps_its_time() -> None:
    moment = datetime(2018, 3, 15, 7, 30)  # noqa: DTZ001 - a workbook knows no zone
    assert cells(write_xlsx("a", ["x"], ["moment"], [(moment,)]))[1] == {0: moment}


@pytest.mark.parametrize(
    ("octets", "word"),
    [
        (b"", "trống"),
        (b"\xef\xbb\xbf", "Tệp"),
        (b"%PDF-1.7", "CSV hay XLSX"),
        (b"\x89PNG\r\n", "CSV hay XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", ".xls"),
        (b"PK\x03\x04rubbish", "hỏng"),
        (workbook(b"<row r='1'><c r='A1' t='s'><v>99</v></c></row>"), "hỏng"),
        (workbook(b"<row r='x'/>"), "hỏng"),
        (workbook(FIRST)[:-200], "hỏng"),
    ],
)
def test_what_is_no_table_is_refused_in_words(octets: bytes, word: str) -> None:
    if octets == b"\xef\xbb\xbf":
        assert read_sheet(octets).rows == []
        return
    with pytest.raises(BadFile) as refused:
        read_sheet(octets)
    assert word in refused.value.reason.vi


def test_a_zip_of_something_else_is_no_table() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as parts:
        parts.writestr("letter.txt", "hello")
    with pytest.raises(BadFile, match="neither"):
        read_sheet(written.getvalue())


def test_a_zip_bomb_is_not_unpacked() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in ("[Content_Types].xml", "xl/worksheets/sheet1.xml"):
            with parts.open(name, "w", force_zip64=True) as part:
                for _ in range(40):
                    part.write(bytes(1024 * 1024))
    assert len(written.getvalue()) < 100_000
    with pytest.raises(BadFile, match="unpack"):
        read_sheet(written.getvalue())


def test_a_document_type_that_could_grow_without_end_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(FIRST))) as pattern, zipfile.ZipFile(written, "w") as book:
        for name in pattern.namelist():
            octets = pattern.read(name)
            if name.endswith("sheet1.xml"):
                octets = octets.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)
            book.writestr(name, octets)
    with pytest.raises(BadFile, match="spoilt"):
        read_sheet(written.getvalue())


def test_a_million_empty_rows_are_read_without_pain() -> None:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(2, 1_000_001))
    last = b'<row r="1000001"><c r="A1000001" t="inlineStr"><is><t>tan-lap</t></is></c></row>'
    found = read_sheet(workbook(FIRST + rows + last)).rows
    assert [(row.number, dict(row.cells)) for row in found] == [(1, {0: "slug"}), (1_000_001, {0: "tan-lap"})]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_columns_and_characters_have_bounds(kind: str) -> None:
    bounds = Bounds(rows=3, columns=4, characters=10)

    def file(rows: list[tuple[str, ...]]) -> bytes:
        if kind == "csv":
            return b"".join(write_csv(rows))
        return write_xlsx("a", rows[0], ["text"] * len(rows[0]), rows[1:])

    assert len(read_sheet(file([("a", "b", "c", "d")] * 3), bounds).rows) == 3
    for rows, word in (
        ([("a", "b")] * 4, "2 rows"),
        ([("a", "b", "c", "d", "e")], "4 columns"),
        ([("x" * 11, "b")], "10 characters"),
    ):
        with pytest.raises(BadFile, match=word):
            read_sheet(file(rows), bounds)


def test_no_more_of_a_large_file_is_read_than_allowed() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"x" * size

    source = Endless()
    with pytest.raises(BadFile, match="10 MB"):
        read_stream(source)  # type: ignore[arg-type]
    assert source.given <= 10 * 1024 * 1024 + 1


def test_a_text_too_long_for_a_workbook_is_refused_not_cut() -> None:
    assert cells(write_xlsx("a", ["x"], ["text"], [("y" * LONGEST_CELL,)]))[1] == {0: "y" * LONGEST_CELL}
    with pytest.raises(BadFile, match="32767"):
        write_xlsx("a", ["x"], ["text"], [("y" * (LONGEST_CELL + 1),)])


def test_no_row_is_lost_behind_those_that_decide_the_widths() -> None:
    rows = [(f"r{number}",) for number in range(1_000)]
    assert [row[0] for row in cells(write_xlsx("a", ["x"], ["text"], rows))[1:]] == [row[0] for row in rows]


def test_of_a_formula_the_computed_value_is_read_and_one_without_is_refused() -> None:
    assert cells(workbook(b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')) == [{0: 2}]
    for rest in (b"", b"<v/>", b"<v></v>"):
        with pytest.raises(BadFile, match="formulas"):
            read_sheet(workbook(b'<row r="1"><c r="A1"><f>1+1</f>' + rest + b"</c></row>"))
