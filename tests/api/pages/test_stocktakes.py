"""Pages of a stocktake: planned by a form, counted on a page of its own, decided, printed and signed."""

import io
import re

import httpx
import openpyxl
import pytest

from api.pages.counting import SHELL
from tests.api.pages.conftest import Reader
from tests.support.api import Api

PLAN = {
    "title": "Kiểm kê tháng 5", "due": "2027-05-31", "site": "huyen-bac-quang", "below": "1", "evidence_days": "30",
    "committee": "Hoàng Thị Lan, Phó chủ tịch\nLý Văn Páo",
}  # fmt: skip


def csrf(client: httpx.Client) -> dict[str, str]:
    return {"csrf": client.get("/api/v1/session").json()["csrf"]}


def post(client: httpx.Client, path: str, **values: str) -> httpx.Response:
    return client.post(path, data=values | csrf(client))


def version(client: httpx.Client, number: int = 1) -> str:
    return str(client.get(f"/api/v1/stocktakes/{number}").json()["version"])


def test_the_list_reminds_of_the_next_count(reader: Reader) -> None:
    text = reader().get("/stocktakes").text
    assert re.search(r"cần xong trước ngày 31/(05|12)/\d{4}", text)
    assert "Kiểm kê tháng 12" in text


def test_a_plan_is_written_with_all_sites_below_and_its_committee(reader: Reader) -> None:
    client = reader()
    made = post(client, "/stocktakes/start", **PLAN, **{"category-router": "1"})
    assert made.status_code == 303, made.text
    number = int(made.headers["Location"].split("/")[2].split("?")[0])
    shown = client.get(f"/api/v1/stocktakes/{number}").json()
    assert (len(shown["sites"]), shown["categories"], shown["year"]) == (9, ["router"], 2027)
    assert [(one["name"], one["title"], one["role"]) for one in shown["committee"]] == [
        ("Hoàng Thị Lan", "Phó chủ tịch", "head"), ("Lý Văn Páo", "", "member")
    ]  # fmt: skip


def test_a_draft_is_changed_until_it_begins_and_then_its_committee_only(reader: Reader) -> None:
    client = reader()
    here = post(client, "/stocktakes/start", **PLAN).headers["Location"].split("?")[0]
    number = int(here.split("/")[2])
    text = client.get(f"{here}/edit").text
    assert re.search(r"Hoàng Thị Lan, Phó chủ tịch\s+Lý Văn Páo", text)
    sent = PLAN | {
        "title": "Kiểm kê tháng 5",
        "due": "2027-05-31",
        "site": "tan-quang",
        "version": version(client, number),
    }
    sent |= {"committee": "Lý Văn Páo\nHoàng Thị Lan, Phó chủ tịch"}
    assert post(client, f"{here}/edit", **sent).headers["Location"] == f"{here}?done=saved"
    shown = client.get(f"/api/v1{here}").json()
    assert (shown["title"], shown["due"], shown["sites"]) == ("Kiểm kê tháng 5", "2027-05-31", ["tan-quang"])
    assert [one["name"] for one in shown["committee"] if one["role"] == "head"] == ["Lý Văn Páo"]
    assert post(client, f"{here}/edit", **sent).status_code == 409
    assert post(client, f"{here}/edit", **sent | {"site": "", "version": version(client, number)}).status_code == 303
    open_text = client.get("/stocktakes/1/edit").text
    assert "danh sách" in open_text
    assert 'name="site"' not in open_text


def test_a_wrong_plan_comes_back_with_what_was_typed(reader: Reader) -> None:
    answer = post(reader(), "/stocktakes/start", **PLAN | {"title": "", "due": "mai", "unit": "UBND xã X"})
    assert answer.status_code == 422
    assert 'href="#f-title"' in answer.text
    assert 'href="#f-due"' in answer.text
    assert 'value="UBND xã X"' in answer.text


def test_the_counting_page_holds_its_data_and_no_script_of_its_own(reader: Reader) -> None:
    client = reader("commune_staff")
    answer = client.get("/stocktakes/1/count")
    assert "script-src 'self' 'wasm-unsafe-eval'" in answer.headers["Content-Security-Policy"]
    assert "Xã Tân Lập" not in answer.text
    assert "Thị trấn Vĩnh Tuy" in answer.text
    for name in re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text):
        assert client.get(name).status_code == 200, name


def test_the_worker_keeps_everything_that_the_page_loads(reader: Reader, pages: Api) -> None:
    client = reader("auditor")
    answer = client.get("/stocktakes/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    loaded = re.findall(r'(?:src|href)="(/static/[^"#]+)', client.get("/stocktakes/1/count").text)
    assert set(loaded) <= set(re.findall(r'"(/static/[^"]+)"', answer.text))
    assert len(re.findall(r'"(/static/[^"]+)"', answer.text)) == len(SHELL)
    assert pages.client(Accept="text/html").get("/stocktakes/worker.js").status_code == 303


def test_the_wasm_is_served_packed_as_what_it_is(reader: Reader) -> None:
    client = reader()
    name = re.findall(r'"(/static/vendor/barcode[^"]+\.wasm)"', client.get("/stocktakes/worker.js").text)[0]
    answer = client.get(name)
    assert answer.headers["Content-Type"] == "application/wasm"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content.startswith(b"\0asm")


def test_from_confirmation_to_signature(reader: Reader) -> None:
    client = reader()
    page = client.get("/stocktakes/1/evidence").text
    assert "HC908XZK3QF" in page
    confirmed = post(client, "/stocktakes/1/evidence", line="1")
    assert confirmed.headers["Location"] == "/stocktakes/1/evidence?done=confirmed"
    extra = {"uid": "a" * 32, "method": "hand", "tag": "", "serial": "X9", "name": "Máy in", "site": "huyen-bac-quang",
             "counted_at": "2026-12-01T08:00:00+07:00"}  # fmt: skip
    assert client.post("/api/v1/stocktakes/1/entries", json={"entries": [extra]}).json()["accepted"] == 1
    assert post(client, "/stocktakes/1/review", version=version(client)).status_code == 303
    page = client.get("/stocktakes/1/decisions").text
    values = dict(re.findall(r'name="((?:subject|basis)-0)" value="([^"]+)"', page))
    wrong = post(client, "/stocktakes/1/decisions", version=version(client), **values, **{"kind-0": "spoon"})
    assert wrong.status_code == 409
    done = post(client, "/stocktakes/1/decisions", version=version(client), **values, **{"kind-0": "book"})
    assert done.status_code == 303, done.text
    stale = post(client, "/stocktakes/1/sign", version="1")
    assert stale.status_code == 409
    signed = post(client, "/stocktakes/1/sign", version=version(client), conclusion="Đồng ý.")
    assert signed.headers["Location"] == "/stocktakes/1/minutes?done=signed"
    page = client.get("/stocktakes/1/minutes").text
    assert "xác nhận qua mạng" in page
    assert "Ký và khóa" not in page
    again = post(client, "/stocktakes/1/reopen", version=version(client))
    assert (again.status_code, "đã ký" in again.text) == (409, True)


def test_decisions_of_signed_minutes_are_carried_out_by_a_button_each(reader: Reader) -> None:
    client = reader()
    assert "Biên bản chưa ký." in client.get("/stocktakes/1/follow-ups").text
    post(client, "/stocktakes/1/review", version=version(client))
    for one in client.get("/api/v1/stocktakes/1/differences").json():
        kind = {"missing": "write_off", "damaged": "dispose", "surplus": "book"}.get(one["kind"], "leave")
        body = {"decisions": [{"subject": one["subject"], "basis": one["basis"], "kind": kind}]}
        headers = {"If-Match": f'"{version(client)}"', "Accept": "application/json"}
        answer = client.put("/api/v1/stocktakes/1/decisions", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
    assert post(client, "/stocktakes/1/sign", version=version(client), conclusion="").status_code == 303
    text = client.get("/stocktakes/1/follow-ups").text
    subject = re.search(r'name="subject" value="(missing:[^"]+)"', text)
    assert subject
    wrong = post(client, "/stocktakes/1/follow-ups", subject=subject[1], day="")
    assert wrong.status_code == 422
    done = post(client, "/stocktakes/1/follow-ups", subject=subject[1], day="2026-11-01")
    assert done.status_code == 303, done.text
    text = client.get("/stocktakes/1/follow-ups").text
    assert re.search(r'href="/documents/[A-Z]+-2026-0001"', text)
    assert post(client, "/stocktakes/1/follow-ups", subject=subject[1], day="2026-11-01").status_code == 409
    auditor = reader("auditor").get("/stocktakes/1/follow-ups").text
    assert 'name="subject"' not in auditor


def test_the_minutes_as_a_workbook_are_in_the_readers_language(reader: Reader) -> None:
    for language, word in (("vi", "Cộng"), ("en", "Total")):
        answer = reader("auditor", language).get("/stocktakes/1/minutes.xlsx")
        assert "spreadsheetml" in answer.headers["Content-Type"]
        page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert page is not None
        assert word in {cell for row in page.iter_rows(values_only=True) for cell in row}


@pytest.mark.parametrize("path", ["/stocktakes/99", "/stocktakes/99/count", "/stocktakes/99/minutes.xlsx"])
def test_what_is_not_there_is_not_found(reader: Reader, path: str) -> None:
    assert reader().get(path).status_code == 404


def test_a_step_that_is_none_and_a_person_who_may_not_lead(reader: Reader) -> None:
    assert post(reader(), "/stocktakes/1/explode", version="1").status_code == 404
    auditor = reader("auditor")
    assert post(auditor, "/stocktakes/1/review", version="1").status_code == 403
    assert "Kết thúc kiểm đếm" not in auditor.get("/stocktakes/1").text
    commune = reader("commune_staff")
    assert post(commune, "/stocktakes/1/review", version="1").status_code == 403
