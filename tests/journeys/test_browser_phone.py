"""What counting keeps in a phone belongs to one account: nobody else delivers it, reads it, or finds it later."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from inventory.access.accounts import Role
from inventory.settings import Settings as InventorySettings
from tests.support.accounts import Person, hire
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import PHONE, chromium
from tests.support.counting import book_assets, book_sites, tag_of
from tests.support.phone import begin, delivered, ready, stand, typed

pytestmark = pytest.mark.browser


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    with running_api(settings_for(new_settings())) as running:
        book_sites(running.books)
        book_assets(running.books, range(1, 6))
        yield running


@pytest.fixture
def leader(api: Api) -> Person:
    return hire(api.books, Role.IT_STAFF, "kythuat")


def test_what_one_person_counted_is_never_delivered_in_the_name_of_another(api: Api, leader: Person) -> None:
    second = hire(api.books, Role.AUDITOR, "kiemtra")
    with chromium(api.url, PHONE) as window:
        page = window.page
        window.sign_in(leader.username, leader.password)
        here = begin(window, api.url)
        window.open(f"{here}/count")
        ready(page)
        stand(page, "")
        page.context.set_offline(True)
        typed(page, tag_of(1))
        page.context.clear_cookies()
        page.context.set_offline(False)
        expect(page.locator("#count-note")).to_contain_text("Phiên đăng nhập đã hết")
        window.sign_in(second.username, second.password)
        # What the page does with another's list as soon as it is there.
        page.evaluate("() => window.quangPhone.ready")
        assert {row["user"] for row in kept_in(page, "kept")} == set()
        assert page.evaluate("caches.has('quang-count-pages')") is False
        window.open(f"{here}/count")
        ready(page)
        expect(page.locator("#count-net")).to_have_attribute("data-waiting", "0")
        assert api.signed_in(leader).get(f"/api/v1{here}/lines").json()["lines"][0]["counted"] is None
        page.context.clear_cookies()
        window.sign_in(leader.username, leader.password)
        window.open(f"{here}/count")
        expect(page.locator("#tab-done b")).to_have_text("1")
        delivered(page)
        lines = api.signed_in(leader).get(f"/api/v1{here}/lines").json()["lines"]
        counted = [line for line in lines if line["counted"]]
        assert [(one["tag"], one["counted"]["by"]) for one in counted] == [(tag_of(1), "kythuat")]


def kept_in(page: Page, store: str) -> list[dict[str, Any]]:
    """Return what a store of the phone holds; nothing if there is no such store any more."""
    rows: list[dict[str, Any]] = page.evaluate(
        """async (store) => {
          if (!(await indexedDB.databases()).some((one) => one.name === "quang-count")) return [];
          const database = await new Promise((resolve, reject) => {
            const asked = indexedDB.open("quang-count");
            asked.onsuccess = () => resolve(asked.result);
            asked.onerror = () => reject(asked.error);
          });
          const rows = await new Promise((resolve) => {
            const asked = database.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => resolve(asked.result);
          });
          database.close();
          return rows;
        }""",
        store,
    )
    return rows


def test_signing_out_takes_the_list_and_the_queue_out_of_the_phone(api: Api, leader: Person) -> None:
    with chromium(api.url, PHONE) as window:
        page = window.page
        window.sign_in(leader.username, leader.password)
        here = begin(window, api.url)
        window.open(f"{here}/count")
        ready(page)
        stand(page, "")
        page.route("**/entries", lambda route: route.abort())
        typed(page, tag_of(1))
        assert [row["user"] for row in kept_in(page, "queue")] == [leader.username]
        assert [row["user"] for row in kept_in(page, "kept")] == [leader.username]
        asked: list[str] = []

        def answer(dialog: Any) -> None:
            asked.append(dialog.message)
            dialog.accept() if len(asked) > 1 else dialog.dismiss()

        page.on("dialog", answer)
        window.open("/stocktakes")
        with page.expect_event("dialog"):
            page.evaluate("document.querySelector('form[action=\"/logout\"]').requestSubmit()")
        assert len(kept_in(page, "queue")) == 1
        page.evaluate("document.querySelector('form[action=\"/logout\"]').requestSubmit()")
        page.wait_for_url(re.compile("/login"))
        assert len(asked) == 2
        assert "Còn 1 mục bạn đã kiểm đếm" in asked[0]
        assert kept_in(page, "queue") == []
        assert page.evaluate("caches.has('quang-count-pages')") is False
        page.context.set_offline(True)
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            window.open(f"{here}/count")
