"""Leases: every site has exactly one holder, the shares are fair, and nothing moves before its lease has ended."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.errors import NotFound
from inventory.history import Change
from inventory.network.collectors import Collector, SiteLease, beat
from inventory.network.leases import LEASE, Held, held, renew, shares
from tests.support.network import book, collector, router, site
from tests.support.rows import add

T0 = datetime(2018, 12, 3, 1, 0, tzinfo=UTC)


def seconds(count: float) -> datetime:
    return T0 + timedelta(seconds=count)


def lay_sites(books: Books, count: int) -> None:
    for number in range(count):
        place = site(books, f"s{number}")
        router(books, f"r{number}", place, address="127.0.0.9")


def ask(books: Books, name: str, at: datetime, workers: int = 1, url: str | None = None) -> list[Held]:
    with writing(books.engine) as session:
        one = beat(session, name, version="1", url=url, workers=workers, now=at)
        return renew(session, one, at)


def test_a_single_collector_gets_every_site_that_has_something_to_poll(books: Books) -> None:
    lay_sites(books, 3)
    site(books, "empty")
    collector(books, "a")
    assert [(one.site, one.until) for one in ask(books, "a", T0)] == [(f"s{number}", T0 + LEASE) for number in range(3)]


def test_a_site_moves_only_after_its_lease_has_ended(books: Books) -> None:
    lay_sites(books, 4)
    collector(books, "a")
    collector(books, "b")
    ask(books, "a", T0)
    assert ask(books, "b", seconds(5)) == []
    kept = ask(books, "a", seconds(10))
    assert [one.until for one in kept] == [seconds(40), seconds(40), seconds(30), seconds(30)]
    assert ask(books, "b", seconds(29)) == []
    assert [one.site for one in ask(books, "b", seconds(30))] == ["s2", "s3"]
    assert [one.site for one in ask(books, "a", seconds(31))] == ["s0", "s1"]


def test_sites_of_a_collector_that_died_go_to_the_one_that_lives(books: Books) -> None:
    lay_sites(books, 4)
    collector(books, "a")
    collector(books, "b")
    ask(books, "a", T0)
    ask(books, "b", T0)
    for second in (10, 20, 30, 40):
        ask(books, "a", seconds(second))
        ask(books, "b", seconds(second))
    assert len(ask(books, "a", seconds(50))) == 2
    assert len(ask(books, "a", seconds(69))) == 2
    assert len(ask(books, "a", seconds(71))) == 4


def test_what_is_held_stays_where_it_is(books: Books) -> None:
    lay_sites(books, 5)
    for name in ("a", "b"):
        collector(books, name)
    for second in range(0, 100, 10):
        for name in ("a", "b"):
            ask(books, name, seconds(second))
    before = {name: [one.site for one in ask(books, name, seconds(100))] for name in ("a", "b")}
    assert sorted(len(found) for found in before.values()) == [2, 3]
    for second in range(110, 200, 10):
        assert {name: [one.site for one in ask(books, name, seconds(second))] for name in ("b", "a")} == before


def test_a_collector_of_a_scope_without_sites_gets_none(books: Books) -> None:
    lay_sites(books, 1)
    collector(books, "edge", scope="elsewhere")
    assert ask(books, "edge", T0) == []


def test_a_site_whose_last_device_is_retired_is_not_renewed(books: Books) -> None:
    place = site(books, "s0")
    device = router(books, "r0", place)
    collector(books, "a")
    assert len(ask(books, "a", T0)) == 1
    device.retired_at = T0
    book(books, device)
    assert [one.until for one in ask(books, "a", seconds(10))] == [seconds(30)]
    assert ask(books, "a", seconds(31)) == []


def test_a_retired_or_unknown_collector_gets_nothing(books: Books) -> None:
    lay_sites(books, 1)
    collector(books, "gone", retired_at=T0)
    for name in ("gone", "never"):
        with pytest.raises(NotFound):
            ask(books, name, T0)


def test_a_clock_set_back_does_not_keep_a_site_for_hours(books: Books) -> None:
    lay_sites(books, 1)
    collector(books, "a")
    collector(books, "b")
    ask(books, "a", seconds(7200))
    assert ask(books, "b", T0) == []
    assert [one.site for one in ask(books, "b", seconds(30))] == ["s0"]


def test_a_heartbeat_is_no_change_of_the_books(books: Books) -> None:
    lay_sites(books, 1)
    collector(books, "a")
    with reading(books.engine) as session:
        before = len(session.exec(select(Change.id)).all())
    ask(books, "a", T0, workers=2, url="http://127.0.0.1:9765")
    ask(books, "a", seconds(10), workers=2)
    with reading(books.engine) as session:
        one = session.exec(select(Collector)).one()
        assert (one.version, one.seen_at, one.url) == (1, seconds(10), "http://127.0.0.1:9765")
        assert len(session.exec(select(Change.id)).all()) == before


def test_many_at_once_never_share_a_site(books: Books) -> None:
    lay_sites(books, 12)
    names = ["a", "b", "c", "d"]
    for name in names:
        collector(books, name)
    found: dict[str, list[str]] = {}
    failed: list[BaseException] = []

    def run(name: str) -> None:
        try:
            for _ in range(5):
                found[name] = [one.site for one in ask(books, name, now())]
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    everything = sorted(place for places in found.values() for place in places)
    assert everything == sorted(set(everything))
    with reading(books.engine) as session:
        assert len(session.exec(select(SiteLease)).all()) == 12
        holders = [len(held(session, one, now())) for one in session.exec(select(Collector))]
    assert sum(holders) == 12


@given(
    st.integers(0, 200),
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 8), max_size=6),
    st.data(),
)
def test_shares_add_up_and_are_fair(sites: int, workers: dict[str, int], data: st.DataObject) -> None:
    has = {name: data.draw(st.integers(0, 10)) for name in workers}
    found = shares(sites, workers, has)
    assert set(found) == set(workers)
    if workers:
        assert sum(found.values()) == sites
    for name, share in found.items():
        assert abs(share - sites * workers[name] / sum(workers.values())) < 1


@given(st.integers(1, 30), st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_shares_come_to_rest(sites: int, workers: list[int]) -> None:
    names = {f"c{number}": count for number, count in enumerate(workers)}
    first = shares(sites, names, {})
    assert shares(sites, names, first) == first


def test_a_site_where_only_a_subnet_is_swept_has_a_holder_too(books: Books) -> None:
    site(books, "s0")
    add(books, "subnets", name="lan", site="s0", cidr="10.20.4.0/24", scan=True)
    site(books, "s1")
    add(books, "subnets", name="quiet", site="s1", cidr="10.20.5.0/24")
    collector(books, "main")
    assert [one.site for one in ask(books, "main", T0)] == ["s0"]
