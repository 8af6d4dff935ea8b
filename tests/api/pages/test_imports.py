"""Bringing files in by the pages: columns looked at, rehearsed with all that is wrong, written whole or not at all."""

import io
import time
import zipfile

import httpx
import pytest

from api.views.importing import LISTS
from inventory.cells import BOUNDS
from inventory.delimited import write_csv
from inventory.headings import HEADINGS
from inventory.spreadsheet import read_sheet, write_xlsx
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.custody import asset

HEAD = ["Số tài sản", "Tên tài sản", "Loại", "Đơn vị", "Ngày đưa vào sử dụng", "Nguyên giá"]
GOOD = [
    ["N/1", "Máy in phòng Văn thư", "máy in", "Tân Lập", "15/03/2018", "6.500.000 đ"],
    ["OWN/1", "Máy in một cửa", "printer", "vinh-tuy", None, None],
]


def file_of(*rows: list[str | None], head: list[str] | None = None) -> bytes:
    return b"".join(write_csv([head or HEAD, *rows]))


def bring(client: httpx.Client, octets: bytes, noun: str = "assets", name: str = "tai-san.csv") -> httpx.Response:
    data = {"csrf": client.headers["X-CSRF-Token"], "noun": noun}
    return client.post("/imports", data=data, files={"file": (name, octets)})


def brought(client: httpx.Client, octets: bytes, noun: str = "assets") -> str:
    answer = bring(client, octets, noun)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def rehearsed(client: httpx.Client, place: str, **columns: str) -> str:
    """Rehearse with the columns as they are, but for those named by `cN=field`, and return the page that tells."""
    fields = chosen_in(client.get(place).text) | {f"column-{name[1:]}": field for name, field in columns.items()}
    answer = client.post(f"{place}/rehearse", data=fields)
    assert answer.status_code == 303, answer.text
    return finished(client, place)


def chosen_in(page: str) -> dict[str, str]:
    found = {}
    for piece in page.split("<select")[1:]:
        if 'name="column-' in piece:
            name = piece.split('name="')[1].split('"')[0]
            chosen = [option for option in piece.split("</select>")[0].split("<option ")[1:] if " selected" in option]
            found[name] = chosen[0].split('value="')[1].split('"')[0]
    return found


def finished(client: httpx.Client, place: str) -> str:
    """Wait until the work on a file is done, as its page does."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        answer = client.get(f"{place}/progress")
        assert answer.status_code == 200
        if answer.headers.get("HX-Refresh") == "true":
            return client.get(place).text
        time.sleep(0.05)
    raise AssertionError("the work did not end")


def test_a_file_is_looked_at_rehearsed_and_written(reader: Reader, pages: Api) -> None:
    client = reader("it_staff")
    place = brought(client, file_of(*GOOD))
    page = client.get(place).text
    assert "tai-san.csv" in page
    assert chosen_in(page) == {
        "column-0": "tag", "column-1": "name", "column-2": "category", "column-3": "site", "column-4": "put_to_use",
        "column-5": "cost_vnd",
    }  # fmt: skip
    assert "6.500.000 đ" in page
    page = rehearsed(client, place)
    assert "Chưa ghi gì vào sổ" in page
    assert asset(pages.books, "OWN/1").name != "Máy in một cửa"
    client.post(f"{place}/write", data={})
    page = finished(client, place)
    assert "Tệp đã được ghi vào sổ" in page
    assert 'href="/assets/N/1"' in page
    assert (asset(pages.books, "N/1").cost_vnd, asset(pages.books, "OWN/1").name) == (6_500_000, "Máy in một cửa")
    # What was written is not written again, whatever is pressed.
    version = asset(pages.books, "OWN/1").version
    for step in ("write", "rehearse"):
        client.post(f"{place}/{step}", data={})
    assert asset(pages.books, "OWN/1").version == version


def test_every_wrong_cell_is_told_narrowed_by_column_and_taken_away(reader: Reader, pages: Api) -> None:
    client = reader("it_staff")
    wrong = [[f"W/{n}", "Máy tính", "may tinh ban", "tan-lapp", "31/02/2020", "1,5"] for n in range(150)]
    place = brought(client, file_of(*wrong))
    page = rehearsed(client, place)
    assert "600 ô chưa đúng" in page
    assert "Trang 1 trên tổng số 6" in page
    page = client.get(f"{place}?column=Đơn vị&page=1").text
    rows = page.split('id="rows"')[1].split("</section>")[0]
    assert (rows.count(">tan-lapp<"), "31/02/2020" in rows) == (50, False)
    book = client.get(f"{place}/problems?format=xlsx")
    assert len(read_sheet(book.content).rows) == 601
    text = client.get(f"{place}/problems?format=csv").text
    assert text.splitlines()[0].endswith("Dòng,Cột,Giá trị trong ô,Chưa đúng ở chỗ,Gợi ý")
    # Nothing was written, and nothing can be.
    client.post(f"{place}/write", data={})
    assert "600 ô chưa đúng" in client.get(place).text
    assert "W/1" not in client.get("/assets").text


def test_columns_are_corrected_and_remembered(reader: Reader) -> None:
    client = reader("it_staff")
    head = ["STT", "Cột B", "Cột C", "Cột D", "Cột E"]
    octets = file_of(["1", "M/1", "Máy in", "máy in", "tan-lap"], head=head)
    place = brought(client, octets)
    assert "Không nhận ra cột nào" in client.get(place).text
    columns = {"c1": "tag", "c2": "name", "c3": "category", "c4": "site"}
    assert "Chưa ghi gì vào sổ" in rehearsed(client, place, **columns)
    again = client.get(brought(client, octets)).text
    assert list(chosen_in(again).values()) == ["", "tag", "name", "category", "site"]
    assert "Không nhận ra cột nào" not in again


def test_two_columns_do_not_fill_one_field(reader: Reader) -> None:
    client = reader("it_staff")
    place = brought(client, file_of(*GOOD))
    fields = chosen_in(client.get(place).text) | {"column-1": "tag"}
    answer = client.post(f"{place}/rehearse", data=fields)
    assert answer.status_code == 422
    assert "cùng ghi vào “Số tài sản”" in answer.text
    nothing = client.post(f"{place}/rehearse", data=dict.fromkeys(fields, ""))
    assert "Chọn ít nhất một cột" in nothing.text


def test_a_list_of_something_else_is_doubted(reader: Reader) -> None:
    client = reader("it_staff")
    sites = client.get("/exports/sites?format=csv").content
    assert "giống danh sách đơn vị" in client.get(brought(client, sites)).text


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    return file.getvalue()


def many_empty_rows() -> bytes:
    """Return a workbook with 200,000 empty rows and one that is not."""
    book = write_xlsx("x", HEAD, ["text"] * len(HEAD), [GOOD[1]])
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name in parts.namelist():
            text = parts.read(name)
            if name.endswith("sheet1.xml"):
                empty = "".join(f'<row r="{n}"/>' for n in range(3, 200_003)).encode()
                text = text.replace(b"</sheetData>", empty + b"</sheetData>")
            written.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("octets", "vi", "en"),
    [
        (b"", "Tệp trống", "The file is empty"),
        (b"%PDF-1.7", "không phải là CSV hay XLSX", "neither CSV nor XLSX"),
        (b"PK\x03\x04x", "bị hỏng", "spoilt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kiểu cũ (.xls)", "old Excel file"),
        ("Sè tµi s¶n,Tªn tµi s¶n\nTS-1,M¸y vi tÝnh ®Ó bµn\n".encode("cp1252"), "TCVN3", "TCVN3"),
        (bomb(), "bung ra quá lớn", "unpack to too much"),
        (b"x" * (BOUNDS.octets + 1), "lớn hơn 10 MB", "more than 10 MB"),
        (b"Ten\n" * (BOUNDS.rows + 5), "dòng", "rows"),
    ],
    ids=["empty", "pdf", "spoilt", "old", "font", "bomb", "large", "long"],
)
def test_what_is_no_table_is_refused_in_words(reader: Reader, octets: bytes, vi: str, en: str) -> None:
    for language, words in (("vi", vi), ("en", en)):
        answer = bring(reader("it_staff", language), octets)
        assert (answer.status_code, words in answer.text) == (422, True), answer.text[-3000:]
        assert answer.text.count('name="file"') == 1


def test_empty_rows_cost_nothing(reader: Reader) -> None:
    client = reader("it_staff")
    assert "· 1 dòng" in client.get(brought(client, many_empty_rows())).text


def test_a_form_without_a_file_or_for_no_list_is_refused(reader: Reader) -> None:
    client = reader("it_staff")
    data = {"csrf": client.headers["X-CSRF-Token"], "noun": "assets"}
    assert "Chọn một tệp" in client.post("/imports", data=data, files={"file": ("", b"")}).text
    assert bring(client, file_of(*GOOD), noun="accounts").status_code == 403
    assert bring(client, file_of(*GOOD), noun="nosuch").status_code == 403


def test_a_file_from_another_page_is_refused(reader: Reader) -> None:
    client = reader("it_staff")
    token = client.headers.pop("X-CSRF-Token")
    files = {"file": ("a.csv", file_of(*GOOD))}
    assert client.post("/imports", data={"noun": "assets"}, files=files).status_code == 403
    assert client.post("/imports", data={"noun": "assets", "csrf": token}, files=files).status_code == 303


def test_a_file_is_seen_by_nobody_else_and_let_go(reader: Reader) -> None:
    client = reader("it_staff")
    place = brought(client, file_of(*GOOD))
    assert reader("administrator").get(place).status_code == 404
    assert client.post(f"{place}/discard", data={}).headers["Location"] == "/imports?noun=assets"
    gone = client.get(place)
    assert (gone.status_code, "không còn được giữ" in gone.text) == (404, True)
    assert client.get(f"{place}/problems").status_code == 404


def test_staff_of_a_commune_bring_what_is_theirs(reader: Reader, pages: Api) -> None:
    client = reader("commune_staff")
    assert 'value="sites"' not in client.get("/imports").text
    page = rehearsed(client, brought(client, file_of(*GOOD)))
    assert "Không có đơn vị" in page
    mine = [["C/1", "Máy in", "máy in", "Vĩnh Tuy", None, "3200000"]]
    place = brought(client, file_of(*mine))
    assert "Chưa ghi gì" in rehearsed(client, place)
    client.post(f"{place}/write", data={})
    finished(client, place)
    assert asset(pages.books, "C/1").cost_vnd == 3_200_000
    assert reader("auditor").get("/imports").status_code == 403


def test_what_would_be_a_formula_stays_a_text(reader: Reader) -> None:
    client = reader("it_staff")
    rows = [["F/1", "=HYPERLINK(1)", "máy in", "tan-lap", None, None], ["F/2", "x", "@SUM(1)", "tan-lap", None, None]]
    place = brought(client, file_of(*rows))
    assert "@SUM(1)" in rehearsed(client, place)
    assert ",'@SUM(1)," in client.get(f"{place}/problems?format=csv").text


@pytest.mark.parametrize(
    ("address", "there", "away"),
    [
        ("/exports/assets?format=csv&within=vinh-tuy", "OWN/1", "BQ-0001"),
        ("/exports/assets?format=csv&q=mikrotik", "BQ-0001", "OWN/1"),
        ("/exports/assets?format=csv&custodian=L%C3%BD+V%C4%83n+P%C3%A1o&cursor=x", "OWN/1", "BQ-0001"),
        ("/exports/links?format=csv&state=down", "bq-vinh-tuy", "bq-hung-an"),
        ("/exports/devices?format=csv&q=tan-lap", "tan-lap-rt", "vinh-tuy-rt"),
        ("/exports/services?format=csv&q=tan-lap", "web-tan-lap", "web-vinh-tuy"),
        ("/exports/sites?format=csv&q=01159", "tan-lap", "vinh-tuy"),
        ("/exports/incidents?format=csv", "bq-vinh-tuy", "lien-hiep"),
        ("/exports/incidents?format=csv&state=all", "lien-hiep", "nowhere"),
        ("/exports/documents?format=csv&kind=hand_over", "BG-2018-0001", "nowhere"),
        ("/exports/documents?format=csv&site=tan-lap", "Số chứng từ", "BG-2018-0001"),
        ("/exports/documents/BG-2018-0001?format=csv", "OWN/1", "BQ-0001"),
        ("/exports/stocktakes/1?format=csv", "BQ-0001", "nowhere"),
    ],
)
def test_a_list_is_taken_away_as_it_is_narrowed(reader: Reader, address: str, there: str, away: str) -> None:
    client = reader("auditor")
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert (there in answer.text, away in answer.text) == (True, False)
    assert answer.headers["Content-Disposition"].endswith(".csv")
    book = client.get(address.replace("format=csv", "format=xlsx"))
    assert book.content.startswith(b"PK")
    assert read_sheet(book.content).rows


def test_what_a_reader_may_not_see_is_in_no_file(reader: Reader) -> None:
    client = reader("commune_staff")
    assert "tan-lap" not in client.get("/exports/sites?format=csv").text
    for noun in ("accounts", "collectors", "reorganisations"):
        assert client.get(f"/exports/{noun}").status_code == 403
    for address in (
        "/exports/credentials",
        "/exports/nosuch",
        "/exports/documents/BG-1999-0001",
        "/exports/stocktakes/9",
    ):
        assert client.get(address).status_code == 404
    assert client.get("/exports/assets?status=nosuch").status_code == 422


def test_every_list_that_stands_in_files_has_a_name() -> None:
    assert set(LISTS) == set(HEADINGS)
