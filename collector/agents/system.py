"""What an agent says of its device: the system group (SNMPv2-MIB, RFC 3418) and the chassis (ENTITY-MIB, RFC 6933)."""

from collections.abc import Iterator
from typing import Final

from collector import metrics
from collector.agents.entities import ENT_CLASS
from collector.agents.ports import number, text
from collector.probe import Answer, Observation, ProbeFailure, Sample
from collector.snmp import SYS_UP_TIME, Agent, Column, Value

SYS_DESCR: Final = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID: Final = "1.3.6.1.2.1.1.2.0"
SYS_NAME: Final = "1.3.6.1.2.1.1.5.0"
ENGINE_TIME: Final = "1.3.6.1.6.3.10.2.1.3.0"
"""snmpEngineTime (RFC 3411): seconds since the agent's engine started, up to 68 years."""

ENT_FIRMWARE: Final = "1.3.6.1.2.1.47.1.1.1.1.10"
ENT_SERIAL: Final = "1.3.6.1.2.1.47.1.1.1.1.11"
ENT_MODEL: Final = "1.3.6.1.2.1.47.1.1.1.1.13"
CHASSIS: Final = 3
"""entPhysicalClass of a chassis (ENTITY-MIB, RFC 6933)."""

CHASSIS_MAX: Final = 16
"""Chassis of one device (a stack) whose facts are reported."""

WRAP_S: Final = 2**32 / 100
"""sysUpTime counts hundredths of a second in 32 bits."""

_APART_S: Final = 120.0
"""Two clocks of one agent that started together are no further apart."""

_MEMORY: Final = "chassis"


async def read_system(agent: Agent) -> Answer:
    """Read the system group and, after each restart of the device, what it says of its chassis.

    Returns:
        Uptime and identity as samples; name, serial numbers, models and firmware as observations.

    Raises:
        ProbeFailure: As `Agent.get`; or the device shows neither sysDescr nor sysObjectID.
    """
    found = await agent.get((SYS_DESCR, SYS_OBJECT_ID, SYS_NAME, ENGINE_TIME))
    if SYS_DESCR not in found and SYS_OBJECT_ID not in found:
        raise ProbeFailure("snmp_empty", "sysDescr, sysObjectID")
    up_time = number(found[SYS_UP_TIME])
    name, description = text(found.get(SYS_NAME)), text(found.get(SYS_DESCR))
    samples = (
        Sample(metrics.SYS_UP_TIME, (), up_time),
        Sample(metrics.AGENT_UPTIME, (), running_s(up_time, found.get(ENGINE_TIME))),
        Sample(metrics.SYS_INFO, (name, description, text(found.get(SYS_OBJECT_ID))), 1),
    )
    return Answer(samples, (*_said("name", "system", name), *await _chassis(agent, up_time)))


def running_s(up_time: int, engine_time: Value | None) -> float:
    """Return for how many seconds the agent has been running.

    The engine's time is believed where it is the time of the system plus some rounds of its counter; an engine that
    somebody has restarted, or set, says nothing of the device.

    Args:
        up_time: sysUpTime in 0.01 s.
        engine_time: snmpEngineTime in seconds, as the agent sent it.
    """
    seconds = up_time / 100
    if isinstance(engine_time, int) and seconds < engine_time < 2**31:
        apart = (engine_time - seconds) % WRAP_S
        if min(apart, WRAP_S - apart) <= _APART_S:
            return float(engine_time)
    return seconds


async def _chassis(agent: Agent, up_time: int) -> tuple[Observation, ...]:
    """Return serial, model and firmware of each chassis; walked once per run of the device."""
    facts: tuple[Observation, ...]
    seen_at, facts = agent.memory.get(_MEMORY, (None, ()))
    if seen_at is not None and up_time >= seen_at:
        agent.memory[_MEMORY] = (up_time, facts)
        return facts
    (classes,) = await agent.walk((ENT_CLASS,))
    rows = [index for index, kind in classes.items() if kind == CHASSIS][:CHASSIS_MAX]
    facts = ()
    if rows:
        columns = (ENT_SERIAL, ENT_MODEL, ENT_FIRMWARE)
        found = await agent.get([f"{column}.{index}" for index in rows for column in columns])
        facts = tuple(_facts(rows, found))
    agent.memory[_MEMORY] = (up_time, facts)
    return facts


def _facts(rows: list[str], found: Column) -> Iterator[Observation]:
    for place, index in enumerate(rows):
        subject = "chassis" if place == 0 else f"chassis {place + 1}"
        yield from _said("serial", subject, text(found.get(f"{ENT_SERIAL}.{index}")))
        yield from _said("model", subject, text(found.get(f"{ENT_MODEL}.{index}")))
        yield from _said("firmware", subject, text(found.get(f"{ENT_FIRMWARE}.{index}")))


def _said(kind: str, subject: str, value: str) -> tuple[Observation, ...]:
    return (Observation(kind, subject, value),) if value else ()
