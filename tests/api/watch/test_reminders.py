"""Reminders of counts: told once a due date and reader, of what concerns them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from api.house import House
from api.settings import MailSettings, Settings
from api.watch.reminders import remind_on
from inventory.access.accounts import Account, Role
from inventory.access.rights import SYSTEM
from inventory.audit.campaigns import plan, review
from inventory.audit.signing import sign
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import reading, writing
from inventory.places.sites import Site
from inventory.watch.outbox import OutboxMessage
from tests.support.accounts import hire
from tests.support.counting import begun, book_assets, book_sites, current, decide_all

MAY, JUNE, DECEMBER = date(2026, 5, 1), date(2026, 6, 1), date(2026, 12, 1)


@pytest.fixture
def house(books: Books, tmp_path: Path) -> House:
    book_sites(books)
    book_assets(books, range(1, 3))
    mail = MailSettings(host="127.0.0.1", sender="quang@district.example", always_to=("it@district.example",))
    return House(settings=Settings(home=tmp_path, mail=mail), books=books, ready=True)


def told(house: House) -> Sequence[OutboxMessage]:
    with reading(house.books.engine) as session:
        found = session.exec(select(OutboxMessage).order_by(column(OutboxMessage, "id"))).all()
        session.expunge_all()
    return found


def clerk(house: House, slug: str, address: str) -> None:
    with writing(house.books.engine) as session:
        site = session.exec(select(Site).where(Site.slug == slug)).one()
    hire(house.books, Role.COMMUNE_STAFF, address.partition("@")[0], site_id=site.id)
    with writing(house.books.engine) as session:
        account = session.exec(select(Account).where(Account.username == address.partition("@")[0])).one()
        account.email, account.receives_alerts = address, True


def test_may_and_december_are_told_once_each(house: House) -> None:
    assert remind_on(house, JUNE, now()) == 0
    for day in (MAY, date(2026, 5, 31), DECEMBER, date(2026, 12, 24)):
        remind_on(house, day, now())
    assert [one.subject for one in told(house)] == [
        "[KIỂM KÊ] Cần kiểm kê tài sản xong trước ngày 31/05/2026",
        "[KIỂM KÊ] Cần kiểm kê tài sản xong trước ngày 31/12/2026",
    ]
    assert "/stocktakes" in told(house)[0].body_text


def test_what_is_signed_is_not_told_of(house: House) -> None:
    row = begun(house.books, due="2026-12-20")
    review(house.books, SYSTEM, row.id or 0, row.version)
    decide_all(house.books, row)
    sign(house.books, SYSTEM, row.id or 0, current(house.books, row).version)
    assert remind_on(house, DECEMBER, now()) == 0
    assert remind_on(house, MAY, now()) == 1


def test_an_unsigned_campaign_is_told_of_a_week_before_to_those_it_concerns(house: House) -> None:
    clerk(house, "tan-lap", "lan@tan-lap.example")
    clerk(house, "hung-an", "pao@hung-an.example")
    plan(house.books, SYSTEM, {"title": "Đợt 1", "due": "2026-09-15", "sites": ["tan-lap"]})
    for day in (date(2026, 9, 7), date(2026, 9, 16)):
        assert remind_on(house, day, now()) == 0
    assert remind_on(house, date(2026, 9, 8), now()) == 2
    assert remind_on(house, date(2026, 9, 15), now()) == 0
    assert {one.recipient for one in told(house)} == {"lan@tan-lap.example", "it@district.example"}
    assert all("Đợt 1" in one.subject and "15/09/2026" in one.subject for one in told(house))


def test_commune_staff_are_told_of_the_yearly_count_where_there_is_something_to_count(house: House) -> None:
    clerk(house, "tan-lap", "lan@tan-lap.example")
    clerk(house, "hung-an", "pao@hung-an.example")
    remind_on(house, MAY, now())
    assert {one.recipient for one in told(house)} == {"it@district.example", "lan@tan-lap.example"}


def test_books_without_things_have_nothing_to_count(books: Books, tmp_path: Path) -> None:
    mail = MailSettings(host="127.0.0.1", sender="quang@district.example", always_to=("it@district.example",))
    assert remind_on(House(settings=Settings(home=tmp_path, mail=mail), books=books, ready=True), MAY, now()) == 0
