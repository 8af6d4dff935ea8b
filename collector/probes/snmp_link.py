"""State of declared link ends, by one GET, every second or two."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.agents.ports import (
    FRESH_S,
    IF_ADMIN_STATUS,
    IF_NAME,
    IF_OPER_STATUS,
    PortLabels,
    Ports,
    number,
    read_ports,
    remembered,
    text,
)
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.snmp import SYS_UP_TIME, Agent, Value
from collector.target import Credential, Target
from inventory.text import Text


class LinkSettings(SnmpSettings):
    """Which ports are ends of links."""

    interfaces: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=128)], ...], Field(min_length=1)]
    """Names (ifName) of the ports, as the device spells them."""


async def run(target: Target, settings: LinkSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Ask for the state of the declared ports.

    A port is found again by its name when its index has changed.

    Raises:
        ProbeFailure: As `Agent.get`; or the device has no port of that name.
    """
    agent = doors.snmp.agent(target, credential, settings.port, lane="fast")
    now = asyncio.get_running_loop().time()
    ports = remembered(agent)
    if ports is not None and ports.read_at + FRESH_S < now:
        with contextlib.suppress(ProbeFailure):  # names that cannot be read again now are kept; the state still counts
            ports = await read_ports(agent, now)
    if ports is not None:
        found = await _state(agent, ports, settings.interfaces)
        if found is not None:
            return _answer(found, ports, settings.interfaces)
    ports = await read_ports(agent, now)
    for name in settings.interfaces:
        if name not in ports.by_name:
            raise ProbeFailure("snmp_no_interface", name)
    found = await _state(agent, ports, settings.interfaces)
    if found is None:
        raise ProbeFailure("snmp_empty", "ifOperStatus, ifAdminStatus")
    return _answer(found, ports, settings.interfaces)


async def _state(agent: Agent, ports: Ports, names: tuple[str, ...]) -> Mapping[str, Value] | None:
    """Return the answer to one GET of all ends, or nothing if an index no longer belongs to its name."""
    indexes = [ports.by_name.get(name) for name in names]
    if None in indexes:
        return None
    oids = [f"{column}.{index}" for index in indexes for column in (IF_OPER_STATUS, IF_ADMIN_STATUS, IF_NAME)]
    found = await agent.get(oids)
    if number(found[SYS_UP_TIME]) < ports.up_time:
        return None
    for name, index in zip(names, indexes, strict=True):
        if f"{IF_OPER_STATUS}.{index}" not in found or f"{IF_ADMIN_STATUS}.{index}" not in found:
            return None
        said = text(found.get(f"{IF_NAME}.{index}"))
        if said and said != name.removesuffix(f"#{index}"):
            return None
    return found


def _answer(found: Mapping[str, Value], ports: Ports, names: tuple[str, ...]) -> Answer:
    samples = []
    for name in dict.fromkeys(names):
        labels: PortLabels = ports.by_index[ports.by_name[name]]
        oper, admin = found[f"{IF_OPER_STATUS}.{labels[0]}"], found[f"{IF_ADMIN_STATUS}.{labels[0]}"]
        samples.append(Sample(metrics.IF_OPER_STATUS, labels, number(oper)))
        samples.append(Sample(metrics.IF_ADMIN_STATUS, labels, number(admin)))
    return Answer(samples)


PROBE: Final = Probe(
    kind="snmp_link",
    title=Text(vi="Trạng thái đầu tuyến quang", en="State of link ends"),
    job="reach",
    run=run,
    settings=LinkSettings,
    needs=CREDENTIALS,
    interval_s=1.0,
    timeout_s=2.0,
    metrics=(metrics.IF_OPER_STATUS, metrics.IF_ADMIN_STATUS),
)
