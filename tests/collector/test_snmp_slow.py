"""Agents and lines that are slower than a request is patient: the answer to one sending comes after the next one."""

import asyncio
from collections.abc import Iterator

import pytest

from collector.probe import ProbeFailure
from collector.snmp import Snmp
from collector.target import Credential
from tests.support.polling import PUBLIC, target, v3
from tests.support.relay import Relay
from tests.support.snmpd import Snmpd, V3User

SYS_NAME = "1.3.6.1.2.1.1.5.0"
USER = V3User("watcher", "SHA-256", "authentic phrase", "AES", "private phrase")
KEYS = v3("watcher", "authentic phrase", "private phrase")


@pytest.fixture(scope="module")
def agent() -> Iterator[Snmpd]:
    with Snmpd(users=(USER,)) as running:
        yield running


async def heard(door: Snmp, port: int, credential: Credential, timeout_s: float) -> bool:
    """Return whether a poll brings the agent's name."""
    try:
        found = await door.agent(target("snmp_system", timeout_s=timeout_s), credential, port).get((SYS_NAME,))
    except ProbeFailure:
        return False
    return found[SYS_NAME] == b"agent.example"


@pytest.mark.parametrize("credential", [PUBLIC, KEYS])
def test_an_agent_that_is_slower_than_a_sending_waits_is_heard_within_the_deadline(
    agent: Snmpd, credential: Credential
) -> None:
    async def until_heard(port: int) -> int:
        door = Snmp()
        try:
            for count in range(1, 21):
                # Of this deadline, a request is sent again after 0.28 s, three times in all.
                if await heard(door, port, credential, 1.0):
                    return count
        finally:
            door.close()
        return 0

    with Relay(agent.port, delay_s=0.45) as line:
        assert asyncio.run(until_heard(line.port))


def test_a_longer_deadline_counts_from_the_next_poll_on(agent: Snmpd) -> None:
    async def twice(port: int) -> list[bool]:
        door = Snmp()
        try:
            return [await heard(door, port, PUBLIC, timeout_s) for timeout_s in (0.3, 10.0)]
        finally:
            door.close()

    # Far more than the first deadline, well within the second.
    with Relay(agent.port, delay_s=2.0) as line:
        assert asyncio.run(twice(line.port)) == [False, True]
