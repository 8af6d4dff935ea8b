"""A real probe of the tests' own: opens a TCP connection. Its peers are real listening sockets."""

import asyncio
import socket
from typing import Any

from collector.metrics import HTTP_STATUS
from collector.probe import Answer, JobName, Probe, ProbeFailure, Sample, Settings
from collector.target import Credential, Target
from inventory.text import same


class PortSettings(Settings):
    """What to connect to."""

    port: int


async def connect(target: Target, settings: PortSettings, credential: Credential | None, doors: Any) -> Answer:
    """Connect and close."""
    try:
        _, writer = await asyncio.open_connection(target.address, settings.port)
    except OSError as error:
        raise ProbeFailure("connect", str(error)) from None
    writer.close()
    await writer.wait_closed()
    return Answer((Sample(HTTP_STATUS, (), 200.0),))


def probe(kind: str, job: JobName) -> Probe:
    """Return the probe under a name and on a page."""
    return Probe(kind, same(kind), job, connect, PortSettings)


PROBES = {"icmp": probe("icmp", "reach"), "tcp": probe("tcp", "services"), "slow": probe("slow", "network")}
"""The cheap one stands where a ping would, since a ping needs rights that a test may not have."""


def listen() -> socket.socket:
    """Return a socket that accepts connections into its backlog."""
    made = socket.create_server(("127.0.0.1", 0), backlog=500)
    made.setblocking(False)
    return made
