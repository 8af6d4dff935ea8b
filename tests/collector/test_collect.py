"""The collector as processes: signals, sockets handed in, several workers, kill -9."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import httpx
import pytest

from collector.polling.shard import worker_of
from tests.support.api_peer import ApiPeer
from tests.support.monitoring import prometheus
from tests.support.parts import free_port
from tests.support.tcp_probe import listen

MAIN = """
import json, logging, sys
from collector.collect import main
from collector.settings import load
logging.basicConfig(level="INFO", format="%(process)d %(name)s %(message)s")
sys.exit(main(load(**json.loads(sys.argv[1]))))
"""


@contextmanager
def collecting(*, fds: tuple[int, ...] = (), **given: Any) -> Iterator["subprocess.Popen[str]"]:
    values = {"name": "edge", "roster_s": 0.3, "listen_fds": fds or None, **given}
    started = subprocess.Popen(
        [sys.executable, "-c", MAIN, json.dumps(values, default=str)],
        env={**os.environ, "QUANG_COLLECTOR_TOKEN": "first-token"},
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=fds,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate(timeout=60)


def page(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def target(instance: str, port: int, site: str = "vinh-tuy") -> dict[str, Any]:
    url = {"host": "127.0.0.1", "port": port}
    return {"instance": instance, "site": site, "probe": "tcp", "interval_s": 1, "timeout_s": 60, "settings": url}


@pytest.fixture
def api() -> Iterator[ApiPeer]:
    made = ApiPeer()
    made.sites = ["vinh-tuy"]
    yield made
    made.close()


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with listen() as made:
        yield made


@pytest.fixture
def inherited() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


SERVICES = "/targets/services/vinh-tuy"


def test_it_polls_exposes_and_ends_in_order_on_sigterm(
    api: ApiPeer, door: socket.socket, inherited: socket.socket, tmp_path: Path
) -> None:
    api.roster["targets"] = [target("portal", door.getsockname()[1])]
    port = inherited.getsockname()[1]
    with collecting(fds=(inherited.fileno(),), api=api.url, state=tmp_path) as process:
        until(lambda: 'probe_success{instance="portal"' in page(port, SERVICES)[1])
        until(lambda: api.reports)
        lease = next(body for _, path, body in api.bodies if path.endswith("/lease"))
        assert lease["url"] == f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=60)[1]
        assert process.returncode == 0
        assert "Traceback" not in log
        assert "first-token" not in log


def test_kill_9_and_a_new_start_go_on_with_what_was_held(
    api: ApiPeer, door: socket.socket, inherited: socket.socket, tmp_path: Path
) -> None:
    api.roster["targets"] = [target("portal", door.getsockname()[1])]
    port = inherited.getsockname()[1]
    with collecting(fds=(inherited.fileno(),), api=api.url, state=tmp_path) as process:
        until(lambda: "probe_success" in page(port, SERVICES)[1])
        until((tmp_path / "roster").exists)
        process.kill()
        process.wait(60)
    api.status = 503
    with collecting(fds=(inherited.fileno(),), api=api.url, state=tmp_path):
        until(lambda: 'probe_success{instance="portal",probe="tcp",site="vinh-tuy"} 1' in page(port, SERVICES)[1])
        api.status = None
        until(lambda: any(report["element"] == "service:portal" for report in api.reports))


def test_two_collectors_do_not_share_a_state_folder(api: ApiPeer, inherited: socket.socket, tmp_path: Path) -> None:
    with collecting(fds=(inherited.fileno(),), api=api.url, state=tmp_path):
        until(lambda: page(inherited.getsockname()[1], "/metrics")[0] == 200)
        with collecting(api=api.url, state=tmp_path, listen="127.0.0.1:0") as second:
            assert "another collector works" in second.communicate(timeout=60)[1]
            assert second.returncode == 1


def test_a_taken_address_ends_the_start_with_a_reason(api: ApiPeer, inherited: socket.socket, tmp_path: Path) -> None:
    taken = f"127.0.0.1:{inherited.getsockname()[1]}"
    with collecting(api=api.url, state=tmp_path, listen=taken) as process:
        assert "in use" in process.communicate(timeout=60)[1]
        assert process.returncode == 1


def test_workers_share_the_sites_each_on_its_own_port_and_a_killed_one_comes_back(
    api: ApiPeer, door: socket.socket, tmp_path: Path
) -> None:
    sites = [f"s{number}" for number in range(8)]
    api.sites = sites
    api.roster["targets"] = [target(f"portal-{site}", door.getsockname()[1], site) for site in sites]
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [each.getsockname()[1] for each in sockets]
    fds = tuple(each.fileno() for each in sockets)
    with collecting(fds=fds, api=api.url, state=tmp_path, workers=2) as process:
        for site in sites:
            owner = worker_of(site, 2)
            until(lambda s=site, o=owner: "probe_success" in page(ports[o], f"/targets/services/{s}")[1])
            assert page(ports[1 - owner], f"/targets/services/{site}")[0] == 404
        until(lambda: len(api.reports) == 8)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 2
        os.kill(int(children[0]), signal.SIGKILL)
        until(lambda: all("probe_success" in page(ports[worker_of(s, 2)], f"/targets/services/{s}")[1] for s in sites))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
    for each in sockets:
        each.close()


def test_workers_end_when_their_parent_is_killed(api: ApiPeer, tmp_path: Path) -> None:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    fds = tuple(each.fileno() for each in sockets)
    with collecting(fds=fds, api=api.url, state=tmp_path, workers=2) as process:
        until(lambda: all(page(each.getsockname()[1], "/metrics")[0] == 200 for each in sockets))
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    for each in sockets:
        each.close()


PROMETHEUS = """
global: {{scrape_interval: 1s, scrape_timeout: 900ms}}
scrape_configs:
- job_name: services
  honor_labels: true
  metrics_path: /targets/services/vinh-tuy
  static_configs: [{{targets: ["127.0.0.1:{port}"], labels: {{instance: edge/services/vinh-tuy}}}}]
- job_name: gone
  metrics_path: /targets/services/elsewhere
  static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
- job_name: collector
  static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def test_a_real_prometheus_reads_the_pages_each_second(
    api: ApiPeer, door: socket.socket, inherited: socket.socket, tmp_path: Path
) -> None:
    api.roster["targets"] = [target("portal", door.getsockname()[1])]
    config = tmp_path / "prometheus.yml"
    config.write_text(PROMETHEUS.format(port=inherited.getsockname()[1]))

    def ask(url: str, query: str) -> dict[str, float]:
        found = httpx.get(f"{url}/api/v1/query", params={"query": query}, timeout=20).json()["data"]["result"]
        return {row["metric"].get("instance", row["metric"].get("job", "")): float(row["value"][1]) for row in found}

    with (
        collecting(fds=(inherited.fileno(),), api=api.url, state=tmp_path / "state"),
        prometheus(config, tmp_path, free_port()) as url,
    ):
        until(lambda: ask(url, 'probe_success{site="vinh-tuy"}') == {"portal": 1.0})
        until(lambda: ask(url, "quang_collector_sites") != {})
        until(lambda: ask(url, 'min by (job) (min_over_time(up{job!="gone"}[5s]))') == {"services": 1, "collector": 1})
        until(lambda: ask(url, 'up{job="gone"} == 0') != {})
        counted = 'sum by (job) (sum_over_time(up{job="services"}[5s]))'
        until(lambda: ask(url, counted).get("services", 0) >= 4)
