"""Which booked things are missed, on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from inventory.access.rights import SYSTEM, Actor
from inventory.assets.assets import Asset
from inventory.assets.categories import CATEGORIES
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.network import silence
from inventory.network.devices import Device
from inventory.network.findings import Finding
from inventory.network.observations import Observation, Transition
from inventory.places.sites import Site
from tests.support.people import commune_staff
from tests.support.rows import add, add_asset, add_device, add_site

MAC = "00:0c:42:01:02:03"
OTHER = "00:0c:42:01:02:04"


@pytest.fixture
def sites(books: Books) -> Books:
    """Give a site that has been watched for two months, and one that nobody watches."""
    for slug in ("a", "b"):
        add_site(books, slug)
    put(books, mac="00:0c:42:00:00:01", age=60)
    return books


def ago(days: float) -> datetime:
    return now() - timedelta(days=days)


def put(books: Books, *, site: str = "a", days: float = 0, age: float = 0, **values: Any) -> None:
    """Store a finding that was seen last so many days ago, and first so many days before that."""
    with writing(books.engine) as session:
        place = session.exec(select(Site.id).where(Site.slug == site)).one()
        session.add(Finding(site_id=place, first_seen=ago(days + age), last_seen=ago(days), **values))


def asset(books: Books, tag: str, site: str = "a", *, booked: float = 100, **values: Any) -> None:
    """Book an asset in use, so many days ago."""
    add_asset(books, tag, site, **{"status": "in_use", "put_to_use": "2018-01-01"} | values)
    with writing(books.engine) as session:
        session.exec(select(Asset).where(Asset.tag == tag)).one().created_at = ago(booked)


def device(books: Books, name: str, site: str = "a", *, booked: float = 100, **values: Any) -> None:
    add_device(books, name, site, **values)
    with writing(books.engine) as session:
        session.exec(select(Device).where(Device.name == name)).one().created_at = ago(booked)


def observed(books: Books, fact: str, value: str, *, days: float, on: str = "pc-agent") -> None:
    with writing(books.engine) as session:
        session.add(
            Observation(
                source="agent", instance=on, site="a", fact=fact, subject="", value=value, first_seen=ago(days),
                last_seen=ago(days),
            )
        )  # fmt: skip


def answered(books: Books, name: str, state: str, *, days: float) -> None:
    with writing(books.engine) as session:
        session.add(
            Transition(
                uid=f"{name}{state}{days}", collector="main", element=f"device:{name}", instance=name, site="a",
                probe="icmp", state=state, at=ago(days),
            )
        )  # fmt: skip


def silent(books: Books, actor: Actor = SYSTEM) -> list[str]:
    with reading(books.engine) as session:
        found = silence.silent(session, actor)
        return [one.thing.tag if isinstance(one.thing, Asset) else one.thing.name for one in found]


def test_an_asset_that_the_network_has_not_seen_for_two_weeks_is_silent(sites: Books) -> None:
    for tag, mac in (("OLD", MAC), ("NEVER", OTHER), ("HERE", "00:0c:42:01:02:05")):
        asset(sites, tag, mac=mac)
    asset(sites, "STOCK", mac="00:0c:42:01:02:06", status="in_stock")
    asset(sites, "NO-MAC")
    asset(sites, "UNWATCHED", "b", mac="00:0c:42:01:02:07")
    asset(sites, "NEW", mac="00:0c:42:01:02:08", booked=13)
    put(sites, mac=MAC, days=15, age=1)
    put(sites, mac="00:0c:42:01:02:05", days=13)
    assert silent(sites) == ["OLD", "NEVER"]
    assert silent(sites, commune_staff(sites, "b")) == []


def test_each_kind_of_thing_may_be_away_for_its_own_time(sites: Books) -> None:
    # A desktop: the nine days of Tết, two weekends and a few days of leave.
    for place, (category, days) in enumerate({"camera": 14, "desktop": 21, "laptop": 45, "printer": 45}.items()):
        for away in (days - 1, days + 1):
            mac = f"00:0c:42:02:{place:02x}:{away:02x}"
            asset(sites, f"{category}-{away}", mac=mac, category=category)
            put(sites, mac=mac, days=away)
    for category in ("token", "licence"):
        asset(sites, category, mac=f"00:0c:42:03:00:{len(category):02x}", category=category)
    assert sorted(silent(sites)) == ["camera-15", "desktop-22", "laptop-46", "printer-46"]


def test_every_category_has_a_patience_or_none() -> None:
    told = [code for codes in silence.patience().values() for code in codes]
    assert sorted(told) == sorted(code for code, one in CATEGORIES.items() if one.quiet_days is not None)
    assert list(silence.patience()) == sorted(silence.patience())


def test_whatever_reads_the_serial_number_or_the_mac_has_seen_it(sites: Books) -> None:
    asset(sites, "BY-AGENT", mac=MAC, serial="S-1")
    asset(sites, "BY-MAC", mac=OTHER)
    asset(sites, "BY-SWEEP", serial="S-3")
    observed(sites, "serial", "S-1", days=2)
    observed(sites, "mac", OTHER, days=2)
    put(sites, address="10.0.0.9", serial="S-3", days=2)
    assert silent(sites) == []


def test_one_without_a_mac_is_missed_once_its_serial_number_is_not_read_any_more(sites: Books) -> None:
    asset(sites, "T1", serial="S-1")
    assert silent(sites) == []
    observed(sites, "serial", "S-1", days=40)
    assert silent(sites) == ["T1"]


def test_one_whose_device_answers_is_not_missed_whatever_the_tables_say(sites: Books) -> None:
    asset(sites, "T1", mac=MAC)
    device(sites, "r1")
    add(sites, "holdings", device="r1", asset="T1", held_from="2018-01-01T00:00:00+07:00")
    assert silent(sites) == ["T1"]
    answered(sites, "r1", "down", days=50)
    assert silent(sites) == ["T1"]
    answered(sites, "r1", "up", days=40)
    assert silent(sites) == []
    answered(sites, "r1", "down", days=20)
    assert silent(sites) == ["T1"]


def test_a_device_that_nothing_has_seen_is_missed_if_no_asset_stands_for_it(sites: Books) -> None:
    device(sites, "cam-1", category="camera", address="10.0.0.7")
    device(sites, "cam-new", category="camera", address="10.0.0.8", booked=3)
    device(sites, "ont-1", category="optical_terminal", address=None)
    device(sites, "far", "b", address="10.0.0.9")
    assert silent(sites) == ["cam-1"]
    put(sites, address="10.0.0.7", days=3)
    assert silent(sites) == []


def test_a_device_that_answers_or_tells_anything_is_not_missed(sites: Books) -> None:
    device(sites, "r1", address="10.0.0.7")
    device(sites, "r2", address="10.0.0.8")
    answered(sites, "r1", "up", days=300)
    observed(sites, "name", "r2.local", days=1, on="r2")
    assert silent(sites) == []


def test_silence_says_nothing_where_nobody_has_watched_for_long_or_watches_any_more(books: Books) -> None:
    add_site(books, "a")
    put(books, mac="00:0c:42:00:00:01", age=3)
    asset(books, "T1", mac=MAC)
    assert silent(books) == []
    with writing(books.engine) as session:
        row = session.exec(select(Finding)).one()
        row.first_seen -= timedelta(days=30)
        row.last_seen -= timedelta(days=3)
    assert silent(books) == []


def test_silent_things_are_counted_at_each_site_that_is_watched(sites: Books) -> None:
    with reading(sites.engine) as session:
        assert silence.count_silent(session).by_site == {"a": 0}
    asset(sites, "T1", mac=MAC)
    device(sites, "cam-1", category="camera", address="10.0.0.7")
    with reading(sites.engine) as session:
        assert silence.count_silent(session).by_site == {"a": 2}
