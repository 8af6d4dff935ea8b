"""From observations to findings, on both databases."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from inventory.books import Books
from inventory.db import reading, writing
from inventory.network.findings import Finding, FindingState
from inventory.network.observations import Observation, ingest_observations
from inventory.network.sightings import MOST_OF_SITE, note_sightings
from inventory.places.sites import Site
from tests.support.rows import add_site

NOON = datetime(2026, 5, 4, 5, tzinfo=UTC)
PC = "00:0c:42:01:02:03"
OTHER = "00:0c:42:01:02:04"


@pytest.fixture
def sites(books: Books) -> Books:
    for slug in ("a", "b"):
        add_site(books, slug)
    return books


def fact(kind: str, subject: str, value: str, *, at: float = 0, on: str = "sw", site: str = "a") -> Observation:
    """Return an observation of an hour after noon."""
    source = {"arp": "snmp_arp", "port": "snmp_fdb"}.get(kind, "sweep")
    moment = NOON + timedelta(hours=at)
    return Observation(
        source=source, instance=on, site=site, fact=kind, subject=subject, value=value, first_seen=moment,
        last_seen=moment,
    )  # fmt: skip


def arp(address: str, mac: str = PC, **more: object) -> Observation:
    return fact("arp", address, mac, **more)  # type: ignore[arg-type]


def port(name: str, mac: str = PC, **more: object) -> Observation:
    return fact("port", mac, name, **more)  # type: ignore[arg-type]


def tell(books: Books, *seen: Observation) -> None:
    with writing(books.engine) as session:
        copies = [Observation(**one.model_dump()) for one in seen]
        ingest_observations(session, copies)
        note_sightings(session, seen)


def found(books: Books) -> list[Finding]:
    with reading(books.engine) as session:
        rows = list(session.exec(select(Finding).order_by(Finding.mac, Finding.address)))
        session.expunge_all()
    return rows


def one(books: Books) -> Finding:
    (row,) = found(books)
    return row


def site_id(books: Books, slug: str) -> int:
    with reading(books.engine) as session:
        return session.exec(select(Site.id).where(Site.slug == slug)).one() or 0


def test_a_machine_is_known_by_its_mac_with_address_and_port(sites: Books) -> None:
    tell(sites, arp("10.0.0.7"), port("gi3"))
    row = one(sites)
    assert (row.mac, row.address, row.switch, row.port) == (PC, "10.0.0.7", "sw", "gi3")
    assert (row.state, row.moved_at) == (FindingState.OPEN, None)


def test_a_second_delivery_changes_nothing(sites: Books) -> None:
    seen = (arp("10.0.0.7"), port("gi3"), fact("alive", "10.0.0.7", "ping"), fact("name", "10.0.0.7", "PC-1"))
    tell(sites, *seen)
    indexed = {"search_text", "order_text"}
    before = one(sites).model_dump(exclude=indexed)
    tell(sites, *seen)
    assert one(sites).model_dump(exclude=indexed) == before


def test_an_address_without_a_mac_gets_it_when_somebody_tells(sites: Books) -> None:
    tell(sites, fact("alive", "10.0.0.7", "snmp"), fact("name", "10.0.0.7", "camera-1"))
    assert (one(sites).mac, one(sites).title) == ("", "camera-1")
    tell(sites, arp("10.0.0.7", at=1))
    assert (one(sites).mac, one(sites).title) == (PC, "camera-1")
    assert one(sites).first_seen == NOON


def test_an_address_turns_out_to_be_a_machine_that_is_known(sites: Books) -> None:
    tell(sites, port("gi3"), fact("alive", "10.0.0.7", "snmp"), fact("model", "10.0.0.7", "X1"))
    assert len(found(sites)) == 2
    tell(sites, arp("10.0.0.7", at=1))
    row = one(sites)
    assert (row.mac, row.address, row.model, row.port) == (PC, "10.0.0.7", "X1", "gi3")


def test_the_same_address_at_two_sites_is_two_machines(sites: Books) -> None:
    tell(sites, fact("alive", "192.168.1.7", "ping"), fact("alive", "192.168.1.7", "ping", site="b"))
    assert len(found(sites)) == 2


def test_maker_and_model_come_from_the_object_identifier(sites: Books) -> None:
    tell(sites, fact("object_id", "10.0.0.7", "1.3.6.1.4.1.9.1.516"))
    assert (one(sites).vendor, one(sites).model) == ("Cisco", "Catalyst 3750")
    tell(sites, fact("object_id", "10.0.0.7", "1.3.6.1.4.1.14988.1", at=1), fact("model", "10.0.0.7", "RB750", at=1))
    assert (one(sites).vendor, one(sites).model) == ("MikroTik", "RB750")


def test_another_port_of_the_same_switch_is_a_move(sites: Books) -> None:
    tell(sites, port("gi3"))
    tell(sites, port("gi9", at=5))
    row = one(sites)
    assert (row.port, row.before_port, row.moved_at) == ("gi9", "gi3", NOON + timedelta(hours=5))


def crowd(books: Books, name: str, on: str) -> None:
    """Have a dozen other machines heard at a port."""
    tell(books, *(port(name, f"00:0c:42:00:{len(name):02x}:{n:02x}", on=on) for n in range(12)))


def test_a_port_that_leads_towards_a_machine_is_not_where_it_stands(sites: Books) -> None:
    crowd(sites, "uplink", "core")
    tell(sites, port("uplink", on="core"))
    tell(sites, port("gi3", at=0.1))
    row = next(one for one in found(sites) if one.mac == PC)
    assert (row.switch, row.port, row.moved_at) == ("sw", "gi3", None)
    tell(sites, port("uplink", on="core", at=0.2))
    row = next(one for one in found(sites) if one.mac == PC)
    assert (row.switch, row.port, row.moved_at) == ("sw", "gi3", None)


def test_a_machine_carried_to_another_site_has_moved_whatever_the_core_says(sites: Books) -> None:
    crowd(sites, "to-a", "core")
    crowd(sites, "into-b", "core")
    tell(sites, port("to-a", on="core"), port("gi1", on="sw-a", at=0.1))
    tell(sites, port("into-b", on="core", at=30), port("gi7", on="sw-b", site="b", at=30.1))
    row = next(one for one in found(sites) if one.mac == PC)
    assert (row.site_id, row.switch, row.port) == (site_id(sites, "b"), "sw-b", "gi7")
    assert (row.before_site_id, row.before_switch) == (site_id(sites, "a"), "sw-a")


def test_two_routers_that_see_one_machine_do_not_move_it_to_and_fro(sites: Books) -> None:
    for day in range(4):
        tell(sites, arp("10.0.0.7", at=24 * day), arp("10.0.0.7", at=24 * day + 1, on="far", site="b"))
    assert (one(sites).site_id, one(sites).moved_at) == (site_id(sites, "a"), None)


def test_a_machine_without_a_port_is_followed_once_its_old_site_has_forgotten_it(sites: Books) -> None:
    tell(sites, arp("10.0.0.7"))
    tell(sites, arp("10.1.0.7", at=72, on="far", site="b"))
    assert one(sites).site_id == site_id(sites, "b")
    assert one(sites).moved_at == NOON + timedelta(hours=72)


def test_a_site_that_was_merged_has_not_moved_its_machines(sites: Books) -> None:
    tell(sites, port("gi3"))
    with writing(sites.engine) as session:
        old = session.exec(select(Site).where(Site.slug == "a")).one()
        old.successor_id = site_id(sites, "b")
    tell(sites, port("gi4", at=1, site="b"))
    assert (one(sites).site_id, one(sites).moved_at) == (site_id(sites, "b"), None)


def neighbour(local: str, *, on: str = "sw", relays: str = "yes", at: float = 0) -> Observation:
    """Return what a switch tells of its neighbour at a port."""
    said = {"local": local, "name": "other"} | ({"relays": relays} if relays else {})
    told = fact("neighbour", f"{local} other", json.dumps(said), at=at, on=on)
    told.source = "snmp_neighbours"
    return told


def test_a_port_at_which_a_switch_stands_is_not_where_a_machine_stands(sites: Books) -> None:
    tell(sites, neighbour("gi24"))
    tell(sites, port("gi24"))
    assert (one(sites).port, one(sites).moved_at) == ("gi24", None)
    tell(sites, port("gi2", at=0.1, on="sw-2"))
    assert (one(sites).switch, one(sites).port, one(sites).moved_at) == ("sw-2", "gi2", None)
    tell(sites, port("gi24", at=0.2))
    assert (one(sites).switch, one(sites).port, one(sites).moved_at) == ("sw-2", "gi2", None)


def test_a_port_with_a_telephone_or_a_computer_that_speaks_lldp_is_where_it_stands(sites: Books) -> None:
    tell(sites, neighbour("gi24", relays=""))
    tell(sites, port("gi24"), port("gi2", at=0.1, on="sw-2"), port("gi24", at=3))
    assert one(sites).port in {"gi24", "gi2"}
    tell(sites, port("gi7", at=60))
    assert (one(sites).port, one(sites).moved_at) == ("gi7", NOON + timedelta(hours=60))


def test_a_machine_that_leaves_its_port_for_one_that_leads_on_has_moved_and_is_found_where_it_is(sites: Books) -> None:
    tell(sites, neighbour("gi24"))
    tell(sites, port("gi3"))
    tell(sites, port("gi24", at=5))
    tell(sites, port("gi7", at=5.1, on="sw-2"))
    row = one(sites)
    assert (row.switch, row.port) == ("sw-2", "gi7")
    assert (row.before_switch, row.before_port, row.moved_at) == ("sw", "gi3", NOON + timedelta(hours=5))


def test_a_network_that_takes_another_way_moves_nothing(sites: Books) -> None:
    tell(sites, neighbour("gi23"), neighbour("gi24"))
    for hour in range(6):
        tell(sites, port("gi23" if hour % 2 else "gi24", at=hour))
    assert one(sites).moved_at is None


def test_a_port_with_very_many_machines_leads_on_even_if_nothing_there_says_so(sites: Books) -> None:
    for name in ("up1", "up2"):
        tell(sites, *(port(name, f"00:0c:42:00:{len(name)}{name[-1]}:{n:02x}") for n in range(30)))
    tell(sites, port("up1"))
    tell(sites, port("up2", at=1))
    row = next(one for one in found(sites) if one.mac == PC)
    assert (row.port, row.moved_at) == ("up2", None)


def test_a_machine_that_flaps_between_two_ports_is_told_once_and_not_each_time(sites: Books) -> None:
    tell(sites, port("gi3"))
    moves = set()
    for step in range(1, 40):
        tell(sites, port("gi9" if step % 2 else "gi3", at=step / 12))
        moves.add(one(sites).moved_at)
    assert moves == {NOON + timedelta(minutes=5), None}
    assert one(sites).wandered_at is not None


def test_a_laptop_that_roams_between_three_access_points_is_told_once(sites: Books) -> None:
    for step in range(30):
        tell(sites, port(f"ap{step % 3}", at=step * 3))
    assert one(sites).moved_at in {NOON + timedelta(hours=3), None}
    assert (one(sites).port, one(sites).wandered_at) == ("ap2", NOON + timedelta(hours=29 * 3))


def test_one_that_has_come_to_rest_moves_again_like_any_other(sites: Books) -> None:
    tell(sites, port("gi3"), port("gi9", at=1), port("gi3", at=2))
    tell(sites, port("gi9", at=90))
    assert (one(sites).port, one(sites).before_port, one(sites).moved_at) == ("gi9", "gi3", NOON + timedelta(hours=90))


def test_telephones_leave_room_for_what_is_really_unknown(sites: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory.network.sightings.MOST_MADE_UP", 3)
    tell(sites, *(port("gi3", f"da:a1:19:00:00:{n:02x}") for n in range(9)))
    assert len(found(sites)) == 3
    tell(sites, port("gi3", PC, at=1))
    assert PC in [one.mac for one in found(sites)]


def test_old_news_move_nothing(sites: Books) -> None:
    tell(sites, port("gi9", at=5))
    tell(sites, port("gi3", at=1))
    assert (one(sites).port, one(sites).first_seen) == ("gi9", NOON + timedelta(hours=1))


def test_facts_of_the_asked_device_itself_make_no_finding(sites: Books) -> None:
    own = Observation(
        source="snmp_system", instance="sw", site="a", fact="serial", subject="chassis", value="S1", first_seen=NOON,
        last_seen=NOON,
    )  # fmt: skip
    tell(sites, own, fact("arp", "no address", PC), fact("arp", "10.0.0.7", PC, site="nowhere"))
    assert found(sites) == []


def test_one_site_cannot_fill_the_disk(sites: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OF_SITE == 5_000
    monkeypatch.setattr("inventory.network.sightings.MOST_OF_SITE", 3)
    tell(sites, *(port("gi3", f"00:0c:42:00:00:{n:02x}") for n in range(9)))
    assert len(found(sites)) == 3


_FACTS = st.builds(
    fact,
    st.sampled_from(["arp", "port", "alive", "name", "object_id", "serial"]),
    st.sampled_from(["10.0.0.7", "10.0.0.8", PC, OTHER, "", "'; drop"]),
    st.sampled_from([PC, OTHER, "gi1", "gi2", "x" * 400, ""]),
    at=st.integers(0, 100),
    on=st.sampled_from(["sw", "core"]),
    site=st.sampled_from(["a", "b"]),
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(_FACTS, max_size=8), max_size=6))
def test_whatever_comes_in_whatever_order_is_stored(sites: Books, batches: Iterable[list[Observation]]) -> None:
    for batch in batches:
        tell(sites, *batch)
    rows = found(sites)
    assert len({row.mac for row in rows if row.mac}) == sum(bool(row.mac) for row in rows)
    assert all(row.first_seen <= row.last_seen for row in rows)


def test_an_address_that_no_column_holds_is_left_out_and_keeps_no_report_from_its_place(sites: Books) -> None:
    tell(sites, fact("alive", "fe80::1%" + "z" * 100, "icmp"), arp("10.0.0.5"))
    assert [one.address for one in found(sites)] == ["10.0.0.5"]
