"""Debian's prometheus-snmp-exporter and blackbox-exporter, asked for targets over their own HTTP."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import yaml

from collector.agents.ports import IF_ALIAS, IF_DESCR, IF_NAME
from collector.probes.snmp_interfaces import COLUMNS
from collector.snmp import SYS_UP_TIME
from tests.bench.agents import COMMUNITY, PORTS
from tests.bench.processor import Meter
from tests.support.parts import free_port, need

AT_ONCE = 10
"""Requests under way: enough to keep it busy, too few to make it wait for itself."""


@dataclass
class Exporter:
    """A running exporter.

    Attributes:
        port: Where it listens.
        meter: Its processor time.
    """

    port: int
    meter: Meter
    _local: threading.local = field(default_factory=threading.local)

    def ask(self, path: str, questions: Sequence[Mapping[str, str]]) -> tuple[float, list[str]]:
        """Ask all questions, and return the processor time of the exporter in seconds and the answers.

        Raises:
            AssertionError: An answer is no success.
        """
        before = self.meter.seconds()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda question: self._get(f"{path}?{urlencode(question)}"), questions))
        return self.meter.seconds() - before, answers

    def _get(self, path: str) -> str:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {body[:200]}")
        return body


@contextmanager
def exporter(program: str, config: Mapping[str, object]) -> Iterator[Exporter]:
    """Run an exporter until the block ends."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="quang-bench-") as folder:
        file = Path(folder) / "config.yml"
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        process = subprocess.Popen(
            [need(program), f"--config.file={file}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(port, process)
            yield Exporter(port, Meter(process.pid))
        finally:
            process.kill()
            process.wait()


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/metrics")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the exporter did not start")


def ports_module(*, names: bool = True) -> dict[str, object]:
    """Return snmp_exporter's configuration for the columns of `snmp_interfaces`, one request for each column.

    Args:
        names: Whether each port's name, description and alias are looked up, as our series carry them.
    """
    looked_up = {"ifName": IF_NAME, "ifDescr": IF_DESCR, "ifAlias": IF_ALIAS} if names else {}
    lookups = [
        {"labels": ["ifIndex"], "labelname": label, "oid": oid, "type": "DisplayString"}
        for label, oid in looked_up.items()
    ]
    families = [
        {
            "name": metric.name,
            "oid": oid,
            "type": metric.kind,
            "help": metric.help,
            "indexes": [{"labelname": "ifIndex", "type": "gauge"}],
            "lookups": lookups,
        }
        for metric, oid in COLUMNS
    ]
    up_time = {"name": "sysUpTime", "oid": SYS_UP_TIME.removesuffix(".0"), "type": "gauge", "help": "sysUpTime"}
    return {
        "version": 2,
        "auth": {"community": COMMUNITY},
        "max_repetitions": PORTS + 1,
        "walk": [oid for _, oid in COLUMNS] + list(looked_up.values()),
        "get": [SYS_UP_TIME],
        "metrics": [up_time, *families],
    }
