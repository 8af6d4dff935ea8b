"""Adding a device: a real agent says what it is; a wrong community says what to check."""

import re
from collections.abc import Iterator

import httpx
import pytest

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.nouns import NOUNS
from inventory.register import get
from tests.api.pages.conftest import Reader
from tests.support.api import Api
from tests.support.snmpd import Snmpd

COMMUNITY = "chuoi-doc-bi-mat"


@pytest.fixture(scope="module")
def agent() -> Iterator[Snmpd]:
    with Snmpd(community=COMMUNITY) as running:
        yield running


def hidden_in(answer: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))


def ask(client: httpx.Client, agent: Snmpd, community: str, **more: str) -> httpx.Response:
    form = {"address": "127.0.0.1", "community": community, "port": str(agent.port)} | more
    return client.post("/wizard", data=form)


def test_a_new_device_is_found_placed_and_saved_with_its_credential(api: Api, agent: Snmpd) -> None:
    client = api.signed_in(Role.ADMINISTRATOR, Accept="text/html")
    found = ask(client, agent, COMMUNITY)
    assert "agent for tests" in found.text
    assert 'value="agent.example"' in found.text
    assert COMMUNITY not in found.text
    form = hidden_in(found) | {"new_site": "Xã Tân Lập", "kind": "commune", "name": "tan-lap-rt", "category": "server"}
    assert client.post("/wizard/save", data=form).headers["Location"] == "/devices/tan-lap-rt?done=device"
    assert client.get("/devices/tan-lap-rt").status_code == 200
    device = get(api.books, SYSTEM, NOUNS["devices"], "tan-lap-rt").model_dump()
    assert (device["site"], device["snmp_credential"]) == ("xa-tan-lap", "snmp-tan-lap-rt")
    assert (device["address"], device["ports"]) == ("127.0.0.1", {"snmp": agent.port})
    checked = client.post("/checks/devices/tan-lap-rt", headers={"HX-Request": "true"})
    assert "agent.example; running for" in checked.text or "running for" in checked.text
    assert COMMUNITY not in checked.text


def test_a_wrong_community_says_what_to_check_and_ping_alone_is_offered(reader: Reader, agent: Snmpd) -> None:
    client = reader("it_staff", "en")
    answer = ask(client, agent, "khong-dung")
    assert "The device is there, but it does not answer SNMP." in answer.text
    assert "Wrong community or no answer to SNMP." in answer.text
    assert "check the community, whether SNMP is on" in answer.text
    assert "khong-dung" not in answer.text
    assert 'value="127.0.0.1"' in answer.text
    second = ask(client, agent, "khong-dung", anyway="1")
    form = hidden_in(second) | {"site": "tan-lap", "name": "tan-lap-sw", "category": "switch"}
    assert client.post("/wizard/save", data=form).headers["Location"] == "/devices/tan-lap-sw?done=device"
    assert "no, ping only" in client.get("/devices/tan-lap-sw").text


def test_an_address_that_is_none_or_two_ways_to_ask_are_told_at_their_fields(reader: Reader) -> None:
    client = reader("it_staff", "en")
    answer = client.post("/wizard", data={"address": "router.example", "port": "161"})
    assert (answer.status_code, "An IP address in figures is needed" in answer.text) == (422, True)
    answer = client.post("/wizard", data={"address": "127.0.0.1", "community": "a", "credential": "b", "port": "0"})
    assert "Type a community or choose a credential, not both." in answer.text
    assert "A port is a number from 1 to 65535." in answer.text


def test_what_was_written_is_not_written_twice_when_a_field_has_to_be_corrected(reader: Reader, agent: Snmpd) -> None:
    client = reader("it_staff", "en")
    found = ask(client, agent, COMMUNITY)
    form = hidden_in(found) | {"new_site": "Xã Mới", "kind": "commune", "name": "moi-rt", "category": "no-such"}
    answer = client.post("/wizard/save", data=form)
    assert answer.status_code == 422
    again = hidden_in(answer) | {"site": "xa-moi", "name": "moi-rt", "category": "router"}
    assert again["credential"] == "snmp-moi-rt"
    assert again["sealed"] == ""
    assert client.post("/wizard/save", data=again).headers["Location"] == "/devices/moi-rt?done=device"


def test_a_saved_credential_can_be_used_for_the_next_device(reader: Reader, agent: Snmpd) -> None:
    client = reader("it_staff", "en")
    form = hidden_in(ask(client, agent, COMMUNITY)) | {"site": "tan-lap", "name": "mot", "category": "router"}
    client.post("/wizard/save", data=form)
    found = client.post("/wizard", data={"address": "127.0.0.1", "port": str(agent.port), "credential": "snmp-mot"})
    assert "agent for tests" in found.text
    assert hidden_in(found)["credential"] == "snmp-mot"


def test_a_tampered_seal_is_refused(reader: Reader) -> None:
    client = reader("it_staff", "en")
    form = {"address": "127.0.0.1", "port": "161", "sealed": "AAAA", "credential": ""}
    answer = client.post("/wizard/save", data=form | {"site": "tan-lap", "name": "x", "category": "router"})
    assert answer.status_code == 422


def test_checking_now_tells_each_end_of_a_link_and_each_service(reader: Reader) -> None:
    client = reader("auditor", "en")
    answer = client.post("/checks/services/web-tan-lap", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "First:" in answer.text
    assert "<html" not in answer.text
    assert client.post("/checks/links/bq-tan-lap").text.count("Ping") == 2
    assert reader("commune_staff").post("/checks/devices/tan-lap-rt").status_code == 404
