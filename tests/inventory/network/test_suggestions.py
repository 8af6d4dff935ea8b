"""Links that LLDP and CDP tell of and the books lack."""

import json
from datetime import timedelta

import pytest

from inventory.access.rights import SYSTEM, Actor
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.network.observations import Observation, ingest_observations
from inventory.network.suggestions import suggested_links
from tests.support.people import commune_staff
from tests.support.rows import add, add_device, add_site


@pytest.fixture
def network(books: Books) -> Books:
    for slug in ("a", "b"):
        add_site(books, slug)
    add_device(books, "core", "a", address="10.0.0.1")
    add_device(books, "r1", "b", address="10.1.0.1")
    return books


def tell(books: Books, instance: str, fact: str, words: tuple[str, str], days: float = 0) -> None:
    at = now() - timedelta(days=days)
    seen = Observation(
        source="snmp_neighbours", instance=instance, site="a", fact=fact, subject=words[0], value=words[1],
        first_seen=at, last_seen=at,
    )  # fmt: skip
    with writing(books.engine) as session:
        ingest_observations(session, [seen])


def neighbour(books: Books, instance: str = "core", local: str = "sfp1", days: float = 0, **said: str) -> None:
    tell(books, instance, "neighbour", (f"{local} x", json.dumps({"local": local} | said)), days)


def found(books: Books, actor: Actor = SYSTEM) -> list[tuple[str, str, str, str]]:
    with reading(books.engine) as session:
        return [(one.a.name, one.a_port, one.b.name, one.b_port) for one in suggested_links(session, actor)]


@pytest.mark.parametrize(
    "said", [{"address": "10.1.0.1"}, {"name": "R1"}, {"name": "r1.bacquang.vn"}, {"chassis": "00:0c:42:01:02:03"}]
)
def test_a_neighbour_is_known_by_address_name_or_mac(network: Books, said: dict[str, str]) -> None:
    tell(network, "r1", "mac", ("ether1", "00:0c:42:01:02:03"))
    neighbour(network, port="ether1", **said)
    assert found(network) == [("core", "sfp1", "r1", "ether1")]


def test_a_neighbour_is_known_by_the_name_that_it_gives_itself(network: Books) -> None:
    tell(network, "r1", "name", ("system", "RT-XA-TAN-LAP"))
    neighbour(network, name="rt-xa-tan-lap")
    assert len(found(network)) == 1


def test_a_link_that_is_booked_is_not_suggested(network: Books) -> None:
    neighbour(network, name="r1")
    add(network, "links", name="l1", a_device="r1", b_device="core")
    assert found(network) == []


def test_what_both_ends_tell_is_suggested_once(network: Books) -> None:
    neighbour(network, name="r1", port="ether1")
    neighbour(network, "r1", "ether1", name="core", port="sfp-sfpplus1")
    assert found(network) == [("core", "sfp1", "r1", "ether1")]


def test_two_cables_between_two_devices_are_two_links(network: Books) -> None:
    neighbour(network, name="r1", port="ether1")
    neighbour(network, local="sfp2", name="r1", port="ether2")
    assert len(found(network)) == 2


@pytest.mark.parametrize("value", ["", "[]", "7", '{"name": 5}', '{"name": "r1"', "null", "\u202e"])
def test_what_is_not_understood_is_passed_over(network: Books, value: str) -> None:
    tell(network, "core", "neighbour", ("sfp1 x", value))
    assert found(network) == []


def test_a_stranger_itself_and_old_news_are_no_links(network: Books) -> None:
    neighbour(network, local="sfp2", name="stranger")
    neighbour(network, local="sfp3", name="core")
    neighbour(network, local="sfp4", name="r1", days=8)
    assert found(network) == []


def test_a_name_that_two_devices_give_themselves_tells_neither(network: Books) -> None:
    add_device(network, "r2", "b", address="10.1.0.2")
    for device in ("r1", "r2"):
        tell(network, device, "name", ("system", "MikroTik"))
    neighbour(network, name="MikroTik")
    assert found(network) == []


def test_staff_of_a_commune_learn_of_no_foreign_device(network: Books) -> None:
    neighbour(network, name="r1")
    assert found(network, commune_staff(network, "b")) == []


def test_two_devices_that_tell_of_each_other_name_each_their_own_port(network: Books) -> None:
    neighbour(network, "core", "Gi0/1", name="r1", port="ether1 uplink")
    neighbour(network, "r1", "ether1", name="core", port="GigabitEthernet0/1")
    assert found(network) == [("core", "Gi0/1", "r1", "ether1")]


def test_a_port_that_is_named_by_its_hardware_address_is_called_as_the_neighbour_calls_it(network: Books) -> None:
    tell(network, "r1", "mac", ("ether1", "00:0c:42:01:02:03"))
    neighbour(network, name="r1", port="port one", port_mac="00:0c:42:01:02:03")
    assert found(network) == [("core", "sfp1", "r1", "ether1")]
