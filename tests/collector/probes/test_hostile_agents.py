import pytest

from collector.reasons import REASONS
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import HostileAgent
from tests.support.polling import PUBLIC, poll
from tests.support.switch import device

TIMEOUT_S = 1.5
BEHAVIOURS = {
    "garbage": hostile.garbage,
    "truncated packets": hostile.truncated,
    "another request's answer": hostile.other_number,
    "no values": hostile.empty,
    "tooBig": hostile.error(1),
    "noSuchName": hostile.error(2),
    "genErr": hostile.error(5),
    "indexes that do not increase": hostile.backwards,
    "a table without an end": hostile.endless,
    "a flood": hostile.flood,
}
SETTINGS = {
    "snmp_link": {"interfaces": ["a"]}, "snmp_system": {}, "snmp_interfaces": {}, "snmp_optics": {}, "snmp_host": {},
    "snmp_sensors": {}, "snmp_ups": {}, "snmp_printer": {},
}  # fmt: skip


@pytest.mark.parametrize("kind", SETTINGS)
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_no_probe_survives_a_hostile_agent_without_saying_why(kind: str, name: str) -> None:
    with HostileAgent(device("a", "b"), BEHAVIOURS[name]) as agent:
        result = poll(kind, PUBLIC, timeout_s=TIMEOUT_S, port=agent.port, **SETTINGS[kind])
    assert not result.success
    assert result.reason in REASONS
    assert result.reason != "internal"
    assert result.samples == ()
    assert result.duration_s < TIMEOUT_S + 0.3


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_wrong_community_says_so_or_no_answer(kind: str) -> None:
    with HostileAgent(device("a"), community=b"other") as agent:
        result = poll(kind, PUBLIC, timeout_s=TIMEOUT_S, port=agent.port, **SETTINGS[kind])
    assert result.reason == "snmp_no_answer"
    reason = REASONS["snmp_no_answer"]
    assert "community" in reason.text.en
    assert "no answer" in reason.text.en
    assert "community" in reason.first_step.vi
    assert result.duration_s < TIMEOUT_S
