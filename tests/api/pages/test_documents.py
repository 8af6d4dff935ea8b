"""Documents on pages: chosen in the list, made once, printed in the columns of the form, undone by another."""

import html
import re

import httpx
import pytest

from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.custody import act, asset, document, state
from tests.support.rows import add_asset

TAGS = ("TS/2024/1", "TS/2024/2", "TS/2024/3")


@pytest.fixture
def staff(pages: Api, reader: Reader) -> httpx.Client:
    for tag in TAGS:
        add_asset(
            pages.books, tag, "tan-lap", category="desktop", name=f"Máy tính {tag}", status="in_use",
            custodian="Hoàng Thị Lan, Văn phòng", cost_vnd=14_250_000, put_to_use="2024-03-05",
        )  # fmt: skip
    return reader("it_staff", "vi")


def typed(pages: Api, **more: str) -> dict[str, str]:
    base = {"kind": "hand_over", "tags": "\n".join(TAGS), "day": pages.books.today().isoformat()}
    return base | {"to_name": "Lý Văn Páo", "to_title": "Tư pháp", "from_name": "Hoàng Thị Lan"} | more


def test_what_was_ticked_stands_in_the_form_with_who_gives(staff: httpx.Client) -> None:
    answer = staff.post("/documents/draft", data={"kind": "hand_over", "tag": list(TAGS[:2])})
    assert answer.status_code == 200
    assert 'value="Hoàng Thị Lan"' in answer.text
    assert 'value="Văn phòng"' in answer.text
    assert "Bàn giao: 2 tài sản" in answer.text
    assert "\n".join(TAGS[:2]) in answer.text


def test_an_act_that_does_not_apply_names_those_that_do(pages: Api, staff: httpx.Client) -> None:
    text = staff.get(f"/documents/new?kind=assign&tag={TAGS[0]}").text
    assert "không áp dụng được" in text
    assert 'value="repair"' in text
    add_asset(pages.books, "OLD", "tan-lap", status="retired")
    mixed = staff.post("/documents/draft", data={"kind": "dispose", "tag": [TAGS[0], "OLD"]}).text
    assert "lập mỗi tình trạng một chứng từ" in mixed
    assert "Chưa chọn tài sản nào" in staff.post("/documents/draft", data={"kind": "dispose"}).text
    assert staff.get("/documents/new?kind=reverse&tag=OLD").status_code == 404


def test_three_assets_are_handed_over_once_however_often_the_button_is_pressed(pages: Api, staff: httpx.Client) -> None:
    data = typed(pages, once="a" * 32, accessories="Bàn phím; bộ; 3; 350.000\nDây nguồn")
    first, again = (staff.post("/documents/new", data=data) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    number = first.headers["Location"].split("/")[2].split("?")[0]
    assert {state(pages.books, tag)[:2] for tag in TAGS} == {("in_use", "Lý Văn Páo, Tư pháp")}
    assert document(pages.books, number).accessories == [
        {"name": "Bàn phím", "unit": "bộ", "quantity": 3, "value_vnd": 350_000},
        {"name": "Dây nguồn", "unit": "", "quantity": 1, "value_vnd": 0},
    ]
    assert number in staff.get("/documents").text
    assert number in staff.get("/documents?q=pao&kind=hand_over&site=tan-lap").text
    assert number not in staff.get("/documents?kind=repair").text


def test_what_is_wrong_is_told_and_what_was_typed_stays(pages: Api, staff: httpx.Client) -> None:
    wrong = typed(pages, to_name="", day="2149-01-01", accessories="Bàn phím; bộ; nhiều")
    answer = staff.post("/documents/new", data=wrong | {"origin-1": "Việt Nam, 2024"})
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    for told in ("Cần một số nguyên", "Bàn phím; bộ; nhiều", "Việt Nam, 2024"):
        assert told in text
    answer = staff.post("/documents/new", data=wrong | {"accessories": ""})
    for told in ("Ghi tên người nhận.", "Ngày này còn ở tương lai."):
        assert told in html.unescape(answer.text)


def test_the_minutes_have_the_columns_of_the_form_and_their_sum(pages: Api, staff: httpx.Client) -> None:
    number = act(pages.books, "hand_over", *TAGS, to_name="Lý Văn Páo", reason="Chuyển công tác")
    text = staff.get(f"/documents/{number}/print").text
    heads = [re.sub(r"\s+", " ", head) for head in re.findall(r"<th[^>]*>([^<]+)</th>", text)]
    assert heads[:11] == [
        "STT", "Tên, ký hiệu, quy cách (cấp hạng) tài sản", "Số hiệu", "Nước, năm sản xuất", "Năm đưa vào sử dụng",
        "Công suất (diện tích) thiết kế", "Tính giá tài sản cố định", "Tài liệu kỹ thuật kèm theo", "Nguyên giá",
        "Hao mòn lũy kế", "Giá trị còn lại",
    ]  # fmt: skip
    assert text.count('class="code"') == 3
    assert "42.750.000" in text
    for words in (
        "Mẫu số C50-HD",
        "Bên giao:",
        "Hoàng Thị Lan",
        "Người nhận",
        "DỤNG CỤ PHỤ TÙNG KÈM THEO",
        "Mã đơn vị",
    ):
        assert words in text


def test_a_wrong_document_is_undone_from_its_page(pages: Api, staff: httpx.Client) -> None:
    number = act(pages.books, "hand_over", *TAGS, to_name="Lý Văn Páo")
    assert staff.post(f"/documents/{number}/reverse", data={"version": "1", "reason": ""}).status_code == 409
    answer = staff.post(f"/documents/{number}/reverse", data={"version": "1", "reason": "Nhầm người"})
    undoing = answer.headers["Location"].split("/")[2].split("?")[0]
    assert undoing in staff.get(f"/documents/{number}").text
    assert number in staff.get(f"/documents/{undoing}").text
    assert "ĐÃ HỦY" in staff.get(f"/documents/{number}/print").text
    assert asset(pages.books, TAGS[0]).custodian == "Hoàng Thị Lan, Văn phòng"
    assert staff.post(f"/documents/{number}/reverse", data={"version": "2", "reason": "x"}).status_code == 409


def test_staff_of_a_commune_read_the_papers_of_their_own_and_auditors_make_none(pages: Api, reader: Reader) -> None:
    add_asset(pages.books, "OWN", "vinh-tuy", status="in_use")
    add_asset(pages.books, "FOREIGN", "tan-lap", status="in_use")
    own, foreign = (act(pages.books, "hand_over", tag, to_name="Hoa") for tag in ("OWN", "FOREIGN"))
    client = reader("commune_staff")
    assert client.get(f"/documents/{own}/print").status_code == 200
    for path in (f"/documents/{foreign}", f"/documents/{foreign}/print"):
        assert client.get(path).status_code == 404
    assert "Chưa chọn tài sản nào" in client.get("/documents/new?kind=repair&tag=FOREIGN").text
    auditor = reader("auditor")
    assert auditor.get("/documents/new?kind=repair&tag=OWN").status_code == 403
    assert auditor.post("/documents/new", data=typed(pages)).status_code == 403
    assert "Chứng từ này sai" not in auditor.get(f"/documents/{own}").text
