"""A whole stocktake with a phone: 200 things, the connection lost in the middle, differences, minutes, signature."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from playwright.sync_api import expect

from api.views.labels import text_of
from inventory.access.accounts import Role
from inventory.audit.differences import DifferenceKind
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.network.observations import Observation
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import Person, hire
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import PHONE, Window, chromium
from tests.support.codes import film_of, photo_of
from tests.support.counting import COST_VND, ROOMS, book_assets, book_sites, tag_of
from tests.support.phone import begin, delivered, ready, stand, typed

pytestmark = pytest.mark.browser

THINGS = 200
MISSING = (17, 88, 143)
IN_ANOTHER_ROOM = 50
AT_ANOTHER_SITE = 201
DAMAGED = 120
UNKNOWN = "MAY-LA-01"
BY_NETWORK = range(161, 201)

EXPECTED = {
    *((DifferenceKind.MISSING, tag_of(n)) for n in MISSING),
    (DifferenceKind.ELSEWHERE, tag_of(IN_ANOTHER_ROOM)),
    (DifferenceKind.ELSEWHERE, tag_of(AT_ANOTHER_SITE)),
    (DifferenceKind.DAMAGED, tag_of(DAMAGED)),
    (DifferenceKind.SURPLUS, UNKNOWN),
}


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    with running_api(settings_for(new_settings())) as running:
        book_sites(running.books)
        book_assets(running.books, range(1, THINGS))
        book_assets(running.books, [AT_ANOTHER_SITE], site="hung-an", room="")
        see(running.books, BY_NETWORK)
        yield running


@pytest.fixture
def leader(api: Api) -> Person:
    return hire(api.books, Role.IT_STAFF, "kythuat")


def see(books: Books, numbers: range) -> None:
    moment = now()
    with writing(books.engine) as session:
        session.add_all(
            Observation(
                source="arp", instance="tan-lap-rt", site="tan-lap", fact="mac", subject=f"ether{n}",
                value=f"02:00:00:00:{n // 256:02x}:{n % 256:02x}", first_seen=moment, last_seen=moment,
            )
            for n in numbers
        )  # fmt: skip


def client_of(api: Api, person: Person) -> httpx.Client:
    return api.signed_in(person)


def test_two_hundred_things_are_counted_with_a_phone_that_loses_its_connection(
    api: Api, leader: Person, tmp_path: Path
) -> None:
    with chromium(api.url, PHONE) as window:
        page = window.page
        window.sign_in(leader.username, leader.password)
        here = begin(window, api.url)
        client = client_of(api, leader)
        confirm_by_network(window, here)
        window.open(f"{here}/count")
        ready(page)
        stand(page, ROOMS[1])
        expect(page.locator("#count-all")).to_have_text(str(THINGS - 1))
        by_hand = [n for n in range(1, BY_NETWORK.start) if n not in {*MISSING, IN_ANOTHER_ROOM, DAMAGED}]
        half = len(by_hand) // 2
        for n in by_hand[:half]:
            stand(page, ROOMS[n % 4])
            typed(page, tag_of(n))
        delivered(page)
        before = len(client.get(f"/api/v1{here}/lines").json()["lines"])
        assert before == THINGS

        page.context.set_offline(True)
        for n in by_hand[half:-5]:
            stand(page, ROOMS[n % 4])
            typed(page, tag_of(n))
        expect(page.locator("#count-net")).to_have_attribute("data-net", "offline")
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-counting", re.compile("."))
        expect(page.locator("#count-all")).to_have_text(str(THINGS - 1))
        expect(page.locator("#count-net")).to_have_attribute("data-waiting", str(len(by_hand) - 5 - half))
        for n in by_hand[-5:]:
            stand(page, ROOMS[n % 4])
            typed(page, tag_of(n))
        stand(page, "Kho")
        typed(page, tag_of(IN_ANOTHER_ROOM))
        expect(page.locator("#count-result")).to_contain_text("Xã Tân Lập")
        typed(page, tag_of(AT_ANOTHER_SITE))
        expect(page.locator("#count-result")).to_contain_text("Xã Hùng An")
        stand(page, ROOMS[DAMAGED % 4])
        page.fill("#count-search", tag_of(DAMAGED))
        page.locator("#count-list button", has_text="Hỏng").first.click()
        expect(page.locator("#count-result .mono")).to_have_text(tag_of(DAMAGED))
        page.fill("#count-search", "")
        page.set_input_files("#count-photo", photo_of(UNKNOWN, tmp_path / "la.png"))
        page.click("#count-result button:has-text('Ghi nhận')")
        expect(page.locator("#tab-extra b")).to_have_text("1")
        page.set_input_files("#count-photo", photo_of("https://example.vn/menu", tmp_path / "menu.png"))
        expect(page.locator("#count-result")).to_contain_text("không phải nhãn tài sản")
        assert client.get(f"/api/v1{here}/progress").json()[1]["counted"] == half + len(BY_NETWORK) - 1

        page.context.set_offline(False)
        delivered(page)
        window.picture("kiem-ke-dien-thoai")
        expect(page.locator("#tab-left b")).to_have_text(str(len(MISSING)))
        assert found(client, here) == EXPECTED
        assert len(deliveries(client, here)) == THINGS - len(MISSING)

        decide_everything(window, here)
        check_minutes(window, here)
        sign(window, here)
        check_workbook(client.get(f"{here}/minutes.xlsx", headers={"Accept-Language": "vi"}).content)
        assert client.get(f"/api/v1{here}").json()["state"] == "signed"
        refused = client.post(f"/api/v1{here}/entries", json={"entries": [entry_of(tag_of(MISSING[0]))]})
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:quang:problem:conflict")
        assert found(client, here) == EXPECTED
        assert window.foreign == []
        assert [one for one in window.complaints if "INTERNET_DISCONNECTED" not in one] == []
        assert window.overhang <= 0


def confirm_by_network(window: Window, here: str) -> None:
    window.open(f"{here}/evidence")
    assert window.page.locator("input[name=line]").count() == len(BY_NETWORK) - 1
    window.page.click("button:has-text('Xác nhận')")
    window.page.wait_for_url(re.compile("done=confirmed"))


def found(client: httpx.Client, here: str) -> set[tuple[str, str]]:
    rows = client.get(f"/api/v1{here}/differences").json()
    assert len(rows) == len({row["subject"] for row in rows})
    return {(DifferenceKind(row["kind"]), row["tag"]) for row in rows}


def deliveries(client: httpx.Client, here: str) -> list[dict[str, Any]]:
    return [line for line in client.get(f"/api/v1{here}/lines").json()["lines"] if line["counted"]]


def decide_everything(window: Window, here: str) -> None:
    page = window.page
    window.open(here)
    page.click("button:has-text('Kết thúc kiểm đếm')")
    page.wait_for_url(re.compile(f"{here}/decisions"))
    selects = page.locator("select[name^=kind-]")
    assert selects.count() == len(EXPECTED)
    for n in range(selects.count()):
        selects.nth(n).select_option(index=1)
    page.fill("#note-0", "Ông Páo đi tìm")
    page.click("button:has-text('Lưu quyết định')")
    page.wait_for_url(re.compile("done=saved"))


def check_minutes(window: Window, here: str) -> None:
    page = window.page
    window.open(f"{here}/minutes")
    assert page.locator("table.minutes tbody tr.line").count() == THINGS + 1
    parts = page.locator("table.minutes tr.part th").all_inner_texts()
    assert parts == ["I. Tài sản cố định (nguyên giá từ 10.000.000 đồng)", "II. Chưa có trong sổ của đơn vị"]
    headings = page.locator("table.minutes thead th").all_inner_texts()
    assert headings[:8] == [
        "STT", "Tên tài sản cố định", "Mã số", "Nơi sử dụng", "Theo sổ kế toán", "Theo kiểm kê", "Chênh lệch", "Ghi chú"
    ]  # fmt: skip
    assert headings[8:] == ["Số lượng", "Nguyên giá", "Giá trị còn lại"] * 3
    total = [re.sub(r"\D", "", text) for text in page.locator("table.minutes tfoot td.number").all_inner_texts()]
    there = THINGS - len(MISSING)
    assert (total[0], total[1]) == (str(THINGS), str(THINGS * COST_VND))
    assert (total[3], total[4]) == (str(there + 1), str(there * COST_VND))
    assert (total[6], total[7]) == ("2", str(len(MISSING) * COST_VND))
    assert int(total[2]) - int(total[5]) == int(total[8])
    row = page.locator("table.minutes tbody tr", has_text=tag_of(BY_NETWORK.start))
    assert "xác nhận qua mạng" in row.inner_text()


def check_workbook(octets: bytes) -> None:
    page = openpyxl.load_workbook(io.BytesIO(octets)).active
    assert page is not None
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    start = next(n for n, row in enumerate(rows) if row[0] == "STT")
    three = ["Số lượng", "Nguyên giá", "Giá trị còn lại"]
    assert rows[start][:5] == ["STT", "Tên tài sản cố định", "Mã số", "Nơi sử dụng", "Theo sổ kế toán"]
    assert (rows[start][7], rows[start][10], rows[start][13]) == ("Theo kiểm kê", "Chênh lệch", "Ghi chú")
    assert rows[start + 1][4:13] == three * 3
    table = rows[start + 2 : start + 5 + THINGS]
    parts = [row for row in table if row[0] is None]
    lines, total = [row for row in table if row[0] is not None], rows[start + 5 + THINGS]
    assert [row[1] for row in parts] == [
        "I. Tài sản cố định (nguyên giá từ 10.000.000 đồng)", "II. Chưa có trong sổ của đơn vị"
    ]  # fmt: skip
    assert total[4:13] == [sum(part[column] for part in parts) for column in range(4, 13)]
    assert total[1] == "Cộng"
    assert total[4:13] == [sum(line[column] for line in lines) for column in range(4, 13)]
    assert total[4:6] == [THINGS, THINGS * COST_VND]
    assert total[10:12] == [1 - len(MISSING), -len(MISSING) * COST_VND]
    assert {line[2] for line in lines} >= {UNKNOWN, *(tag_of(n) for n in MISSING)}
    text = [cell for row in rows for cell in row if isinstance(cell, str)]
    for word in ("C53-HD", "BIÊN BẢN KIỂM KÊ TÀI SẢN CỐ ĐỊNH", "Thủ trưởng đơn vị", "Kế toán trưởng", "Hoàng Thị Lan"):
        assert word in text, word


def sign(window: Window, here: str) -> None:
    page = window.page
    page.fill("#conclusion", "Đồng ý với đề nghị của ban kiểm kê.")
    page.click("button:has-text('Ký')")
    page.wait_for_url(re.compile("done=signed"))
    assert page.locator(".minutes-seal .mono").first.inner_text() != ""
    assert page.locator("#conclusion").count() == 0
    window.open(f"{here}/decisions")
    assert page.locator("select").count() == 0


def entry_of(tag: str) -> dict[str, object]:
    return {"uid": "0" * 32, "method": "hand", "tag": tag, "site": "tan-lap", "counted_at": now().isoformat()}


def test_the_camera_reads_labels_and_refuses_what_is_none(api: Api, leader: Person, tmp_path: Path) -> None:
    film = film_of(text_of(tag_of(7)), tmp_path / "label.y4m")
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    with chromium(api.url, PHONE, flags=flags) as window:
        page = window.page
        window.sign_in(leader.username, leader.password)
        here = begin(window, api.url)
        window.open(f"{here}/count")
        ready(page)
        stand(page, ROOMS[7 % 4])
        page.click("#count-camera")
        expect(page.locator("#count-result .mono")).to_have_text(tag_of(7))
        expect(page.locator("#tab-done b")).to_have_text("1")
        page.click("#count-camera-off")
        expect(page.locator("#count-eye")).to_be_hidden()
        delivered(page)
        for text in ("https://example.vn/TL-0008", "WIFI:S:UBND;T:WPA;P:bimat;;", "x" * 65, "dòng một\ndòng hai"):
            page.set_input_files("#count-photo", photo_of(text, tmp_path / "other.png"))
            expect(page.locator("#count-result")).to_contain_text("không phải nhãn tài sản")
            page.fill("#count-search", "")
        expect(page.locator("#tab-extra b")).to_have_text("0")
        expect(page.locator("#tab-done b")).to_have_text("1")
        assert page.url == f"{api.url}{here}/count"
        page.set_input_files("#count-photo", photo_of("TL-0008", tmp_path / "plain.png"))
        expect(page.locator("#count-result .mono")).to_have_text(tag_of(8))
        page.click("#count-result button:has-text('Hoàn tác')")
        expect(page.locator("#tab-done b")).to_have_text("1")
        delivered(page)
        line = next(
            one for one in client_of(api, leader).get(f"/api/v1{here}/lines").json()["lines"] if one["tag"] == tag_of(7)
        )
        assert (line["counted"]["method"], line["counted"]["room"]) == ("scan", ROOMS[7 % 4])
        assert (window.foreign, window.complaints) == ([], [])


def test_two_phones_in_one_room_count_each_thing_once_and_see_each_other(api: Api, leader: Person) -> None:
    second = hire(api.books, Role.AUDITOR, "kiemtra")
    with chromium(api.url, PHONE) as first:
        first.sign_in(leader.username, leader.password)
        here = begin(first, api.url)
        client = client_of(api, leader)
        first.open(f"{here}/count")
        ready(first.page)
        stand(first.page, "")
        first.page.context.set_offline(True)
        for n in (1, 2, 3):
            typed(first.page, tag_of(n))
        other = api.signed_in(second)
        for n in (2, 3, 4):
            body = {"entries": [entry_of(tag_of(n)) | {"uid": f"{n:032x}"}]}
            assert other.post(f"/api/v1{here}/entries", json=body).json()["accepted"] == 1
        first.page.context.set_offline(False)
        delivered(first.page)
        expect(first.page.locator("#tab-done b")).to_have_text("4")
        left = {tag for kind, tag in found(client, here) if kind == DifferenceKind.MISSING}
        assert not left & {tag_of(n) for n in range(1, 5)}
        assert found(client, here) == {(DifferenceKind.MISSING, tag) for tag in left}
