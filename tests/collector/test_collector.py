"""One collector process against a real API peer, real targets and a real scraper's requests."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from collector import collector as module
from collector.collector import Collector
from collector.probe import Probe, Result, run
from collector.series.server import listener
from collector.settings import load
from collector.target import Credential, Target
from tests.support import notifier
from tests.support.api_peer import ApiPeer
from tests.support.parts import free_port
from tests.support.tcp_probe import PROBES, listen


class Running:
    """A collector in a thread of its own."""

    def __init__(self, state: Path, api: str, **given: Any) -> None:
        values: dict[str, Any] = {"token": "first-token", "name": "edge", "roster_s": 0.3, **given}
        self.settings = load(environ={}, state=state, api=api, **values)
        self.sock = listener("127.0.0.1", 0)
        self.port = self.sock.getsockname()[1]
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        assert self._ready.wait(60)

    async def _run(self) -> None:
        async def ask(probe: Probe, target: Target, credential: Credential | None) -> Result:
            return await run(probe, target, credential, None)  # type: ignore[arg-type]

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.collector = Collector(self.settings, 0, PROBES, ask)
        self._ready.set()
        await self.collector.run(self.sock, f"http://127.0.0.1:{self.port}", self._stop)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)
        assert not self._thread.is_alive()

    def page(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer

    def value(self, name: str, path: str = "/metrics", **labels: str) -> float | None:
        status, text = self.page(path)
        if status != 200:
            return None
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return float(sample.value)
        return None


@contextmanager
def running(state: Path, api: str, **given: Any) -> Iterator[Running]:
    made = Running(state, api, **given)
    try:
        yield made
    finally:
        made.stop()


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def target(instance: str, port: int, site: str = "vinh-tuy", probe: str = "icmp", **more: Any) -> dict[str, Any]:
    row = {"instance": instance, "site": site, "probe": probe, "address": "127.0.0.1", "interval_s": 1, "timeout_s": 60}
    return {**row, "settings": {"port": port}, **more}


GRAPH = {
    "nodes": [{"name": "core", "site": "centre"}, {"name": "r1", "site": "vinh-tuy"}],
    "links": [{"name": "la", "ends": [{"device": "core", "interface": "ge0"}, {"device": "r1", "interface": "sfp1"}]}],
    "roots": ["core"],
}

REACH = "/targets/reach/vinh-tuy"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.polling.schedule.FIRST_S", 0.2)
    monkeypatch.setattr(module, "RETRY_S", 0.2)
    monkeypatch.setattr(module, "TICK_S", 0.2)


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with listen() as made:
        yield made


@pytest.fixture
def api(door: socket.socket) -> Iterator[ApiPeer]:
    made = ApiPeer()
    made.sites = ["vinh-tuy"]
    made.roster |= {"targets": [target("r1", door.getsockname()[1])], "graph": GRAPH}
    yield made
    made.close()


def test_from_roster_to_page_and_report(api: ApiPeer, door: socket.socket, tmp_path: Path) -> None:
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH, instance="r1") == 1)
        until(lambda: [report["state"] for report in api.reports] == ["up"])
        door.close()
        until(lambda: edge.value("probe_success", REACH, instance="r1") == 0)
        assert edge.value("quang_probe_failure_info", REACH, instance="r1", reason="connect") == 1
        assert edge.value("probe_http_status_code", REACH) is None
        until(lambda: [report["state"] for report in api.reports] == ["up", "down"])
        down = api.reports[-1]
        assert (down["element"], down["reason"], down["site"]) == ("device:r1", "connect", "vinh-tuy")
        assert edge.value("quang_upstream_info", "/targets/reach/_graph", member="device:r1", element="link:la") == 1
        assert edge.value("quang_link_end_info", "/targets/reach/_graph", link="la", instance="r1", ifName="sfp1") == 1
        assert edge.value("quang_collector_targets", probe="icmp") == 1
        assert edge.value("quang_collector_sites") == 1
        until(lambda: edge.value("quang_collector_api_up") == 1)


def test_only_leased_sites_are_polled_and_exposed(api: ApiPeer, door: socket.socket, tmp_path: Path) -> None:
    port = door.getsockname()[1]
    api.roster["targets"].append(target("r2", port, "hung-an"))
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        assert edge.page("/targets/reach/hung-an")[0] == 404
        api.sites = ["hung-an"]
        until(lambda: edge.value("probe_success", "/targets/reach/hung-an") == 1)
        assert edge.page(REACH)[0] == 404
        assert edge.value("quang_collector_targets", probe="icmp") == 1


def test_a_leased_site_without_targets_of_a_job_has_an_empty_page(api: ApiPeer, tmp_path: Path) -> None:
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        assert edge.page("/targets/services/vinh-tuy") == (200, "")
        assert edge.page("/targets/nonsense/vinh-tuy")[0] == 404


def test_polling_goes_on_while_the_api_is_away_and_reports_follow(
    api: ApiPeer, door: socket.socket, tmp_path: Path
) -> None:
    api.lease_s = 1.5
    with running(tmp_path, api.url) as edge:
        until(lambda: len(api.reports) == 1)
        api.status = 503
        until(lambda: edge.value("quang_collector_api_up") == 0)
        time.sleep(1.6)
        door.close()
        until(lambda: edge.value("probe_success", REACH, instance="r1") == 0)
        until(lambda: edge.value("quang_collector_spool_rows") == 1)
        api.status = None
        until(lambda: [report["state"] for report in api.reports] == ["up", "down"])
        until(lambda: edge.value("quang_collector_api_up") == 1)


def test_a_start_while_the_api_is_away_polls_what_was_held_last(
    api: ApiPeer, door: socket.socket, tmp_path: Path
) -> None:
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        until((tmp_path / "roster").exists)
    api.close()
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        assert edge.value("quang_upstream_info", "/targets/reach/_graph", member="device:r1") == 1
        assert (edge.value("quang_collector_roster_age_seconds") or 0) < 60


def test_a_refused_collector_goes_blind_when_its_leases_end(api: ApiPeer, tmp_path: Path) -> None:
    api.lease_s = 2
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        api.tokens = {"another"}
        until(lambda: edge.page(REACH)[0] == 404)
        until(lambda: edge.value("quang_collector_sites") == 0)


def test_a_roster_with_one_wrong_target_is_used_for_the_others(
    api: ApiPeer, door: socket.socket, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = door.getsockname()[1]
    api.roster["targets"] += [target("r2", port, interval_s=0), target("r3", port, settings={"prot": 1})]
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH, instance="r1") == 1)
        until(lambda: edge.value("quang_probe_failure_info", REACH, instance="r3", reason="settings") == 1)
        assert edge.value("quang_collector_targets_refused") == 2
    assert sum("r2/icmp is not understood" in message for message in caplog.messages) == 1


def test_a_garbled_roster_changes_nothing(api: ApiPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        api.raw_roster = b'{"scope": '
        until(lambda: "no new roster" in caplog.text)
        time.sleep(0.5)
        assert edge.value("probe_success", REACH) == 1
    assert sum("no new roster" in message for message in caplog.messages) == 1


def test_a_roster_that_cannot_be_written_to_disk_is_used_and_said_once(
    api: ApiPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "roster.new").mkdir()
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        asked = api.count("/roster")
        until(lambda: api.count("/roster") > asked + 2)
    assert sum("cannot be written to disk" in message for message in caplog.messages) == 1


def test_a_new_roster_withdraws_what_it_no_longer_names(api: ApiPeer, door: socket.socket, tmp_path: Path) -> None:
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH, instance="r1") == 1)
        api.roster["targets"] = [target("r9", door.getsockname()[1])]
        until(lambda: edge.value("probe_success", REACH, instance="r9") == 1)
        assert edge.value("probe_success", REACH, instance="r1") is None


def test_no_secret_is_on_disk_on_a_page_or_in_the_log(
    api: ApiPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    api.roster["credentials"] = {"ro": {"kind": "snmp_v2c", "community": "plantedsecret"}}
    with running(tmp_path, api.url) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        until((tmp_path / "roster").exists)
        pages = edge.page("/metrics")[1] + edge.page(REACH)[1]
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for secret in ("plantedsecret", "first-token"):
        assert secret not in pages + caplog.text
        assert secret.encode() not in files


def test_tokens_are_changed_without_a_restart(api: ApiPeer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first-token")
    (tmp_path / "state").mkdir()
    with running(tmp_path / "state", api.url, token=None, token_file=file) as edge:
        until(lambda: edge.value("probe_success", REACH) == 1)
        file.write_text("second-token\nfirst-token\n")
        time.sleep(0.5)
        api.tokens = {"second-token"}
        calls = api.count("/roster")
        until(lambda: api.count("/roster") > calls + 1)
        until(lambda: edge.value("quang_collector_api_up") == 1)


def test_a_trap_has_its_device_polled_at_once_and_is_counted(tmp_path: Path, api: ApiPeer, door: socket.socket) -> None:
    seldom = target("r1", door.getsockname()[1], interval_s=3_600, credential="snmp")
    public = {"snmp": {"kind": "snmp_v2c", "community": "public"}}
    api.roster = {"scope": "main", "collector": "edge", "targets": [seldom], "credentials": public}
    port = free_port(socket.SOCK_DGRAM)
    with running(tmp_path, api.url, traps=f"127.0.0.1:{port}") as edge:
        until(lambda: edge.value("quang_collector_polls_total", probe="icmp", outcome="success") == 1)
        until(lambda: notifier.send(port, notifier.v2c(), inform=True))
        until(lambda: edge.value("quang_collector_polls_total", probe="icmp", outcome="success") == 2)
        assert edge.value("quang_trap_listening") == 1
        assert edge.value("quang_trap_taken_total", version="v2c", kind="link_down") >= 1
        assert edge.value("quang_trap_polls_total", outcome="polled") == 1


def test_a_collector_that_is_not_told_to_takes_no_traps(tmp_path: Path, api: ApiPeer) -> None:
    with running(tmp_path, api.url) as edge:
        assert until(lambda: edge.value("quang_build_info")) == 1
        assert edge.value("quang_trap_listening") is None
