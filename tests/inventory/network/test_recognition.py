"""What is unknown, moved or silent, and what people decide, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from inventory.access.rights import SYSTEM, Actor
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, QuangError, Stale
from inventory.network import recognition
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.nouns import NOUNS
from inventory.places.sites import Site
from inventory.register import get
from inventory.verification import verify
from tests.support.people import commune_staff
from tests.support.rows import add_asset, add_device, add_site

MAC = "00:0c:42:01:02:03"


@pytest.fixture
def sites(books: Books) -> Books:
    for slug in ("a", "b"):
        add_site(books, slug)
    return books


def place(books: Books, slug: str) -> int:
    with reading(books.engine) as session:
        return session.exec(select(Site.id).where(Site.slug == slug)).one() or 0


def put(books: Books, *, site: str = "a", days: float = 0, age: float = 0, **values: Any) -> int:
    """Store a finding that was seen last so many days ago, and first so many days before that."""
    last = now() - timedelta(days=days)
    made = Finding(site_id=place(books, site), first_seen=last - timedelta(days=age), last_seen=last, **values)
    with writing(books.engine) as session:
        session.add(made)
        session.flush()
        return made.id or 0


def unknown(books: Books, actor: Actor = SYSTEM) -> list[int]:
    with reading(books.engine) as session:
        return [one.id or 0 for one in recognition.unknown(session, actor)]


def test_what_nothing_in_the_books_explains_is_unknown(sites: Books) -> None:
    number = put(sites, mac=MAC, address="10.0.0.7")
    assert unknown(sites) == [number]


@pytest.mark.parametrize(
    ("booked", "seen"),
    [
        ({"mac": MAC}, {"mac": MAC}),
        ({"serial": "S-1"}, {"mac": MAC, "serial": "S-1"}),
    ],
)
def test_an_asset_explains_its_mac_and_its_serial(sites: Books, booked: dict[str, str], seen: dict[str, str]) -> None:
    put(sites, **seen)
    assert len(unknown(sites)) == 1
    add_asset(sites, "T1", "b", **booked)
    assert unknown(sites) == []


def test_a_device_explains_its_address_at_its_own_site_and_what_routers_see_elsewhere(sites: Books) -> None:
    add_device(sites, "r1", "a", address="192.168.1.1")
    put(sites, address="192.168.1.1", source="sweep")
    put(sites, mac=MAC, address="192.168.1.1", site="b", source="snmp_arp")
    assert unknown(sites) == []
    other = put(sites, address="192.168.1.1", site="b", source="sweep")
    assert unknown(sites) == [other]


def test_a_mac_that_a_device_tells_of_its_own_port_is_explained(sites: Books) -> None:
    put(sites, mac=MAC, address="10.9.9.9")
    own = Observation(
        source="snmp_arp", instance="r1", site="a", fact="mac", subject="gi1", value=MAC, first_seen=now(),
        last_seen=now(),
    )  # fmt: skip
    with writing(sites.engine) as session:
        session.add(own)
    assert unknown(sites) == []


def test_made_up_macs_come_behind_all_others(sites: Books) -> None:
    phone = put(sites, mac="da:a1:19:00:00:01")
    old, new = put(sites, mac=MAC, days=5), put(sites, address="10.0.0.9", days=1)
    assert unknown(sites) == [new, old, phone]


def test_placeholders_explain_nothing(sites: Books) -> None:
    add_asset(sites, "T1", "a")
    add_device(sites, "ont", "a", address=None)
    assert len([put(sites, mac=MAC), put(sites, address="10.0.0.9")]) == len(unknown(sites))


def test_unknown_things_are_counted_by_site_without_made_up_macs_and_old_ones(sites: Books) -> None:
    put(sites, mac=MAC)
    put(sites, mac="02:00:00:00:00:01")
    put(sites, mac="da:a1:19:00:00:01")
    put(sites, mac="00:0c:42:01:02:04", days=31)
    put(sites, mac="00:0c:42:01:02:05", site="b", days=1)
    with reading(sites.engine) as session:
        assert recognition.unknown_by_site(session) == {"a": 1, "b": 1}


def test_a_site_whose_unknown_things_are_all_settled_counts_none(sites: Books) -> None:
    number = put(sites, mac=MAC)
    recognition.ignore(sites, SYSTEM, number, "máy cá nhân")
    with reading(sites.engine) as session:
        assert recognition.unknown_by_site(session) == {"a": 0}


def test_an_asset_is_named_and_gets_the_mac_that_it_lacked(sites: Books) -> None:
    number = put(sites, mac=MAC)
    add_asset(sites, "T1", "b")
    found = recognition.identify(sites, SYSTEM, number, " T1 ")
    assert (found.state, found.decided_by) == ("asset", "system")
    assert get(sites, SYSTEM, NOUNS["assets"], "T1").mac == MAC  # type: ignore[attr-defined]
    assert unknown(sites) == []
    with reading(sites.engine) as session:
        assert verify(session, sites.keys) == []


def test_an_asset_keeps_the_mac_that_it_has(sites: Books) -> None:
    number = put(sites, mac=MAC)
    add_asset(sites, "T1", "a", mac="00:0c:42:01:02:99")
    recognition.identify(sites, SYSTEM, number, "T1")
    assert get(sites, SYSTEM, NOUNS["assets"], "T1").mac == "00:0c:42:01:02:99"  # type: ignore[attr-defined]
    assert unknown(sites) == []


def test_a_decision_is_taken_back(sites: Books) -> None:
    number = put(sites, mac=MAC)
    with pytest.raises(Conflict):
        recognition.reopen(sites, SYSTEM, number)
    recognition.ignore(sites, SYSTEM, number, "máy  cá\nnhân")
    assert unknown(sites) == []
    assert recognition.reopen(sites, SYSTEM, number).reason == ""
    assert unknown(sites) == [number]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\x1bb"])
def test_a_reason_is_needed_and_bounded(sites: Books, reason: str) -> None:
    with pytest.raises(Invalid):
        recognition.ignore(sites, SYSTEM, put(sites, mac=MAC), reason)


def test_two_people_do_not_decide_over_each_other(sites: Books) -> None:
    number = put(sites, mac=MAC)
    recognition.ignore(sites, SYSTEM, number, "máy cá nhân", 1)
    with pytest.raises(Stale):
        recognition.ignore(sites, SYSTEM, number, "khác", 1)


def test_what_is_not_there_is_refused(sites: Books) -> None:
    with pytest.raises(NotFound):
        recognition.ignore(sites, SYSTEM, 99, "máy cá nhân")
    with pytest.raises(Invalid):
        recognition.identify(sites, SYSTEM, put(sites, mac=MAC), "nowhere")


def test_staff_of_a_commune_see_their_own_and_decide_nothing(sites: Books) -> None:
    own, foreign = put(sites, mac=MAC), put(sites, mac="00:0c:42:01:02:04", site="b")
    clerk = commune_staff(sites, "a")
    assert unknown(sites, clerk) == [own]
    for number in (own, foreign):
        with pytest.raises(Forbidden):
            recognition.ignore(sites, clerk, number, "máy cá nhân")
    with reading(sites.engine) as session, pytest.raises(QuangError):
        recognition.seen(session, clerk, foreign)


def test_moves_of_the_last_month_are_shown(sites: Books) -> None:
    recent = put(sites, mac=MAC, moved_at=now() - timedelta(days=1), before_switch="sw", before_port="gi1")
    put(sites, mac="00:0c:42:01:02:04", moved_at=now() - timedelta(days=40))
    put(sites, mac="00:0c:42:01:02:05")
    with reading(sites.engine) as session:
        assert [one.id for one in recognition.moved(session, SYSTEM)] == [recent]
