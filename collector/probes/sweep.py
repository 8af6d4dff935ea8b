"""Search for unknown devices in a subnet: which addresses answer, and what they report about themselves."""

from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.discovery.sweep import answering, identities, own_neighbours
from collector.probe import Answer, Doors, Observation, Probe, ProbeFailure, Sample, Settings
from collector.target import Credential, SnmpSeveral, SnmpV2c, SnmpV3, Target
from inventory.text import Text

LARGEST_PREFIX: Final = 20
"""A subnet has at most the 4,094 addresses of a /20."""


class SweepSettings(Settings):
    """Which addresses, and how gently."""

    cidr: IPv4Network
    """The subnet, `10.20.4.0/24`; /20 or smaller."""

    per_s: Annotated[float, Field(ge=1, le=100)] = 10.0
    """Addresses that are begun each second; each is sent five echo requests."""

    snmp_port: Annotated[int, Field(ge=1, le=65_535)] = 161
    """UDP port on which whatever answers is asked who it is."""

    asked: Annotated[str, Field(max_length=40)] = ""
    """When somebody asked for a sweep out of turn; another value has the subnet swept at once."""


async def run(target: Target, settings: SweepSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Sweep a subnet once.

    Raises:
        ProbeFailure: The subnet is too large, or this process may not ping.
    """
    network = settings.cidr
    if network.prefixlen < LARGEST_PREFIX:
        raise ProbeFailure("settings", f"cidr: larger than /{LARGEST_PREFIX}")
    alive = await answering(doors.ping, network, settings.per_s)
    met = own_neighbours(network)
    facts: list[Observation] = []
    speaking: set[str] = set()
    async for address, said in identities(target, alive, _credentials(credential), settings.snmp_port):
        speaking.add(address)
        facts += said
    seen = [Observation("arp", address, met[address]) for address in alive if address in met]
    seen += [Observation("alive", address, "snmp" if address in speaking else "ping") for address in alive]
    hosts = sum(1 for _ in network.hosts())
    samples = (
        Sample(metrics.SWEEP_HOSTS, ("answering",), len(alive)),
        Sample(metrics.SWEEP_HOSTS, ("silent",), hosts - len(alive)),
    )
    return Answer(samples, (*seen, *facts))


def _credentials(credential: Credential | None) -> tuple[SnmpV2c | SnmpV3, ...]:
    if isinstance(credential, SnmpSeveral):
        return credential.of
    return (credential,) if isinstance(credential, SnmpV2c | SnmpV3) else ()


PROBE: Final = Probe(
    kind="sweep",
    title=Text(vi="Quét dải mạng", en="Sweep of a subnet"),
    job="network",
    run=run,
    settings=SweepSettings,
    needs=("snmp_v2c", "snmp_v3", "snmp_several"),
    interval_s=86_400.0,
    timeout_s=3_500.0,
    metrics=(metrics.SWEEP_HOSTS,),
)
