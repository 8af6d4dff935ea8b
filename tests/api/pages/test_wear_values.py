"""The pages of values: what assets are worth on any day, and one asset year by year with its facts."""

import re

import httpx
import pytest

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.nouns import NOUNS
from inventory.register import update
from tests.support.api import Api
from tests.support.books import fewest
from tests.support.custody import asset
from tests.support.rows import add_asset
from tests.support.wearing import browser, closed


@pytest.fixture
def client(worn: Api) -> httpx.Client:
    return browser(worn)


def row(text: str, tag: str) -> str:
    """Return the text of one row of the list."""
    found = next(one for one in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if f"/wear/assets/{tag}" in one)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_a_value_is_given_for_a_past_and_a_coming_day_to_the_dong(client: httpx.Client) -> None:
    past = row(client.get("/wear?day=2024-12-31").text, "PC/1")
    assert "14.000.000 ₫ 5.600.000 ₫ 8.400.000 ₫" in past
    assert "2024: 14.000.000 ₫ × 20 % = 2.800.000 ₫" in past
    assert "Thông tư 23/2023/TT-BTC Máy tính, máy in, máy quét: 5 năm, 20 % mỗi năm. Nguồn: phụ lục 1" in past
    coming = row(client.get("/wear?day=2028-06-01").text, "PC/1")
    assert "14.000.000 ₫ 11.200.000 ₫ 2.800.000 ₫" in coming
    assert "Thông tư 141/2025/TT-BTC" in coming


def test_the_sums_are_those_of_all_pages_and_change_with_the_filters(client: httpx.Client) -> None:
    def sums(query: str) -> list[str]:
        page = client.get(f"/wear?day=2024-12-31{query}").text
        address = re.findall('hx-get="([^"]+)"', page)[0].replace("&amp;", "&")
        return re.findall(r"tile-number[^>]*>\s*([\d.]+)", client.get(address).text)

    # PC/1, R1, T1, P1 (in the store) and L1 (no cost): 14 + 30 + 0.9 + 12 + 0 million; 5.6 + 6 million worn.
    assert sums("") == ["5", "56.900.000", "11.600.000", "45.300.000"]
    assert sums("&within=tan-lap") == ["2", "44.000.000", "11.600.000", "32.400.000"]
    assert sums("&category=phone") == ["1", "900.000", "0", "900.000"]
    assert sums("&q=dinh+tuyen") == ["1", "30.000.000", "6.000.000", "24.000.000"]
    assert sums("&within=nowhere&category=spaceship&sort=x") == sums("")


def test_a_day_before_its_use_says_so_and_a_day_that_is_none_shows_today(client: httpx.Client) -> None:
    assert "Ngày đó không có trên sổ" in row(client.get("/wear?day=2023-06-01").text, "R1")
    for wrong in ("yesterday", "2026-02-30", "1789-07-14", "9999-12-31"):
        answer = client.get("/wear", params={"day": wrong})
        assert (answer.status_code, "Chọn một ngày từ 01/01/1990" in answer.text) == (200, True)
    assert client.get("/wear?cursor=made-up").status_code == 200


def test_tools_and_things_in_the_store_say_why_they_do_not_wear(client: httpx.Client) -> None:
    text = client.get("/wear?day=2025-12-31").text
    assert "Nguyên giá dưới 10.000.000 ₫: công cụ, dụng cụ" in row(text, "T1")
    assert "Chưa đưa vào sử dụng nên chưa tính hao mòn" in row(text, "P1")


def test_the_estimated_value_counts_the_days_of_the_year(client: httpx.Client) -> None:
    # 2 July 2025 is day 183 of 365: 2,800,000 × 183 / 365 = 1,403,835 less than last December's 8,400,000.
    text = row(client.get("/wear?day=2025-07-02&kind=projected").text, "PC/1")
    assert "6.996.165 ₫" in text


def test_the_list_takes_few_statements_and_goes_on_page_by_page(worn: Api, client: httpx.Client) -> None:
    for n in range(60):
        add_asset(worn.books, f"Q{n:02d}", "tan-lap", cost_vnd=11_000_000, put_to_use="2024-01-01", status="in_use")
    first = client.get("/wear?day=2025-12-31").text
    later = re.search(r'href="(/wear\?day=2025-12-31&amp;cursor=[^"]+)"', first)
    assert later
    second: list[str] = []
    seen = fewest(worn.books, lambda: second.append(client.get(later[1].replace("&amp;", "&")).text))
    assert len(re.findall('class="row-title"', second[-1])) == 15
    books = [one for one in seen if "login_session" not in one]
    assert len(books) <= 3, books


def test_staff_of_a_commune_see_their_own_values_only(worn: Api) -> None:
    clerk = browser(worn, Role.COMMUNE_STAFF, site="hung-an")
    text = clerk.get("/wear?day=2025-12-31").text
    assert "/wear/assets/T1" in text
    assert "/wear/assets/PC/1" not in text
    assert "Xã Tân Lập" not in text
    assert clerk.get("/wear/assets/PC/1").status_code == 404
    assert "PC/1" not in clerk.get("/wear?within=tan-lap").text


def test_an_asset_shows_every_year_with_its_reason_and_flags_what_is_not_confirmed(client: httpx.Client) -> None:
    for address in ("/wear/assets/PC/1", "/assets/PC/1"):
        text = " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())
        assert (
            "2023 chưa khóa 14.000.000 ₫ 2.800.000 ₫ 2.800.000 ₫ 11.200.000 ₫ 14.000.000 ₫ × 20 % = 2.800.000 ₫" in text
        )
        assert "(14.000.000 ₫ − 8.400.000 ₫) ÷ (7 − 3) = 1.400.000 ₫" in text
        assert "2029 dự tính" in text
        assert "2030" not in text
        assert "quy định chưa xác nhận" in text


def test_closed_years_are_marked_and_no_longer_in_doubt(worn: Api, client: httpx.Client) -> None:
    closed(worn.books, 2024)
    text = client.get("/wear/assets/R1").text
    assert "đã khóa sổ" in text


def test_facts_are_noted_refused_and_taken_back(worn: Api, client: httpx.Client) -> None:
    form = client.get("/wear/assets/PC/1?kind=broken").text
    assert 'id="f-day"' in form
    assert 'id="f-amount_vnd"' not in form
    sent = {"kind": "broken", "day": "2025-03-01", "document": "BB 7"}
    assert client.post("/wear/assets/PC/1", data=sent).headers["Location"] == "/wear/assets/PC/1?done=saved"
    text = client.get("/wear/assets/PC/1").text
    assert "BB 7" in text
    assert "Hỏng không sử dụng được, hoặc đã giảm khỏi sổ" in text
    again = client.post("/wear/assets/PC/1", data=sent)
    assert (again.status_code, "đã có ghi nhận" in again.text) == (409, True)
    wrong = client.post("/wear/assets/PC/1", data={"kind": "second_hand", "day": "2999-01-01", "years": ""})
    assert (wrong.status_code, 'id="e-day"' in wrong.text) == (422, True)
    wrong = client.post("/wear/assets/PC/1", data={"kind": "second_hand", "day": "2024-01-01", "years": ""})
    assert (wrong.status_code, 'id="e-years"' in wrong.text) == (422, True)
    number = re.findall(r"/wear/facts/(\d+)/withdraw", text)[0]
    stale = client.post(f"/wear/facts/{number}/withdraw", data={"version": "9", "tag": "PC/1"})
    assert stale.status_code == 409
    back = client.post(f"/wear/facts/{number}/withdraw", data={"version": "1", "tag": "PC/1"})
    assert back.headers["Location"] == "/wear/assets/PC/1?done=withdrawn"
    assert "BB 7" not in client.get("/wear/assets/PC/1").text
    assert client.get("/wear/assets/PC/1?kind=stolen").status_code == 404
    assert client.post("/wear/assets/PC/1", data={"kind": "stolen"}).status_code == 404


def test_a_part_taken_away_lowers_the_cost(worn: Api, client: httpx.Client) -> None:
    sent = {"kind": "cost", "day": "2025-03-01", "way": "taken", "amount_vnd": "1.000.000", "worn_vnd": ""}
    assert client.post("/wear/assets/R1", data=sent).status_code == 303
    assert "29.000.000 ₫" in row(client.get("/wear?day=2025-12-31").text, "R1")
    assert client.post("/wear/assets/R1", data=sent | {"way": "added", "day": "2025-04-01"}).status_code == 303
    assert "30.000.000 ₫" in row(client.get("/wear?day=2025-12-31").text, "R1")


def test_facts_that_contradict_the_cost_are_still_seen_and_taken_back(worn: Api, client: httpx.Client) -> None:
    sent = {"kind": "cost", "day": "2025-03-01", "way": "added", "amount_vnd": "10.000.000"}
    assert client.post("/wear/assets/R1", data=sent).status_code == 303
    version = asset(worn.books, "R1").version
    update(worn.books, SYSTEM, NOUNS["assets"], "R1", version, {"cost_vnd": 5_000_000})
    for address in ("/assets/R1", "/wear/assets/R1"):
        assert "Chưa tính được hao mòn" in client.get(address).text
    assert "1 tài sản chứng từ mâu thuẫn nhau" in " ".join(client.get("/wear/closings/2025").text.split())
    assert worn.signed_in(Role.IT_STAFF).get("/api/v1/wear/assets/R1").json()["now"] is None
    number = re.findall(r"/wear/facts/(\d+)/withdraw", client.get("/wear/assets/R1").text)[0]
    assert client.post(f"/wear/facts/{number}/withdraw", data={"version": "1", "tag": "R1"}).status_code in {303, 409}


def test_a_planned_asset_has_no_wear_yet(worn: Api, client: httpx.Client) -> None:
    add_asset(worn.books, "NEW", "tan-lap", status="planned", cost_vnd=20_000_000)
    assert "Chưa tính được hao mòn" in client.get("/wear/assets/NEW").text
    assert client.get("/assets/NEW").status_code == 200


def test_an_auditor_reads_and_notes_nothing(worn: Api) -> None:
    auditor = browser(worn, Role.AUDITOR)
    text = auditor.get("/wear/assets/PC/1").text
    assert "Ghi thêm căn cứ" not in text
    assert auditor.post("/wear/assets/PC/1", data={"kind": "broken", "day": "2025-01-01"}).status_code == 403
    assert auditor.post("/wear/facts/1/withdraw", data={"version": "1"}).status_code == 403
