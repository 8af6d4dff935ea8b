"""The page of rulebooks: every line with its source, confirmed by an accountant and taken back."""

import re

import httpx

from inventory.access.accounts import Role
from tests.support.api import Api
from tests.support.wearing import browser


def line(client: httpx.Client, book: str, place: str) -> str:
    """Return what a tick beside a line sends; empty where there is none."""
    found = re.findall(
        rf'name="line" value="({book}\|{re.escape(place)}\|[0-9a-f]+)"', client.get("/wear/rulebooks").text
    )
    return str(found[0]) if found else ""


def test_every_line_stands_with_its_figures_source_and_state(worn: Api) -> None:
    text = " ".join(
        re.sub(r"<[^>]+>", " ", browser(worn, Role.COMMUNE_STAFF, site="hung-an").get("/wear/rulebooks").text).split()
    )
    assert "Máy tính, máy in, máy quét 7 năm, 14,29 % mỗi năm Phụ lục I" in text
    assert "Nguyên giá từ 10.000.000 ₫ trở lên" in text
    assert "giá tối đa 20.000.000 ₫" in text
    assert "1 cái cho 15 người" in text
    assert "Chưa đối chiếu văn bản" in text
    assert text.index("Quyết định 10/2026") < text.index("Thông tư 45/2018")


def test_an_accountant_confirms_lines_and_takes_one_back(worn: Api) -> None:
    client = browser(worn, Role.AUDITOR)
    assert "quy định chưa xác nhận" in client.get("/wear/assets/PC/1").text
    assert "4 dòng cần xác nhận" in client.get("/wear/sums?day=2026-12-31").text
    sent = {
        "line": [line(client, "tt-141-2025", "lives.computer"), line(client, "tt-141-2025", "lives.machine")],
        "confirmed_by": "Nguyễn Thị Hoa, kế toán trưởng", "day": "2026-05-20", "note": "Công báo số 12",
    }  # fmt: skip
    assert client.post("/wear/rulebooks/confirm", data=sent).headers["Location"].endswith("?done=confirmed")
    text = client.get("/wear/rulebooks").text
    assert "Nguyễn Thị Hoa, kế toán trưởng" in text
    assert line(client, "tt-141-2025", "lives.computer") == ""
    assert "2 dòng cần xác nhận" in client.get("/wear/sums?day=2026-12-31").text
    again = client.post("/wear/rulebooks/confirm", data=sent)
    assert again.status_code == 409
    number, version = re.findall(r'confirmations/(\d+)/revoke".*?name="version" value="(\d+)"', text, re.DOTALL)[0]
    assert client.post(f"/wear/rulebooks/confirmations/{number}/revoke", data={"version": "9"}).status_code == 409
    back = client.post(f"/wear/rulebooks/confirmations/{number}/revoke", data={"version": version})
    assert back.headers["Location"].endswith("?done=revoked")


def test_what_is_wrong_is_told_at_its_field(worn: Api) -> None:
    client = browser(worn)
    sent = {"line": [line(client, "tt-141-2025", "lives.computer")], "confirmed_by": "", "day": "2999-01-01"}
    answer = client.post("/wear/rulebooks/confirm", data=sent)
    assert (answer.status_code, 'id="e-confirmed_by"' in answer.text) == (422, True)
    answer = client.post("/wear/rulebooks/confirm", data=sent | {"confirmed_by": "Hoa"})
    assert (answer.status_code, 'id="e-day"' in answer.text) == (422, True)
    none = client.post("/wear/rulebooks/confirm", data={"confirmed_by": "Hoa", "day": "2026-01-01"})
    assert (none.status_code, "Chọn ít nhất một dòng" in none.text) == (422, True)
    changed = sent | {"line": ["tt-141-2025|lives.computer|" + "0" * 64], "confirmed_by": "Hoa", "day": "2026-01-01"}
    assert client.post("/wear/rulebooks/confirm", data=changed).status_code == 409


def test_of_several_lines_all_are_confirmed_or_none(worn: Api) -> None:
    client = browser(worn)
    first = line(client, "tt-141-2025", "lives.computer")
    sent = {"line": [first, "tt-141-2025|lives.machine|" + "0" * 64], "confirmed_by": "Hoa", "day": "2026-01-01"}
    assert client.post("/wear/rulebooks/confirm", data=sent).status_code == 409
    assert line(client, "tt-141-2025", "lives.computer") == first


def test_others_read_and_confirm_nothing(worn: Api) -> None:
    for role in (Role.IT_STAFF, Role.COMMUNE_STAFF):
        client = browser(worn, role, site="hung-an" if role is Role.COMMUNE_STAFF else "")
        assert line(client, "tt-141-2025", "lives.computer") == ""
        assert client.post("/wear/rulebooks/confirm", data={}).status_code == 403
        assert client.post("/wear/rulebooks/confirmations/1/revoke", data={}).status_code == 403
