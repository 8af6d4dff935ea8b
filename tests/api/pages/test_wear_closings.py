"""The pages of closing: rehearsed, run once, locked, and watched afterwards."""

import re

import httpx
from sqlalchemy import text as sql

from inventory.access.accounts import Role
from tests.support.api import Api
from tests.support.wearing import browser, closed


def plain(answer: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_rehearsal_says_what_would_be_booked_and_what_is_missing_and_writes_nothing(worn: Api) -> None:
    client = browser(worn)
    text = plain(client.get("/wear/closings/2024"))
    assert "Chạy thử: chưa ghi gì vào sổ" in text
    assert "Xã Tân Lập 2 0 44.000.000 ₫ 8.800.000 ₫ 11.600.000 ₫" in text
    assert "1 tài sản chưa có nguyên giá" in text
    assert "1 tài sản chưa có ngày đưa vào sử dụng" in text
    assert "dòng chưa được xác nhận" in text
    assert "Chưa khóa sổ năm nào" in client.get("/wear/closings").text


def test_closing_asks_first_runs_once_and_locks(worn: Api) -> None:
    client = browser(worn)
    assert client.post("/wear/closings/2024", data={}).headers["Location"] == "/wear/closings/2024"
    assert "Chưa khóa sổ năm nào" in client.get("/wear/closings").text
    for _ in range(2):
        assert client.post("/wear/closings/2024", data={"sure": "1"}).headers["Location"].endswith("?done=closed")
    text = plain(client.get("/wear/closings/2024"))
    assert "Đã khóa lúc" in text
    assert "administrator" in text
    assert "Khóa sổ năm 2024 Tôi đã xem" not in text
    listed = plain(client.get("/wear/closings"))
    assert "Năm tiếp theo: 2025" in listed
    assert "56.000.000 ₫ 8.800.000 ₫ 11.600.000 ₫" in listed
    assert "Xã Tân Lập 2 0 44.000.000 ₫ 8.800.000 ₫ 11.600.000 ₫" in text
    out_of_turn = client.post("/wear/closings/2020", data={"sure": "1"})
    assert (out_of_turn.status_code, "các năm phải khóa lần lượt" in out_of_turn.text) == (409, True)
    late = client.post("/wear/assets/PC/1", data={"kind": "broken", "day": "2024-03-01"})
    assert (late.status_code, "đã khóa sổ" in late.text) == (409, True)


def test_a_year_that_has_not_come_says_why_it_is_not_closed(worn: Api) -> None:
    client = browser(worn)
    year = worn.books.today().year + 1
    assert "Chưa đến tháng 12" in client.get(f"/wear/closings/{year}").text
    assert client.post(f"/wear/closings/{year}", data={"sure": "1"}).status_code == 409
    assert client.get("/wear/closings/1800").status_code == 422


def test_only_an_administrator_closes(worn: Api) -> None:
    for role in (Role.IT_STAFF, Role.AUDITOR):
        client = browser(worn, role)
        text = client.get("/wear/closings/2024").text
        assert "Người quản trị toàn bộ sổ" in text
        assert client.post("/wear/closings/2024", data={"sure": "1"}).status_code == 403
        assert client.get("/wear/closings?check_rows=true").status_code == 403


def test_staff_of_a_commune_see_which_years_are_closed_and_no_sums_of_others(worn: Api) -> None:
    closed(worn.books, 2024)
    clerk = browser(worn, Role.COMMUNE_STAFF, site="hung-an")
    text = clerk.get("/wear/closings").text
    assert "/wear/papers?year=2024" in text
    assert "56.000.000" not in text
    assert clerk.get("/wear/closings/2024").status_code == 403


def test_closed_rows_that_were_edited_are_named(worn: Api) -> None:
    closed(worn.books, 2024)
    client = browser(worn)
    assert "đều đúng như khi khóa" in client.get("/wear/closings?check_rows=true").text
    with worn.books.engine.begin() as connection:
        connection.execute(sql("UPDATE wear_year SET annual_vnd = annual_vnd + 1 WHERE cost_vnd = 30000000"))
    text = client.get("/wear/closings?check_rows=true").text
    assert "bị sửa từ bên ngoài" in text
    assert "/assets/R1" in text
    assert "/assets/PC/1" not in text
