"""The ARP table of a router, and the device's own MAC addresses."""

import asyncio
from typing import Final

from collector import metrics
from collector.agents.ports import current_ports
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.discovery.arp import read_arp, read_own
from collector.probe import Answer, Doors, Observation, Probe, Sample
from collector.target import Credential, Target
from inventory.text import Text

MOST: Final = 4_000
"""Entries that are reported; the series says how many there were."""


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the ARP table. A device without one gives a success without observations of others.

    Raises:
        ProbeFailure: As `Agent.walk`; or the agent shows no port at all.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    ports = await current_ports(agent, asyncio.get_running_loop().time())
    own, entries = await read_own(agent), await read_arp(agent)
    seen = [Observation("mac", ports.by_index[index][1], mac) for index, mac in own.items() if index in ports.by_index]
    others = frozenset(own.values())
    seen += [Observation("arp", address, mac) for address, mac in list(entries.items())[:MOST] if mac not in others]
    return Answer((Sample(metrics.DISCOVERY_ROWS, ("arp",), len(entries)),), seen)


PROBE: Final = Probe(
    kind="snmp_arp",
    title=Text(vi="Bảng ARP", en="ARP table"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=300.0,
    timeout_s=60.0,
    metrics=(metrics.DISCOVERY_ROWS,),
)
