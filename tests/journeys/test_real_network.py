"""A real network: routers with OSPF and snmpd, real Prometheus and Alertmanager, and fibres that are really cut."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx
import pytest

from alerts.rules.collectors import COLLECTORS
from alerts.rules.house import HOUSE
from api.desk.programs import issue
from api.settings import load
from api.stack import books as stack_books
from inventory import register
from inventory.access.accounts import Scope
from inventory.access.rights import SYSTEM
from inventory.books import Books, open_books, prepare
from inventory.nouns import NOUNS
from tests.support import fibres
from tests.support.fibres import COMMUNITY, FIBRES, OFFICE, ROUTERS, Network, network
from tests.support.parts import need
from tests.support.running import alive, all_below, children_of, environment, name_of, wait

pytestmark = pytest.mark.root

MAIL_PORT = 2525
IN_TIME_S = 120.0
"""What Alertmanager loses because it was killed is found by comparing, within 15 s and the 8 s that news may take."""

OURS = frozenset(rule.name for group in (COLLECTORS, HOUSE) for rule in group.alerts)
"""What the programs say of themselves: where a test takes the processor from them that is true, and not looked at."""

SINK = """
import os, socket, sys
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(("127.0.0.1", int(sys.argv[1])))
sock.listen()
os.set_inheritable(sock.fileno(), True)
words = [sys.executable, "-m", "api.demo.mail", "--fd", str(sock.fileno()), "--folder", sys.argv[2]]
os.execv(sys.executable, words)
"""


@dataclass
class Office:
    """`quang up` at the office, and what it has told."""

    network: Network
    home: Path
    supervisor: int
    token: str
    told: int = 0

    def incidents(self) -> list[dict[str, Any]]:
        """Return every incident."""
        transport = httpx.HTTPTransport(uds=str(self.home / "run" / "api.sock"))
        with httpx.Client(transport=transport, base_url="http://quang", timeout=60) as client:
            answer = client.get("/api/v1/incidents?limit=200", headers={"Authorization": f"Bearer {self.token}"})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def open(self) -> set[str]:
        """Return rule and element of what is wrong in the network now."""
        wrong = (one for one in self.incidents() if one["state"] != "resolved" and one["rule"] not in OURS)
        return {f"{one['rule']} {one['element']}" for one in wrong}

    def messages(self) -> list[str]:
        """Return the subjects of all messages about the network in their order."""
        files = sorted((self.home / "mail").glob("*.eml"))
        told = [str(message_from_bytes(file.read_bytes(), policy=policy.default)["subject"]) for file in files]
        return [subject for subject in told if not any(word in subject for word in ("Bộ thu thập", *OURS))]

    def sees(self, *names: str) -> None:
        """Wait until exactly these are wrong and one new message has come for each change."""
        wanted = {f"LinkDown link:{name}" for name in names}
        before = self.told
        self.told = before + 1
        wait(
            lambda: self.open() == wanted and len(self.messages()) >= self.told,
            IN_TIME_S,
            f"{wanted}, not {self.open()}; {self.messages()[before:]}",
        )

    def keeps(self, seconds: float, *names: str) -> None:
        """Make sure that nothing else is told for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.open() == {f"LinkDown link:{name}" for name in names}
            assert self.messages()[self.told :] == []
            time.sleep(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    for program in ("prometheus", "prometheus-alertmanager"):
        need(program)
    home = tmp_path_factory.mktemp("real") / "home"
    with network() as it:
        token = _write_books(home)
        with _quang(it, home) as supervisor:
            here = Office(it, home, supervisor, token)
            wait(lambda: _quiet(here), 180, "a quiet network")
            yield here


def _write_books(home: Path) -> str:
    """Book the network, one site a router, and return a token that may read."""
    home.mkdir()
    settings = load({"QUANG_HOME": str(home)})
    books = open_books(settings.inventory)
    prepare(books)
    stack_books.first_start(books)
    stack_books.keep_tokens(books, home / "tokens")
    _book(books, "credentials", name="net", kind="snmp_v2c", community=COMMUNITY)
    for number, name in enumerate(ROUTERS, 1):
        _book(books, "sites", slug=name, name=name.upper(), kind="commune")
        _book(
            books,
            "devices",
            name=f"{name}-r",
            site=name,
            category="router",
            address=f"10.213.0.{number}",
            snmp_credential="net",
            is_root=name == "core",
            # The agents would tell of the disks and processors of the machine that the test runs on.
            probes={"snmp_host": {"enabled": False}},
        )
    for a, b in FIBRES:
        ends = {
            "a_device": f"{a}-r",
            "a_interface": fibres.port(b),
            "b_device": f"{b}-r",
            "b_interface": fibres.port(a),
        }
        _book(books, "links", name=f"{a}-{b}", **ends)
    _book(books, "accounts", username="duty", role="it_staff", email="duty@example.vn", receives_alerts=True)
    token = issue(books, "reader", [Scope.READ], timedelta(hours=1), account="duty")
    books.engine.dispose()
    return token


def _book(books: Books, noun: str, **values: Any) -> None:
    register.create(books, SYSTEM, NOUNS[noun], values)


@contextmanager
def _quang(it: Network, home: Path) -> Iterator[int]:
    """Run `quang up` and a mail server in the office."""
    it.start(OFFICE, sys.executable, "-c", SINK, str(MAIL_PORT), str(home / "mail"))
    mail = {
        "QUANG_MAIL_HOST": "127.0.0.1",
        "QUANG_MAIL_PORT": str(MAIL_PORT),
        "QUANG_MAIL_SECURITY": "none",
        "QUANG_MAIL_SENDER": "quang@example.vn",
    }
    with (home / "up.out").open("wb") as out:
        process = subprocess.Popen(
            it.inside(OFFICE, sys.executable, "-m", "api", "up"),
            env=environment(home, **mail),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait(lambda: b"Open in a browser" in (home / "up.out").read_bytes(), 180, "the address of the pages")
        yield process.pid
    finally:
        below = list(all_below(process.pid))
        process.terminate()
        process.wait(120)
        assert [pid for pid in below if alive(pid)] == []


def _quiet(here: Office) -> bool:
    """Return whether every device and link is known to be well."""
    text = here.network.run(
        OFFICE,
        sys.executable,
        "-c",
        _ASK,
        _prometheus(here),
        f"count(quang:element_down == 0) == {len(ROUTERS + FIBRES)}",
    ).stdout
    return text.strip() == "1" and here.open() == set()


_ASK = """
import json, sys, urllib.parse, urllib.request
query = "http://" + sys.argv[1] + "/api/v1/query?" + urllib.parse.urlencode({"query": sys.argv[2]})
try:
    with urllib.request.urlopen(query, timeout=20) as answer:
        print(len(json.load(answer)["data"]["result"]))
except OSError:
    print(0)
"""


def _prometheus(here: Office) -> str:
    return f"127.0.0.1:{json.loads((here.home / 'run' / 'ports.json').read_text())['prometheus']}"


def test_a_cut_in_a_chain_is_one_message_and_what_lies_behind_is_silent(office: Office) -> None:
    office.network.cut("ha", "hd")
    office.sees("ha-hd")
    assert not office.network.reaches("he")
    office.keeps(15, "ha-hd")
    office.network.mend("ha", "hd")
    office.sees()
    office.keeps(35)


def test_a_cut_ring_still_reaches_everybody_and_hides_no_fault_behind(office: Office) -> None:
    office.network.cut("core", "ha")
    office.sees("core-ha")
    wait(lambda: office.network.reaches("he"), 60, "the other way round")
    office.network.cut("hd", "he")
    office.sees("core-ha", "hd-he")
    office.keeps(10, "core-ha", "hd-he")
    office.network.mend("hd", "he")
    office.sees("core-ha")
    office.network.mend("core", "ha")
    office.sees()
    office.keeps(10)


@pytest.mark.parametrize("part", ["api", "collector", "prometheus", "alertmanager"])
def test_everything_works_again_after_a_part_was_killed(office: Office, part: str) -> None:
    _kill(office, part)
    office.network.cut("hb", "hc")
    office.sees("hb-hc")
    office.network.mend("hb", "hc")
    office.sees()
    office.keeps(3)


@pytest.mark.parametrize("part", ["api", "collector", "prometheus", "alertmanager"])
def test_an_end_is_told_once_although_a_part_was_killed_while_it_lasted(office: Office, part: str) -> None:
    office.network.cut("hb", "hc")
    office.sees("hb-hc")
    # What Alertmanager has told is on its disk after 5 s; killed before, the comparison with Prometheus tells the end.
    office.keeps(7, "hb-hc")
    _kill(office, part)
    office.keeps(3, "hb-hc")
    office.network.mend("hb", "hc")
    office.sees()
    office.keeps(3)


def _kill(here: Office, part: str) -> None:
    """Kill a part and wait until it runs again."""
    parts = {name_of(pid): pid for pid in children_of(here.supervisor)}
    os.kill(parts[part], signal.SIGKILL)
    wait(
        lambda: {name_of(pid): pid for pid in children_of(here.supervisor)}.get(part, parts[part]) != parts[part],
        90,
        f"{part} running again",
    )
    wait(lambda: _api_answers(here), 90, "the API")


def _api_answers(here: Office) -> bool:
    try:
        return isinstance(here.incidents(), list)
    except (httpx.HTTPError, OSError):
        return False
