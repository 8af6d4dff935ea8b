"""A real SNMP agent (net-snmp) on a free port of loopback, with its files in a folder of its own."""

import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.parts import free_port, need


@dataclass(frozen=True)
class V3User:
    """A user of the agent, with names of protocols as net-snmp spells them (`SHA-256`, `AES`)."""

    name: str
    auth: str
    auth_pass: str
    priv: str | None = None
    priv_pass: str | None = None


@dataclass
class Snmpd:
    """Runs until the block ends: `with Snmpd(community="public") as agent: agent.port`.

    Attributes:
        community: Community that may read everything.
        users: SNMP v3 users that may read everything.
        address: Address of loopback to listen on.
        config: More lines for its configuration.
        hidden: Subtrees that the community may not read.
        port: Its UDP port.
    """

    community: str = "public"
    users: tuple[V3User, ...] = ()
    address: str = "127.0.0.1"
    config: str = ""
    hidden: tuple[str, ...] = ()
    port: int = field(default=0)

    def __enter__(self) -> Self:
        self._program = need("snmpd")
        self._folder = tempfile.TemporaryDirectory(prefix="quang-snmpd-")
        self.port = self.port or free_port(socket.SOCK_DGRAM)
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        """Return the number of the running process."""
        return self._process.pid

    def stop(self, *, gently: bool = False) -> None:
        """End the agent as a power cut would, or so that it keeps its v3 engine's identity and counts the boot."""
        if gently:
            self._process.terminate()
        else:
            self._process.kill()
        self._process.wait(timeout=60)

    def restart(self, *, gently: bool = False) -> None:
        """End the agent and start it again on the same port; its uptime begins anew."""
        self.stop(gently=gently)
        self.start_again()

    def start_again(self) -> None:
        """Start the agent that was stopped; its uptime begins anew."""
        self._start()

    def walk(self, oid: str) -> dict[str, str]:
        """Return what net-snmp's own `snmpbulkwalk` reads: numeric object identifier to value as text."""
        command = [need("snmpbulkwalk"), "-t10", "-v2c", "-c", self.community, "-m", "", "-OnqUte", self._peer, oid]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100, env={"MIBS": ""})
        pairs = (line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith("."))
        return {name.lstrip("."): value.strip('"') for name, value in pairs}

    @property
    def _peer(self) -> str:
        return f"udp:{self.address}:{self.port}"

    def _start(self) -> None:
        folder = Path(self._folder.name)
        config = folder / "snmpd.conf"
        config.write_text("\n".join(self._lines()), encoding="utf-8")
        (folder / "log").unlink(missing_ok=True)
        environment = {"SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": ""}
        command = [self._program, "-f", "-Lf", str(folder / "log"), "-C", "-c", str(config), "-I", "-smux", self._peer]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=folder
        )
        self._await_start(folder / "log")

    def _lines(self) -> list[str]:
        lines = [f"rocommunity {self.community}", "sysName agent.example", "sysDescr agent for tests"]
        if self.hidden:
            lines[0] += " default -V shown"
            lines += ["view shown included .1", *(f"view shown excluded .{subtree}" for subtree in self.hidden)]
        for user in self.users:
            privacy = f' {user.priv} "{user.priv_pass}"' if user.priv else ""
            lines.append(f'createUser {user.name} {user.auth} "{user.auth_pass}"{privacy}')
            lines.append(f"rouser {user.name} {'authpriv' if user.priv else 'authnopriv'}")
        return [*lines, self.config, ""]

    def _await_start(self, log: Path) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if log.exists() and "NET-SNMP version" in log.read_text(encoding="utf-8", errors="replace"):
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"snmpd did not start: {log.read_text(encoding='utf-8', errors='replace')[-500:]}")
