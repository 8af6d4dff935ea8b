"""Following up signed minutes: each decision that changes the books is one act, confirmed and noted once."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.assets.depreciation import wear_in
from inventory.assets.documents import Document
from inventory.assets.reversal import reverse
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_book import read_book
from inventory.assets.wear_noting import facts_of
from inventory.audit.campaigns import review
from inventory.audit.deciding import DecisionCreate, decide
from inventory.audit.differences import DifferenceKind
from inventory.audit.following import FollowUp, follow, follow_ups
from inventory.audit.signing import changed_stocktakes, sign
from inventory.audit.stocktake import CountFollowUp, Stocktake
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid
from inventory.verification import verify
from tests.support.counting import begun, book_assets, book_sites, count, current, sent, state_of, tag_of
from tests.support.custody import act
from tests.support.people import commune_staff, person

RULEBOOKS = read_rulebooks()
TODAY = date(2026, 11, 1)
CHOSEN = {
    DifferenceKind.MISSING: "write_off",
    DifferenceKind.ELSEWHERE: "move_books",
    DifferenceKind.DAMAGED: "dispose",
    DifferenceKind.UNEXPECTED: "transfer",
    DifferenceKind.SURPLUS: "book",
}
SURPLUS = {"tag": "TL-NEW", "category": "desktop", "cost_vnd": 9_000_000, "put_to_use": "2025-03-01"}


@pytest.fixture
def signed(books: Books) -> Stocktake:
    """Minutes of five things: one missing, one in another room, one at another site, one damaged, one surplus."""
    book_sites(books)
    book_assets(books, range(1, 6))
    book_assets(books, [6], site="huyen", status="in_stock", put_to_use=None)
    row = begun(books, sites=("tan-lap", "hung-an"))
    count(
        books, row, sent(tag_of(1)), sent(tag_of(2), room="Kho"), sent(tag_of(3), condition="damaged"),
        sent(tag_of(4), site="hung-an", room="P1"), sent(tag_of(6)), sent(serial="LA-9", name="Máy lạ"),
    )  # fmt: skip
    review(books, SYSTEM, row.id or 0, row.version)
    state = state_of(books, row)
    chosen = [
        DecisionCreate(subject=one.subject, basis=one.basis, kind=CHOSEN[one.kind]) for one in state.count.differences
    ]
    decide(books, SYSTEM, row.id or 0, current(books, row).version, chosen)
    return sign(books, SYSTEM, row.id or 0, current(books, row).version)


def named(books: Books, row: Stocktake) -> dict[str, FollowUp]:
    """Return the follow-ups by label, that of the surplus by its serial number."""
    _, found = follow_ups(books, SYSTEM, row.id or 0)
    return {one.asset.tag if one.asset else one.difference.entries[0].serial: one for one in found}


def do(books: Books, row: Stocktake, of: str, **values: Any) -> CountFollowUp:
    one = named(books, row)[of]
    fields = {"subject": one.difference.subject, "day": TODAY.isoformat()}
    return follow(books, SYSTEM, row.id or 0, fields | values, RULEBOOKS)


def asset(books: Books, tag: str) -> Asset:
    with reading(books.engine) as session:
        found = session.exec(select(Asset).where(Asset.tag == tag)).one()
        session.expunge_all()
    return found


def test_what_is_missing_is_retired_and_what_is_damaged_too_by_a_document(books: Books, signed: Stocktake) -> None:
    for tag, broken in ((tag_of(5), False), (tag_of(3), True)):
        made = do(books, signed, tag)
        assert asset(books, tag).status == "retired"
        with reading(books.engine) as session:
            document = session.get(Document, made.document_id)
            assert document is not None
            assert (document.kind, document.broken) == ("retire", broken)
            assert "Kiểm kê tháng 12" in document.reason


def test_what_stands_elsewhere_is_transferred_or_gets_its_room(books: Books, signed: Stocktake) -> None:
    with pytest.raises(Invalid) as told:
        do(books, signed, tag_of(4))
    assert [one.field for one in told.value.problems] == ["to_name"]
    assert do(books, signed, tag_of(4), to_name="Lý Văn Páo").document_id is not None
    assert (asset(books, tag_of(4)).custodian, asset(books, tag_of(4)).room) == ("Lý Văn Páo", "P1")
    assert do(books, signed, tag_of(2)).document_id is None
    assert asset(books, tag_of(2)).room == "Kho"
    do(books, signed, tag_of(6))
    assert asset(books, tag_of(6)).site_id == asset(books, tag_of(1)).site_id


def test_a_surplus_is_booked_where_it_was_found(books: Books, signed: Stocktake) -> None:
    with pytest.raises(Invalid) as told:
        do(books, signed, "LA-9", **SURPLUS | {"category": "spaceship", "tag": tag_of(1)})
    assert {one.field for one in told.value.problems} == {"category", "tag"}
    do(books, signed, "LA-9", **SURPLUS)
    found = asset(books, "TL-NEW")
    assert (found.serial, found.name, found.status, found.cost_vnd) == ("LA-9", "Máy lạ", "in_use", 9_000_000)
    assert found.site_id == asset(books, tag_of(1)).site_id


def test_a_surplus_catches_up_in_the_year_in_which_it_was_found(books: Books, signed: Stocktake) -> None:
    do(books, signed, "LA-9", **SURPLUS | {"cost_vnd": 14_000_000})
    rules = RULEBOOKS.rules()
    with reading(books.engine) as session:
        entries = {one.tag: one for one in read_book(session, rules, books.zone).entries}
    found = wear_in(entries["TL-NEW"].thing, rules, TODAY.year)
    # In use since 2025: of 14,000,000 × 14.29 % two years at once.
    assert (entries["TL-NEW"].thing.found_on, found.annual_vnd) == (TODAY, 2 * 2_000_600)
    facts = facts_of(books, SYSTEM, "TL-NEW")
    assert [(one.kind.value, one.document) for one in facts] == [("surplus", "Biên bản kiểm kê “Kiểm kê tháng 12”")]


def test_a_decision_is_carried_out_once_unless_its_document_is_undone(books: Books, signed: Stocktake) -> None:
    made = do(books, signed, tag_of(5))
    with pytest.raises((Conflict, Invalid)):
        do(books, signed, tag_of(5))
    assert named(books, signed)[tag_of(5)].document
    with reading(books.engine) as session:
        document = session.get(Document, made.document_id)
        assert document is not None
    undo = {"day": TODAY.isoformat(), "reason": "Đã tìm thấy"}
    reverse(books, SYSTEM, document.number, document.version, undo, RULEBOOKS)
    assert named(books, signed)[tag_of(5)].done is None
    do(books, signed, tag_of(5))
    do(books, signed, "LA-9", **SURPLUS)
    with pytest.raises(Conflict):
        do(books, signed, "LA-9", **SURPLUS | {"tag": "TL-AGAIN", "cost_vnd": 1})


def test_nothing_happens_by_itself_and_what_is_signed_stays_as_signed(books: Books, signed: Stocktake) -> None:
    assert all(one.done is None and one.follows for one in named(books, signed).values())
    assert asset(books, tag_of(5)).status == "in_use"
    do(books, signed, tag_of(5))
    with reading(books.engine) as session:
        assert changed_stocktakes(session) == []
        assert [one for one in verify(session, books.keys) if one.noun == "count_follow_up"] == []


def test_only_who_may_write_follows_up_and_only_what_is_signed(books: Books, signed: Stocktake) -> None:
    subject = named(books, signed)[tag_of(5)].difference.subject
    values = {"subject": subject, "day": TODAY.isoformat()}
    with pytest.raises(Forbidden):
        follow(books, person(Role.AUDITOR), signed.id or 0, values, RULEBOOKS)
    with pytest.raises(Invalid):
        follow(books, SYSTEM, signed.id or 0, values | {"subject": "missing:99"}, RULEBOOKS)
    other = begun(books, sites=("huyen",))
    with pytest.raises(Conflict, match="not signed"):
        follow(books, SYSTEM, other.id or 0, values, RULEBOOKS)


@pytest.mark.parametrize("kind", ["search", "liability"])
def test_a_decision_that_changes_no_books_is_not_carried_out(books: Books, kind: str) -> None:
    book_sites(books)
    book_assets(books, [1, 2])
    row = begun(books)
    count(books, row, sent(tag_of(1)))
    review(books, SYSTEM, row.id or 0, row.version)
    (one,) = state_of(books, row).count.differences
    chosen = [DecisionCreate(subject=one.subject, basis=one.basis, kind=kind)]
    decide(books, SYSTEM, row.id or 0, current(books, row).version, chosen)
    done = sign(books, SYSTEM, row.id or 0, current(books, row).version)
    with pytest.raises(Conflict, match="changes nothing"):
        do(books, done, tag_of(2))


def test_what_went_to_another_commune_meanwhile_is_not_corrected_from_here(books: Books, signed: Stocktake) -> None:
    subject = named(books, signed)[tag_of(4)].difference.subject
    act(books, "transfer", tag_of(4), to_site="hung-an", to_name="Lý Văn Páo", day=TODAY)
    values = {"subject": subject, "day": TODAY.isoformat()}
    with pytest.raises(Forbidden):
        follow(books, commune_staff(books, "tan-lap"), signed.id or 0, values, RULEBOOKS)
    assert asset(books, tag_of(4)).room != "P1"
