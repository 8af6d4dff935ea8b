"""A column of octet counters, as net-snmp's `pass_persist` asks for it; run by snmpd, see `tests.support.ports`."""

import socket
import sys
from pathlib import Path

_KINDS = {"32": "counter", "64": "counter64"}
_PLACES = {"in": 0, "out": 8}
"""Place of the octets in a line of /proc/net/dev."""


def main(file: str, bits: str, direction: str, column: str) -> None:
    """Answer until snmpd ends.

    Args:
        file: Holds lines of port and base.
        bits: 32 or 64.
        direction: in or out.
        column: Object identifier of the column, with a leading dot.
    """
    bases = {port: int(base) for port, base in map(str.split, Path(file).read_text("ascii").splitlines())}
    while asked := sys.stdin.readline().strip():
        if asked == "PING":
            _say("PONG")
            continue
        wanted = _path(sys.stdin.readline().strip())
        values = {
            (*_path(column), index): (octets + bases.get(port, 0)) % 2 ** int(bits)
            for index, port, octets in _ports(_PLACES[direction])
        }
        found = wanted if asked == "get" else min((oid for oid in values if oid > wanted), default=())
        if found in values:
            _say("." + ".".join(map(str, found)), _KINDS[bits], values[found])
        else:
            _say("NONE")


def _say(*lines: object) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _path(oid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in oid.strip(".").split("."))


def _ports(place: int) -> list[tuple[int, str, int]]:
    numbers = {name: index for index, name in socket.if_nameindex()}
    lines = [line.partition(":") for line in Path("/proc/net/dev").read_text("ascii").splitlines() if ":" in line]
    counted = {name.strip(): int(words.split()[place]) for name, _, words in lines}
    return [(numbers[name], name, octets) for name, octets in counted.items() if name in numbers]


if __name__ == "__main__":
    main(*sys.argv[1:])
