"""Charts in a real browser, drawn from a real Prometheus."""

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.settings import PrometheusSettings
from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.api import Api, running_api, settings_for
from tests.support.browser import DESKTOP, PHONE, chromium
from tests.support.district import PASSWORD, book_district
from tests.support.past import Sample, prometheus_with_past

pytestmark = pytest.mark.browser

FAR = 'instance="tan-lap-rt",site="tan-lap"'
NEAR = 'instance="core",site="huyen-bac-quang",ifIndex="3",ifName="sfp3"'
DAY_S = 86_400
STEP_S = 60


def past(now: float) -> Iterator[Sample]:
    """A day of one line: traffic of office hours, a short cut at noon, light that fades."""
    octets = {"ifHCInOctets": 0.0, "ifHCOutOctets": 0.0}
    # It goes on for a quarter of an hour after now, so that "now" is known however slowly all this starts.
    for n in range(DAY_S // STEP_S + 15):
        at = now - DAY_S + n * STEP_S
        share = min(1.0, n * STEP_S / DAY_S)
        hour = (at / 3600 + 7) % 24
        busy = math.exp(-(((hour - 9.5) / 2.2) ** 2)) + 0.8 * math.exp(-(((hour - 15) / 2) ** 2)) + 0.05
        cut = 0.5 < share < 0.512
        yield 'quang:link_down{link="bq-tan-lap"}', at, float(cut)
        yield 'quang:element_down{element="link:bq-tan-lap"}', at, float(cut)
        yield 'quang:element_down{element="device:tan-lap-rt"}', at, float(cut)
        for name, rate in (("ifHCInOctets", 4e5), ("ifHCOutOctets", 2.6e6)):
            octets[name] += 0 if cut else busy * rate * STEP_S * (1 + 0.2 * math.sin(n / 9))
            yield f'{name}{{{NEAR},ifDescr="",ifAlias=""}}', at, octets[name]
        if cut:
            continue
        yield f"quang_icmp_loss_ratio{{{FAR}}}", at, 0.01 if n % 97 == 0 else 0.0
        yield f'probe_icmp_duration_seconds{{{FAR},phase="rtt"}}', at, 0.004 + 0.003 * busy
        yield f"quang_icmp_jitter_seconds{{{FAR}}}", at, 0.0006 + 0.0002 * math.sin(n / 5)
        for port, power in ((f'{FAR},ifIndex="1",ifName="sfp1"', -15.2), (NEAR, -14.3)):
            light = power - 6 * max(0.0, share - 0.3) + 0.05 * math.sin(n / 7)
            yield f'quang_optical_rx_dbm{{{port},lane="0"}}', at, light
            limit = f'quang_optical_threshold_dbm{{{port},direction="rx",source="module"'
            yield f'{limit},level="warn_low"}}', at, -19.0
            yield f'{limit},level="alarm_low"}}', at, -23.0


@pytest.fixture
def api(new_settings: Callable[[], InventorySettings], tmp_path: Path) -> Iterator[Api]:
    settings = new_settings()
    books = open_books(settings)
    book_district(books, calm=True)
    books.engine.dispose()
    with (
        prometheus_with_past(tmp_path, past(time.time())) as url,
        running_api(settings_for(settings, prometheus=PrometheusSettings(url=url))) as running,
    ):
        yield running


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "phone-dark"])
def test_a_link_is_drawn_and_told_in_words(api: Api, size: tuple[int, int], *, dark: bool) -> None:
    with chromium(api.url, size, dark=dark) as window:
        page = window.page
        window.sign_in("kythuat", PASSWORD)
        window.open("/links/bq-tan-lap?range=1d")
        page.wait_for_selector("[data-chart=delay] canvas")
        for name in ("state", "traffic", "optics-a", "optics-b", "loss", "delay"):
            assert page.is_visible(f"[data-chart={name}] canvas")
            assert "hiện tại" in page.inner_text(f"[data-chart={name}] [data-words]")
        assert "đứt 1 lần" in page.inner_text("[data-chart=state] [data-words]")
        label = page.get_attribute("[data-chart=optics-b] [data-canvas]", "aria-label")
        assert label
        assert "thấp nhất" in label
        page.hover("[data-chart=traffic] canvas", position={"x": 200, "y": 80})
        if size == DESKTOP:
            page.evaluate("document.querySelector('#charts').scrollIntoView(); window.scrollBy(0, -70)")
            page.mouse.move(0, 0)
            page.wait_for_timeout(200)
            window.picture("link-vi")
        assert window.overhang <= 0
        assert window.foreign == []
        assert window.complaints == []


def test_a_map_shows_each_place_with_its_state(api: Api) -> None:
    with chromium(api.url) as window:
        page = window.page
        window.sign_in("kythuat", PASSWORD)
        window.open("/sites")
        page.wait_for_selector(".map-pin-ok")
        places = page.locator(".map-pin").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
        assert "Xã Tân Lập: Tốt" in places
        assert len(places) == 9
        page.locator("[aria-label='Xã Tân Lập: Tốt']").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(api.url + "/sites/tan-lap")
        assert window.complaints == []
