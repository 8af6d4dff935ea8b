"""The outside libraries, opened once per process and shared by all probes."""

from types import TracebackType
from typing import Self

from collector.ping import Pinger
from collector.snmp import Snmp


class OpenDoors:
    """Both doors of a collector, to be used inside a running event loop: `async with OpenDoors() as doors`.

    Attributes:
        ping: ICMP.
        snmp: SNMP.
    """

    def __init__(self) -> None:
        self.ping = Pinger()
        self.snmp = Snmp()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every socket of both; harmless when called again."""
        self.ping.close()
        self.snmp.close()
