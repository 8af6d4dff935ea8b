"""Every page in a real browser: nothing asked from elsewhere, no complaint, no page wider than a phone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route

from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, SMALLEST, chromium
from tests.support.district import PASSWORD, book_district

pytestmark = pytest.mark.browser

PATHS = (
    "/",
    "/sites",
    "/sites/vinh-tuy",
    "/links",
    "/links/bq-vinh-tuy",
    "/devices",
    "/devices/core",
    "/devices/vinh-tuy-rt/configurations",
    "/services",
    "/services/web-vinh-tuy",
    "/findings",
    "/findings?show=moved",
    "/findings/1",
    "/subnets",
    "/subnets/vinh-tuy-lan",
    "/providers",
    "/providers/vnpt",
    "/incidents",
    "/incidents?state=all",
    "/incidents/1",
    "/search?q=tan+lap",
    "/help",
    "/help/rules/LinkDown",
    "/help/glossary",
    "/wizard",
    "/links/bq-vinh-tuy/edit",
    "/sites/new",
    "/accounts",
    "/accounts/kythuat",
    "/settings",
    "/stocktakes",
    "/stocktakes/start",
    "/stocktakes/1",
    "/stocktakes/1/count",
    "/stocktakes/1/evidence",
    "/stocktakes/1/decisions",
    "/stocktakes/1/minutes",
    "/password",
    "/nowhere",
)


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings]) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    book_district(books)
    books.engine.dispose()
    with running_api(settings_for(settings)) as running:
        yield running


@pytest.mark.parametrize(
    ("size", "dark"), [(DESKTOP, False), (PHONE, True), (SMALLEST, False)], ids=["desktop", "phone-dark", "smallest"]
)
def test_no_page_asks_another_host_complains_or_is_wider_than_the_window(
    api: Api, size: tuple[int, int], *, dark: bool
) -> None:
    with chromium(api.url, size, dark=dark) as window:
        window.sign_in("quantri", PASSWORD)
        wide = []
        for path in PATHS:
            window.open(path)
            window.settle()
            if window.overhang > 0:
                wide.append((path, window.overhang))
        assert wide == []
        assert window.foreign == []
        assert [one for one in window.complaints if "404" not in one] == []


def test_without_a_choice_the_colours_follow_the_system_and_a_choice_is_kept(api: Api) -> None:
    with chromium(api.url, DESKTOP, dark=True) as window:
        window.sign_in("quantri", PASSWORD)
        theme = "document.documentElement.getAttribute('data-bs-theme')"
        assert window.page.evaluate(theme) == "dark"
        window.follow("a.to-light")
        assert window.page.evaluate(theme) == "light"
        window.open("/links")
        assert window.page.evaluate(theme) == "light"


def test_the_keyboard_reaches_search_and_content(api: Api) -> None:
    with chromium(api.url) as window:
        window.sign_in("quantri", PASSWORD)
        page = window.page
        page.keyboard.press("/")
        page.keyboard.type("10.20.3.1")
        page.keyboard.press("Enter")
        page.wait_for_url(api.url + "/devices/tan-lap-rt")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.wait_for_url("**#content")


def test_every_field_has_a_label_and_every_picture_a_text(api: Api) -> None:
    nameless = """
        [...document.querySelectorAll('input:not([type=hidden],[aria-hidden]),select,textarea,button,a,[role=img]')]
        .filter(e => !(e.labels && e.labels.length) && !e.getAttribute('aria-label') && !e.textContent.trim())
        .map(e => e.outerHTML.slice(0, 120))"""
    with chromium(api.url) as window:
        window.sign_in("quantri", PASSWORD)
        for path in PATHS:
            window.open(path)
            assert window.page.evaluate(nameless) == [], path


def test_text_stands_out_from_its_ground(api: Api) -> None:
    """WCAG 2.1 AA: 4.5 to 1, or 3 to 1 for large or bold text, on light and on dark ground."""
    with chromium(api.url) as window:
        window.sign_in("quantri", PASSWORD)
        for theme in ("light", "dark"):
            for path in ("/", "/links/bq-vinh-tuy", "/sites", "/sites/new", "/incidents/1"):
                window.open(f"/theme/{theme}?next={path}")
                assert window.page.evaluate(FAINT) == [], (theme, path)


def test_pages_stay_readable_in_a_browser_from_before_2023(api: Api) -> None:
    """Windows 7 stops at Chrome 109, which knows neither `oklch` nor `light-dark` nor `color-mix`."""

    def aged(route: Route) -> None:
        answer = route.fetch()
        text = re.sub(r"\b(oklch|light-dark|color-mix)\(", r"not-known-\1(", answer.text())
        route.fulfill(response=answer, body=text)

    outlined = "getComputedStyle(document.querySelector('main .form-control')).borderTopStyle"
    with chromium(api.url) as window:
        window.page.route("**/*.css*", aged)
        window.sign_in("quantri", PASSWORD)
        for theme in ("light", "dark"):
            for path in ("/", "/sites/new", "/incidents/1"):
                window.open(f"/theme/{theme}?next={path}")
                assert window.page.evaluate(FAINT) == [], (theme, path)
        window.open("/sites/new")
        assert window.page.evaluate(outlined) == "solid"


FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parse = text => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c[3] > .99) return c;
    }
    return document.documentElement.getAttribute('data-bs-theme') === 'dark' ? [0, 0, 0, 1] : [255, 255, 255, 1];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (element.closest('.visually-hidden, .skip, .leaflet-container') || !element.getClientRects().length) continue;
    const a = light(parse(style.color)), b = light(ground(element));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && style.fontWeight >= 700);
    const words = walker.currentNode.data.trim().slice(0, 30);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${element.className} ${style.color} ${words}`);
  }
  return found;
}"""
