"""A real network on one machine (root): routers in namespaces, veth pairs as fibres, FRR's OSPF and snmpd on each.

The office where `quang` runs is one more namespace, joined to the core by a cable.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.background import into_background
from tests.support.parts import missing, need, need_root

COMMUNITY = "real-network"
OFFICE = "office"
FRR = Path("/usr/lib/frr")

FIBRES: tuple[tuple[str, str], ...] = (
    # a ring through the core, and a chain of two behind one of its members
    ("core", "ha"),
    ("ha", "hb"),
    ("hb", "hc"),
    ("hc", "core"),
    ("ha", "hd"),
    ("hd", "he"),
)
SPARE: tuple[str, str] = ("hb", "hc")
"""The way round, which carries nothing while the rest of the ring is whole: else the kernel would choose by chance
whose packets it carries, and a fibre that is cut again and again within minutes would rightly be called lossy."""

ROUTERS: tuple[str, ...] = ("core", "ha", "hb", "hc", "hd", "he")


def port(other: str) -> str:
    """Return the name of the interface towards another router."""
    return f"to-{other}"


@dataclass
class Network:
    """The running network."""

    prefix: str
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def space(self, name: str) -> str:
        """Return the name of a router's namespace."""
        return f"{self.prefix}-{name}"

    def inside(self, name: str, *command: str) -> list[str]:
        """Return a command that runs in a router's namespace."""
        return [need("ip"), "netns", "exec", self.space(name), *command]

    def run(self, name: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in a router's namespace to its end."""
        return subprocess.run(
            self.inside(name, *command),
            check=check,
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start a program in a router's namespace; it is ended with the network."""
        with (self.folder / f"{name}-{Path(command[0]).name}.out").open("wb") as out:
            process = subprocess.Popen(
                self.inside(name, *command), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process

    def address(self, name: str) -> str:
        """Return the address by which a router is managed."""
        return f"10.213.0.{ROUTERS.index(name) + 1}"

    def cut(self, a: str, b: str) -> None:
        """Cut a fibre: its far end goes down, so its near end has no carrier."""
        ip("-n", self.space(b), "link", "set", port(a), "down")

    def mend(self, a: str, b: str) -> None:
        """Put a fibre together again."""
        ip("-n", self.space(b), "link", "set", port(a), "up")

    def reaches(self, name: str) -> bool:
        """Return whether the office gets an answer from a router."""
        return self.run(OFFICE, "ping", "-c1", "-W1", self.address(name), check=False).returncode == 0


def ip(*words: str) -> None:
    """Run `ip`."""
    subprocess.run([need("ip"), *words], check=True, capture_output=True, timeout=60)


@contextmanager
def network() -> Iterator[Network]:
    """Build the network, and take all of it away again whatever happens."""
    need_root()
    for program in ("ip", "snmpd", "snmpset", "ping"):
        need(program)
    if not (FRR / "ospfd").exists():
        missing("FRR is not installed")
    folder = Path(tempfile.mkdtemp(prefix="quang-fibres-"))
    # FRR's programs give up root and must still reach their sockets.
    folder.chmod(0o755)
    it = Network(f"q{os.getpid()}", folder)
    try:
        _lay(it)
        for name in ROUTERS:
            _route(it, name)
            _answer(it, name)
        _wait_until_reached(it)
        yield it
    finally:
        _remove(it)


def _lay(it: Network) -> None:
    for name in (*ROUTERS, OFFICE):
        ip("netns", "add", it.space(name))
        ip("-n", it.space(name), "link", "set", "lo", "up")
    for name in ROUTERS:
        ip("-n", it.space(name), "address", "add", f"{it.address(name)}/32", "dev", "lo")
        it.run(name, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    for number, (a, b) in enumerate((*FIBRES, ("core", OFFICE)), 1):
        words = ("link", "add", port(b), "netns", it.space(a), "type", "veth", "peer", "name", port(a))
        ip(*words, "netns", it.space(b))
        for place, (one, other) in enumerate(((a, b), (b, a)), 1):
            ip("-n", it.space(one), "address", "add", f"10.213.{number}.{place}/30", "dev", port(other))
            ip("-n", it.space(one), "link", "set", port(other), "up")
    ip("-n", it.space(OFFICE), "route", "add", "default", "via", f"10.213.{len(FIBRES) + 1}.1")


def _route(it: Network, name: str) -> None:
    folder = it.folder / name
    folder.mkdir()
    shutil.chown(folder, "frr", "frr")
    lines = [
        f"hostname {name}",
        "router ospf",
        f" ospf router-id {it.address(name)}",
        " redistribute connected",
        # By default a second change within 5 s waits, and with it the way round: a real outage, but not a test's.
        " timers throttle spf 0 50 500",
        " timers throttle lsa all 0",
        " timers lsa min-arrival 0",
    ]
    for a, b in FIBRES:
        if name in (a, b):
            lines += [
                f"interface {port(b if name == a else a)}",
                " ip ospf area 0",
                " ip ospf network point-to-point",
                " ip ospf hello-interval 1",
                " ip ospf dead-interval 4",
                f" ip ospf cost {100 if (a, b) == SPARE else 10}",
            ]
    config = folder / "frr.conf"
    config.write_text("\n".join(lines) + "\n", encoding="ascii")
    for program in ("zebra", "ospfd"):
        words = ["-d", "--vty_socket", str(folder), "-i", str(folder / f"{program}.pid"), "-f", str(config)]
        command = it.inside(name, str(FRR / program), *words, "-z", str(folder / "zserv.api"))
        into_background(command, it.folder / f"{name}-{program}.out")


def _answer(it: Network, name: str) -> None:
    config = it.folder / name / "snmpd.conf"
    config.write_text(f"rwcommunity {COMMUNITY}\nsysName {name}\nagentAddress udp:161\n", encoding="ascii")
    it.start(name, need("snmpd"), "-f", "-Lo", "-C", "-c", str(config), "-p", str(it.folder / name / "snmpd.pid"))


def _wait_until_reached(it: Network) -> None:
    deadline = time.monotonic() + 120
    while not all(it.reaches(name) for name in ROUTERS):
        if time.monotonic() > deadline:
            raise AssertionError("OSPF found no way to every router")
        time.sleep(0.5)
    for name in ROUTERS:
        # net-snmp keeps its table of interfaces for seconds (nsCacheTimeout of ifTable); a router keeps none.
        words = ["-v2c", "-c", COMMUNITY, it.address(name), ".1.3.6.1.4.1.8072.1.5.3.1.2.1.3.6.1.2.1.2.2", "i", "1"]
        it.run(OFFICE, need("snmpset"), *words)


def _remove(it: Network) -> None:
    for name in (*ROUTERS, OFFICE):
        found = subprocess.run(
            [need("ip"), "netns", "pids", it.space(name)], check=False, capture_output=True, text=True
        )
        for pid in found.stdout.split():
            # What one of them started may end with it, before its turn.
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    for process in it.processes:
        process.wait(60)
    for name in (*ROUTERS, OFFICE):
        subprocess.run([need("ip"), "netns", "delete", it.space(name)], check=False, capture_output=True, timeout=60)
    shutil.rmtree(it.folder, ignore_errors=True)
