"""BRIDGE-MIB of a real Linux bridge, for net-snmp's `pass_persist`: no package of Debian serves it any more.

What it tells is what the kernel's bridge has learned at that moment (`bridge fdb show`); nothing is made up here. It
runs on the machine's own Python: `python3 bridge_mib.py BRIDGE`.
"""

import json
import subprocess
import sys
import time
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

BASE = (1, 3, 6, 1, 2, 1, 17)
IF_INDEX = (*BASE, 1, 4, 1, 2)
FDB_PORT = (*BASE, 4, 3, 1, 2)
FDB_STATUS = (*BASE, 4, 3, 1, 3)
LEARNED, OWN = 3, 4
HOLDS_S = 0.3

Oid = tuple[int, ...]


def table(bridge: str) -> dict[Oid, int]:
    """Return the rows of the bridge as they are now."""
    ports = {}
    for port in Path(f"/sys/class/net/{bridge}/brif").iterdir():
        number = int((port / "port_no").read_text(encoding="ascii"), 16)
        ports[port.name] = (number, int((Path("/sys/class/net") / port.name / "ifindex").read_text(encoding="ascii")))
    rows = {(*IF_INDEX, number): index for number, index in ports.values()}
    shown = subprocess.run(["bridge", "-j", "fdb", "show", "br", bridge], capture_output=True, check=True, timeout=5)
    for entry in json.loads(shown.stdout):
        if "vlan" in entry or entry.get("ifname") not in ports or int(entry["mac"][:2], 16) & 1:
            continue
        mac = tuple(int(part, 16) for part in entry["mac"].split(":"))
        rows[(*FDB_PORT, *mac)] = ports[entry["ifname"]][0]
        rows[(*FDB_STATUS, *mac)] = OWN if entry.get("state") == "permanent" else LEARNED
    return rows


def answers(bridge: str) -> Iterator[str]:
    """Yield the answers to what the agent asks on standard input."""
    rows: dict[Oid, int] = {}
    order: list[Oid] = []
    read_at = float("-inf")
    for line in sys.stdin:
        word = line.strip()
        if word == "PING":
            yield "PONG"
            continue
        wanted = tuple(int(part) for part in sys.stdin.readline().strip(". \n").split("."))
        if time.monotonic() > read_at + HOLDS_S:
            rows = table(bridge)
            order, read_at = sorted(rows), time.monotonic()
        at = bisect_right(order, wanted)
        found = wanted if word == "get" and wanted in rows else ()
        if word == "getnext" and at < len(order):
            found = order[at]
        yield f".{'.'.join(map(str, found))}\ninteger\n{rows[found]}" if found else "NONE"


if __name__ == "__main__":
    for answer in answers(sys.argv[1]):
        print(answer, flush=True)  # noqa: T201 - the agent reads it
