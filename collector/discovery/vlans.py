"""Switches with one forwarding table per VLAN, each behind a community of its own: Cisco's IOS and IOS-XE.

Their BRIDGE-MIB covers VLAN 1 only. Asked with `community@20` instead of `community`, the same agent answers for VLAN
20 (Cisco, "SNMP Community String Indexing"). CISCO-VTP-MIB lists the VLANs. With SNMPv3 each VLAN is a context, which
the library cannot name: in that case only the table of VLAN 1 is read.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from pydantic import SecretStr

from collector.agents.ports import Ports
from collector.agents.system import SYS_OBJECT_ID
from collector.discovery.fdb import Heard, read_plain
from collector.probe import ProbeFailure
from collector.snmp import Agent
from collector.target import Credential, SnmpV2c

VLAN_STATE: Final = "1.3.6.1.4.1.9.9.46.1.3.1.1.2"
"""vtpVlanState, indexed by management domain and VLAN: 1 = operational."""

VLAN_TYPE: Final = "1.3.6.1.4.1.9.9.46.1.3.1.1.3"
"""vtpVlanType: 1 = ethernet; the token rings and FDDI that every IOS has are others."""

IOS: Final = ("1.3.6.1.4.1.9.1.", "1.3.6.1.4.1.9.5.")
"""sysObjectID of what runs IOS, IOS-XE or CatOS (CISCO-PRODUCTS-MIB). Small Business switches (9.6.1) and Nexus (9.12)
are not asked: they would count a wrong community and tell of it by a trap."""

MOST: Final = 64
"""VLANs that are asked in one poll; the next one goes on behind them."""

LONGEST_S: Final = 40.0
"""Seconds of a poll after which no further VLAN is begun, so that a slow switch does not lose what it has told."""

TRY_S: Final = 6.0
"""Deadline of a question to one VLAN: an agent that knows no communities with `@` is silent."""

REFUSED_S: Final = 3_600.0
"""After no VLAN has answered none is asked for so long."""

_MEMORY: Final = "vlans"
_ETHERNET = _OPERATIONAL = 1


async def vlans_apart(agent: Agent) -> list[int]:
    """Return the VLANs of a switch that has one table for each; empty for any other device.

    Raises:
        ProbeFailure: As `Agent.get`.
    """
    said = str((await agent.get((SYS_OBJECT_ID,))).get(SYS_OBJECT_ID, "")) + "."
    if not said.startswith(IOS):
        return []
    states, kinds = await agent.walk((VLAN_STATE, VLAN_TYPE))
    found = set()
    for index, state in states.items():
        number = index.rpartition(".")[2]
        if state == _OPERATIONAL and kinds.get(index, _ETHERNET) == _ETHERNET and number.isdigit():
            found.add(int(number))
    # VLAN 1 is what the agent answers for without being told a VLAN.
    return sorted(vlan for vlan in found if 1 < vlan < 4_095)


def of_vlan(credential: Credential | None, vlan: int) -> SnmpV2c | None:
    """Return the credential that asks for one VLAN; `None` where the kind of credential has no way to say it."""
    if not isinstance(credential, SnmpV2c):
        return None
    return SnmpV2c(community=SecretStr(f"{credential.community.get_secret_value()}@{vlan}"))


async def read_apart(agent: Agent, ports: Ports, vlans: list[int], ask: Callable[[int], Agent]) -> tuple[Heard, int]:
    """Return what the tables of VLANs hold, and how many were read.

    Not all need fit one poll: the next one goes on where this one stopped. The first VLAN that does not answer ends it,
    because then mostly none does.

    Args:
        agent: The switch; it remembers where to go on.
        ports: Its ports.
        vlans: As `vlans_apart`.
        ask: Gives the agent that answers for a VLAN.
    """
    clock = asyncio.get_running_loop().time
    until, heard, read = clock() + LONGEST_S, Heard(), 0
    start, quiet_until = agent.memory.get(_MEMORY, (0, 0.0))
    if clock() < quiet_until:
        return heard, read
    ahead = [vlan for vlan in vlans if vlan > start] + [vlan for vlan in vlans if vlan <= start]
    for vlan in ahead[:MOST]:
        if clock() >= until:
            break
        try:
            heard += await read_plain(ask(vlan), ports)
        except ProbeFailure:
            agent.memory[_MEMORY] = (vlan, 0.0 if read else clock() + REFUSED_S)
            break
        agent.memory[_MEMORY] = (vlan, 0.0)
        read += 1
    return heard, read
