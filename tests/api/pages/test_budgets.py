"""The pages of budgets: a scenario is drafted, looked at, compared, approved and bought by."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from inventory.access.accounts import Role
from inventory.books import open_books
from inventory.settings import Settings
from tests.support.accounts import hire
from tests.support.api import Api, running_api, settings_for
from tests.support.budgeting import MILLION, book_due_things, drafted, lines, site_id

FORM = {
    "title": "Phương án 1", "year": "2027", "cap_vnd": "46.000.000", "within": "", "funding": "Ngân sách xã",
    "leaders": "0", "within_norm": "1", "reason-beyond_life": "1", "reason-below_norm": "1",
}  # fmt: skip


@pytest.fixture
def due(new_settings: Callable[[], Settings]) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    book_due_things(books)
    books.engine.dispose()
    with running_api(settings_for(settings)) as api:
        yield api


def browser(api: Api, role: Role = Role.IT_STAFF, language: str = "en", site: str = "") -> httpx.Client:
    person = hire(api.books, role, site_id=site_id(api.books, site) if site else None)
    client = api.signed_in(person, Accept="text/html")
    client.cookies.set("quang_language", language)
    return client


def test_a_scenario_is_computed_and_shows_reason_evidence_and_what_is_left_out(due: Api) -> None:
    client = browser(due)
    assert 'value="2' in client.get("/budgets/start").text
    made = client.post("/budgets/start", data=FORM)
    assert made.status_code == 303, made.text
    text = client.get(made.headers["Location"]).text
    assert "In use since 1 Mar 2018: 9 years by the end of 2026, where the rulebook gives it 5." in text
    assert "4 officials, one each: the norm grants 4, there are 2." in text
    assert "The cap: the money goes to what is needed more per đồng" in text
    assert "Ngân sách xã" in text
    assert "out of support" not in text.lower()


def test_the_table_of_operating_systems_shows_its_source_date_and_how_sure_it_is(due: Api) -> None:
    row = drafted(due.books)
    text = browser(due).get(f"/budgets/{row.id}").text
    assert "Microsoft Lifecycle Policy" in text
    assert "[K]; table of 24 Nov 2026" in text
    assert re.search(r"Windows 10</th><td class=\"number\">14 Oct 2025", text)
    other = drafted(due.books, reasons=["beyond_life"])
    assert "Microsoft Lifecycle Policy" not in browser(due, Role.AUDITOR).get(f"/budgets/{other.id}").text


def test_the_vietnamese_page_leaves_no_english(due: Api) -> None:
    first, second = (drafted(due.books, cap_vnd=46 * MILLION, fair_share=fair) for fair in (False, True))
    client = browser(due, language="vi")
    for address in (
        "/budgets",
        "/budgets/start",
        f"/budgets/{second.id}",
        f"/budgets/compare?first={first.id}&second={second.id}",
    ):
        text = client.get(address).text
        for word in ("Budget", "Scenario", "Cap<", "Bought", "Need met", "Left out", "Compare", "Share of"):
            assert word not in text, (address, word)


def test_wrong_fields_are_told_at_their_place_and_keep_what_was_typed(due: Api) -> None:
    answer = browser(due).post("/budgets/start", data=FORM | {"cap_vnd": "a lot", "year": ""})
    assert answer.status_code == 422
    assert 'value="a lot"' in answer.text
    assert 'id="e-cap_vnd"' in answer.text
    assert 'id="e-year"' in answer.text
    nothing = {name: value for name, value in FORM.items() if not name.startswith("reason-")}
    assert browser(due, Role.ADMINISTRATOR).post("/budgets/start", data=nothing).status_code == 422


def test_approving_locks_and_a_purchase_is_booked(due: Api) -> None:
    client = browser(due)
    number = client.post("/budgets/start", data=FORM).headers["Location"].split("?")[0].rsplit("/", 1)[1]
    assert client.post(f"/budgets/{number}/approve", data={"version": "7"}).status_code == 409
    assert client.post(f"/budgets/{number}/approve", data={"version": "1"}).status_code == 303
    page = client.get(f"/budgets/{number}").text
    assert "Approve and lock" not in page
    address = re.findall(rf"/budgets/{number}/lines/\d+/purchase", page)[0]
    assert "The planned asset becomes a booked one" in client.get(address).text
    wrong = client.post(address, data={"tag": "TL-2", "cost_vnd": "0", "day": "2026-03-20"})
    assert (wrong.status_code, 'id="e-cost_vnd"' in wrong.text) == (422, True)
    sent = {"tag": "TL-9", "cost_vnd": "14.800.000", "day": "2026-03-20", "supplier": "may-tinh-hg", "name": "Máy mới"}
    assert client.post(address, data=sent).status_code == 303
    assert "Bought:" in client.get(f"/budgets/{number}").text
    again = client.post(address, data=sent | {"tag": "TL-10"})
    assert (again.status_code, "bought already" in again.text) == (409, True)


def test_a_line_is_pinned_or_priced_with_a_reason_and_the_rest_chosen_anew(due: Api) -> None:
    row = drafted(due.books, cap_vnd=46 * MILLION)
    line = next(one for one in lines(due.books, row) if one.tag == "TL-2")
    client, address = browser(due), f"/budgets/{row.id}/lines/{line.number}/settle"
    text = client.get(address).text
    assert "What the rules say" in text
    sent = {"version": str(row.version), "pin": "buy", "price_vnd": "18.000.000", "reason": ""}
    assert "This field is needed." in client.post(address, data=sent).text
    done = client.post(address, data=sent | {"reason": "Bộ phận một cửa"})
    assert done.headers["Location"] == f"/budgets/{row.id}?done=saved#line-{line.number}"
    text = client.get(f"/budgets/{row.id}").text
    assert "<strong>Must have</strong>: Bộ phận một cửa" in text
    assert "entered by hand: Bộ phận một cửa" in text
    assert "kythuat" in client.get(address).text or "it-staff" in client.get(address).text
    assert client.post(address, data=sent | {"reason": "Lần nữa"}).status_code == 409
    too_much = sent | {"version": str(row.version + 1), "reason": "Quá nhiều", "price_vnd": "99.000.000"}
    assert "53.000.000 đồng more than the cap" in client.post(address, data=too_much).text


def test_two_scenarios_stand_beside_each_other(due: Api) -> None:
    first, second = (drafted(due.books, cap_vnd=46 * MILLION, fair_share=fair) for fair in (False, True))
    text = browser(due).get(f"/budgets/compare?first={first.id}&second={second.id}").text
    assert "Only A buys" in text
    assert "+13,000,000" in text
    assert browser(due, Role.AUDITOR).get(f"/budgets/compare?first={first.id}&second=99").status_code == 404


def test_a_scenario_put_aside_leaves_the_list(due: Api) -> None:
    row = drafted(due.books, title="Không dùng nữa")
    client = browser(due)
    assert client.post(f"/budgets/{row.id}/discard", data={"version": "1"}).headers["Location"] == "/budgets?done=saved"
    assert "Không dùng nữa" not in client.get("/budgets").text
    assert "put aside" in client.get(f"/budgets/{row.id}").text
    assert client.post(f"/budgets/{row.id}/burn", data={}).status_code == 404


def test_commune_staff_read_their_part_and_have_no_buttons(due: Api) -> None:
    row = drafted(due.books)
    clerk = browser(due, Role.COMMUNE_STAFF, site="hung-an")
    text = clerk.get(f"/budgets/{row.id}").text
    assert "Xã Hùng An" in text
    assert "TL-1" not in text
    assert "Approve and lock" not in text
    assert clerk.get("/budgets/start").status_code == 403
    assert clerk.post(f"/budgets/{row.id}/approve", data={"version": "1"}).status_code == 403
    assert {line.site for line in lines(due.books, row)} == {"hung-an", "tan-lap"}


def test_the_estimate_is_saved_from_the_page(due: Api) -> None:
    row = drafted(due.books)
    answer = browser(due).get(f"/budgets/{row.id}/estimate.xlsx")
    assert answer.content.startswith(b"PK")
