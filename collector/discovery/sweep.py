"""Sweeping a subnet: each address is pinged, slowly; those that answer are asked by SNMP who they are."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from pathlib import Path
from typing import Final

from collector import metrics
from collector.agents.ports import text
from collector.agents.system import read_system
from collector.discovery.macs import mac_of
from collector.ping import Pinger
from collector.probe import Observation, ProbeFailure
from collector.snmp import Snmp
from collector.target import SnmpV2c, SnmpV3, Target

PINGS: Final = 5
GAP_S: Final = 0.3
"""Seconds between two echo requests to one address, so that a thin line carries a sweep unnoticed."""

WAIT_S: Final = 1.5

TRY_S: Final = 2.0
"""Deadline of one question to an address that may not speak SNMP at all."""

AT_ONCE: Final = 10
"""Addresses that are asked by SNMP at the same time."""

ARP_FILE: Final = Path("/proc/net/arp")
ARP_OCTETS: Final = 4_194_304

_CHUNK: Final = 256
"""Addresses after which the sockets of SNMP are closed: hardly any is needed again before the next sweep."""


async def answering(ping: Pinger, network: IPv4Network, per_s: float) -> list[str]:
    """Return the addresses of a network that answer an echo request, in their order.

    Args:
        ping: The door to ICMP.
        network: At most a /20.
        per_s: Addresses that are begun each second.

    Raises:
        ProbeFailure: This process may not ping.
    """
    found: list[str] = []

    async def one(address: str) -> None:
        burst = await ping.burst(address, count=PINGS, gap_s=GAP_S, wait_s=WAIT_S)
        if burst.answered:
            found.append(address)

    try:
        async with asyncio.TaskGroup() as group:
            for host in network.hosts():
                group.create_task(one(str(host)))
                await asyncio.sleep(1.0 / per_s)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return sorted(found, key=IPv4Address)


async def identities(
    target: Target, addresses: Sequence[str], credentials: Sequence[SnmpV2c | SnmpV3], port: int
) -> AsyncIterator[tuple[str, list[Observation]]]:
    """Yield each address that speaks SNMP with what it says of itself, as facts about that address.

    Args:
        target: The sweep.
        addresses: What answered.
        credentials: Tried in their order.
        port: UDP port of the agents.
    """
    for start in range(0, len(addresses), _CHUNK):
        door = Snmp()
        limit = asyncio.Semaphore(AT_ONCE)

        async def ask(address: str, door: Snmp = door, limit: asyncio.Semaphore = limit) -> list[Observation]:
            async with limit:
                return await _identity(door, target, address, credentials, port)

        chunk = addresses[start : start + _CHUNK]
        try:
            for address, facts in zip(chunk, await asyncio.gather(*map(ask, chunk)), strict=True):
                if facts:
                    yield address, facts
        finally:
            door.close()


async def _identity(
    door: Snmp, target: Target, address: str, credentials: Sequence[SnmpV2c | SnmpV3], port: int
) -> list[Observation]:
    here = target.model_copy(update={"address": address, "timeout_s": TRY_S})
    for credential in credentials:
        with suppress(ProbeFailure, TimeoutError):
            async with asyncio.timeout(TRY_S):
                answer = await read_system(door.agent(here, credential, port))
            said = {seen.kind: seen.value for seen in reversed(answer.observations)}
            for sample in answer.samples:
                if sample.metric is metrics.SYS_INFO:
                    said["object_id"] = text(sample.labels[2])
            return [Observation(kind, address, value) for kind, value in said.items() if value]
    return []


def own_neighbours(network: IPv4Network, file: Path = ARP_FILE, most: int = ARP_OCTETS) -> Mapping[str, str]:
    """Return address to hardware address of what the collector's own kernel has met on its own wires.

    A sweep of the subnet in which the collector stands so learns hardware addresses without any SNMP.

    Args:
        network: Only addresses in it.
        file: The kernel's table: address, type, flags (0x2 = complete), hardware address, mask, device.
        most: Octets of it that are read.
    """
    try:
        with file.open("rb") as opened:
            lines = opened.read(most).decode("ascii", "replace").splitlines()[1:]
    except OSError:
        return {}
    return dict(_complete(lines, lambda address: address in network))


def _complete(lines: Sequence[str], wanted: Callable[[IPv4Address], bool]) -> list[tuple[str, str]]:
    found = []
    for line in lines:
        words = line.split()
        with suppress(AddressValueError, ValueError):
            if len(words) >= 4 and int(words[2], 16) & 2 and wanted(IPv4Address(words[0])):
                mac = mac_of(bytes.fromhex(words[3].replace(":", "")))
                if mac:
                    found.append((words[0], mac))
    return found
