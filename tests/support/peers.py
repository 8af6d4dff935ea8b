"""Real servers for the probes of services, each on a free port of loopback with its files in a folder of its own."""

import grp
import os
import pwd
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.parts import free_port, need


@contextmanager
def _running(folder: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=f"quang-{name}-") as made:
        path = Path(made)
        path.chmod(0o755)
        yield path


def _await_tcp(port: int, folder: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((folder / "output").read_text(encoding="utf-8", errors="replace"))


@contextmanager
def dnsmasq(*lines: str) -> Iterator[int]:
    """Run a name server that asks nobody else; `lines` are of its configuration. Gives its port, UDP and TCP."""
    port = free_port()
    with _folder("dns") as folder:
        base = (f"port={port}", "listen-address=127.0.0.1", "bind-interfaces", "no-resolv", "no-hosts", "no-daemon")
        own = ("user=root", "group=root", "local=/example/")
        (folder / "dnsmasq.conf").write_text("\n".join((*base, *own, *lines, "")), encoding="utf-8")
        with _running(folder, need("dnsmasq"), "-C", str(folder / "dnsmasq.conf")):
            _await_tcp(port, folder)
            yield port


@contextmanager
def chronyd(*lines: str) -> Iterator[int]:
    """Run a time server that leaves the machine's clock alone; `lines` are of its configuration. Gives its port."""
    port = free_port(socket.SOCK_DGRAM)
    with _folder("ntp") as folder:
        base = (f"port {port}", "bindaddress 127.0.0.1", "allow 127.0.0.0/8", "cmdport 0", f"pidfile {folder}/pid")
        own = (f"bindcmdaddress {folder}/cmd.sock", f"driftfile {folder}/drift")
        (folder / "chrony.conf").write_text("\n".join((*base, *own, *lines, "")), encoding="utf-8")
        with _running(folder, need("chronyd"), "-U", "-x", "-d", "-f", str(folder / "chrony.conf")) as process:
            _await_datagrams(process, port, folder)
            yield port


def _await_datagrams(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    """Wait until the program has its UDP port: nobody else can bind it then."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                return
        time.sleep(0.05)
    raise AssertionError((folder / "output").read_text(encoding="utf-8", errors="replace"))


@contextmanager
def dovecot(certificate: Path | None = None, key: Path | None = None) -> Iterator[int]:
    """Run a mailbox server, with STARTTLS if it has a certificate. Gives its port."""
    port = free_port()
    me = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    user, group = me.pw_name, grp.getgrgid(me.pw_gid).gr_name
    with _folder("imap") as folder:
        lines = (
            *_mailboxes(certificate, key), f"base_dir={folder}/run", f"state_dir={folder}/state", "protocols=imap",
            "listen=127.0.0.1", f"default_internal_user={user}", f"default_internal_group={group}",
            f"default_login_user={user}", f"log_path={folder}/log",
            f"service imap-login {{\n chroot=\n inet_listener imap {{\n port={port}\n }}",
            " inet_listener imaps {\n port=0\n }\n}",
            "service anvil {\n chroot=\n}",
        )  # fmt: skip
        (folder / "dovecot.conf").write_text("\n".join((*lines, "")), encoding="utf-8")
        with _running(folder, need("dovecot"), "-F", "-c", str(folder / "dovecot.conf")):
            _await_tcp(port, folder)
            yield port


def _mailboxes(certificate: Path | None, key: Path | None) -> tuple[str, ...]:
    """Return what each version of the server says in words of its own; they have to stand first."""
    said = subprocess.run([need("dovecot"), "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    has_tls = certificate is not None and key is not None
    if said.startswith("2.3"):
        users = ("passdb {\n driver=static\n args=password=x\n}",
                 "userdb {\n driver=static\n args=uid=65534 gid=65534 home=/nonexistent\n}")  # fmt: skip
        return (*(("ssl=yes", f"ssl_cert=<{certificate}", f"ssl_key=<{key}") if has_tls else ("ssl=no",)), *users)
    versions = ("dovecot_config_version=2.4.0", "dovecot_storage_version=2.4.0")
    users = ("passdb static {\n password=x\n}",
             "userdb static {\n fields {\n uid=65534\n gid=65534\n home=/nonexistent\n }\n}")  # fmt: skip
    tls = ("ssl=yes", f"ssl_server_cert_file={certificate}", f"ssl_server_key_file={key}") if has_tls else ("ssl=no",)
    return (*versions, *tls, *users)


@contextmanager
def kamailio(route: str) -> Iterator[int]:
    """Run a SIP server that answers each request by `route`, a block of its configuration. Gives its port."""
    port = free_port()
    with _folder("sip") as folder:
        lines = (
            "debug=-1", "log_stderror=yes", "children=1", "auto_aliases=no", "disable_tcp=no", "tcp_children=1",
            f"listen=udp:127.0.0.1:{port}", f"listen=tcp:127.0.0.1:{port}",
            'loadmodule "sl.so"', 'loadmodule "tm.so"', f"request_route {{ {route} }}",
        )  # fmt: skip
        (folder / "kamailio.cfg").write_text("\n".join((*lines, "")), encoding="utf-8")
        command = (
            need("kamailio"),
            "-DD",
            "-m",
            "16",
            "-M",
            "8",
            "-Y",
            str(folder),
            "-f",
            str(folder / "kamailio.cfg"),
        )
        with _running(folder, *command):
            _await_tcp(port, folder)
            yield port


@contextmanager
def nginx(certificate: Path, key: Path, *lines: str) -> Iterator[int]:
    """Run a web server with TLS and HTTP/2; `lines` are of its server block. Gives its port."""
    port = free_port()
    with _folder("web") as folder:
        paths = "".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        own = (f"listen 127.0.0.1:{port} ssl http2;", f"ssl_certificate {certificate};", f"ssl_certificate_key {key};")
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log; events {{}}"
            f" http {{ access_log off; {paths} server {{ {' '.join((*own, *lines))} }} }}\n",
            encoding="utf-8",
        )
        with _running(
            folder, need("nginx"), "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")
        ):
            _await_tcp(port, folder)
            yield port
