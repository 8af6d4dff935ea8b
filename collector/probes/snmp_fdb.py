"""Who is plugged in where: the forwarding table of a switch."""

import asyncio
from typing import Final

from collector import metrics
from collector.agents.ports import read_ports, remembered
from collector.discovery.fdb import read_fdb
from collector.probe import Answer, Doors, Observation, Probe, Sample
from collector.probes.snmp_system import SnmpSettings
from collector.snmp import Snmp
from collector.target import Credential, Target
from inventory.text import Text

MOST: Final = 4_000
"""Entries that are reported; the series says how many there were."""


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the forwarding table. A device that is no switch gives a success without observations.

    Raises:
        ProbeFailure: As `Agent.walk`; or the agent shows no port at all.
    """
    door: Snmp = doors.snmp
    agent = door.agent(target, credential, settings.port)
    ports = remembered(agent) or await read_ports(agent, asyncio.get_running_loop().time())
    entries = await read_fdb(agent, ports)
    seen = [Observation("port", mac, port) for mac, port in list(entries.items())[:MOST]]
    return Answer((Sample(metrics.DISCOVERY_ROWS, ("fdb",), len(entries)),), seen)


PROBE: Final = Probe(
    kind="snmp_fdb",
    title=Text(vi="Bảng chuyển mạch (MAC)", en="Forwarding table (MAC)"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=("snmp_v2c", "snmp_v3"),
    interval_s=300.0,
    timeout_s=60.0,
    metrics=(metrics.DISCOVERY_ROWS,),
)
