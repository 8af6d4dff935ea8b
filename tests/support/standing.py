"""A whole watch that must stay calm: real agents, a real collector, the real API, a real Prometheus with our rules.

Everything is polled, read and evaluated each second, so that what happens to a device is over in seconds too.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from sqlmodel import select

from alerts.prometheus import PrometheusPlan, render_prometheus, render_rules
from api.settings import PrometheusSettings
from inventory.access.accounts import Scope
from inventory.books import Books
from inventory.db import reading
from inventory.network.observations import Transition
from inventory.watch.incidents import Incident
from tests.support.monitoring import prometheus, until
from tests.support.parts import free_port
from tests.support.program import serving, token

MAIN: Final = """
import json, logging, pathlib, sys, threading, time
from collector.collect import main
from collector.settings import load
def tell():
    while True:
        pathlib.Path(sys.argv[2]).write_text(str(time.time()))
        threading.Event().wait(0.3)
threading.Thread(target=tell, daemon=True).start()
logging.basicConfig(level="INFO", format="%(asctime)s %(name)s %(message)s")
sys.exit(main(load(**json.loads(sys.argv[1]))))
"""

RATE_S: Final = 3
"""Seconds of the rates that are looked at."""

Identities = dict[str, set[tuple[tuple[str, str], ...]]]
"""Name of a family to the labels of its series."""

Value = tuple[dict[str, str], float]
"""Labels and value of one series."""


class Standing:
    """The running watch.

    Attributes:
        books: The books of its API.
        began: Unix time at which the moment that is looked at began.
    """

    def __init__(self, books: Books, api: str, prometheus_url: str, folder: Path) -> None:
        self.books, self._api, self._prometheus, self._folder = books, api, prometheus_url, folder
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._bearer = token(books, Scope.COLLECTOR, "main")["Authorization"].removeprefix("Bearer ")
        self._process: subprocess.Popen[bytes] | None = None
        self.began = time.time()

    @property
    def collector(self) -> int:
        """Return the number of the collector's process."""
        assert self._process is not None
        return self._process.pid

    def start_collector(self, environment: dict[str, str]) -> None:
        """Start the collector with its state as it was left, under more variables."""
        given = {
            "name": "main", "api": self._api, "state": str(self._folder / "state"), "roster_s": 0.5,
            "listen_fds": [self._listening.fileno()],
        }  # fmt: skip
        with (self._folder / "collector.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", MAIN, json.dumps(given), str(self._folder / "clock")],
                env={**os.environ, "QUANG_COLLECTOR_TOKEN": self._bearer, **environment},
                pass_fds=given["listen_fds"],
                stderr=log,
            )

    def kill_collector(self) -> None:
        """End the collector as `kill -9` does; returns once Prometheus reads nothing any more."""
        self._end()
        until(self._is_blind, seconds=60, name="nothing is read any more")

    def _is_blind(self) -> bool:
        """Return whether Prometheus reads nothing from the collector any more."""
        return not self.ask('{job=~"reach|network", site!="", __name__!~"ALERTS.*|quang:.*"}')

    def close(self) -> None:
        """End what runs."""
        self._end()
        self._listening.close()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)
        self._process = None

    def log(self) -> str:
        """Return what the collector has said."""
        return (self._folder / "collector.log").read_text(encoding="utf-8")

    def ask(self, query: str) -> list[Value]:
        """Return the instant value of a query."""
        answer = httpx.get(f"{self._prometheus}/api/v1/query", params={"query": query}, timeout=60)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["data"]["result"]
        return [(one["metric"], float(one["value"][1])) for one in found]

    def one(self, query: str) -> float | None:
        """Return the value of a query with one answer, or `None` if it has none."""
        found = self.ask(query)
        return found[0][1] if found else None

    def begin(self) -> None:
        """Look at what happens from now on; for as long as a rate reaches back nothing must have happened."""
        self.began = time.time()

    def settle(self, seconds: float) -> None:
        """Let so many seconds pass, in which everything is read and evaluated as often."""
        time.sleep(seconds)

    def window(self, before: int = 0) -> str:
        """Return the time that is looked at, and some seconds before it, as Prometheus writes it."""
        return f"{max(1, round(time.time() - self.began)) + before}s"

    def alerts(self) -> set[str]:
        """Return every alert that was pending or firing since the moment began: rule, element and state."""
        found = self.ask(f'max_over_time(ALERTS{{alertname!="Watchdog"}}[{self.window()}])')
        return {f"{one['alertname']} {one.get('element', '')} {one['alertstate']}" for one, _ in found}

    def downs(self) -> set[str]:
        """Return what was ever reported down."""
        with reading(self.books.engine) as session:
            return {row.element for row in session.exec(select(Transition).where(Transition.state == "down"))}

    def ups(self) -> dict[str, int]:
        """Return how often each element was reported up."""
        with reading(self.books.engine) as session:
            seen = [row.element for row in session.exec(select(Transition).where(Transition.state == "up"))]
        return {element: seen.count(element) for element in seen}

    def incidents(self) -> set[str]:
        """Return rule and element of every incident ever."""
        with reading(self.books.engine) as session:
            return {f"{row.rule} {row.element}" for row in session.exec(select(Incident))}

    def told_of_time(self) -> float:
        """Return how far the clock of the collector's process is ahead of the true time, in seconds."""
        told = until(lambda: (self._folder / "clock").read_text(encoding="ascii"), seconds=60, name="the time")
        return float(told) - time.time()

    def identities(self, *without: str) -> Identities:
        """Return the series of the devices that stand on pages now, by name, apart from some labels."""
        found: Identities = {}
        left_out = {"__name__", *without}
        for labels, _ in self.ask('{job=~"reach|network", site!="", __name__!~"ALERTS.*|quang:.*|scrape_.*|up"}'):
            rest = tuple(sorted((name, value) for name, value in labels.items() if name not in left_out))
            of_name = found.setdefault(labels["__name__"], set())
            assert rest not in of_name, f"twice: {labels}"
            of_name.add(rest)
        return found


@contextmanager
def standing(books: Books, folder: Path) -> Iterator[Standing]:
    """Run the API on these books and a Prometheus that reads and evaluates each second, but no collector yet."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with serving(books, folder / "home", prometheus=PrometheusSettings(url=url)) as api:
        config = _configured(books, api.url, port, folder)
        with prometheus(config, folder, port):
            watch = Standing(books, api.url, url, folder)
            try:
                yield watch
            finally:
                watch.close()


def _configured(books: Books, api: str, port: int, folder: Path) -> Path:
    secret = folder / "scrape"
    secret.write_text(token(books, Scope.SCRAPE)["Authorization"].removeprefix("Bearer "), encoding="ascii")
    plan = PrometheusPlan(
        api_url=api,
        api_token_file=secret,
        alertmanager="127.0.0.1:1",
        prometheus=f"127.0.0.1:{port}",
        rule_file=folder / "rules.yml",
        targets_folder=folder / "targets",
    )
    (folder / "targets").mkdir()
    each_second = {r"(interval: )\d+s": r"\g<1>1s", r"(scrape_timeout: )\d+s": r"\g<1>1s"}
    for name, text in (("rules.yml", render_rules()), ("prometheus.yml", render_prometheus(plan))):
        for pattern, instead in each_second.items():
            text = re.sub(pattern, instead, text)  # noqa: PLW2901 - the same text, changed
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "prometheus.yml"


def wait_for(what: str, watch: Standing, query: str, seconds: float = 60) -> float:
    """Return the value of a query that is not 0, once there is one."""
    return until(lambda: watch.one(query), seconds=seconds, name=f"{what}; {watch.log()[-2_000:]}")
