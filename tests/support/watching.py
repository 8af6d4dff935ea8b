"""A whole watch on one link: a page that can be cut, a real Prometheus, a real Alertmanager."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from alerts.alertmanager import AlertmanagerPlan, render_alertmanager
from alerts.prometheus import PrometheusPlan, render_prometheus, render_rules
from tests.support.listener import Listener
from tests.support.monitoring import alertmanager, prometheus, until
from tests.support.parts import free_port

GRAPH = """\
quang_upstream_info{member="device:vv-r1",via="viet-vinh",element="link:viet-vinh"} 1
quang_upstream_info{member="device:vv-r1",via="viet-vinh",element="device:core"} 1
quang_upstream_info{member="link:viet-vinh",via="core",element="device:core"} 1
quang_link_end_info{link="viet-vinh",instance="core",ifName="to-vv-r1"} 1
"""


class Watch:
    """Files and ports of one watch.

    Attributes:
        api_port: Where Alertmanager hands over alerts.
        url: Base address of Prometheus.
    """

    def __init__(self, folder: Path, listener: Listener, token: str) -> None:
        self.folder, self._listener = folder, listener
        self.api_port, self._port, self._alertmanager_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._write(token)
        self.restore()

    def cut(self) -> None:
        """Let the link's end say that there is no light, and the router behind it fall silent."""
        self._show(oper=2, far=0)

    def restore(self) -> None:
        """Let all be well."""
        self._show(oper=1, far=1)

    def vanish(self) -> None:
        """Let nobody measure any more."""
        self._listener.pages.clear()

    @contextmanager
    def prometheus(self, data: str = "first") -> Iterator[None]:
        """Run Prometheus on its data; another name of them is an empty start."""
        home = self.folder / data
        home.mkdir(exist_ok=True)
        with prometheus(self.folder / "prometheus.yml", home, self._port):
            yield

    @contextmanager
    def alertmanager(self) -> Iterator[None]:
        """Run Alertmanager."""
        with alertmanager(self.folder / "alertmanager.yml", self.folder, self._alertmanager_port):
            yield

    def has_read(self) -> bool:
        """Return whether Prometheus knows the state of the link."""
        return self._ask("quang:link_down") is not None

    def fires(self) -> bool:
        """Return whether the cut is an alert."""
        return self._ask('ALERTS{alertname="LinkDown", alertstate="firing"}') is not None

    def fired(self) -> int:
        """Return how often the cut was found to be an alert in the last minutes: once a second while it is one."""
        return round(self._ask('count_over_time(ALERTS{alertname="LinkDown", alertstate="firing"}[5m])') or 0)

    def wait_for(self, *, firing: bool) -> None:
        """Wait until the cut is an alert, or is none any more."""
        until(lambda: self.fires() is firing, seconds=60, name=f"firing {firing}")

    def _ask(self, query: str) -> float | None:
        answer = httpx.get(f"{self.url}/api/v1/query", params={"query": query}, timeout=60)
        found = answer.raise_for_status().json()["data"]["result"]
        return float(found[0]["value"][1]) if found else None

    def _show(self, *, oper: int, far: int) -> None:
        port = 'instance="core",site="trung-tam",ifIndex="1",ifName="to-vv-r1",ifDescr="",ifAlias=""'
        page = (
            f"ifOperStatus{{{port}}} {oper}\nifAdminStatus{{{port}}} 1\n"
            'probe_success{instance="core",site="trung-tam",probe="icmp"} 1\n'
            f'probe_success{{instance="vv-r1",site="viet-vinh",probe="icmp"}} {far}\n'
        )
        self._listener.pages["/site"] = ("text/plain; version=0.0.4", page + GRAPH)

    def _write(self, token: str) -> None:
        targets = self.folder / "targets"
        targets.mkdir(parents=True)
        group = {
            "targets": [self._listener.address], "labels": {"__metrics_path__": "/site", "instance": "c1/reach/site"}
        }  # fmt: skip
        (targets / "reach.json").write_text(json.dumps([group]), encoding="utf-8")
        secret = self.folder / "token"
        secret.write_text(token, encoding="ascii")
        api = f"http://127.0.0.1:{self.api_port}"
        plan = PrometheusPlan(
            api_url=api,
            api_token_file=secret,
            alertmanager=f"127.0.0.1:{self._alertmanager_port}",
            prometheus=f"127.0.0.1:{self._port}",
            rule_file=self.folder / "rules.yml",
            targets_folder=targets,
        )
        hook = AlertmanagerPlan(webhook_url=f"{api}/api/v1/alertmanager", webhook_token_file=secret)
        for name, text in (
            ("prometheus.yml", render_prometheus(plan)),
            ("rules.yml", render_rules()),
            ("alertmanager.yml", render_alertmanager(hook)),
        ):
            (self.folder / name).write_text(text, encoding="utf-8")
