"""Counts of the whole book are made once and remembered, and stand on the program's own page of series."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, func, select

from api.watch.remembered import Remembered
from inventory.access.accounts import Role, Scope
from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.errors import Unavailable
from inventory.network.findings import Finding
from inventory.network.recognition import ignore
from inventory.places.sites import Site
from inventory.text import Text
from tests.support.api import Api, api
from tests.support.rows import add_asset, add_site

__all__ = ["api"]

AWAY = Text(vi="Không trả lời.", en="It does not answer.")


def watch(api: Api) -> None:
    """Have a site watched for two months, with one asset that nothing has seen and one thing that nothing explains."""
    add_site(api.books, "a")
    add_asset(api.books, "T1", "a", mac="00:0c:42:01:02:03", status="in_use", put_to_use="2018-01-01")
    at = now()
    with writing(api.books.engine) as session:
        place = session.exec(select(Site.id)).one() or 0
        session.add(Finding(site_id=place, mac="00:0c:42:00:00:01", first_seen=at - timedelta(days=60), last_seen=at))
        session.exec(select(Asset)).one().created_at -= timedelta(days=60)


def sites(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Site)).one()


def test_both_counts_stand_on_the_page_of_series(api: Api) -> None:
    watch(api)
    page = api.with_token(Scope.SCRAPE).get("/metrics").text
    assert 'quang_silent_devices{site="a"} 1.0' in page
    assert 'quang_unknown_devices{site="a"} 1.0' in page


def test_a_count_holds_until_it_is_refreshed(api: Api) -> None:
    counted = Remembered(api.books, sites, 1e9)
    assert counted.get() == 0
    add_site(api.books, "a")
    assert counted.get() == 0
    counted.refresh()
    assert counted.get() == 1


def test_a_count_that_nobody_refreshes_ends(api: Api) -> None:
    counted = Remembered(api.books, sites, 0.0)
    assert counted.get() == 0
    add_site(api.books, "a")
    assert counted.get() == 1


def test_what_nobody_asks_for_is_not_counted(api: Api) -> None:
    def refuse(_session: Session) -> int:
        raise AssertionError("nobody asked")

    Remembered(api.books, refuse, 1e9).refresh()


def test_a_count_that_fails_leaves_the_last_one(new_books: Callable[[], Books]) -> None:
    answers = iter([1])

    def once(_session: Session) -> int:
        try:
            return next(answers)
        except StopIteration as error:
            raise Unavailable(AWAY, AWAY) from error

    counted = Remembered(new_books(), once, 1e9)
    assert counted.get() == 1
    with pytest.raises(Unavailable):
        counted.refresh()
    assert counted.get() == 1


def test_a_decision_counts_at_once_on_the_page_and_at_the_next_count_for_the_alert(api: Api) -> None:
    watch(api)
    scraping, reading = api.with_token(Scope.SCRAPE), api.signed_in(Role.IT_STAFF, Accept="text/html")
    assert 'quang_unknown_devices{site="a"} 1.0' in scraping.get("/metrics").text
    ignore(api.books, SYSTEM, 1, "máy cá nhân")
    assert "No unknown devices." in reading.get("/findings").text
    api.house.strangers.refresh()
    assert 'quang_unknown_devices{site="a"} 0.0' in scraping.get("/metrics").text


def test_what_was_seen_since_the_count_is_not_on_the_list(api: Api) -> None:
    watch(api)
    reading = api.signed_in(Role.IT_STAFF, Accept="text/html")
    assert "Router T1" in reading.get("/findings?show=silent").text
    with writing(api.books.engine) as session:
        place, at = session.exec(select(Site.id)).one() or 0, now()
        session.add(Finding(site_id=place, mac="00:0c:42:01:02:03", first_seen=at, last_seen=at))
    assert "Router T1" not in reading.get("/findings?show=silent").text
