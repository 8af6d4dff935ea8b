"""The home page in a real browser while something breaks: it shows by itself, without reload and flicker."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from inventory.access.accounts import Scope
from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, chromium
from tests.support.district import PASSWORD, book_district

pytestmark = pytest.mark.browser


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    book_district(books, calm=True)
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running


def cut(api: Api, link: str) -> None:
    """Tell the API of a cut, as Alertmanager does."""
    labels = {"alertname": "LinkDown", "element": f"link:{link}", "severity": "critical"}
    alert = {
        "status": "firing",
        "labels": labels,
        "annotations": {
            "summary_vi": f"Đường truyền {link} bị đứt: đầu cáp báo không có tín hiệu.",
            "summary_en": f"Link {link} is down: its end reports no signal.",
            "help_page": "/help/rules/LinkDown",
        },
        "startsAt": datetime.now(UTC).isoformat(),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "",
        "fingerprint": "0" * 16,
    }
    body = {
        "version": "4",
        "groupKey": f"{{}}:{{alertname=LinkDown,element={link}}}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "quang",
        "groupLabels": labels,
        "commonLabels": labels,
        "commonAnnotations": {},
        "externalURL": "http://127.0.0.1",
        "alerts": [alert],
    }
    answer = api.with_token(Scope.ALERTMANAGER, name=f"am-{link}").post("/api/v1/alertmanager", json=body)
    assert answer.is_success, answer.text


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_cut_shows_within_seconds_and_is_taken_care_of(api: Api, size: tuple[int, int]) -> None:
    with chromium(api.url, size) as window:
        page = window.page
        window.sign_in("kythuat", PASSWORD)
        page.wait_for_selector("text=Chưa rõ tình trạng hiện tại")
        page.evaluate("window.sameDocument = true")
        cut(api, "bq-vinh-tuy")
        page.wait_for_selector("text=Đứt đường truyền: Cáp quang trung tâm – Vĩnh Tuy")
        assert page.evaluate("window.sameDocument") is True
        assert page.title().startswith("(1) ")
        assert page.inner_text("#spoken") == "Có 1 việc cần xử lý"
        page.click("summary:has-text('Nội dung báo hỏng')")
        cut(api, "bq-tan-lap")
        page.wait_for_selector("text=Có 2 việc cần xử lý")
        expect(page.locator("text=Mã kênh: VNPT-HGG-1002").first).to_be_visible()
        assert page.get_attribute("a.btn-call >> nth=0", "href").startswith("tel:0219")
        page.click(".fault:has-text('Vĩnh Tuy') button:has-text('Tôi xử lý việc này')")
        page.wait_for_selector("text=Đã ghi nhận: bạn đang xử lý sự cố này.")
        page.wait_for_selector("text=kythuat đang xử lý")
        assert window.overhang <= 0
        assert window.foreign == []
        assert window.complaints == []


def test_nothing_is_replaced_while_nothing_changes(api: Api) -> None:
    with chromium(api.url) as window:
        page = window.page
        window.sign_in("kythuat", PASSWORD)
        page.evaluate("document.getElementById('now').dataset.mark = 'the same element'")
        with page.expect_response("**/home/now*") as answered:
            pass
        assert answered.value.status == 204
        assert page.get_attribute("#now", "data-mark") == "the same element"


def test_a_lost_server_is_told_and_its_return_too(new_settings: Callable[[], InventorySettings]) -> None:
    settings = new_settings()
    books = open_books(settings)
    book_district(books, calm=True)
    books.engine.dispose()
    with running_api(settings_for(settings)) as api, chromium(api.url) as window:
        window.sign_in("kythuat", PASSWORD)
        window.page.route("**/home/now*", lambda route: route.abort())
        window.page.wait_for_selector("text=Mất kết nối với máy chủ.")
        window.page.unroute("**/home/now*")
        window.page.wait_for_selector("text=Mất kết nối với máy chủ.", state="hidden")


def test_a_session_that_ended_leads_to_the_login_and_says_why(api: Api) -> None:
    with chromium(api.url) as window:
        window.sign_in("kythuat", PASSWORD)
        window.page.context.clear_cookies(name="quang_session")
        window.page.wait_for_url("**/login?ended=1*")
        window.page.wait_for_selector("text=Bạn đã được đăng xuất")
