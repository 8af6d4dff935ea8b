"""A collector whose API is away and whose disk others have filled: it polls on, and people are told what is lost."""

import json
import os
import re
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from alerts.prometheus import render_rules
from tests.support.api_peer import ApiPeer
from tests.support.disks import fill, small_disk
from tests.support.monitoring import prometheus, until
from tests.support.parts import free_port
from tests.support.standing import MAIN

pytestmark = pytest.mark.root

SERVICES = 40
SPOOLED = "quang_collector_spool_dropped_total + quang_collector_spool_rows"
POLLED = 'sum(rate(quang_collector_polls_total{probe="tcp", outcome="success"}[5s]))'
LOST = 'ALERTS{alertname="ReportsLost", alertstate="firing"}'


@pytest.fixture
def api() -> Iterator[ApiPeer]:
    with closing(ApiPeer()) as made:
        made.sites = ["vinh-tuy"]
        yield made


@contextmanager
def collecting(api: ApiPeer, state: Path, listening: socket.socket, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a collector and kill it at the end, as a power cut does."""
    given: dict[str, Any] = {
        "name": "edge", "api": api.url, "state": str(state), "roster_s": 0.3, "listen_fds": [listening.fileno()],
    }  # fmt: skip
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, json.dumps(given), os.devnull],
            env={**os.environ, "QUANG_COLLECTOR_TOKEN": "first-token"},
            pass_fds=given["listen_fds"],
            stderr=out,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(60)


@contextmanager
def watching(folder: Path, collector: int) -> Iterator[str]:
    """Run a Prometheus that reads the collector's own page, with our rules, each second."""
    (folder / "rules.yml").write_text(re.sub(r"(interval: )\d+s", r"\g<1>1s", render_rules()), encoding="utf-8")
    config = folder / "prometheus.yml"
    job = {
        "job_name": "collector", "honor_labels": True,
        "static_configs": [{"targets": [f"127.0.0.1:{collector}"], "labels": {"instance": "edge"}}],
    }  # fmt: skip
    document = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(folder / "rules.yml")],
        "scrape_configs": [job],
    }
    config.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    with prometheus(config, folder, free_port()) as url:
        yield url


def test_what_finds_no_room_on_disk_is_told_and_the_newest_arrive_once_the_api_is_back(
    api: ApiPeer, tmp_path: Path
) -> None:
    def ask(query: str) -> float:
        answer = httpx.get(f"{url}/api/v1/query", params={"query": query}, timeout=60)
        found = answer.raise_for_status().json()["data"]["result"]
        return float(found[0]["value"][1]) if found else 0.0

    def told(state: str) -> int:
        return sum(report["state"] == state for report in api.reports)

    with (
        small_disk(tmp_path / "disk") as disk,
        socket.create_server(("127.0.0.1", 0)) as listening,
        watching(tmp_path, listening.getsockname()[1]) as url,
    ):
        # Not one that the kernel may give to somebody else's connection while the door is closed.
        port = free_port()
        api.roster["targets"] = [_service(f"portal-{number}", port) for number in range(SERVICES)]
        log = tmp_path / "collector.log"
        with collecting(api, disk / "state", listening, log) as process:
            with _door(port):
                until(lambda: told("up") == SERVICES, seconds=60, name="all services up")
                until(lambda: ask("quang_collector_spool_dropped_total == bool 0"), seconds=60, name="nothing lost")
                api.status = 503
            until(lambda: ask(f"quang_collector_spool_rows == bool {SERVICES}"), seconds=60, name="reports that wait")
            fill(disk)
            with _door(port):
                until(lambda: ask("quang_collector_spool_dropped_total") > 0, seconds=60, name="no room")
                until(lambda: ask(LOST), seconds=60, name="the alert")
                until(lambda: ask(POLLED) > 0, seconds=60, name="polls that go on")
                until(lambda: ask(SPOOLED) == 2 * SERVICES, seconds=60, name="every report counted")
                lost = ask("quang_collector_spool_dropped_total")
                assert 0 < lost < 2 * SERVICES
                os.kill(process.pid, signal.SIGKILL)
        (disk / "filler").unlink()
        api.status = None
        with collecting(api, disk / "state", listening, log):
            # The newest are what has found room; behind them comes what the new process finds: all is down again.
            kept = round(2 * SERVICES - lost)
            until(lambda: len(api.reports) == SERVICES + kept + SERVICES, seconds=60, name=f"all but {lost} reports")
            assert told("up") == SERVICES + min(kept, SERVICES)
        assert "first-token" not in log.read_text("utf-8")


class _Door(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1_000


@contextmanager
def _door(port: int) -> Iterator[None]:
    """Take connections at a port, and let go of each at once: what only waits in a backlog is full one day."""
    with _Door(("127.0.0.1", port), socketserver.BaseRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _service(name: str, port: int) -> dict[str, Any]:
    settings = {"host": "127.0.0.1", "port": port}
    return {"instance": name, "site": "vinh-tuy", "probe": "tcp", "interval_s": 1, "timeout_s": 1, "settings": settings}
