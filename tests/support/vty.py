"""FRR's own console of one daemon, as a router had it before there was `vtysh`: user mode first, `enable` by a secret.

A real `bgpd` that routes nothing (no zebra, no port) listens for telnet on loopback. What the login shell of the SSH
server runs is this file: it answers the console's first password, and hands everything else through.
"""

import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.background import into_background
from tests.support.parts import free_port, missing, need_root
from tests.support.router import Router
from tests.support.running import wait

BGPD = Path("/usr/lib/frr/bgpd")
CONSOLE = "planted-vty-passw0rd"
SECRET = "planted-enable-passw0rd"


@dataclass
class Vty:
    """The running daemon.

    Attributes:
        port: Of its console on 127.0.0.1.
    """

    folder: Path
    port: int

    def shell(self, router: Router) -> None:
        """Let this console answer the next logins of a router."""
        words = f"{sys.executable} -u {Path(__file__)} {self.port} {CONSOLE}"
        router.shell(f"stty raw -echo; exec env PYTHONPATH={Path(__file__).parents[2]} {words}")

    def log(self) -> str:
        """Return what the daemon has written into its log."""
        path = self.folder / "bgpd.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def vty(*, secret: str = SECRET) -> Iterator[Vty]:
    """Run the daemon; `secret` empty for one that asks for none."""
    need_root()
    if not BGPD.exists():
        missing("FRR is not installed")
    folder = Path(tempfile.mkdtemp(prefix="quang-vty-"))
    # FRR's program gives up root and must still reach its files.
    folder.chmod(0o755)
    it = Vty(folder, free_port())
    lines = ["hostname core", f"password {CONSOLE}", f"enable password {secret}" if secret else "!", "router bgp 65000"]
    (folder / "bgpd.conf").write_text("\n".join((*lines, " no bgp default ipv4-unicast", "")), encoding="ascii")
    for path in (folder, folder / "bgpd.conf"):
        shutil.chown(path, "frr", "frr")
    try:
        place = ["--vty_socket", str(folder), "-i", str(folder / "bgpd.pid"), "-f", str(folder / "bgpd.conf")]
        own = ["-d", "-n", "-Z", "-p", "0", "-A", "127.0.0.1", "-P", str(it.port), "--log", f"file:{folder}/bgpd.log"]
        into_background([str(BGPD), *own, *place], folder / "bgpd.out")
        wait(lambda: _listens(it.port), what="bgpd's console")
        yield it
    finally:
        pid = folder / "bgpd.pid"
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def relay(port: int, password: str) -> None:
    """Join standard input and output with a console, past its first password; a telnet client without options."""
    with socket.create_connection(("127.0.0.1", port), 60) as wire:
        seen = b""
        while b"Password: " not in seen:
            seen += wire.recv(4_096)
        wire.sendall(password.encode() + b"\r\n")
        ends = time.monotonic() + 600
        while time.monotonic() < ends:
            ready, _, _ = select.select([wire, 0], [], [], 1.0)
            for one in ready:
                data = wire.recv(65_536) if one is wire else os.read(0, 65_536)
                if not data:
                    return
                if one is wire:
                    os.write(1, _plain(data))
                else:
                    wire.sendall(data)


def _plain(data: bytes) -> bytes:
    """Return what a console sent without the three octets of each telnet option."""
    while (at := data.find(b"\xff")) >= 0:
        data = data[:at] + data[at + 3 :]
    return data


if __name__ == "__main__":
    relay(int(sys.argv[1]), sys.argv[2])
