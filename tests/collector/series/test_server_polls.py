import math

import pytest

from collector.polling.on_demand import Polled
from collector.series.exposition import CONTENT_TYPE
from tests.support.page_server import Source, ask


def test_one_target_is_polled_when_it_is_asked_for() -> None:
    [(status, headers, body)] = ask(("GET", "/probe?module=icmp&target=r1"))
    assert (status, headers["content-type"]) == (200, CONTENT_TYPE)
    assert b"quang_collector_sites 7.0\n" in body


@pytest.mark.parametrize(("path", "module"), [("/probe", "http_2xx"), ("/snmp", "if_mib")])
def test_where_no_module_is_named_the_one_is_meant_that_exporters_mean(path: str, module: str) -> None:
    asked: list[tuple[str, str]] = []

    class Noting(Source):
        async def probe_page(self, instance: str, kind: str, within_s: float) -> Polled | None:  # noqa: ARG002
            asked.append((instance, kind))
            return Polled((), None)

    assert ask(("GET", f"{path}?target=r1&auth=public_v2"), source=Noting())[0][0] == 200
    assert asked == [("r1", module)]


def test_a_poll_that_failed_has_a_page_of_its_own_but_none_where_up_has_to_tell_of_it() -> None:
    [(probe, _, page), (snmp, headers, words)] = ask(
        ("GET", "/probe?target=r1&module=dead"), ("GET", "/snmp?target=r1&module=dead")
    )
    assert (probe, snmp) == (200, 500)
    assert page.startswith(b"# HELP")
    assert words == b"the poll failed: snmp_no_answer\n"
    assert headers["content-type"].startswith("text/plain; charset")


@pytest.mark.parametrize(
    ("said", "within_s"),
    [
        ("10", 9.5),
        ("0.6", 0.3),
        ("0", math.inf),
        ("-1", math.inf),
        ("nan", math.inf),
        ("soon", math.inf),
        ("", math.inf),
    ],
)
def test_a_poll_ends_before_prometheus_stops_to_wait_for_it(said: str, within_s: float) -> None:
    source = Source()
    head = {"X-Prometheus-Scrape-Timeout-Seconds": said}
    assert ask(("GET", "/probe?target=r1&module=icmp"), source=source, headers=head)[0][0] == 200
    assert source.within_s == pytest.approx(within_s)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?target=r1&module=http", 404),
        ("?target=r2&module=icmp", 404),
        ("?target=r1&module=busy", 503),
        ("?target=r1", 404),
        ("?module=icmp", 400),
        ("?target=&module=", 400),
        ("?target", 400),
        ("?target=r1&module=icmp&module=icmp", 400),
        ("?a=1&b=2&c=3&d=4&target=r1&module=icmp", 400),
        ("", 400),
    ],
)
def test_a_poll_out_of_turn_that_cannot_be_is_refused_with_its_reason(query: str, status: int) -> None:
    [(found, _, body)] = ask(("GET", f"/probe{query}"))
    assert found == status
    assert body.endswith(b"\n")
