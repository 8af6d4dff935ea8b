"""The outside libraries, opened once per process and shared by all probes."""

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from collector.ping import Pinger
from collector.snmp import Snmp

if TYPE_CHECKING:
    from collector.ssh import Ssh


class OpenDoors:
    """The doors of a collector, to be used inside a running event loop: `async with OpenDoors() as doors`.

    Attributes:
        ping: ICMP.
        snmp: SNMP.
        ssh: SSH; opened when it is first asked for.
    """

    def __init__(self, refused: Path | None = None, token: str = "") -> None:
        """Open what is needed from the start.

        Args:
            refused: File of the logins that devices have refused; `None` to know them as long as the doors are open.
            token: The collector's, with which that file is keyed.
        """
        self._refused, self._token = refused, token
        self.ping = Pinger()
        self.snmp = Snmp()

    @cached_property
    def ssh(self) -> "Ssh":
        """The door to SSH. Its library takes half a second to load, and many collectors never need it."""
        from collector.shell.ledger import Ledger  # noqa: PLC0415
        from collector.ssh import Ssh  # noqa: PLC0415

        return Ssh(Ledger(self._refused, self._token))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every socket of all; harmless when called again."""
        self.ping.close()
        self.snmp.close()
        if "ssh" in self.__dict__:
            self.ssh.close()
