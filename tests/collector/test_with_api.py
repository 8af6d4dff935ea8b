"""From rows in the books to pages and reports: the real API, a real SNMP agent, real pings, a real collector."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select

from collector.metrics import UPSTREAM_NAMES
from inventory.access.accounts import Role, Scope
from inventory.books import Books
from inventory.db import reading
from inventory.network.observations import Observation, Transition
from tests.support.accounts import hire
from tests.support.network import community, line, router, site
from tests.support.parts import need, need_root
from tests.support.program import Program, serving, token
from tests.support.snmpd import Snmpd

MAIN = """
import json, sys
from collector.collect import main
from collector.settings import load
sys.exit(main(load(**json.loads(sys.argv[1]))))
"""


@pytest.fixture
def database() -> str:
    """The collector sees no database, so one kind is enough."""
    return "sqlite"


@pytest.fixture
def agent() -> Iterator[Snmpd]:
    with Snmpd(community="xin-chao") as made:
        yield made


@pytest.fixture
def api(books: Books, tmp_path: Path, agent: Snmpd) -> Iterator[Program]:
    """The API on books with a core, whose loopback port stands for a link, and a commune's router behind it."""
    need_root()
    centre, commune = site(books, "trung-tam", kind="district"), site(books, "viet-vinh")
    snmp = community(books, "district", "xin-chao")
    core = router(
        books, "core", centre, address="127.0.0.1", ports={"snmp": agent.port}, snmp_credential_id=snmp.id, is_root=True
    )
    behind = router(books, "vv-r1", commune, address="127.0.10.2")
    line(books, "viet-vinh", core, behind, a_interface="lo", b_interface="", b_kind="ont")
    with serving(books, tmp_path / "home") as found:
        yield found


class Edge:
    """A collector process."""

    def __init__(self, api: Program, books: Books, state: Path) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        bearer = token(books, Scope.COLLECTOR, "main")["Authorization"].removeprefix("Bearer ")
        fds = [self._listening.fileno()]
        given = {"name": "main", "api": api.url, "state": str(state), "listen_fds": fds, "roster_s": 0.5}
        self.process = subprocess.Popen(
            [sys.executable, "-c", MAIN, json.dumps(given)],
            env={**os.environ, "QUANG_COLLECTOR_TOKEN": bearer},
            pass_fds=fds,
        )

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0
        self._listening.close()

    def page(self, path: str) -> str:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return text if response.status == 200 else ""

    def value(self, path: str, name: str, **labels: str) -> float | None:
        for family in text_string_to_metric_families(self.page(path)):
            for sample in family.samples:
                if sample.name.removesuffix("_total") == name and labels.items() <= sample.labels.items():
                    return float(sample.value)
        return None


@pytest.fixture
def edge(api: Program, books: Books, tmp_path: Path) -> Iterator[Edge]:
    made = Edge(api, books, tmp_path / "collector")
    yield made
    made.close()


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def transitions(books: Books) -> set[tuple[str, str]]:
    with reading(books.engine) as session:
        return {(row.element, row.state) for row in session.exec(select(Transition))}


def facts(books: Books) -> set[str]:
    with reading(books.engine) as session:
        return {row.fact for row in session.exec(select(Observation))}


def test_rows_in_the_books_become_pages_that_prometheus_finds_and_states_that_the_books_keep(
    api: Program, books: Books, edge: Edge, agent: Snmpd
) -> None:
    until(lambda: edge.value("/targets/reach/trung-tam", "probe_success", instance="core", probe="icmp") == 1)
    until(lambda: edge.value("/targets/reach/viet-vinh", "probe_success", instance="vv-r1") == 1)
    until(lambda: edge.value("/targets/reach/trung-tam", "ifOperStatus", instance="core", ifName="lo") == 1)
    until(lambda: edge.value("/targets/network/trung-tam", "sysUpTime", instance="core"))
    until(lambda: edge.value("/targets/network/trung-tam", "ifHCInOctets", instance="core", ifName="lo"))
    until(lambda: edge.value("/targets/reach/_graph", "quang_upstream_info", member="device:vv-r1", via="viet-vinh"))
    assert (
        edge.value("/targets/reach/_graph", "quang_link_end_info", link="viet-vinh", instance="core", ifName="lo") == 1
    )

    wanted = {("device:core", "up"), ("device:vv-r1", "up"), ("link:viet-vinh", "up")}
    until(lambda: wanted <= transitions(books))
    until(lambda: facts(books))

    found = api.http.get("/api/v1/discovery/reach", headers=token(books, Scope.SCRAPE)).json()
    paths = {group["labels"]["__metrics_path__"] for group in found}
    assert paths == {"/targets/reach/trung-tam", "/targets/reach/viet-vinh", "/targets/reach/_graph"}
    assert {target for group in found for target in group["targets"]} == {f"127.0.0.1:{edge.port}"}

    for path in (*paths, "/targets/network/trung-tam", "/metrics"):
        done = subprocess.run(
            [need("promtool"), "check", "metrics"], input=edge.page(path).encode(), capture_output=True, check=False
        )
        complaints = (done.stdout + done.stderr).decode().splitlines()
        assert {line.split(" ", 1)[0] for line in complaints} <= UPSTREAM_NAMES, path

    agent.stop()
    until(lambda: edge.value("/targets/reach/trung-tam", "quang_probe_failure_info", probe="snmp_link") == 1)
    assert edge.value("/targets/reach/trung-tam", "ifOperStatus", instance="core") is None
    assert "xin-chao" not in edge.page("/targets/reach/trung-tam") + edge.page("/metrics")


def test_what_a_person_wants_to_know_now_is_found_out_by_the_collector(
    api: Program, books: Books, edge: Edge, agent: Snmpd
) -> None:
    until(lambda: edge.value("/targets/reach/trung-tam", "probe_success", instance="core", probe="icmp") == 1)
    until(lambda: "main" in api.house.errands.listening())
    person = hire(books, Role.IT_STAFF)
    signed = api.http.post("/api/v1/session", json={"username": person.username, "password": person.password})
    headers = {"X-CSRF-Token": signed.json()["csrf"], "HX-Request": "true", "Accept-Language": "en"}
    found = api.http.post("/checks/devices/core", headers=headers)
    assert "agent.example" in found.text
    assert "xin-chao" not in found.text

    page = edge.page("/probe?target=core&module=snmp_system")
    assert 'probe_success{instance="core",probe="snmp_system",site="trung-tam"} 1.0' in page
    assert 'sysUpTime{instance="core",site="trung-tam"}' in page
    assert edge.page("/probe?target=core&module=http") == ""

    edge.process.send_signal(signal.SIGSTOP)
    try:
        silent = api.http.post("/checks/devices/vv-r1", headers=headers)
    finally:
        edge.process.send_signal(signal.SIGCONT)
    assert "The collector main did not answer in time" in silent.text
