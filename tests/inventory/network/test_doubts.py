"""What is unknown beside the same worked out in plain Python, whatever is written in between, on both databases."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, delete, select

from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.network import recognition
from inventory.network.devices import Device
from inventory.network.findings import Finding, FindingState, is_random
from inventory.network.forgetting import forget
from inventory.network.observations import Observation, ingest_observations
from inventory.network.settling import revise, settle
from inventory.network.sightings import note_sightings
from tests.support.people import commune_staff
from tests.support.rows import add_asset, add_device, add_site

MACS = ("00:0c:42:01:02:03", "00:0c:42:01:02:04", "da:a1:19:00:00:01", "")
SERIALS = ("S-1", "S-2", None)
ADDRESSES = ("10.0.0.7", "10.0.0.8", None)
ONE = st.integers(0, 1)

ACTS = st.one_of(
    st.tuples(st.just("asset"), ONE, st.sampled_from(MACS), st.sampled_from(SERIALS), st.booleans()),
    st.tuples(st.just("device"), ONE, st.sampled_from(ADDRESSES), st.sampled_from((1, 2)), st.booleans()),
    st.tuples(st.just("own"), st.sampled_from(MACS[:2]), st.booleans()),
    st.tuples(st.just("arp"), st.sampled_from(MACS[:3]), st.sampled_from(ADDRESSES[:2]), st.sampled_from("ab")),
    st.tuples(st.just("alive"), st.sampled_from(ADDRESSES[:2]), st.sampled_from("ab")),
    st.tuples(st.just("serial"), st.sampled_from(ADDRESSES[:2]), st.sampled_from(SERIALS[:2]), st.sampled_from("ab")),
    st.tuples(st.just("decide"), ONE),
    st.tuples(st.just("settle")),
    st.tuples(st.just("forget")),
)


@pytest.fixture
def sites(books: Books) -> Books:
    """Give two sites, each with a person."""
    for slug in ("a", "b"):
        add_site(books, slug)
    return books


@given(acts=st.lists(ACTS, min_size=4, max_size=14), eager=st.sampled_from((True, True, False)))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_knows_not_what_plain_python_knows_not(
    sites: Books, acts: list[tuple[Any, ...]], eager: bool
) -> None:
    with writing(sites.engine) as session:
        for table in (Finding, Observation, Asset, Device):
            session.exec(delete(table))
    for name, *values in acts:
        DOING[name](sites, *values)
        if eager:
            settle(sites)
        with reading(sites.engine) as session:
            strangers = plainly(session)
            assert [one.id for one in recognition.unknown(session, SYSTEM)] == strangers, name
            settled = session.exec(select(Finding).where(~Finding.doubtful)).all()  # type: ignore[operator]
            assert not {one.id for one in settled} & set(strangers)
    assert revise(sites) == 0


def plainly(session: Session) -> list[int]:
    """Return the unknown things by the words of the documentation, the made-up ones last, the latest first."""
    assets = [one for one in session.exec(select(Asset)) if one.retired_at is None]
    devices = [one for one in session.exec(select(Device)) if one.retired_at is None]
    own = {one.value for one in session.exec(select(Observation)) if one.fact == "mac"}
    found = []
    for one in session.exec(select(Finding)):
        explained = (
            any(one.mac and asset.mac == one.mac for asset in assets)
            or any(one.serial and asset.serial == one.serial for asset in assets)
            or any(
                one.address and device.address == one.address
                and (device.site_id == one.site_id or one.source != "sweep")
                for device in devices
            )
            or bool(one.mac and one.mac in own)
        )  # fmt: skip
        if one.state == FindingState.OPEN and not explained:
            found.append(one)
    found.sort(key=lambda one: (is_random(one.mac), -one.last_seen.timestamp(), one.id))
    return [one.id or 0 for one in found]


def book_asset(books: Books, number: int, mac: str, serial: str | None, retired: bool) -> None:
    with writing(books.engine) as session:
        row = session.exec(select(Asset).where(Asset.tag == f"T{number}")).first()
        row = row or Asset(tag=f"T{number}", name="PC", category="desktop", site_id=1)
        # Numbers of makers are never booked twice.
        other = session.exec(select(Asset).where(Asset.tag != row.tag, Asset.serial == serial)).first()
        row.mac, row.serial, row.retired_at = mac, None if other else serial, now() if retired else None
        session.add(row)


def book_device(books: Books, number: int, address: str | None, site: int, retired: bool) -> None:
    with writing(books.engine) as session:
        row = session.exec(select(Device).where(Device.name == f"d{number}")).first()
        row = row or Device(name=f"d{number}", category="router", site_id=site)
        row.address, row.site_id, row.retired_at = address, site, now() if retired else None
        session.add(row)


def tell(books: Books, fact: str, subject: str, value: str, site: str = "a", *, days: int = 0) -> None:
    """Take a report as the API does."""
    at = now() - timedelta(days=days)
    source = {"alive": "sweep", "serial": "sweep"}.get(fact, "snmp_arp")
    one = Observation(
        source=source, instance="r1", site=site, fact=fact, subject=subject, value=value, first_seen=at, last_seen=at
    )
    with writing(books.engine) as session:
        ingest_observations(session, [one])
        note_sightings(session, [one])


def decide(books: Books, number: int) -> None:
    """Have one ignored, or take it back."""
    with reading(books.engine) as session:
        rows = list(session.exec(select(Finding)))
    for row in rows[number : number + 1]:
        if row.state == FindingState.OPEN:
            recognition.ignore(books, SYSTEM, row.id or 0, "máy cá nhân")
        else:
            recognition.reopen(books, SYSTEM, row.id or 0)


DOING: dict[str, Callable[..., object]] = {
    "asset": book_asset,
    "device": book_device,
    "own": lambda books, mac, old: tell(books, "mac", "gi1", mac, days=100 if old else 0),
    "arp": lambda books, mac, address, site: tell(books, "arp", address, mac, site),
    "alive": lambda books, address, site: tell(books, "alive", address, "yes", site),
    "serial": lambda books, address, serial, site: tell(books, "serial", address, serial, site),
    "decide": decide,
    "settle": settle,
    "forget": forget,
}


def doubtful(books: Books) -> Iterable[bool]:
    with reading(books.engine) as session:
        return list(session.exec(select(Finding.doubtful)))


@pytest.mark.parametrize(
    ("booked", "then"),
    [
        ({"mac": MACS[0]}, {"mac": MACS[1]}),
        ({"serial": "S-1"}, {"serial": "S-2"}),
        ({"mac": MACS[0]}, {"retired_at": now()}),
    ],
)
def test_what_an_asset_explained_is_unknown_once_it_does_no_more(
    sites: Books, booked: dict[str, str], then: dict[str, Any]
) -> None:
    add_asset(sites, "T1", "a", **booked)
    tell(sites, "arp", "10.0.0.7", MACS[0])
    tell(sites, "serial", "10.0.0.7", "S-1")
    settle(sites)
    assert list(doubtful(sites)) == [False]
    with writing(sites.engine) as session:
        for name, value in then.items():
            setattr(session.exec(select(Asset)).one(), name, value)
    with reading(sites.engine) as session:
        assert recognition.count_unknown(session, SYSTEM) == 1


@pytest.mark.parametrize("then", [{"address": "10.0.0.99"}, {"site_id": 2}, {"retired_at": now()}])
def test_what_a_device_explained_is_unknown_once_it_does_no_more(sites: Books, then: dict[str, Any]) -> None:
    add_device(sites, "r1", "a", address="10.0.0.7")
    tell(sites, "alive", "10.0.0.7", "yes")
    settle(sites)
    assert list(doubtful(sites)) == [False]
    with writing(sites.engine) as session:
        for name, value in then.items():
            setattr(session.exec(select(Device)).one(), name, value)
    with reading(sites.engine) as session:
        assert recognition.count_unknown(session, SYSTEM) == 1


def test_what_is_explained_is_set_aside_once(sites: Books) -> None:
    add_asset(sites, "T1", "a", mac=MACS[0])
    add_device(sites, "r1", "a", address="10.0.0.8")
    tell(sites, "arp", "10.0.0.7", MACS[0])
    tell(sites, "arp", "10.0.0.8", MACS[1])
    tell(sites, "arp", "10.0.0.9", MACS[2])
    assert settle(sites) == 2
    assert settle(sites) == 0
    assert sorted(doubtful(sites)) == [False, False, True]


def test_what_was_written_past_the_program_is_found(sites: Books) -> None:
    add_asset(sites, "T1", "a", mac=MACS[0])
    tell(sites, "arp", "10.0.0.7", MACS[0])
    settle(sites)
    with writing(sites.engine) as session:
        session.connection().execute(text("UPDATE asset SET mac = ''"))
    assert revise(sites) == 1
    assert revise(sites) == 0
    with reading(sites.engine) as session:
        assert recognition.count_unknown(session, SYSTEM) == 1


def test_counts_are_those_of_the_lists_and_of_what_one_may_know(sites: Books) -> None:
    tell(sites, "arp", "10.0.0.7", MACS[0])
    tell(sites, "arp", "10.0.0.8", MACS[1], "b")
    tell(sites, "arp", "10.0.0.9", MACS[2])
    with writing(sites.engine) as session:
        session.exec(select(Finding).where(Finding.mac == MACS[1])).one().moved_at = now()
    clerk = commune_staff(sites, "a")
    with reading(sites.engine) as session:
        for actor, strangers, moves in ((SYSTEM, 2, 1), (clerk, 1, 0)):
            assert recognition.count_unknown(session, actor) == strangers
            assert recognition.count_moved(session, actor) == moves == len(recognition.moved(session, actor))


def test_many_are_set_aside_and_doubted_again_a_batch_at_a_time(sites: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory.network.settling.BATCH", 2)
    monkeypatch.setattr("inventory.network.doubts._ROWS", 2)
    for number in range(5):
        add_asset(sites, f"T{number}", "a", mac=f"00:0c:42:01:02:0{number}")
        tell(sites, "arp", f"10.0.0.{number}", f"00:0c:42:01:02:0{number}")
    assert settle(sites) == 5
    with writing(sites.engine) as session:
        for asset in session.exec(select(Asset)):
            asset.retired_at = now()
    assert all(doubtful(sites))
