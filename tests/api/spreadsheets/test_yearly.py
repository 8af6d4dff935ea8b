"""What an office does year by year, taken away as rows: as the reader may see it, in the reader's language."""

import csv
import io

import httpx
import openpyxl
import pytest

from inventory.access.accounts import Role
from tests.support.accounts import hire
from tests.support.api import Api
from tests.support.budgeting import site_id
from tests.support.wearing import closed

VI = {"Accept-Language": "vi"}
PLAN = {"title": "=Kiểm kê tháng 5", "due": "2026-05-31", "committee": [{"name": "Lan", "role": "head"}]}


@pytest.fixture
def database() -> str:
    """The same statements as on the pages; the books' own tests run on both databases."""
    return "sqlite"


@pytest.fixture
def chief(worn: Api) -> httpx.Client:
    return worn.signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def clerk(worn: Api) -> httpx.Client:
    return worn.signed_in(hire(worn.books, Role.COMMUNE_STAFF, site_id=site_id(worn.books, "hung-an")))


def taken(client: httpx.Client, name: str, language: str = "vi") -> list[list[str]]:
    answer = client.get(f"/exports/{name}", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_campaigns_are_taken_away_with_their_progress_by_those_who_see_them(
    chief: httpx.Client, clerk: httpx.Client
) -> None:
    for site in ("tan-lap", "hung-an"):
        chief.post("/api/v1/stocktakes", json=PLAN | {"sites": [site]})
    chief.post("/api/v1/stocktakes/1/begin", headers={"If-Match": '"1"'})
    head, newest, older = taken(chief, "stocktakes?format=csv")
    assert head[:5] == ["Đợt kiểm kê", "Năm", "Trạng thái", "Số đơn vị", "Đơn vị"]
    assert newest[:6] == ["'=Kiểm kê tháng 5", "2026", "Đang chuẩn bị", "1", "Xã Hùng An", ""]
    assert older[2:8] == ["Đang kiểm đếm", "1", "Xã Tân Lập", "2", "0", "2026-05-31"]
    assert [row[4] for row in taken(clerk, "stocktakes?format=csv")[1:]] == ["Xã Hùng An"]
    assert taken(chief, "stocktakes?format=csv", "en")[0][0] == "Stocktake"


def test_scenarios_are_taken_away_with_what_they_buy(chief: httpx.Client, clerk: httpx.Client) -> None:
    body = {"title": "Phương án 1", "year": 2030, "cap_vnd": 900_000_000}
    assert chief.post("/api/v1/budgets", json=body).status_code == 201
    book = openpyxl.load_workbook(io.BytesIO(chief.get("/exports/budgets", headers=VI).content)).active
    head, row = (list(one) for one in book.iter_rows(values_only=True))
    assert book.title == "Dự toán"
    assert head[:4] == ["Phương án", "Năm", "Trạng thái", "Trần kinh phí (đồng)"]
    assert row[:4] == ["Phương án 1", 2030, "Phương án", 900_000_000]
    assert chief.get("/budgets").text.count("/exports/budgets?format=") == 2
    seen = taken(clerk, "budgets?format=csv")[1:]
    assert sum(int(row[5]) + int(row[6]) for row in seen) < row[5] + row[6]


def test_values_on_a_day_are_taken_away_as_they_are_narrowed(
    chief: httpx.Client, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.spreadsheets.yearly.MOST_ROWS", 2)
    rows = taken(chief, "values?format=csv&day=2026-12-31&within=tan-lap")
    assert [row[:9] for row in rows[1:]] == [
        ["PC/1", "Máy tính văn thư", "Máy tính để bàn", "Xã Tân Lập", "2023-05-01", "2026-12-31", "14000000", "9800000",
         "4200000"],
        ["R1", "Bộ định tuyến", "Bộ định tuyến", "Xã Tân Lập", "2024-02-01", "2026-12-31", "30000000", "18000000",
         "12000000"],
    ]  # fmt: skip
    assert all(row[9] and row[10] for row in rows[1:])
    assert len(taken(chief, "values?format=csv")) == 6
    assert {row[3] for row in taken(clerk, "values?format=csv")[1:]} == {"Xã Hùng An"}
    assert "Ngày đó không có trong sổ." in {row[9] for row in taken(chief, "values?format=csv&day=2020-01-01")}
    monkeypatch.setattr("api.spreadsheets.yearly.MOST_VALUES", 4)
    refused = chief.get("/exports/values", headers={"Accept-Language": "en"})
    assert (refused.status_code, "more than 4 assets" in refused.text) == (409, True)


def test_the_sums_of_closed_years_are_for_those_who_see_the_whole_book(
    worn: Api, chief: httpx.Client, clerk: httpx.Client
) -> None:
    closed(worn.books, 2024)
    (year,) = taken(chief, "closings?format=csv")[1:]
    assert (year[0], year[4:]) == ("2024", ["3", "56000000", "8800000", "11600000"])
    assert [row[4:] for row in taken(clerk, "closings?format=csv")[1:]] == [[""] * 4]


def test_every_line_of_the_rulebooks_is_taken_away_with_its_source(chief: httpx.Client) -> None:
    rows = taken(chief, "rulebooks?format=csv")[1:]
    assert all(all(row[:6]) for row in rows)
    assert all(not row[place][:1].islower() for row in rows for place in range(6))


@pytest.mark.parametrize("name", ["stocktakes", "budgets", "values", "closings", "rulebooks"])
def test_an_empty_list_is_a_file_with_headings(api: Api, name: str) -> None:
    client = api.signed_in(Role.AUDITOR)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/exports/{name}").content)).active
    assert all(isinstance(cell, str) for cell in next(book.iter_rows(values_only=True)))
    assert client.get(f"/exports/{name}?format=pdf").status_code == 422
    assert httpx.get(f"{client.base_url}/exports/{name}").status_code in {303, 401}
