"""Two real switches and two computers on one machine (root): Linux bridges in namespaces, net-snmp's agent and lldpd.

The cables are veth pairs. LLDP-MIB comes from lldpd over AgentX; ARP and interfaces from net-snmp itself; BRIDGE-MIB
from the kernel's bridge by `tests.support.bridge_mib`.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import bridge_mib
from tests.support.namespace import ip
from tests.support.parts import need, need_root
from tests.support.running import wait

SWITCHES = ("sw-a", "sw-b")
ADDRESSES = {"sw-a": "10.77.0.1", "sw-b": "10.77.0.2", "pc": "10.77.0.11", "guest": "10.77.0.12"}
MACS = {"pc": "00:1b:a9:00:00:11", "guest": "00:0c:42:00:00:12"}
PORTS = {"pc": ("p1", "p2"), "guest": ("p3",)}
"""At which ports of `sw-a` there is a cable to a computer."""

UPLINK = "trunk"
COMMUNITY = "public"
SNMP_PORT = 161


@dataclass
class Office:
    """The running network.

    Attributes:
        folder: Configurations and sockets of the programs.
    """

    prefix: str
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def space(self, name: str) -> str:
        """Return the name of the namespace of a switch or computer."""
        return f"{self.prefix}-{name}"

    def start(self, name: str, *command: str) -> None:
        """Start a program in a namespace; it is ended with the network."""
        environment = os.environ | {"SNMP_PERSISTENT_DIR": str(self.folder / f"{name}-state"), "MIBS": ""}
        words = [need("ip"), "netns", "exec", self.space(name), *command]
        with (self.folder / f"{name}-{Path(command[0]).name}.out").open("wb") as out:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment
            )
        self.processes.append(process)

    def plug(self, name: str, port: str) -> None:
        """Plug a computer into another port of `sw-a`, and have it talk to both switches."""
        space = self.space(name)
        for other in PORTS[name]:
            ip(f"-n {space} link set e-{other} down")
            ip(f"-n {space} address flush dev e-{other}")
        ip(f"-n {space} link set e-{port} address {MACS[name]}")
        ip(f"-n {space} link set e-{port} up")
        ip(f"-n {space} address add {ADDRESSES[name]}/24 dev e-{port}")
        wait(lambda: all(self._reaches(name, ADDRESSES[switch]) for switch in SWITCHES))

    def _reaches(self, name: str, address: str) -> bool:
        words = [need("ip"), "netns", "exec", self.space(name), need("ping"), "-c1", "-W1", address]
        return subprocess.run(words, check=False, capture_output=True, timeout=60).returncode == 0


@contextmanager
def office() -> Iterator[Office]:
    """Build the network, and take all of it away again whatever happens."""
    need_root()
    for program in ("ip", "bridge", "snmpd", "lldpd", "ping", "python3"):
        need(program)
    folder = Path(tempfile.mkdtemp(prefix="quang-switches-"))
    # lldpd gives up root and must still reach its sockets.
    folder.chmod(0o755)
    it = Office(f"s{os.getpid()}", folder)
    try:
        _lay(it)
        for name in SWITCHES:
            _answer(it, name)
        for name, (port, *_) in PORTS.items():
            it.plug(name, port)
        yield it
    finally:
        _remove(it)


def _lay(it: Office) -> None:
    for name in ADDRESSES:
        ip(f"netns add {it.space(name)}")
        ip(f"-n {it.space(name)} link set lo up")
    cables = [(("sw-a", UPLINK), ("sw-b", UPLINK))]
    cables += [(("sw-a", port), (name, f"e-{port}")) for name, ports in PORTS.items() for port in ports]
    for (one, here), (other, there) in cables:
        ip(f"link add {here} netns {it.space(one)} type veth peer name {there} netns {it.space(other)}")
    for name in SWITCHES:
        space = it.space(name)
        ip(f"-n {space} link add br0 type bridge")
        for port in (UPLINK, *(port for ports in PORTS.values() for port in ports)) if name == "sw-a" else (UPLINK,):
            ip(f"-n {space} link set {port} master br0")
            ip(f"-n {space} link set {port} up")
        ip(f"-n {space} link set br0 up")
        ip(f"-n {space} address add {ADDRESSES[name]}/24 dev br0")


def _answer(it: Office, name: str) -> None:
    agentx = it.folder / f"{name}-agentx"
    lines = (
        f"rocommunity {COMMUNITY}",
        f"sysName {name}",
        "master agentx",
        f"agentXSocket unix:{agentx}",
        "agentXPerms 0777 0755 root root",
        f"pass_persist .{'.'.join(map(str, bridge_mib.BASE))} {need('python3')} {bridge_mib.__file__} br0",
    )
    config = it.folder / f"{name}-snmpd.conf"
    config.write_text("\n".join(lines) + "\n", encoding="ascii")
    it.start(name, need("snmpd"), "-f", "-Lo", "-C", "-c", str(config), "-I", "-smux", f"udp:{SNMP_PORT}")
    wait(agentx.exists)
    speaks = it.folder / f"{name}-lldpd.conf"
    speaks.write_text(f"configure system hostname {name}\nconfigure lldp tx-interval 1\n", encoding="ascii")
    sockets = ("-X", f"unix:{agentx}", "-u", str(it.folder / f"{name}-lldpd.socket"))
    files = ("-O", str(speaks), "-p", str(it.folder / f"{name}-lldpd.pid"))
    it.start(name, need("lldpd"), "-d", *sockets, *files, "-I", UPLINK, "-m", ADDRESSES[name])


def _remove(it: Office) -> None:
    for name in ADDRESSES:
        found = subprocess.run(
            [need("ip"), "netns", "pids", it.space(name)], check=False, capture_output=True, text=True
        )
        for pid in found.stdout.split():
            # The script behind an agent ends by itself as soon as the agent is gone.
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    for process in it.processes:
        process.wait(60)
    for name in ADDRESSES:
        words = [need("ip"), "netns", "delete", it.space(name)]
        subprocess.run(words, check=False, capture_output=True, timeout=60)
    shutil.rmtree(it.folder, ignore_errors=True)
