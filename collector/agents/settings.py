"""What every SNMP probe is told: the port of the agent, and the kinds of credential that it accepts."""

from typing import Annotated, Final

from pydantic import Field

from collector.probe import Settings

CREDENTIALS: Final = ("snmp_v2c", "snmp_v3")
"""Kinds of credential that an agent accepts, for `Probe.needs`."""


class SnmpSettings(Settings):
    """Where the agent listens."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 161
    """UDP port of the agent."""
