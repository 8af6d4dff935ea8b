"""The page of a device's configurations: who sees it, what it hides, and what leaves the house."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from api.configurations.archive import Archive
from api.configurations.taking import Read, taken
from inventory.access.rights import SYSTEM
from inventory.db import reading, writing
from inventory.history import Change
from inventory.keys import Keys
from inventory.network.devices import Device
from inventory.network.observations import ingest_observations
from inventory.nouns import NOUNS
from inventory.register import create, get, retire, update
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.parts import free_port
from tests.support.router import PASSWORD, USER, Router, router

HOME = "/devices/vinh-tuy-rt/configurations"
AT = datetime(2018, 12, 1, 3, 0, tzinfo=UTC)
SECRET = "planted-c0mmunity"
FIRST = f"hostname vt\nsnmp-server community {SECRET} RO\ninterface Gi0/1\n description to the district\nend\n"
SECOND = "! Last configuration change at 10:00 ICT by ops\n" + FIRST.replace("to the district", "to Hà Giang")
THIRD = SECOND.replace(SECRET, "planted-another")


@pytest.fixture
def copied(pages: Api) -> Api:
    """Keep three configurations of one router."""
    for day, text in enumerate((FIRST, SECOND, THIRD)):
        read = Read("vinh-tuy-rt", "vinh-tuy", "ios", text, AT + timedelta(days=day))
        noted = taken(pages.house.archive, [read], frozenset({"vinh-tuy-rt"}))
        with writing(pages.books.engine) as session:
            ingest_observations(session, noted)
    return pages


def versions(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\?new=([0-9a-f]{40})\"", page)))


def test_the_newest_change_is_shown_without_any_secret(copied: Api, reader: Reader) -> None:
    page = reader(language="en").get(HOME).text
    assert "planted" not in page
    assert 'config-removed"' in page
    assert page.count("snmp-server community ⟨••• ") == 2
    assert len(versions(page)) == 3


def test_two_copies_of_choice_are_compared(copied: Api, reader: Reader) -> None:
    client = reader(language="en")
    newest, middle, oldest = versions(client.get(HOME).text)
    page = client.get(f"{HOME}?new={middle}&old={oldest}").text
    assert "description to Hà Giang" in page
    assert "description to the district" in page
    assert "ops · 10:00 ICT" in page
    whole = client.get(f"{HOME}?new={newest}&whole=1").text
    assert "hostname vt" in whole
    assert 'config-removed"' not in whole
    assert "planted" not in page + whole


def test_the_page_of_the_device_tells_when_it_was_changed(copied: Api, reader: Reader) -> None:
    page = reader(language="en").get("/devices/vinh-tuy-rt").text
    assert f'href="{HOME}"' in page
    assert "planted" not in page
    assert HOME not in reader("auditor").get("/devices/vinh-tuy-rt").text


def test_an_administrator_takes_the_whole_copy_and_the_history_knows(copied: Api, reader: Reader) -> None:
    client = reader("administrator")
    newest = versions(client.get(HOME).text)[0]
    csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get(HOME).text)[0]
    answer = client.post(f"{HOME}/{newest}/take", data={"csrf": csrf})
    assert answer.status_code == 200
    assert answer.text == THIRD
    assert "vinh-tuy-rt-20181203-1000.cfg" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    with reading(copied.books.engine) as session:
        taking = session.exec(select(Change).where(Change.act == "take_configuration")).all()
    assert [(row.actor, row.object_key) for row in taking] == [("quantri", "vinh-tuy-rt")]
    assert "Lấy bản cấu hình đầy đủ" in client.get("/devices/vinh-tuy-rt").text


@pytest.mark.parametrize("role", ["it_staff", "auditor", "commune_staff"])
def test_nobody_else_takes_it(copied: Api, reader: Reader, role: str) -> None:
    newest = copied.house.archive.last("vinh-tuy-rt")
    assert newest is not None
    client = reader(role)
    csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get("/devices").text)[0]
    answer = client.post(f"{HOME}/{newest.version}/take", data={"csrf": csrf})
    assert answer.status_code == 403
    assert "planted" not in answer.text


def test_a_copy_that_is_not_the_devices_is_not_found(copied: Api, reader: Reader) -> None:
    client = reader("administrator")
    csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get(HOME).text)[0]
    newest = versions(client.get(HOME).text)[0]
    for path in (f"{HOME}/{'0' * 40}/take", f"/devices/tan-lap-rt/configurations/{newest}/take"):
        assert client.post(path, data={"csrf": csrf}).status_code == 404
    assert client.get("/devices/nothing/configurations").status_code == 404


def test_without_a_copy_the_page_says_what_is_missing(pages: Api, reader: Reader) -> None:
    page = reader(language="en").get(HOME).text
    assert "No copy is made of this device." in page
    assert 'href="/devices/vinh-tuy-rt/edit"' in page


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "không mở được bằng khóa này"), ("en", "does not open with this key")]
)
def test_without_the_key_the_page_says_what_to_put_back(
    copied: Api, reader: Reader, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    stranger = Archive(copied.house.archive.repository.folder.parent, Keys(b"x" * 32))
    monkeypatch.setattr(copied.house, "archive", stranger)
    answer = reader(language=language).get(HOME)
    assert answer.status_code == 500
    assert words in html.unescape(answer.text)
    assert ("Đặt lại đúng tệp khóa" if language == "vi" else "Put back the key file") in answer.text
    assert "planted" not in answer.text


def test_of_a_retired_device_the_copies_stay_for_whoever_sets_up_its_successor(copied: Api, reader: Reader) -> None:
    for noun, key in (("links", "bq-vinh-tuy"), ("devices", "vinh-tuy-rt")):
        retire(copied.books, SYSTEM, NOUNS[noun], key, get(copied.books, SYSTEM, NOUNS[noun], key).version)
    client = reader("administrator", "en")
    page = client.get(HOME)
    assert page.status_code == 200
    assert "Copy now" not in page.text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
    assert client.post(f"{HOME}/{versions(page.text)[0]}/take", data={"csrf": csrf}).text == THIRD


@pytest.fixture(scope="module")
def device() -> Iterator[Router]:
    with router() as it:
        yield it


def book_login(api: Api, port: int, password: str = PASSWORD) -> None:
    values = {"name": "ops", "kind": "ssh", "user": USER, "password": password}
    create(api.books, SYSTEM, NOUNS["credentials"], values)
    version = get(api.books, SYSTEM, NOUNS["devices"], "vinh-tuy-rt").version
    changed = {"address": "127.0.0.1", "platform": "frr", "ssh_credential": "ops", "ports": {"ssh": port}}
    update(api.books, SYSTEM, NOUNS["devices"], "vinh-tuy-rt", version, changed)


@pytest.mark.root
def test_a_copy_is_made_at_once_and_the_key_of_the_device_is_booked(pages: Api, reader: Reader, device: Router) -> None:
    book_login(pages, device.port)
    client = reader(language="en")
    csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get(HOME).text)[0]
    done = [client.post(f"{HOME}/copy", data={"csrf": csrf}).headers["Location"] for _ in range(2)]
    assert done == [f"{HOME}?done=copied", f"{HOME}?done=same_copy"]
    page = client.get(HOME).text
    assert "hostname core" in page
    assert "planted" not in page
    with reading(pages.books.engine) as session:
        (row,) = session.exec(select(Device).where(Device.name == "vinh-tuy-rt"))
    assert row.ssh_host_key == device.fingerprint()


@pytest.mark.root
def test_a_copy_comes_through_the_host_that_the_form_names(pages: Api, reader: Reader, device: Router) -> None:
    book_login(pages, free_port())
    gate = {"name": "gate", "category": "server", "site": "huyen-bac-quang", "address": "127.0.0.1"}
    create(pages.books, SYSTEM, NOUNS["devices"], gate | {"ports": {"ssh": device.port}})
    client = reader(language="en")
    form = client.get("/devices/vinh-tuy-rt/edit").text
    assert [f'id="f-{name}"' in form for name in ("ports.ssh", "ports.snmp", "ssh_jump")] == [True] * 3
    typed = {"csrf": re.findall(r'name="csrf" value="([^"]+)"', form)[0], "name": "vinh-tuy-rt", "title": "RB4011",
             "site": "vinh-tuy", "category": "router", "address": "127.0.0.1", "platform": "frr", "ssh_jump": "gate",
             "ssh_credential": "ops", "ports.ssh": str(device.port), "version": form_version(form)}  # fmt: skip
    refused = client.post("/devices/vinh-tuy-rt/edit", data=typed)
    assert (refused.status_code, "has no SSH host key in the books" in refused.text) == (422, True)
    update(pages.books, SYSTEM, NOUNS["devices"], "gate", 1, {"ssh_host_key": device.fingerprint()})
    assert client.post("/devices/vinh-tuy-rt/edit", data=typed).headers["Location"].endswith("?done=saved")
    page = client.get("/devices/vinh-tuy-rt").text
    assert f"port {device.port}" in page
    assert '<a href="/devices/gate">gate</a>' in page
    assert "Through the host (SSH): – → gate" in page
    done = client.post(f"{HOME}/copy", data={"csrf": typed["csrf"]}).headers["Location"]
    assert done == f"{HOME}?done=copied"


def form_version(page: str) -> str:
    return re.findall(r'name="version" value="([^"]+)"', page)[0]


def test_why_no_copy_could_be_made_is_said_with_the_first_step(pages: Api, reader: Reader) -> None:
    book_login(pages, free_port())
    client = reader(language="en")
    csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get(HOME).text)[0]
    page = client.post(f"{HOME}/copy", data={"csrf": csrf}).text
    assert "No connection (Connection refused)." in page
    assert PASSWORD not in page
