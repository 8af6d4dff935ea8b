"""Name, description and uptime of a device, and the serial numbers of its chassis."""

from typing import Final

from collector import metrics
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.agents.system import read_system
from collector.probe import Answer, Doors, Probe
from collector.target import Credential, Target
from inventory.text import Text


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read the system group and the chassis.

    Raises:
        ProbeFailure: As `read_system`.
    """
    return await read_system(doors.snmp.agent(target, credential, settings.port))


PROBE: Final = Probe(
    kind="snmp_system",
    title=Text(vi="Thông tin thiết bị", en="Device facts"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=60.0,
    timeout_s=10.0,
    metrics=(metrics.SYS_UP_TIME, metrics.AGENT_UPTIME, metrics.SYS_INFO),
)
