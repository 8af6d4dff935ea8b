"""A collector that may open no more files: whatever it cannot ask is not called down for that."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from collector.reasons import LEFT_OUT, NOT_THE_TARGETS

PROBES: dict[str, dict[str, object]] = {
    "icmp": {}, "snmp_system": {}, "tcp": {"port": 1}, "http": {"url": "http://localhost:1/"}, "dns": {}, "ntp": {},
    "smtp": {}, "sip": {},
}  # fmt: skip

PROGRAM = """
import asyncio, json, resource, socket, sys
from collector.doors import OpenDoors
from collector.probe import run
from collector.probes import PROBES
from collector.snmp import Snmp
from tests.support.polling import PUBLIC, target

async def ask():
    said = {}
    async with OpenDoors() as doors:
        doors.ping, doors.snmp  # the doors themselves are open before the files run out
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        taken = []
        try:
            while True:
                taken.append(socket.socket())
        except OSError:
            pass
        for kind, settings in json.loads(sys.argv[1]).items():
            asked = target(kind, address=None if "url" in settings else "127.0.0.1", timeout_s=5, **settings)
            result = await run(PROBES[kind], asked, PUBLIC if kind.startswith("snmp") else None, doors)
            said[kind] = [result.reason, result.detail]
    print(json.dumps(said))

asyncio.run(ask())
"""


@pytest.fixture(scope="module")
def said() -> Mapping[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(PROBES)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("kind", sorted(PROBES))
def test_what_cannot_be_asked_for_want_of_files_is_the_collectors_own_fault(
    kind: str, said: Mapping[str, list[str]]
) -> None:
    assert said[kind] == ["collector_full", "Too many open files"]


def test_what_is_left_out_is_never_called_down() -> None:
    assert LEFT_OUT < NOT_THE_TARGETS
