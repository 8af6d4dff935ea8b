"""From a login in the books to copies in the archive: a real router, a real collector, the real API."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from api.configurations.archive import Archive
from inventory.access.accounts import Scope
from inventory.books import Books
from inventory.db import reading
from inventory.history import Change
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.observations import Observation
from tests.support.network import book, site
from tests.support.network import router as booked_router
from tests.support.program import serving, token
from tests.support.router import COMMUNITY, PASSWORD, USER, Router
from tests.support.running import wait

MAIN = """
import json, sys
from collector.collect import main
from collector.settings import load
sys.exit(main(load(**json.loads(sys.argv[1]))))
"""

MORE = "planted-for-m0re-rights"

pytestmark = pytest.mark.root


@pytest.fixture
def database() -> str:
    """The collector sees no database, so one kind is enough."""
    return "sqlite"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def watched(books: Books, device: Router, home: Path, tmp_path: Path) -> Iterator[Archive]:
    """Watch the router by a collector every three seconds, and give the archive of its configurations."""
    device.set("interface lo", "description before")
    login = Credential(
        name="ops",
        kind="ssh",
        sealed=books.keys.seal(json.dumps({"password": PASSWORD, "enable_secret": MORE})),
        public=json.dumps({"user": USER}),
    )
    quick = {"interval_s": 3, "timeout_s": 60}
    booked_router(
        books, "core", site(books, "trung-tam"), address="127.0.0.1", platform="frr", ports={"ssh": device.port},
        ssh_credential_id=book(books, login).id, probes={"ssh_config": quick, "icmp": {"enabled": False}},
    )  # fmt: skip
    with serving(books, home) as api, socket.create_server(("127.0.0.1", 0)) as listening:
        bearer = token(books, Scope.COLLECTOR, "main")["Authorization"].removeprefix("Bearer ")
        fds = [listening.fileno()]
        given = {"name": "main", "api": api.url, "state": str(tmp_path / "edge"), "listen_fds": fds, "roster_s": 0.5}
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, json.dumps(given)],
            env={**os.environ, "QUANG_COLLECTOR_TOKEN": bearer},
            pass_fds=fds,
        )
        try:
            yield Archive(home, books.keys)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


def seen(books: Books, fact: str) -> list[Observation]:
    with reading(books.engine) as session:
        found = select(Observation).where(Observation.fact == fact).order_by(Observation.id)  # type: ignore[arg-type]
        return list(session.exec(found))


def test_a_changed_line_is_one_copy_and_no_change_is_none(
    books: Books, watched: Archive, device: Router, home: Path, tmp_path: Path
) -> None:
    (first,) = wait(lambda: seen(books, "configuration"), 60)
    assert [one.value for one in wait(lambda: seen(books, "firmware"))] == ["FRR 8.4.4"]
    copy = watched.version("core", first.value)
    assert "description before" in copy.text
    assert "planted-vty-passw0rd" in copy.text

    device.set("interface lo", "description after")
    wait(lambda: len(seen(books, "configuration")) == 2, 60)
    later = wait(lambda: [one for one in seen(books, "configuration") if one.id != first.id])[0]
    assert "description after" in watched.version("core", later.value).text

    # A few polls later there is still one copy for the one change.
    device.set("interface lo", "description last")
    wait(lambda: len(seen(books, "configuration")) == 3, 60)
    assert [one.subject for one in watched.log("core", 9)] == ["core: changed", "core: changed", "core: first copy"]
    assert watched.findings() == []

    with reading(books.engine) as session:
        (router,) = session.exec(select(Device))
        acts = [row.act for row in session.exec(select(Change).where(Change.object_key == "core"))]
    assert router.ssh_host_key == device.fingerprint()
    assert acts.count("trust_host_key") == 1

    planted = [word.encode() for word in (PASSWORD, MORE, COMMUNITY, "planted-vty-passw0rd", "planted-enable-passw0rd")]
    files = [path for folder in (home, tmp_path / "edge") for path in folder.rglob("*") if path.is_file()]
    assert any(path.parts[-2] == "main" or "configs" in path.parts for path in files)
    assert [(path, word) for path in files for word in planted if word in path.read_bytes()] == []
