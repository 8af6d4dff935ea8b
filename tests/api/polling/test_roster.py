"""The roster: what the books say becomes targets, and what is wrong with one thing stops nothing else."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.polling.probes import DEVICE_PROBES, End, Found, Place, add_device
from api.polling.roster import Rosters, Served
from collector.probes import PROBES
from collector.target import Roster, Target
from collector.upstream.roster import read
from inventory.assets.categories import CATEGORIES
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.errors import NotFound
from inventory.network.collectors import beat
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.leases import LEASE, renew
from inventory.network.services import Service
from tests.support.books import statements
from tests.support.network import District, book, collector


@pytest.fixture
def district(books: Books) -> District:
    found = District(books)
    collector(books, "main")
    with writing(books.engine) as session:
        renew(session, beat(session, "main", version="1", url=None, workers=1, now=now()), now())
    return found


def served(books: Books) -> Served:
    return Rosters(books).of("main", now())


def roster(books: Books) -> Roster:
    found = read(served(books).body)
    assert found.problems == {}
    return found.roster


def target(books: Books, instance: str, probe: str) -> Target:
    (found,) = (one for one in roster(books).targets if one.key == (instance, probe))
    return found


def probes(books: Books, instance: str) -> list[str]:
    return [one.probe for one in roster(books).targets if one.instance == instance]


def problems(books: Books) -> list[tuple[str, str, str]]:
    return [(one.noun, one.key, one.probe) for one in served(books).problems]


def test_a_router_with_a_credential_is_asked_everything_and_one_without_is_pinged(
    books: Books, district: District
) -> None:
    health = ["snmp_host", "snmp_sensors"]
    discovery = ["snmp_arp", "snmp_fdb", "snmp_neighbours"]
    assert probes(books, "core") == [
        "icmp", "snmp_link", "snmp_system", "snmp_interfaces", "snmp_optics", *health, *discovery,
    ]  # fmt: skip
    assert probes(books, "qm-r1") == ["icmp"]
    assert target(books, "core", "icmp").address == "127.0.10.1"
    assert target(books, "core", "icmp").credential is None
    assert target(books, "core", "snmp_system").credential == "district"
    assert problems(books) == []


def test_the_ends_of_links_are_read_by_one_probe_only(books: Books, district: District) -> None:
    ends = ["to-ha-r1", "to-core"]
    assert target(books, "vv-r1", "snmp_link").settings == {"interfaces": ends}
    assert target(books, "vv-r1", "snmp_interfaces").settings == {"link_interfaces": ends}
    district.near_router.probes = {"snmp_link": {"enabled": False}}
    book(books, district.near_router)
    assert "snmp_link" not in probes(books, "vv-r1")
    assert target(books, "vv-r1", "snmp_interfaces").settings == {}


def test_an_end_without_snmp_is_not_asked_for(books: Books, district: District) -> None:
    assert target(books, "core", "snmp_link").settings == {"interfaces": ["to-qm-r1", "to-vv-r1"]}
    district.other_line.a_kind = "media_converter"
    book(books, district.other_line)
    assert target(books, "core", "snmp_link").settings == {"interfaces": ["to-vv-r1"]}


def test_overrides_change_one_probe_of_one_device(books: Books, district: District) -> None:
    district.core.probes = {
        "icmp": {"interval_s": 5, "timeout_s": None, "count": 10},
        "snmp_optics": {"enabled": False},
        "snmp_system": {"interval_s": 2},
    }
    district.core.ports = {"snmp": 1161}
    book(books, district.core)
    ping, system = target(books, "core", "icmp"), target(books, "core", "snmp_system")
    assert (ping.interval_s, ping.settings) == (5, {"count": 10})
    assert ping.timeout_s <= PROBES["icmp"].timeout_s
    assert (system.interval_s, system.timeout_s, system.settings) == (2, 2, {"port": 1161})
    assert "snmp_optics" not in probes(books, "core")


def test_limits_and_baselines_reach_the_optics_probe(books: Books, district: District) -> None:
    district.core.optical_overrides = {"to-vv-r1": {"rx_warn_low": -24.0, "tx_alarm_high": 3}}
    district.near_line.a_baseline_rx_dbm = -18.5
    book(books, district.core)
    book(books, district.near_line)
    settings = target(books, "core", "snmp_optics").settings
    assert settings == {
        "limits": [
            {"interface": "to-vv-r1", "direction": "rx", "level": "warn_low", "dbm": -24.0},
            {"interface": "to-vv-r1", "direction": "tx", "level": "alarm_high", "dbm": 3},
        ],
        "baselines": [{"link": "viet-vinh", "interface": "to-vv-r1", "rx_dbm": -18.5}],
    }
    PROBES["snmp_optics"].settings.model_validate(settings)


def test_services_are_asked_by_their_kind(books: Books, district: District) -> None:
    book(books, Service(name="mail", kind="mail", site_id=district.centre.id, host="mail.example.vn", port=25))
    login = json.dumps({"user": "giam-sat", "password": "bí mật"})
    secret = book(books, Credential(name="web", kind="http", sealed=books.keys.seal(login)))
    district.portal.expect, district.portal.credential_id = "Việt Vinh", secret.id
    district.portal.host_device_id = district.near_router.id
    book(books, district.portal)
    assert target(books, "portal", "http").settings == {"url": "http://127.0.10.9/", "contains": "Việt Vinh"}
    assert target(books, "portal", "http").credential == "web"
    assert target(books, "mail", "smtp").settings == {"host": "mail.example.vn", "port": 25, "security": "none"}
    assert {(one.name, one.element) for one in roster(books).graph.services} == {
        ("portal", "device:vv-r1"),
        ("mail", "site:trung-tam"),
    }


def test_the_graph_is_the_whole_networks(books: Books, district: District) -> None:
    graph = roster(books).graph
    assert [(node.name, node.site, node.monitored) for node in graph.nodes] == [
        ("core", "trung-tam", True), ("ha-r1", "hung-an", True), ("qm-r1", "quang-minh", True),
        ("vv-r1", "viet-vinh", True),
    ]  # fmt: skip
    assert [(link.name, *(end.kind for end in link.ends)) for link in graph.links] == [
        ("hung-an", "snmp", "snmp"), ("quang-minh", "snmp", "ont"), ("viet-vinh", "snmp", "snmp"),
    ]  # fmt: skip
    assert (graph.roots, graph.anchors) == (("core",), ("core",))


def test_a_device_without_an_address_is_not_asked_and_counts_as_not_watched(books: Books, district: District) -> None:
    district.other_router.address = None
    book(books, district.other_router)
    assert probes(books, "qm-r1") == []
    assert [node.monitored for node in roster(books).graph.nodes if node.name == "qm-r1"] == [False]


def test_retired_things_are_not_asked(books: Books, district: District) -> None:
    for row in (district.far_router, district.portal, district.other_line):
        row.retired_at = now()
        book(books, row)
    assert {one.instance for one in roster(books).targets} == {"core", "vv-r1", "qm-r1"}
    assert [link.name for link in roster(books).graph.links] == ["viet-vinh"]


def test_a_broken_reference_is_reported_for_that_credential_alone(
    books: Books, district: District, tmp_path: Path
) -> None:
    broken = book(books, Credential(name="far", kind="snmp_v2c", reference=f"file:{tmp_path}/none"))
    district.far_router.snmp_credential_id = broken.id
    book(books, district.far_router)
    assert problems(books) == [("credential", "far", "")]
    assert list(roster(books).credentials) == ["district"]
    # It stays in the roster, so that the collector says of it why it is not asked.
    assert target(books, "ha-r1", "snmp_system").credential == "far"


def test_a_changed_secret_outside_the_books_makes_another_roster(
    books: Books, district: District, tmp_path: Path
) -> None:
    file = tmp_path / "community"
    file.write_text("mot\n", encoding="utf-8")
    outside = book(books, Credential(name="outside", kind="snmp_v2c", reference=f"file:{file}"))
    district.core.snmp_credential_id = outside.id
    book(books, district.core)
    rosters = Rosters(books)
    first = rosters.of("main", now())
    assert json.loads(first.body)["credentials"]["outside"] == {"community": "mot", "kind": "snmp_v2c"}
    assert rosters.of("main", now()).etag == first.etag
    file.write_text("hai\n", encoding="utf-8")
    second = rosters.of("main", now())
    assert json.loads(second.body)["credentials"]["outside"]["community"] == "hai"
    assert second.etag != first.etag
    assert "mot" not in repr(rosters)


def test_the_ends_of_leases_do_not_make_another_roster_but_the_sites_do(books: Books, district: District) -> None:
    rosters = Rosters(books)
    first = rosters.of("main", now())
    assert rosters.of("main", now() + timedelta(seconds=5)).etag == first.etag
    later = rosters.of("main", now() + LEASE + timedelta(seconds=1))
    assert later.etag != first.etag
    assert json.loads(later.body)["leases"] == []
    assert json.loads(later.body)["targets"] == []


def test_an_unchanged_roster_is_built_once(books: Books, district: District) -> None:
    rosters = Rosters(books)
    with statements(books) as first:
        rosters.of("main", now())
    with statements(books) as second:
        rosters.of("main", now())
    assert (len(first), len(second)) == (9, 3)


@pytest.mark.parametrize(
    ("probes_of", "probe"),
    [({"icmp": {"count": 1}}, "icmp"), ({"icmp": {"interval_s": 0.5}}, "icmp"), ({"icmp": {"nonsense": 1}}, "icmp"),
     ({"teleport": {}}, "teleport"), ({"http": {}}, "http")],
)  # fmt: skip
def test_a_wrong_parameter_is_named_and_hurts_nothing_else(
    books: Books, district: District, probes_of: dict[str, Any], probe: str
) -> None:
    district.core.probes = probes_of
    book(books, district.core)
    assert problems(books) == [("device", "core", probe)]
    assert "snmp_system" in probes(books, "core")
    assert "icmp" in probes(books, "vv-r1")


def test_a_retired_or_unknown_collector_has_no_roster(books: Books) -> None:
    collector(books, "gone", retired_at=now())
    for name in ("gone", "never"):
        with pytest.raises(NotFound):
            Rosters(books).of(name, now())


@given(
    st.sampled_from([*sorted(CATEGORIES), "of-tomorrow"]),
    st.booleans(),
    st.booleans(),
    st.lists(st.text("abc/0-9 é\n", min_size=1, max_size=20), max_size=4),
)
def test_every_kind_of_device_gives_targets_that_the_collector_takes(
    category: str, has_address: bool, has_credential: bool, interfaces: list[str]
) -> None:
    device = Device(name="x", site_id=1, category=category, address="10.0.0.1" if has_address else None)
    ends = tuple(End(f"l{number}", name, -20.0) for number, name in enumerate(interfaces))
    found = Found()
    add_device(found, Place(device, "s", ends, "c" if has_credential else None))
    assert found.problems == []
    for one in found.targets:
        PROBES[one.probe].settings.model_validate(one.settings)
    assert has_address or not found.targets


def test_every_probe_of_a_category_is_one_that_a_device_can_have() -> None:
    assert {probe for category in CATEGORIES.values() for probe in category.probes} <= set(DEVICE_PROBES)
    assert set(DEVICE_PROBES) <= set(PROBES)


def test_nothing_secret_stands_in_what_is_printed(books: Books, district: District) -> None:
    rosters = Rosters(books)
    assert "lan-noi-bo" not in f"{rosters!r}{rosters.of('main', now()).problems!r}"
