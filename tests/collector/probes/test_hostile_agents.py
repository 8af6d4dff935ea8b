from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from collector.probe import Result
from collector.reasons import REASONS
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent
from tests.support.polling import PUBLIC, poll
from tests.support.switch import device

TIMEOUT_S = 2.0
BEHAVIOURS = {
    "garbage": hostile.garbage,
    "truncated packets": hostile.truncated,
    "another request's answer": hostile.other_number,
    "no values": hostile.empty,
    "tooBig": hostile.error(1),
    "noSuchName": hostile.error(2),
    "genErr": hostile.error(5),
    "indexes that do not increase": hostile.backwards,
    "the column itself as its first row": hostile.itself,
    "a table without an end": hostile.endless,
    "a flood": hostile.flood,
}
SETTINGS = {
    "snmp_link": {"interfaces": ["a"]}, "snmp_system": {}, "snmp_interfaces": {}, "snmp_optics": {}, "snmp_host": {},
    "snmp_sensors": {}, "snmp_ups": {}, "snmp_printer": {},
}  # fmt: skip


def of_each_kind(
    table: Mapping[str, Cell],
    behaviour: hostile.Behaviour,
    *,
    community: bytes = b"public",
    timeout_s: float = TIMEOUT_S,
) -> list[Result]:
    """Poll by every kind of probe, each its own agent, at the same time: most of these wait for an answer in vain."""

    def one(kind: str) -> Result:
        with HostileAgent(table, behaviour, community=community) as agent:
            return poll(kind, PUBLIC, timeout_s=timeout_s, port=agent.port, **SETTINGS[kind])

    with ThreadPoolExecutor(len(SETTINGS)) as pool:
        return list(pool.map(one, SETTINGS))


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_no_probe_survives_a_hostile_agent_without_saying_why(name: str) -> None:
    for result in of_each_kind(device("a", "b"), BEHAVIOURS[name]):
        assert not result.success, result.target.probe
        assert result.reason in REASONS, result.target.probe
        assert result.reason != "internal", (result.target.probe, result.detail)
        assert result.samples == (), result.target.probe


def test_a_wrong_community_says_so_or_no_answer() -> None:
    # Long enough that to give up comes before the deadline even on a slow machine.
    results = of_each_kind(device("a"), hostile.honest, community=b"other", timeout_s=8.0)
    assert {result.reason for result in results} == {"snmp_no_answer"}
    reason = REASONS["snmp_no_answer"]
    assert "community" in reason.text.en
    assert "no answer" in reason.text.en
    assert "community" in reason.first_step.vi
