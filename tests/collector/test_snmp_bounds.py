"""How much of an agent's talk is taken: an answer of 100 MB ends long before it is read."""

import asyncio
import tracemalloc

import pytest

from collector.agents.plan import OCTETS_MAX
from collector.probe import ProbeFailure
from collector.snmp import SYS_UP_TIME, Snmp
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import HostileAgent, cell
from tests.support.polling import PUBLIC, target

IF_ALIAS = "1.3.6.1.2.1.31.1.1.1.18"


@pytest.mark.parametrize("public", [False, True])
def test_an_answer_of_a_hundred_megabytes_is_cut_off(public: bool) -> None:
    async def walk(port: int) -> ProbeFailure:
        door = Snmp(public=public)
        try:
            with pytest.raises(ProbeFailure) as caught:
                await door.agent(target("snmp_system", timeout_s=60), PUBLIC, port).walk((IF_ALIAS,))
        finally:
            door.close()
        return caught.value

    with HostileAgent({SYS_UP_TIME: cell(1, hostile.TICKS)}, hostile.hundred_megabytes) as agent:
        tracemalloc.start()
        failure = asyncio.run(walk(agent.port))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        asked = len(agent.seen)
    assert failure.code == "snmp_endless"
    assert most < 3 * OCTETS_MAX
    assert asked < 2_500
