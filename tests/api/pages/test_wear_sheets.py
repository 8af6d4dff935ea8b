"""The two sheets of a year: on the screen, on paper, as a workbook with numbers that are numbers."""

import io
import re
from datetime import date, datetime
from importlib import resources
from typing import Any

import httpx
import openpyxl
import pytest
import yaml

from inventory.access.accounts import Role
from tests.support.api import Api
from tests.support.custody import act
from tests.support.wearing import browser, closed


@pytest.fixture
def client(worn: Api) -> httpx.Client:
    return browser(worn)


DAY = datetime(2023, 5, 1)  # noqa: DTZ001 - openpyxl gives days as naive times


def plain(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def cells(answer: httpx.Response) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    return [list(row) for row in page.iter_rows(values_only=True)]


def test_the_page_of_a_year_sums_by_category_and_leads_to_both_sheets(client: httpx.Client) -> None:
    text = plain(client.get("/wear/papers/year?site=tan-lap&year=2024"))
    assert "Máy tính để bàn 1 14.000.000 ₫ 2.800.000 ₫ 5.600.000 ₫ 8.400.000 ₫" in text
    assert "Tài sản cố định 2 44.000.000 ₫ 8.800.000 ₫ 11.600.000 ₫ 32.400.000 ₫" in text
    markup = client.get("/wear/papers?site=tan-lap&year=2024").text
    assert "/wear/ledger?site=tan-lap&amp;year=2024" in markup
    assert "/wear/table.xlsx?site=tan-lap&amp;year=2024" in markup
    assert client.get("/wear/papers").status_code == 200
    assert client.get("/wear/papers/year?site=nowhere&year=2024").status_code == 404
    for wrong in ("year=1700", "year=abc"):
        assert client.get(f"/wear/papers?{wrong}").status_code == 422


def test_the_wear_table_on_paper_has_head_columns_totals_and_signatures(client: httpx.Client) -> None:
    text = plain(client.get("/wear/table?site=tan-lap&year=2024"))
    for words in ("Xã Tân Lập", "01159", "C55-HD", "BẢNG TÍNH HAO MÒN TÀI SẢN CỐ ĐỊNH", "Chưa khóa sổ"):
        assert words in text
    assert "14.000.000 20,00 2.800.000 0 2.800.000 5.600.000 8.400.000" in text
    assert "Cộng 44.000.000 2.800.000 0 8.800.000 11.600.000 32.400.000" in text
    assert "Người lập bảng (Ký, họ tên) Kế toán trưởng" in text


def test_the_ledger_names_what_came_and_what_left_by_its_document(worn: Api, client: httpx.Client) -> None:
    number = act(worn.books, "transfer", "R1", day=date(2025, 6, 1), to_site="hung-an", to_name="Hoa")
    giver = plain(client.get("/wear/ledger?site=tan-lap&year=2025"))
    assert "S24-H" in giver
    assert number in giver
    assert "Điều chuyển sang đơn vị khác 24.000.000" in giver
    receiver = plain(client.get("/wear/ledger?site=hung-an&year=2025"))
    assert f"{number} 01/06/2025 Bộ định tuyến" in receiver
    # The receiver computes the whole year: 12,000,000 of 30,000,000 worn by its end.
    assert "30.000.000 20,00 6.000.000 12.000.000" in receiver


def test_the_workbook_holds_numbers_days_and_totals(client: httpx.Client) -> None:
    answer = client.get("/wear/table.xlsx?site=tan-lap&year=2024")
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert 'filename="bang-hao-mon-tan-lap-2024.xlsx"' in answer.headers["Content-Disposition"]
    rows = cells(answer)
    line = next(row for row in rows if row[2] == "PC/1")
    assert line == [
        1, "Máy tính văn thư", "PC/1", DAY, 14_000_000, 20, 2_800_000, 0, 2_800_000, 5_600_000,
        8_400_000,
    ]  # fmt: skip
    total = next(row for row in rows if row[1] == "Cộng")
    assert total[4:] == [44_000_000, None, 2_800_000, 0, 8_800_000, 11_600_000, 32_400_000]
    assert rows[0][0] == "Đơn vị: Xã Tân Lập"
    assert any("Kế toán trưởng" in row for row in rows)
    ledger = cells(client.get("/wear/ledger.xlsx?site=tan-lap&year=2024"))
    line = next(row for row in ledger if row[6] == "PC/1")
    assert (line[3], line[5], line[7:11]) == (
        "Máy tính văn thư (5CG0001)", "05/2023", [14_000_000, 20, 2_800_000, 5_600_000]
    )  # fmt: skip


def test_a_whole_district_stands_under_the_names_of_its_sites(client: httpx.Client) -> None:
    text = plain(client.get("/wear/table?site=huyen&year=2026"))
    assert "Huyện Bắc Quang" in text
    english = browser_text(client, "/wear/ledger?year=2026")
    assert "Huyện Bắc Quang" in english


def browser_text(client: httpx.Client, address: str) -> str:
    client.cookies.set("quang_language", "en")
    text = plain(client.get(address))
    client.cookies.set("quang_language", "vi")
    return text


def test_a_closed_year_says_who_closed_it_and_stays_as_it_was(worn: Api, client: httpx.Client) -> None:
    closed(worn.books, 2024, 2025)
    text = plain(client.get("/wear/table?site=tan-lap&year=2024"))
    assert "Số liệu đã khóa sổ" in text
    assert "Cộng 44.000.000 2.800.000 0 8.800.000 11.600.000 32.400.000" in text


def test_staff_of_a_commune_get_the_sheets_of_their_site_only(worn: Api) -> None:
    clerk = browser(worn, Role.COMMUNE_STAFF, site="hung-an")
    for name in ("ledger", "table"):
        assert clerk.get(f"/wear/{name}?site=tan-lap&year=2024").status_code == 404
        assert clerk.get(f"/wear/{name}.xlsx?site=tan-lap&year=2024").status_code == 404
        assert "PC/1" not in clerk.get(f"/wear/{name}?year=2024").text


def test_an_offices_own_form_replaces_code_and_headings(worn: Api, client: httpx.Client) -> None:
    shipped = (resources.files("inventory.audit") / "forms.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(shipped)["wear_table"]
    table[0] |= {"code": "C55-XYZ", "confirmed": True}
    own = worn.house.settings.home / "forms.yaml"
    own.write_text(yaml.safe_dump({"wear_table": table}, allow_unicode=True), encoding="utf-8")
    text = plain(client.get("/wear/table?site=tan-lap&year=2024"))
    assert "C55-XYZ" in text
    assert "đối chiếu" not in text
