"""A real router on loopback (root): FRR's shell as the login shell of a real OpenSSH server.

Neither touches the machine: the server sees its account in a mount namespace of its own, FRR routes in a network
namespace of its own.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.background import into_background
from tests.support.parts import free_port, missing, need, need_root
from tests.support.running import wait

USER = "netadmin"
PASSWORD = "planted-Pa55-of-the-router"
COMMUNITY = "planted-c0mmunity"
ZEBRA = Path("/usr/lib/frr/zebra")

_CONFIG = """\
hostname core
password planted-vty-passw0rd
enable password planted-enable-passw0rd
interface lo
 description core loopback
"""
_SERVER = """\
mount --make-rprivate / && mount -t tmpfs none /run && mkdir -m 755 /run/sshd
mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/shadow" /etc/shadow && exec "$2" -D -e -f "$1/sshd_config"
"""


@dataclass
class Router:
    """The running router.

    Attributes:
        port: Of its SSH server, on 127.0.0.1.
        password: Of `USER`.
    """

    folder: Path
    port: int
    password: str = PASSWORD
    server: subprocess.Popen[bytes] | None = None

    def type(self, *commands: str) -> str:
        """Type commands at the router's own console."""
        words = [word for command in commands for word in ("-c", command)]
        done = subprocess.run(
            [need("vtysh"), "--vty_socket", str(self.folder / "frr"), *words],
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout

    def set(self, *commands: str) -> None:
        """Change the configuration."""
        self.type("configure terminal", *commands)

    def fingerprint(self, name: str = "host_key", kind: str = "ssh-ed25519") -> str:
        """Return a host key as `ssh-keygen` prints it: kind, then SHA-256."""
        printed = subprocess.run(
            [need("ssh-keygen"), "-l", "-f", str(self.folder / f"{name}.pub")],
            check=True, capture_output=True, text=True, timeout=30,
        ).stdout  # fmt: skip
        return f"{kind} {printed.split()[1]}"

    def start(self) -> None:
        """Start the SSH server."""
        words = [need("unshare"), "-m", "sh", "-ec", _SERVER, "sh", str(self.folder), need("sshd")]
        with (self.folder / "sshd.log").open("ab") as log:
            self.server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait(self._answers, 60, "sshd")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as one:
                return one.recv(4) == b"SSH-"
        except OSError:
            return False

    def stop(self) -> None:
        """Stop the SSH server."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(60)
        self.server = None

    @contextmanager
    def serving(self, *options: str) -> Iterator[None]:
        """Let the SSH server have other options for a while, lines of its `sshd_config`."""
        path = self.folder / "sshd_config"
        usual = path.read_text(encoding="utf-8")
        # Of several lines for one option the first counts.
        path.write_text("\n".join((*options, usual)), encoding="utf-8")
        try:
            self.stop()
            self.start()
            yield
        finally:
            path.write_text(usual, encoding="utf-8")
            self.stop()
            self.start()

    @contextmanager
    def expired(self) -> Iterator[None]:
        """Let the password of the login be one that has to be changed first, for a while."""
        path = self.folder / "shadow"
        usual = path.read_text(encoding="utf-8")
        try:
            path.write_text(usual.replace(":19000:0:99999:7:::\n", ":0:0:99999:7:::\n"), encoding="utf-8")
            yield
        finally:
            path.write_text(usual, encoding="utf-8")

    def refusals(self) -> int:
        """Return how many passwords the SSH server has refused."""
        return (self.folder / "sshd.log").read_text().count("Failed password")

    def renew_key(self) -> None:
        """Give the server another host key, as a swapped device has."""
        self.stop()
        self._make_key()
        self.start()

    def shell(self, script: str) -> None:
        """Let something else answer the next logins: the body of a shell script."""
        (self.folder / "shell").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")

    def answer(self, script: str) -> None:
        """Let the next logins find a prompt, and every command with `show` in it what a shell script prints."""
        self.shell(
            "stty -echo\nprintf 'core# '\nwhile read -r line; do case \"$line\" in\n"
            f"*show*) printf '%s\\r\\n' \"$line\"\n{script};;\n"
            "*) printf '%s\\r\\ncore# ' \"$line\";;\nesac; done"
        )

    def vtysh(self) -> None:
        """Let the router itself answer the logins, as at the beginning."""
        self.shell(f"exec {need('vtysh')} --vty_socket {self.folder / 'frr'}")

    def _make_key(self) -> None:
        for name, kind in (("host_key", "ed25519"), ("rsa_key", "rsa")):
            for path in (self.folder / name, self.folder / f"{name}.pub"):
                path.unlink(missing_ok=True)
            words = [need("ssh-keygen"), "-q", "-t", kind, "-N", "", "-C", "", "-f", str(self.folder / name)]
            subprocess.run(words, check=True, timeout=30, stdin=subprocess.DEVNULL)


@contextmanager
def router() -> Iterator[Router]:
    """Run a router, and take all of it away again whatever happens."""
    need_root()
    for program in ("sshd", "ssh-keygen", "vtysh", "unshare", "openssl"):
        need(program)
    if not ZEBRA.exists():
        missing("FRR is not installed")
    folder = Path(tempfile.mkdtemp(prefix="quang-router-"))
    # FRR's programs give up root and must still reach their sockets.
    folder.chmod(0o755)
    it = Router(folder, free_port())
    try:
        _route(it)
        _account(it)
        it._make_key()
        it.vtysh()
        (folder / "shell").chmod(0o755)
        it.start()
        yield it
    finally:
        it.stop()
        for file in (folder / "frr").glob("*.pid"):
            os.kill(int(file.read_text()), signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _route(it: Router) -> None:
    place = it.folder / "frr"
    place.mkdir()
    shutil.chown(place, "frr", "frr")
    (place / "frr.conf").write_text(_CONFIG, encoding="ascii")
    words = ["-d", "--vty_socket", str(place), "-i", str(place / "zebra.pid"), "-f", str(place / "frr.conf")]
    command = [need("unshare"), "-n", str(ZEBRA), *words, "-z", str(place / "zserv.api")]
    into_background(command, it.folder / "zebra.out")
    wait((place / "zebra.vty").exists, 60, "zebra's console")


def _account(it: Router) -> None:
    hashed = subprocess.run(
        [need("openssl"), "passwd", "-6", "-stdin"],
        check=True, capture_output=True, text=True, input=it.password + "\n", timeout=30,
    ).stdout.strip()  # fmt: skip
    # RouterOS is told the width of the console behind the name; to this server that is another name.
    names = (USER, f"{USER}+ct511w4098h")
    lines = {
        "passwd": Path("/etc/passwd").read_text()
        + "".join(f"{name}:x:0:0::/:{it.folder / 'shell'}\n" for name in names),
        "shadow": "root:*:19000:0:99999:7:::\nsshd:!:19000::::::\n"
        + "".join(f"{name}:{hashed}:19000:0:99999:7:::\n" for name in names),
        "sshd_config": "\n".join(
            (
                f"ListenAddress 127.0.0.1:{it.port}",
                f"HostKey {it.folder / 'host_key'}",
                f"HostKey {it.folder / 'rsa_key'}",
                "PidFile none",
                "PermitRootLogin yes",
                "PasswordAuthentication yes",
                "KbdInteractiveAuthentication no",
                f"AuthorizedKeysFile {it.folder / 'authorized_keys'}",
                "StrictModes no",
                "UsePAM no",
                "PrintMotd no",
                "PrintLastLog no",
                "MaxStartups 100",
                "",
            )
        ),
    }
    for name, text in lines.items():
        (it.folder / name).write_text(text, encoding="utf-8")
