"""An agent that was away for a while is heard again, on the event loop that the collector really runs on."""

import asyncio
from collections.abc import Callable

import pytest
import uvloop

from collector.probe import ProbeFailure
from collector.snmp import SYS_UP_TIME, Snmp
from tests.support.polling import PUBLIC, target
from tests.support.snmpd import Snmpd

Loop = Callable[[], asyncio.AbstractEventLoop]


@pytest.mark.parametrize("loop", [uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"])
def test_an_agent_whose_port_was_closed_is_heard_again(loop: Loop) -> None:
    with Snmpd() as snmpd, asyncio.Runner(loop_factory=loop) as runner:
        runner.run(_away_and_back(snmpd))


async def _away_and_back(snmpd: Snmpd) -> None:
    door = Snmp()
    try:
        agent = door.agent(target("snmp_system", timeout_s=60.0), PUBLIC, snmpd.port)
        assert SYS_UP_TIME in await agent.get(())
        for _ in range(3):
            snmpd.stop()
            for _ in range(4):
                with pytest.raises(ProbeFailure):
                    await agent.get(())
            await asyncio.to_thread(snmpd.restart)
            assert SYS_UP_TIME in await agent.get(())
    finally:
        door.close()
