"""Every walk of real devices at once: one agent in a process of its own, one address of loopback for each walk."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collector.lab import ber
from collector.lab.agent import Agent
from collector.lab.mib import Mib
from collector.lab.views import Row
from tests.support import dumps
from tests.support.hostile_agent import key

COMMUNITY = "public"


@dataclass(frozen=True)
class Walks:
    """The running agent.

    Attributes:
        addresses: Address of loopback by name of the walk.
    """

    port: int
    addresses: dict[str, str]


@contextmanager
def walks(under: tuple[str, ...]) -> Iterator[Walks]:
    """Serve those parts of all walks that begin with one of `under`, over UDP."""
    names = dumps.names()  # here, so that a missing package is told by this process
    command = [sys.executable, "-m", "tests.support.walks", *under]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, text=True) as process:
        try:
            assert process.stdout is not None
            yield Walks(int(process.stdout.readline()), {name: address_of(place) for place, name in enumerate(names)})
        finally:
            process.kill()


def address_of(place: int) -> str:
    """Return the address of one walk."""
    return f"127.77.{place // 250}.{place % 250 + 1}"


def _rows(name: str, under: tuple[str, ...]) -> list[Row]:
    table = dumps.dump(name, under) or dumps.dump(name)  # a device that has nothing of this still answers so
    return [(key(oid), ber.tlv(tag, content)) for oid, (tag, content) in table.items()]


def main(under: tuple[str, ...]) -> None:
    """Serve until standard input is closed."""
    names = dumps.names()
    with ProcessPoolExecutor(2) as pool:
        tables = list(pool.map(_rows, names, [under] * len(names)))
    loop = asyncio.new_event_loop()
    agent = Agent({address_of(place): Mib(rows) for place, rows in enumerate(tables)}, COMMUNITY, 0)
    agent.start(loop)
    loop.add_reader(sys.stdin.fileno(), loop.stop)
    print(agent.port, flush=True)  # noqa: T201 - the parent reads it
    loop.run_forever()
    agent.close(loop)
    loop.close()


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
