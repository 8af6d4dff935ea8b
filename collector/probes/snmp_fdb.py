"""The forwarding table of a switch: which MAC is behind which port."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from collector import metrics
from collector.agents.ports import Ports, current_ports
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.discovery.fdb import Heard, read_plain, read_tagged, settled
from collector.discovery.vlans import TRY_S, of_vlan, read_apart, vlans_apart
from collector.probe import Answer, Doors, Observation, Probe, Sample
from collector.snmp import Agent, Snmp
from collector.target import Credential, Target
from inventory.text import Text

MOST: Final = 4_000
"""Entries that are reported; the series says how many there were."""


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the forwarding table. A device that is no switch gives a success without observations.

    The table with VLANs comes first; a switch without it is asked for the one without, and one that keeps a table for
    each VLAN for those.

    Raises:
        ProbeFailure: As `Agent.walk`; or the agent shows no port at all.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    ports = await current_ports(agent, asyncio.get_running_loop().time())
    samples = []
    heard = await read_tagged(agent, ports)
    if not heard:
        heard = await read_plain(agent, ports)
        apart, read = await _of_vlans(agent, ports, (target, settings.port, credential))
        heard += apart
        if read is not None:
            samples.append(Sample(metrics.DISCOVERY_ROWS, ("vlans",), read))
    entries = settled(heard)
    samples.append(Sample(metrics.DISCOVERY_ROWS, ("fdb",), len(entries)))
    return Answer(samples, [Observation("port", mac, port) for mac, port in _telling(entries)])


def _telling(entries: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return at most `MOST` entries: of more, those at ports with the fewest, which tell where a thing stands."""
    if len(entries) <= MOST:
        return list(entries.items())
    crowds = Counter(entries.values())
    return sorted(entries.items(), key=lambda entry: crowds[entry[1]])[:MOST]


async def _of_vlans(
    agent: Agent, ports: Ports, asked: tuple[Target, int, Credential | None]
) -> tuple[Heard, int | None]:
    """Return what the tables of single VLANs hold and how many were read; `None` for a switch that has none such."""
    target, port, credential = asked
    vlans = await vlans_apart(agent)
    if not vlans or of_vlan(credential, vlans[0]) is None:
        return [], None
    # A door of its own: dozens of sockets to each switch are not kept open until the next poll.
    door = Snmp()
    here = target.model_copy(update={"timeout_s": min(TRY_S, target.timeout_s)})
    try:
        return await read_apart(agent, ports, vlans, lambda vlan: door.agent(here, of_vlan(credential, vlan), port))
    finally:
        door.close()


PROBE: Final = Probe(
    kind="snmp_fdb",
    title=Text(vi="Bảng chuyển mạch (MAC)", en="Forwarding table (MAC)"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=300.0,
    timeout_s=60.0,
    metrics=(metrics.DISCOVERY_ROWS,),
)
