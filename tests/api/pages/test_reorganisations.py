"""Merging units by the pages: the books' successions are offered, everything that moves is shown, done, taken back."""

import re

import httpx
import pytest

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.register import get, list_
from inventory.spreadsheet import read_sheet
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.custody import act, asset
from tests.support.rows import add_asset, add_site

INTO = {"into-tan-lap": "tan-quang-2025", "into-tan-quang": "tan-quang-2025"}
SAID = {"day": "2025-07-01", "decree": "Nghị quyết sắp xếp đơn vị hành chính 2025"}


@pytest.fixture
def merging(pages: Api) -> Api:
    """The district with a new unit, and assets at two that go into it."""
    add_site(pages.books, "tan-quang-2025", name="Xã Tân Quang (mới)", valid_from="2025-07-01")
    add_asset(pages.books, "TL/1", "tan-lap", name="Máy in", status="in_use", custodian="Hoàng Thị Lan", serial="SN1X9")
    add_asset(pages.books, "TQ/1", "tan-quang", name="Máy tính")
    return pages


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the form that does it."""
    form = page.split('action="/reorganisations/start"')[1].split("</form>", maxsplit=1)[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def merged(client: httpx.Client) -> str:
    page = client.post("/reorganisations/rehearse", data=SAID | INTO).text
    answer = client.post("/reorganisations/start", data=hidden(page))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].split("?")[0]


def site_of(books: Books, tag: str) -> str:
    return str(get(books, SYSTEM, NOUNS["assets"], tag).model_dump()["site"])


def test_a_merger_is_rehearsed_done_printed_and_taken_back(reader: Reader, merging: Api) -> None:
    client = reader("administrator")
    assert "Chưa có đợt sáp nhập nào" in client.get("/reorganisations").text
    page = client.post("/reorganisations/rehearse", data=SAID | INTO).text
    assert "2 đơn vị nhập thành 1" in page
    assert "Hoàng Thị Lan" in page
    assert "2 đường truyền có đầu ở thiết bị được chuyển" in page
    assert "Đợt kiểm kê “Kiểm kê tháng 12” còn đang mở" in page
    assert (site_of(merging.books, "TL/1"), list_(merging.books, SYSTEM, NOUNS["reorganisations"], Query()).items) == (
        "tan-lap", [],
    )  # fmt: skip
    done = client.post("/reorganisations/start", data=hidden(page))
    place = done.headers["Location"]
    assert place == "/reorganisations/SN-2025-0001?done=merged"
    assert site_of(merging.books, "TL/1") == site_of(merging.books, "TQ/1") == "tan-quang-2025"
    page = client.get(place).text
    assert "Đã sáp nhập" in page
    assert 'href="/assets/TL/1"' in page
    assert "SN1X9" in client.get("/reorganisations/SN-2025-0001/print").text
    assert "SN-2025-0001" in client.get("/reorganisations").text
    book = client.get("/exports/reorganisations/SN-2025-0001?format=xlsx").content
    assert {row.cells.get(1) for row in read_sheet(book).rows} >= {"TL/1", "TQ/1", "tan-lap-rt", "web-tan-quang"}
    # The old units are offered no more.
    assert "into-tan-lap" not in client.get("/reorganisations/start").text
    undone = client.post("/reorganisations/SN-2025-0001/undo", data={"version": "1"})
    assert undone.headers["Location"] == "/reorganisations/SN-2025-0001?done=moved_back"
    assert site_of(merging.books, "TL/1") == "tan-lap"
    page = client.get("/reorganisations/SN-2025-0001").text
    assert "đã được hoàn lại" in page
    assert "Hoàn lại việc sáp nhập</button>" not in page
    assert "into-tan-lap" in client.get("/reorganisations/start").text


def test_what_changed_since_the_rehearsal_is_shown_again_and_nothing_is_written(reader: Reader, merging: Api) -> None:
    client = reader("administrator")
    page = client.post("/reorganisations/rehearse", data=SAID | INTO).text
    add_asset(merging.books, "TL/2", "tan-lap", name="Máy quét")
    again = client.post("/reorganisations/start", data=hidden(page))
    assert (again.status_code, "Sổ đã thay đổi" in again.text, "Máy quét" in again.text) == (200, True, True)
    assert list_(merging.books, SYSTEM, NOUNS["reorganisations"], Query()).items == []
    assert client.post("/reorganisations/start", data=hidden(again.text)).status_code == 303


def test_the_successions_that_the_books_name_are_filled_in(reader: Reader, merging: Api) -> None:
    client = reader("administrator")
    edit = client.get("/sites/tan-lap/edit").text
    assert "tan-lap" in edit
    client.patch(
        "/api/v1/sites/tan-lap", json={"successor": "tan-quang-2025"},
        headers={"If-Match": client.get("/api/v1/sites/tan-lap").headers["ETag"]},
    )  # fmt: skip
    page = client.get("/reorganisations/start").text
    assert 'value="2025-07-01"' in page
    assert page.count('<option value="tan-quang-2025" selected') == 1


def test_wrong_choices_are_told_at_their_units_and_kept(reader: Reader, merging: Api) -> None:
    client = reader("administrator")
    wrong = INTO | {"into-vinh-tuy": "nowhere", "into-hung-an": "Xã Tân Quang (mới) (tan-quang-2025)"}
    answer = client.post("/reorganisations/rehearse", data=SAID | wrong)
    assert answer.status_code == 422
    assert 'href="#f-into-vinh-tuy">Thị trấn Vĩnh Tuy</a>' in answer.text
    assert answer.text.count('<option value="tan-quang-2025" selected') == 3
    nothing = client.post("/reorganisations/rehearse", data={"day": "2024-01-01", "decree": "X"})
    assert (nothing.status_code, "chọn từng cặp" in nothing.text) == (409, True)
    empty = client.post("/reorganisations/rehearse", data=INTO)
    assert (empty.status_code, empty.text.count("is-invalid")) == (422, 2)
    back = client.post("/reorganisations/rehearse", data=SAID | INTO | {"change": "1"})
    assert (back.status_code, back.text.count('<option value="tan-quang-2025" selected')) == (200, 2)


def test_what_has_moved_on_since_is_named(reader: Reader, merging: Api) -> None:
    client = reader("administrator")
    place = merged(client)
    act(merging.books, "transfer", "TL/1", to_site="hung-an", to_name="Lý Văn Páo")
    refused = client.post(f"{place}/undo", data={"version": "1"})
    assert (refused.status_code, "TL/1" in refused.text.split("alert-danger")[1][:300]) == (409, True)
    assert asset(merging.books, "TQ/1").tag == "TQ/1"
    stale = client.post(f"{place}/undo", data={"version": "7"})
    assert stale.status_code == 409


def test_only_administrators_merge_and_the_office_reads(reader: Reader, merging: Api) -> None:
    place = merged(reader("administrator"))
    for role, read in (("it_staff", 200), ("auditor", 200), ("commune_staff", 403)):
        client = reader(role)
        assert {client.get(path).status_code for path in ("/reorganisations", place, f"{place}/print")} == {read}
        assert client.get("/reorganisations/start").status_code == 403
        for path in ("/reorganisations/rehearse", "/reorganisations/start"):
            assert client.post(path, data=SAID | INTO).status_code == 403
        assert client.post(f"{place}/undo", data={"version": "1"}).status_code == 403
    assert reader("administrator").get("/reorganisations/SN-1999-0001").status_code == 404


def test_many_units_are_typed_instead_of_chosen(reader: Reader, merging: Api) -> None:
    for n in range(60):
        add_site(merging.books, f"thon-{n}", name=f"Thôn {n}")
    client = reader("administrator")
    page = client.get("/reorganisations/start").text
    assert '<datalist id="units">' in page
    page = client.post(
        "/reorganisations/rehearse", data=SAID | {"into-thon-1": "Xã Tân Quang (mới) (tan-quang-2025)"}
    ).text
    assert "1 đơn vị nhập thành 1" in page
    assert "Thôn 1" in page
