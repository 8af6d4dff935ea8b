"""The rendered files in real programs: a page changes, and the news arrives where it should."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from alerts.alertmanager import AlertmanagerPlan, render_alertmanager
from alerts.prometheus import PrometheusPlan, render_prometheus
from alerts.rules import RULES
from tests.support.listener import Listener, listening
from tests.support.monitoring import alertmanager, prometheus, until
from tests.support.parts import free_port

GRAPH = """\
quang_upstream_info{member="device:r1",via="bq-tq",element="link:bq-tq"} 1
quang_upstream_info{member="device:r1",via="bq-tq",element="device:core"} 1
quang_upstream_info{member="link:bq-tq",via="core",element="device:core"} 1
quang_link_end_info{link="bq-tq",instance="core",ifName="sfp1"} 1
"""


def page(*, oper: int, far: int) -> str:
    """Return what the collector would say: the core's end of the link, and whether the far router answers."""
    port = 'instance="core",site="c",ifIndex="1",ifName="sfp1",ifDescr="",ifAlias=""'
    return (
        f"ifOperStatus{{{port}}} {oper}\nifAdminStatus{{{port}}} 1\n"
        'probe_success{instance="core",site="c",probe="icmp"} 1\n'
        f'probe_success{{instance="r1",site="tq",probe="icmp"}} {far}\n'
    )


UP, CUT = page(oper=1, far=1), page(oper=2, far=0)


@contextmanager
def exporter(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the files of a folder from a process of its own."""
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(5)


def replace_text(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.rename(path)


def firing(url: str) -> dict[str, dict[str, Any]]:
    """Return the alerts that fire by (alertname, element)."""
    alerts = httpx.get(f"{url}/api/v1/alerts", timeout=20).raise_for_status().json()["data"]["alerts"]
    return {
        f"{one['labels']['alertname']} {one['labels']['element']}": one for one in alerts if one["state"] == "firing"
    }


def sd(address: str, path: str, instance: str) -> list[dict[str, object]]:
    return [{"targets": [address], "labels": {"__metrics_path__": path, "instance": instance}}]


def test_a_prometheus_without_the_api_finds_its_pages_on_disk_and_sees_the_cut(
    plan: PrometheusPlan, tmp_path: Path
) -> None:
    port, pages = free_port(), tmp_path / "pages"
    pages.mkdir()
    (pages / "site").write_text(UP + GRAPH, encoding="utf-8")
    targets = sd(f"127.0.0.1:{port}", "/site", "c1/reach/site")
    (plan.targets_folder / "reach.json").write_text(json.dumps(targets), encoding="utf-8")
    config = tmp_path / "prometheus.yml"
    own = free_port()
    config.write_text(render_prometheus(replace(plan, prometheus=f"127.0.0.1:{own}")), encoding="utf-8")
    with exporter(pages, port) as process, prometheus(config, tmp_path, own) as url:
        until(lambda: value(url, "quang:device_down") == [0, 0], seconds=60, name="first reading")
        # That there is no API and no Alertmanager is told in its time.
        assert not [name for name in firing(url) if name.partition(" ")[2].startswith(("device:", "link:", "site:"))]
        replace_text(pages / "site", CUT + GRAPH)
        until(lambda: "LinkDown link:bq-tq" in firing(url), seconds=60, name="LinkDown")
        alert = firing(url)["LinkDown link:bq-tq"]
        assert alert["labels"] == {"alertname": "LinkDown", "element": "link:bq-tq", "severity": "critical"}
        assert "bq-tq" in alert["annotations"]["summary_vi"]
        assert value(url, RULES["LinkDown"].value_of("link:bq-tq")) == [1]
        assert value(url, RULES["DeviceDown"].value_of("device:core")) == [0]
        for rule in RULES.values():
            assert value(url, rule.value_of("device:of-nobody")) == [], rule.name
        process.kill()
        # The last real state is held: nothing that is down comes up because nobody looks.
        time.sleep(4)
        assert "LinkDown link:bq-tq" in firing(url)
        assert not any(name.startswith(("DeviceDown", "SiteDark")) for name in firing(url))


def value(url: str, query: str) -> list[float]:
    answer = httpx.get(f"{url}/api/v1/query", params={"query": query}, timeout=20).raise_for_status().json()
    return [float(row["value"][1]) for row in answer["data"]["result"]]


def news(listener: Listener, status: str) -> list[dict[str, Any]]:
    return [
        body
        for path, _, body in listener.posts
        if path == "/api/v1/alertmanager"
        and body["status"] == status
        and body["groupLabels"] == {"alertname": "LinkDown", "element": "link:bq-tq"}
    ]


@pytest.fixture
def chain(plan: PrometheusPlan, tmp_path: Path) -> Iterator[tuple[Listener, str]]:
    """Run Prometheus and Alertmanager against a listener in the place of API and collector."""
    with ExitStack() as stack:
        listener = stack.enter_context(listening())
        reach = json.dumps(sd(listener.address, "/targets/reach/c", "c1/reach/c"))
        listener.pages |= {f"/api/v1/discovery/{job}": ("application/json", "[]") for job in ("network", "services")}
        listener.pages["/api/v1/discovery/reach"] = ("application/json", reach)
        listener.pages["/targets/reach/c"] = ("text/plain", UP + GRAPH)
        listener.pages["/metrics"] = ("text/plain", "quang_incidents_open 0\n")
        (plan.targets_folder / "reach.json").write_text(reach, encoding="utf-8")
        ports = free_port(), free_port()
        plan = replace(
            plan,
            api_url=f"http://{listener.address}",
            alertmanager=f"127.0.0.1:{ports[0]}",
            prometheus=f"127.0.0.1:{ports[1]}",
        )
        hook = AlertmanagerPlan(
            webhook_url=f"http://{listener.address}/api/v1/alertmanager", webhook_token_file=plan.api_token_file
        )
        (tmp_path / "alertmanager.yml").write_text(render_alertmanager(hook), encoding="utf-8")
        (tmp_path / "prometheus.yml").write_text(render_prometheus(plan), encoding="utf-8")
        stack.enter_context(alertmanager(tmp_path / "alertmanager.yml", tmp_path, ports[0]))
        yield listener, stack.enter_context(prometheus(tmp_path / "prometheus.yml", tmp_path, ports[1]))


def test_a_cut_its_end_and_the_next_cut_each_reach_the_webhook_within_ten_seconds(chain: tuple[Listener, str]) -> None:
    listener, url = chain
    until(lambda: value(url, "quang:device_down") == [0, 0], seconds=60, name="first reading")
    targets = httpx.get(f"{url}/api/v1/targets", timeout=20).json()["data"]["activeTargets"]
    assert [one["labels"]["instance"] for one in targets if one["labels"]["job"] == "reach"] == ["c1/reach/c"]
    for status, text, count in (("firing", CUT, 1), ("resolved", UP, 1), ("firing", CUT, 2)):
        listener.pages["/targets/reach/c"] = ("text/plain", text + GRAPH)
        until(lambda s=status, n=count: len(news(listener, s)) >= n, seconds=60, name=f"{status} {count}")
    others = {body["groupLabels"]["alertname"] for _, _, body in listener.posts} - {"LinkDown", "Watchdog"}
    assert others == set()


def test_both_programs_show_the_token_where_it_is_due_and_nowhere_else(chain: tuple[Listener, str]) -> None:
    listener, url = chain
    until(lambda: value(url, "up{job='api'}") == [1], seconds=60, name="the API's page")
    until(lambda: listener.posts, seconds=60, name="the Watchdog")
    bearer = "Bearer a-very-secret-token"
    for asked in (("/api/v1/discovery/reach", bearer), ("/metrics", bearer), ("/targets/reach/c", None)):
        until(lambda asked=asked: asked in listener.asked, seconds=60, name=f"a question for {asked[0]}")
    assert {authorization for path, authorization in listener.asked.copy() if path.startswith("/targets/")} == {None}
    assert {authorization for _, authorization, _ in listener.posts} == {bearer}
