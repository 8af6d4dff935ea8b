"""Which server a service probe asks: the host of its settings, or else the address of its target."""

from typing import Annotated

from pydantic import Field

from collector.probe import ProbeFailure, Settings
from collector.target import Target


class HostSettings(Settings):
    """Where the service is; each probe adds its port."""

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,253}$")] | None = None
    """Name or address of the server, for the resolver and the certificate. Needed where the target has no address."""

    def host_of(self, target: Target) -> str:
        """Return the name or IP address of the server.

        Raises:
            ProbeFailure: `settings`: neither the settings nor the target name one.
        """
        host = self.host or target.address
        if host is None:
            raise ProbeFailure("settings", "host")
        return host
