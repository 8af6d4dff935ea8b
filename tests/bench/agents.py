"""Real SNMP agents in a network of their own: net-snmp, for which every 127.x.y.z is a device of 24 ports."""

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.bench.processor import Meter
from tests.support.namespace import ip
from tests.support.snmpd import Snmpd, V3User

PORTS = 24
COMMUNITY = "public"
USER = V3User("watch", "SHA-256", "auth-pass-phrase", "AES", "priv-pass-phrase")


@dataclass(frozen=True)
class Agents:
    """The running agents.

    Attributes:
        ports: UDP port of each.
        meters: Processor time of each.
    """

    ports: tuple[int, ...]
    meters: tuple[Meter, ...]

    def device(self, number: int) -> tuple[str, int]:
        """Return address and port of a device, 0 to 16 million; neighbours are answered by different processes."""
        return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}", self.ports[
            number % len(self.ports)
        ]

    def busiest_s(self) -> float:
        """Return the processor time of the agent that worked most, in seconds since it started."""
        return max(meter.seconds() for meter in self.meters)


def cables() -> None:
    """Lay cables in the calling thread's network, both ends a port; with loopback and a bridge it has `PORTS`."""
    ip("link add bridge1 type bridge")
    for number in range(1, PORTS // 2):
        ip(f"link add port{number:02}a type veth peer name port{number:02}b")
        for end in "ab":
            ip(f"link set port{number:02}{end} up alias to-room-{number:02}{end}")


def traffic() -> None:
    """Send a frame over each cable, so that no counter stands still between two rounds."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        for number in range(1, PORTS // 2):
            frame = b"\xff" * 6 + b"\x02" * 6 + b"\x88\xb5" + bytes(random.randrange(50, 1_400))
            wire.sendto(frame, (f"port{number:02}a", 0))


@contextmanager
def agents(count: int) -> Iterator[Agents]:
    """Run that many agents on all addresses of this network, until the block ends.

    An agent reads the ports from the kernel at most twice a minute, so what it spends is the answering.
    """
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                Snmpd(
                    community=COMMUNITY,
                    address="0.0.0.0",
                    users=(USER,),
                )
            )
            for _ in range(count)
        ]
        yield Agents(tuple(agent.port for agent in running), tuple(Meter(agent.pid) for agent in running))
