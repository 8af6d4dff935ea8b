"""User-based security: when an engine is greeted, and what it answers to a user that it does not take so."""

import asyncio
from collections.abc import Iterator

import pytest

from collector.agents.session import IDLE_S, Session
from collector.probe import ProbeFailure
from collector.snmp import SYS_UP_TIME, Snmp
from collector.target import Credential
from tests.support.polling import in_time, poll, target, v3
from tests.support.relay import Relay
from tests.support.snmpd import Snmpd, V3User

WATCHER = V3User("watcher", "SHA-256", "authentic phrase", "AES", "private phrase")
OPEN = V3User("open", "SHA-256", "authentic phrase")
KEYS = v3("watcher", "authentic phrase", "private phrase")


@pytest.fixture(scope="module")
def agent() -> Iterator[Snmpd]:
    with Snmpd(users=(WATCHER, OPEN)) as running:
        yield running


def test_an_engine_is_greeted_once_and_again_only_after_it_was_silent_for_long(agent: Snmpd) -> None:
    async def polls(relay: Relay) -> list[int]:
        door = Snmp()
        session = door.agent(target("snmp_system"), KEYS, relay.port)
        assert isinstance(session, Session)
        sent = []
        for idle_s in (0.0, 0.0, IDLE_S - 10, IDLE_S + 1, 0.0):
            session._heard_at -= idle_s
            before = relay.sent
            assert SYS_UP_TIME in await session.get(())
            sent.append(relay.sent - before)
        door.close()
        return sent

    with Relay(agent.port) as relay:
        first, *later = asyncio.run(polls(relay))
    assert first == 3
    assert later == [1, 1, 2, 1]


@pytest.mark.parametrize(
    ("credential", "code"),
    [
        (v3("open", "authentic phrase", "private phrase"), "snmp_refused"),
        (v3("watcher", "authentic phrase", "private phrase", auth="sha512"), "snmp_refused"),
        (v3("watcher", "authentic phrase", "private phrase", auth="md5"), "snmp_refused"),
        (v3("watcher", "authentic phrase", "private phrase", priv="des"), "snmp_v3_no_answer"),
        (KEYS.model_copy(update={"priv": "none", "priv_pass": None}), "snmp_refused"),
    ],
    ids=["privacy not allowed", "another hash", "md5", "another cipher", "privacy demanded"],
)
def test_a_protocol_that_the_device_does_not_take_is_a_failure_with_its_reason(
    agent: Snmpd, credential: Credential, code: str
) -> None:
    result = in_time(
        lambda timeout_s: poll("snmp_system", credential, port=agent.port, timeout_s=timeout_s),
        30.0 if code == "snmp_refused" else 3.0,
    )
    assert (result.success, result.reason) == (False, code)


def test_a_wrong_kind_of_credential_is_refused_before_anything_is_sent(agent: Snmpd) -> None:
    async def ask(port: int) -> None:
        door = Snmp()
        try:
            door.agent(target("snmp_system"), None, port)
        finally:
            door.close()

    with Relay(agent.port) as relay:
        with pytest.raises(ProbeFailure) as caught:
            asyncio.run(ask(relay.port))
        assert (caught.value.code, relay.sent) == ("credential", 0)


def test_a_pass_phrase_is_hashed_once_however_many_agents_share_it(agent: Snmpd) -> None:
    async def three() -> int:
        door = Snmp()
        for port in (agent.port, 1_161, 1_162):
            door.agent(target("snmp_system"), KEYS, port)
        assert SYS_UP_TIME in await door.agent(target("snmp_system"), KEYS, agent.port).get(())
        kept = len(door._masters)
        door.close()
        return kept

    assert asyncio.run(three()) == len(("authentic phrase", "private phrase"))
