"""Who is plugged in where, on real switches: Linux bridges with net-snmp and lldpd, cables that are really moved."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from collector.probe import Result
from collector.upstream.reports import Reporter
from inventory.access.accounts import Role, Scope
from tests.support.api import Api, api
from tests.support.namespace import within
from tests.support.polling import PUBLIC, poll
from tests.support.rows import add_asset, add_device, add_site
from tests.support.running import wait
from tests.support.switches import ADDRESSES, MACS, SNMP_PORT, SWITCHES, UPLINK, Office, office

__all__ = ["api"]

pytestmark = pytest.mark.root

KINDS = ("snmp_arp", "snmp_fdb", "snmp_neighbours")


@pytest.fixture(scope="module")
def switches() -> Iterator[Office]:
    with office() as running:
        yield running


@pytest.fixture
def books(api: Api) -> Api:
    """Give the books of an office: both switches and the PC, no link between them, no guest."""
    add_site(api.books, "tan-lap")
    for name in SWITCHES:
        add_device(api.books, name, "tan-lap", address=ADDRESSES[name], category="switch")
    add_asset(api.books, "PC-1", "tan-lap", name="PC một cửa", category="desktop", mac=MACS["pc"])
    return api


class Collector:
    """Polls the switches and reports what is new, as the collector does."""

    def __init__(self, it: Office, api: Api) -> None:
        self._office = it
        self._reporter = Reporter()
        self._client = api.with_token(Scope.COLLECTOR, collector="main")

    def ask(self, switch: str, kind: str) -> Result:
        """Poll one switch once, from within its own network."""

        def inside() -> Result:
            return poll(kind, PUBLIC, timeout_s=10, port=SNMP_PORT)

        found: Result = within(self._office.space(switch), inside)
        assert found.success, (switch, kind, found)
        return replace(found, target=found.target.model_copy(update={"instance": switch, "site": "tan-lap"}))

    def round(self) -> None:
        """Poll all and report."""
        for kind in KINDS:
            for switch in SWITCHES:
                rows = self._reporter.reports(self.ask(switch, kind), "network")
                answer = self._client.post("/api/v1/collectors/main/reports", json={"reports": rows})
                assert answer.json()["refused"] == 0, answer.text


def told(result: Result, kind: str) -> dict[str, str]:
    return {one.subject: one.value for one in result.observations if one.kind == kind}


def test_a_real_bridge_a_real_arp_table_and_real_lldp_are_read(switches: Office, books: Api) -> None:
    collector = Collector(switches, books)
    heard = told(collector.ask("sw-a", "snmp_fdb"), "port")
    assert (heard[MACS["pc"]], heard[MACS["guest"]]) == ("p1", "p3")
    assert told(collector.ask("sw-b", "snmp_fdb"), "port")[MACS["pc"]] == UPLINK
    met = told(collector.ask("sw-b", "snmp_arp"), "arp")
    assert (met[ADDRESSES["pc"]], met[ADDRESSES["guest"]]) == (MACS["pc"], MACS["guest"])
    (line,) = neighbours(collector, "sw-a")
    assert (line["local"], line["name"], line["address"]) == (UPLINK, "sw-b", ADDRESSES["sw-b"])
    assert line["relays"] == "yes"


def neighbours(collector: Collector, switch: str) -> list[dict[str, Any]]:
    """Return who stands next to a switch, once lldpd has told its agent."""
    wait(lambda: told(collector.ask(switch, "snmp_neighbours"), "neighbour"))
    return [json.loads(one) for one in told(collector.ask(switch, "snmp_neighbours"), "neighbour").values()]


def test_a_stranger_is_unknown_a_pc_that_is_plugged_elsewhere_has_moved_and_the_cable_becomes_a_link(
    switches: Office, books: Api
) -> None:
    switches.plug("pc", "p1")
    collector = Collector(switches, books)
    for switch in SWITCHES:
        neighbours(collector, switch)
    collector.round()
    client = books.signed_in(Role.IT_STAFF)

    (stranger,) = client.get("/api/v1/unknown-devices").json()
    assert (stranger["mac"], stranger["address"]) == (MACS["guest"], ADDRESSES["guest"])
    assert (stranger["switch"], stranger["port"]) == ("sw-a", "p3")

    assert [one for one in findings(client) if one["moved_at"]] == []
    switches.plug("pc", "p2")
    collector.round()
    (moved,) = [one for one in findings(client) if one["moved_at"]]
    assert (moved["mac"], moved["switch"], moved["port"]) == (MACS["pc"], "sw-a", "p2")
    assert (moved["before_switch"], moved["before_port"]) == ("sw-a", "p1")

    (suggestion,) = client.get("/api/v1/link-suggestions").json()
    ends = {(suggestion[f"{end}_device"], suggestion[f"{end}_interface"]) for end in "ab"}
    assert ends == {("sw-a", UPLINK), ("sw-b", UPLINK)}
    click(client, "/findings?show=links", "/findings/links")
    assert client.get("/api/v1/link-suggestions").json() == []
    assert [one["name"] for one in client.get("/api/v1/links").json()["items"]] == [suggestion["name"]]


def findings(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/findings").json()["items"]
    return found


def click(client: httpx.Client, page: str, action: str) -> None:
    """Press the button of the form with that action."""
    text = client.get(page).text
    form = text[text.index(f'action="{action}"') :].partition("</form>")[0]
    values = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert client.post(action, data=values).status_code == 303
