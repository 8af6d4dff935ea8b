"""Forms: every problem at its field, nothing typed is lost, and two people never overwrite each other."""

from html.parser import HTMLParser

import httpx
import pytest

from inventory.access.rights import SYSTEM
from inventory.nouns import NOUNS
from inventory.register import create, get, update
from tests.api.pages.conftest import Reader
from tests.support.api import Api

LINK = {
    "name": "vong-du-phong",
    "title": "Cáp dự phòng",
    "a_device": "vinh-tuy-rt",
    "b_device": "hung-an-rt",
    "a_interface": "sfp2",
    "b_interface": "sfp2",
    "a_kind": "snmp",
    "b_kind": "snmp",
    "medium": "fibre",
    "provider": "vnpt",
    "circuit": "VNPT-HGG-2001",
    "bandwidth_bps": "200",
    "monthly_cost_vnd": "1.650.000",
    "sla_target": "0,995",
    "contract_until": "2027-12-31",
    "length_m": "12 500",
    "note": "",
}


def form_of(client: httpx.Client, **values: str) -> dict[str, str]:
    return {"csrf": client.headers["X-CSRF-Token"]} | values


def test_numbers_are_read_as_people_write_them(pages: Api, reader: Reader) -> None:
    answer = reader("it_staff").post("/links/new", data=LINK)
    assert answer.headers["Location"] == "/links/vong-du-phong?done=created"
    made = get(pages.books, SYSTEM, NOUNS["links"], "vong-du-phong").model_dump()
    assert (made["bandwidth_bps"], made["monthly_cost_vnd"], made["length_m"]) == (200_000_000, 1_650_000, 12_500)
    assert made["sla_target"] == pytest.approx(0.995)


def test_all_that_is_wrong_is_told_at_once_and_what_was_typed_stays(reader: Reader) -> None:
    wrong = LINK | {"name": "Vòng dự phòng", "b_device": "vinh-tuy-rt", "monthly_cost_vnd": "nhiều", "title": "Cáp <b>"}
    answer = reader("it_staff", "vi").post("/links/new", data=wrong)
    assert answer.status_code == 422
    for told in ("Chỉ dùng chữ thường không dấu", "Hai đầu phải là hai thiết bị khác nhau", "Cần một số nguyên"):
        assert told in answer.text
    for typed in ('value="Vòng dự phòng"', 'value="nhiều"', 'value="Cáp &lt;b&gt;"', 'value="VNPT-HGG-2001"'):
        assert typed in answer.text
    assert 'href="#f-monthly_cost_vnd"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_empty_field_that_is_needed_says_just_that(reader: Reader) -> None:
    text = reader("it_staff", "vi").post("/sites/new", data={"slug": "", "name": " ", "kind": "commune"}).text
    assert text.count("Trường này bắt buộc.") == 4
    assert "mục." not in text.replace("Bỏ qua menu", "")


def test_a_change_of_somebody_else_is_shown_beside_ones_own(pages: Api, reader: Reader) -> None:
    client = reader("it_staff", "en")
    assert 'name="version" value="1"' in client.get("/sites/tan-lap/edit").text
    update(pages.books, SYSTEM, NOUNS["sites"], "tan-lap", 1, {"contact_phone": "0219 111"})
    mine = {"slug": "tan-lap", "name": "Xã Tân Lập", "kind": "commune", "version": "1", "contact_phone": "0219 222"}
    answer = client.post("/sites/tan-lap/edit", data=mine)
    assert answer.status_code == 412
    assert "0219 111" in answer.text
    assert "0219 222" in answer.text
    assert get(pages.books, SYSTEM, NOUNS["sites"], "tan-lap").model_dump()["contact_phone"] == "0219 111"
    assert 'name="version" value="2"' in answer.text
    saved = client.post("/sites/tan-lap/edit", data=mine | {"version": "2"})
    assert saved.headers["Location"] == "/sites/tan-lap?done=saved"


def test_what_is_still_needed_cannot_be_taken_out_of_use(reader: Reader) -> None:
    client = reader("it_staff", "en")
    answer = client.post("/devices/vinh-tuy-rt/retire", data={"version": "1"})
    assert answer.status_code == 409
    assert "Retire or move those first." in answer.text


def test_what_went_out_of_use_is_gone_from_the_list(reader: Reader) -> None:
    client = reader("it_staff", "en")
    assert (
        client.post("/services/web-tan-lap/retire", data={"version": "1"}).headers["Location"]
        == "/services?done=retired"
    )
    assert "web-tan-lap" not in client.get("/services").text
    assert client.get("/services/web-tan-lap").status_code == 404


def test_those_who_may_not_write_cannot_by_address_either(reader: Reader) -> None:
    for role in ("auditor", "commune_staff"):
        client = reader(role)
        assert client.post("/sites/new", data={"slug": "x", "name": "X", "kind": "commune"}).status_code == 403
        assert client.post("/links/bq-vinh-tuy/edit", data=LINK | {"version": "1"}).status_code == 403
        assert client.post("/links/bq-vinh-tuy/retire", data={"version": "1"}).status_code == 403


def test_nouns_that_have_no_form_have_no_page(reader: Reader) -> None:
    client = reader("administrator")
    assert client.get("/tokens/new").status_code == 404
    assert client.get("/incidents/1/edit").status_code == 404


def test_the_history_of_a_change_stands_on_the_page(reader: Reader) -> None:
    client = reader("it_staff", "en")
    client.post("/providers/vnpt/edit", data={"version": "1", "name": "VNPT", "hotline": "18001166", "is_carrier": "1"})
    text = client.get("/providers/vnpt").text
    assert "Hotline: 0219 800 126 → 18001166" in text
    assert "kythuat" in text


class Typed(HTMLParser):
    """What a browser would send back of a form, unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.values[name] = value
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
            self.values[name] = ""
        elif tag == "option" and ("selected" in given or name not in self.values):
            self.values[self._select] = value if "selected" in given else self.values.get(self._select) or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


@pytest.mark.parametrize(
    "path",
    [
        "/sites/vinh-tuy", "/providers/vnpt", "/devices/vinh-tuy-rt", "/links/bq-vinh-tuy", "/services/web-vinh-tuy",
        "/accounts/kythuat", "/credentials/giu-nguyen", "/assets/OWN/1",
    ],
)  # fmt: skip
def test_a_form_that_is_sent_back_unchanged_is_taken(pages: Api, reader: Reader, path: str) -> None:
    if path.startswith("/credentials/"):
        create(pages.books, SYSTEM, NOUNS["credentials"], {"name": "giu-nguyen", "kind": "snmp_v2c", "community": "x"})
    client = reader("administrator")
    page = client.get(f"{path}/edit").text
    typed = Typed()
    typed.feed(page[page.index('<div class="form-grid">') - 400 :])
    answer = client.post(f"{path}/edit", data=typed.values)
    assert answer.status_code == 303, answer.text
