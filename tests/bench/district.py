"""The whole stack on the simulated district: processor and memory of each part while nothing is wrong."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from api.demo.watch import Watch, children, name_of
from collector.lab.district import district
from tests.bench.measure import Line

SECONDS = 60.0
START_S = 120.0
OF_THE_DEMO = {"lab", "mail"}
TICKS = os.sysconf("SC_CLK_TCK")


def measure() -> Iterator[Line]:
    """Yield processor of collector and API, and memory of all own processes, over a minute of quiet."""
    home = Path(tempfile.mkdtemp(prefix="quang-bench-"))
    stack = subprocess.Popen(
        [sys.executable, "-m", "api", "demo"],
        env=os.environ | {"QUANG_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        watch = Watch(home)
        asyncio.run(_polled(watch))
        time.sleep(15)
        began, before = time.monotonic(), _ticks(stack.pid)
        time.sleep(SECONDS)
        taken, after = time.monotonic() - began, _ticks(stack.pid)
        share = {name: (after[name] - before.get(name, 0)) / TICKS / taken for name in after}
        yield from _lines(share, dict(watch.memory(stack.pid)))
    finally:
        stack.send_signal(signal.SIGTERM)
        stack.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _lines(share: dict[str, float], memory: dict[str, int]) -> Iterator[Line]:
    both = share["collect"] + share["api"]
    yield Line(
        f"{len(district().sites)} sites, lanes of 1 s and 10 s: collector + API",
        f"{100 * both:.1f} % of a core (collector {100 * share['collect']:.1f} %, API {100 * share['api']:.1f} %)",
        bound="< 25 % of a core",
        kept=both < 0.25,
    )
    for name in ("prometheus", "prometheus-alertmanager"):
        yield Line(f"the same: {name}", f"{100 * share[name]:.1f} % of a core")
    total = sum(size for name, size in memory.items() if "/" not in name and name not in OF_THE_DEMO)
    yield Line(
        "memory of all own processes (proportional set size)",
        f"{total / 1e6:.0f} MB",
        bound="< 450 MB",
        kept=total < 450e6,
    )


async def _polled(watch: Watch) -> None:
    places = district()
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if (await watch.polled(len(places.devices) + len(places.links)))[0]:
            return
        await asyncio.sleep(0.5)
    raise TimeoutError("the district was not polled in full")


def _ticks(supervisor: int) -> dict[str, int]:
    """Return processor time in clock ticks of each process below the supervisor, by its name."""
    found: dict[str, int] = {}
    for pid in children(supervisor):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        found[name_of(pid)] = found.get(name_of(pid), 0) + int(fields[11]) + int(fields[12])
    return found
