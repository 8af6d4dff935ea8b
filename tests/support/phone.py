"""Counting with a phone's page, as a person does it."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import Window


def begin(window: Window, url: str) -> str:
    """Plan a campaign by the form, begin it, and return its address."""
    page = window.page
    window.open("/stocktakes")
    page.click("text=Đợt kiểm kê mới")
    page.select_option("#f-site", "huyen")
    page.fill("#f-committee", "Hoàng Thị Lan, Phó chủ tịch\nLý Văn Páo, Văn phòng")
    page.fill("#f-unit", "UBND xã Tân Lập")
    page.fill("#f-head_of_unit", "Nguyễn Văn Minh")
    page.fill("#f-chief_accountant", "Trần Thị Hoa")
    page.click("main button:has-text('Lưu')")
    page.wait_for_url(re.compile(r"/stocktakes/\d+\?done=created"))
    page.click("main .panel button:has-text('bắt đầu')")
    page.wait_for_url(re.compile(r"/stocktakes/\d+\?done=saved"))
    return page.url.removeprefix(url).partition("?")[0]


def ready(page: Page) -> None:
    """Wait until the page is kept in the phone."""
    expect(page.locator("html")).to_have_attribute("data-counting", "offline")


def stand(page: Page, room: str, site: str = "tan-lap") -> None:
    page.select_option("#count-site", site)
    page.fill("#count-room", room)
    page.dispatch_event("#count-room", "change")


def typed(page: Page, tag: str) -> None:
    page.fill("#count-search", tag)
    page.press("#count-search", "Enter")
    expect(page.locator("#count-result .mono")).to_have_text(tag)


def delivered(page: Page) -> None:
    badge = page.locator("#count-net")
    expect(badge).to_have_attribute("data-waiting", "0")
    expect(badge).to_have_attribute("data-net", "ok")
