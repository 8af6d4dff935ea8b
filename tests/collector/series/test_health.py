import asyncio
from pathlib import Path
from types import SimpleNamespace

from collector.polling.poller import Poller
from collector.probe import Probe, Result
from collector.series.exposition import own_series, render
from collector.series.health import own_version, samples
from collector.series.results import Results
from collector.target import Credential, Target
from collector.traps.listener import Traps
from collector.upstream.client import Client, Held
from collector.upstream.delivery import Delivery
from collector.upstream.roster import Holding
from collector.upstream.spool import Spool


async def never(probe: Probe, target: Target, credential: Credential | None) -> Result:
    raise AssertionError("nothing is polled here")


def page(tmp_path: Path, act: object = None) -> str:
    async def go() -> str:
        async with Client("http://127.0.0.1:1", "edge", lambda: ("t",)) as client:
            spool = Spool(tmp_path / "spool.db")
            parts = SimpleNamespace(
                holding=Holding(None, 0, 1),
                poller=Poller(never, lambda *_: None, 1, 1),
                results=Results(),
                delivery=Delivery(spool, client),
                refused_targets=3,
                traps=None,
            )
            if callable(act):
                act(parts)
            text = b"".join(render([own_series(samples(parts, 0.0))])).decode()
            spool.close()
            return text

    return asyncio.run(go())


def test_a_collector_that_has_just_started_has_a_whole_page(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert f'quang_build_info{{version="{own_version()}"}} 1.0' in text
    assert "quang_collector_targets_refused 3.0" in text
    assert "quang_collector_api_up 0.0" in text
    assert "quang_collector_roster_age_seconds" not in text
    assert "quang_collector_spool_rows 0.0" in text


def test_what_was_skipped_refused_and_doubled_is_counted(tmp_path: Path) -> None:
    def act(parts: SimpleNamespace) -> None:
        parts.poller.polls["icmp", "success"] = 5
        parts.poller.skipped["icmp", "running"] = 2
        parts.results.refused["icmp"] = 7
        parts.results.duplicates["snmp_interfaces"] = 1
        parts.poller.lateness.add(0.0, 0.25)
        parts.holding.leased(Held({"vinh-tuy": 1e12}, 10))

    text = page(tmp_path, act)
    assert 'quang_collector_polls_total{outcome="success",probe="icmp"} 5.0' in text
    assert 'quang_collector_polls_skipped_total{cause="running",probe="icmp"} 2.0' in text
    assert 'quang_collector_samples_refused_total{probe="icmp"} 7.0' in text
    assert 'quang_collector_duplicate_series_total{probe="snmp_interfaces"} 1.0' in text
    assert 'quang_collector_schedule_lateness_seconds{percentile="99"} 0.25' in text
    assert "quang_collector_api_up 1.0" in text
    assert "quang_collector_sites 1.0" in text


def test_traps_are_counted_where_they_are_taken(tmp_path: Path) -> None:
    def act(parts: SimpleNamespace) -> None:
        parts.traps = Traps("edge", lambda _: None)
        parts.traps.taken["v2c", "link_down"] = 4
        parts.traps.dropped["source_rate"] = 9
        parts.traps.polls["held"] = 3

    text = page(tmp_path, act)
    assert "quang_trap_listening 0.0" in text
    assert 'quang_trap_taken_total{kind="link_down",version="v2c"} 4.0' in text
    assert 'quang_trap_dropped_total{reason="source_rate"} 9.0' in text
    assert 'quang_trap_polls_total{outcome="held"} 3.0' in text
    assert "quang_trap" not in page(tmp_path)


def test_targets_that_cannot_be_asked_count_with_those_that_are_not_understood(tmp_path: Path) -> None:
    def act(parts: SimpleNamespace) -> None:
        parts.results.left_out = 4

    assert "quang_collector_targets_refused 7.0" in page(tmp_path, act)
