"""Neighbours at the other end of cables, by LLDP and CDP."""

import asyncio
from typing import Final

from collector import metrics
from collector.agents.ports import current_ports
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.discovery.neighbours import read_neighbours
from collector.probe import Answer, Doors, Observation, Probe, Sample
from collector.target import Credential, Target
from inventory.text import Text

MOST: Final = 500
"""Neighbours that are reported; the series says how many there were."""


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the tables of neighbours. A device without any gives a success without observations.

    Raises:
        ProbeFailure: As `Agent.walk`; or the agent shows no port at all.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    ports = await current_ports(agent, asyncio.get_running_loop().time())
    found = await read_neighbours(agent, ports)
    seen = [Observation("neighbour", one.subject, one.value) for one in found[:MOST]]
    return Answer((Sample(metrics.DISCOVERY_ROWS, ("neighbours",), len(found)),), seen)


PROBE: Final = Probe(
    kind="snmp_neighbours",
    title=Text(vi="Thiết bị nối trực tiếp (LLDP, CDP)", en="Neighbours (LLDP, CDP)"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=600.0,
    timeout_s=60.0,
    metrics=(metrics.DISCOVERY_ROWS,),
)
