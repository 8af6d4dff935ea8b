"""A PostgreSQL cluster of the tests' own: unprivileged, on a socket in a temporary folder, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.support.parts import missing, need
from tests.support.scratch import scratch

_FOLDERS: Final = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin")


class Cluster:
    """A running cluster.

    Attributes:
        folder: Holds the data and the socket.
        user: Name of its superuser, who needs no password on the socket.
    """

    def __init__(self, folder: Path, user: str) -> None:
        self.folder = folder
        self.user = user
        self._made = 0

    def url(self, database: str) -> str:
        """Return the address of a database, as the settings take it."""
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def create(self, *, template: str = "template0") -> str:
        """Make a database as a copy of another and return its name."""
        self._made += 1
        name = f"books_{self._made}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def drop(self, database: str) -> None:
        """Delete a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user=self.user, dbname="postgres", autocommit=True, connect_timeout=60
        ) as connection:
            connection.execute(statement)  # type: ignore[call-overload] # a statement of our own, not a literal


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster and stop it at the end; skip where PostgreSQL is not installed (fail under `CI`)."""
    programs = _programs()
    # A socket's path has a limit of 107 bytes, so not below pytest's own long folder.
    folder = scratch("quang-pg-")
    account = _unprivileged()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    user = account.pw_name if account is not None else pwd.getpwuid(os.geteuid()).pw_name
    identity: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account is not None else {}
    )
    data = folder / "data"
    try:
        _do([programs / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            folder, identity)  # fmt: skip
        options = (
            f"-F -k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off "
            "-c shared_buffers=64MB -c max_connections=60 -c autovacuum=off -c max_wal_size=2GB"
        )
        _do([programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "120", "-o", options, "start"],
            folder, identity)  # fmt: skip
        try:
            yield Cluster(folder, user)
        finally:
            _do([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder, identity)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    for folder in _FOLDERS:
        if Path(folder, "initdb").exists():
            return Path(folder)
    if shutil.which("initdb") is None:
        missing("PostgreSQL is not installed")
    return Path(need("initdb")).parent


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom to run the cluster as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return missing("there is no unprivileged user to run PostgreSQL as")


def _do(command: list[object], folder: Path, identity: dict[str, Any]) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=180,
        check=False,
        **identity,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(str(command[0])).name} failed: {done.stderr.strip()[-500:]}")
