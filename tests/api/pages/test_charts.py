"""Charts: what Prometheus holds, told in numbers and in words, and what is said when it holds nothing."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.settings import PrometheusSettings
from inventory.access.rights import SYSTEM
from inventory.nouns import NOUNS
from inventory.register import get
from inventory.settings import Settings as InventorySettings
from tests.api.pages.conftest import Reader, browser_of, on_district
from tests.support.api import Api
from tests.support.past import Sample, prometheus_with_past

RX = 'quang_optical_rx_dbm{instance="vinh-tuy-rt",site="vinh-tuy",ifIndex="1",ifName="sfp1",lane="0"}'
LIMIT = (
    'quang_optical_threshold_dbm{instance="vinh-tuy-rt",site="vinh-tuy",ifIndex="1",ifName="sfp1",'
    'direction="rx",level="warn_low",source="module"}'
)
OUT = 'ifHCOutOctets{instance="core",site="huyen-bac-quang",ifIndex="2",ifName="sfp2",ifDescr="",ifAlias=""}'


def past(now: float) -> Iterator[Sample]:
    # It goes on for ten minutes after now, as it was last, so that "now" is known however slowly all this starts.
    for n in range(140):
        at = now - 30 * (119 - n)
        cut = 60 <= n < 64
        yield 'quang:link_down{link="bq-vinh-tuy"}', at, float(cut)
        yield 'quang:element_down{element="link:bq-vinh-tuy"}', at, float(cut)
        yield 'quang:element_down{element="device:vinh-tuy-rt"}', at, 0.0
        yield 'quang_icmp_loss_ratio{instance="vinh-tuy-rt",site="vinh-tuy"}', at, 0.5 if cut else 0.0
        yield RX, at, -16.0 - min(n, 119) / 100
        yield LIMIT, at, -23.0
        # Once, the counter goes on from another value, as after a restart; the port carries 1 Gbit/s.
        yield OUT, at, 30 * n * 1_250_000.0 + (4e12 if n > 80 else 0)
        yield OUT.replace("ifHCOutOctets", "ifHighSpeed"), at, 1000.0


@pytest.fixture
def measured(new_settings: Callable[[], InventorySettings], tmp_path: Path) -> Iterator[Api]:
    with prometheus_with_past(tmp_path, past(time.time())) as url:
        settings = new_settings()
        with on_district(settings, calm=True, prometheus=PrometheusSettings(url=url)) as (api, _):
            yield api


def charts(api: Api, path: str, language: str = "en") -> dict[str, Any]:
    answer = browser_of(api, "it_staff", language).get(path)
    assert answer.status_code == 200
    body = answer.json()
    assert body["problem"] is None
    return {chart["name"]: chart for chart in body["charts"]}


def test_a_link_shows_its_cut_its_traffic_and_its_light(measured: Api) -> None:
    found = charts(measured, "/charts/links/bq-vinh-tuy.json?range=1h")
    assert found["state"]["words"] == ["Line: now up; cut 1 times in this time."]
    assert found["traffic"]["words"][0].startswith("To the site: now 10 Mbit/s")
    assert max(value for _, value in found["traffic"]["series"][0]["points"]) < 11e6
    light = found["optics-b"]
    assert light["series"][0]["points"][-1][1] == pytest.approx(-17.19, abs=0.02)
    assert [mark["text"] for mark in light["marks"]] == ["Warning limit: −23.0 dBm", "Accepted level: −15.1 dBm"]


def test_what_is_not_measured_is_said_in_words_instead_of_an_empty_chart(measured: Api) -> None:
    found = charts(measured, "/charts/links/bq-vinh-tuy.json?range=1h", "vi")
    assert found["optics-a"]["series"] == []
    assert found["optics-a"]["words"][0].startswith("Đầu này không báo công suất quang")


def test_the_times_of_a_chart_are_those_of_the_district_wherever_the_browser_is(measured: Api) -> None:
    found = charts(measured, "/charts/links/bq-vinh-tuy.json?range=1h")
    assert {chart["zone"] for chart in found.values()} == {"Asia/Ho_Chi_Minh"}


def test_a_cut_of_two_minutes_still_shows_in_a_month(measured: Api) -> None:
    found = charts(measured, "/charts/links/bq-vinh-tuy.json?range=30d")
    assert found["state"]["words"] == ["Line: now down; cut 1 times in this time."]


@pytest.mark.parametrize("span", ["1h", "6h", "1d", "7d", "30d", "forever", "1e9"])
def test_no_time_that_is_asked_for_gives_more_than_a_bounded_number_of_points(measured: Api, span: str) -> None:
    found = charts(measured, f"/charts/links/bq-vinh-tuy.json?range={span}")
    assert all(len(series["points"]) <= 361 for chart in found.values() for series in chart["series"])


def test_states_of_the_lists_come_from_the_measurements(measured: Api) -> None:
    text = browser_of(measured, "it_staff", "en").get("/links?state=ok").text
    assert "bq-vinh-tuy" in text
    assert "bq-tan-lap" not in text


def test_the_light_of_now_is_accepted_as_what_the_link_should_have(measured: Api) -> None:
    client = browser_of(measured, "it_staff", "en")
    answer = client.post("/links/bq-vinh-tuy/baseline", data={"version": "1"})
    assert answer.headers["Location"] == "/links/bq-vinh-tuy?done=baseline"
    link = get(measured.books, SYSTEM, NOUNS["links"], "bq-vinh-tuy").model_dump()
    assert link["b_baseline_rx_dbm"] == pytest.approx(-17.1, abs=0.1)
    assert link["a_baseline_rx_dbm"] == -14.2
    stale = client.post("/links/bq-vinh-tuy/baseline", data={"version": "1"})
    assert stale.status_code == 412


def test_a_link_without_light_has_nothing_to_accept(measured: Api) -> None:
    answer = browser_of(measured, "it_staff", "en").post("/links/bq-tan-lap/baseline", data={"version": "1"})
    assert answer.status_code == 409
    assert "Neither end of the link has reported its optical power" in answer.text


def test_while_prometheus_is_down_the_charts_say_so_and_the_pages_stay(reader: Reader) -> None:
    client = reader("it_staff", "vi")
    body = client.get("/charts/links/bq-vinh-tuy.json").json()
    assert body["charts"] == []
    assert body["problem"].startswith("Prometheus không trả lời")
    assert client.get("/links/bq-vinh-tuy").status_code == 200
    assert "hiện chưa rõ tình trạng các cổng" in client.get("/devices/core").text
    assert client.post("/links/bq-vinh-tuy/baseline", data={"version": "1"}).status_code == 503
