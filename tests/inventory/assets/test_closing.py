from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select, update

from inventory import verification
from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM, Actor
from inventory.assets.assets import Asset
from inventory.assets.categories import LifeClass
from inventory.assets.closing import ClosedYear, close_year, closed_years
from inventory.assets.custody import carry_out
from inventory.assets.depreciation import Thing, booked_value_on, wear_in
from inventory.assets.ledger import book_value_on, wear_table
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_book import read_book
from inventory.assets.wear_noting import note_fact
from inventory.assets.wear_years import WearClosing, WearYear, changed_closings, changed_rows, require_open
from inventory.audit.reorganisation import reorganise
from inventory.audit.reorganisation import undo as take_apart
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.errors import Conflict, Forbidden, Invalid
from inventory.history import Change
from inventory.nouns import NOUNS
from inventory.places.reorganisations import Reorganisation
from inventory.register import get
from inventory.register import update as change
from tests.support.books import statements
from tests.support.custody import act, undo
from tests.support.people import commune_staff, person
from tests.support.rows import add_asset, add_site
from tests.support.threads import together

RULEBOOKS = read_rulebooks()
RULES = RULEBOOKS.rules()


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """Make it 15 December 2026."""
    with time_machine.travel(datetime(2026, 12, 15, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def offices(books: Books) -> Books:
    """Books of two communes: a computer and a machine in one, a tool and a planned asset in the other."""
    add_site(books, "tan-lap")
    add_site(books, "hung-an")
    add_asset(
        books, "PC", "tan-lap", category="desktop", cost_vnd=14_000_000, put_to_use="2023-05-01", status="in_use"
    )  # fmt: skip
    add_asset(books, "R1", "tan-lap", cost_vnd=30_000_000, put_to_use="2026-02-01", status="in_use")
    add_asset(books, "T1", "hung-an", category="phone", cost_vnd=900_000, put_to_use="2024-01-01", status="in_use")
    add_asset(books, "NEW", "hung-an", cost_vnd=40_000_000, status="planned")
    return books


def close(books: Books, year: int = 2026, actor: Actor = SYSTEM) -> ClosedYear:
    return close_year(books, actor, year, RULEBOOKS)


def rows(books: Books, year: int = 2026) -> dict[str, WearYear]:
    with reading(books.engine) as session:
        found = session.execute(
            select(column(Asset, "tag"), WearYear)
            .join(Asset, column(Asset, "id") == column(WearYear, "asset_id"))
            .where(column(WearYear, "year") == year)
        )
        return {tag: row for tag, row in found}  # noqa: C416 - rows are no pairs to the type checker


def count(books: Books, table: type) -> int:
    with reading(books.engine) as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def breaches(books: Books) -> list[object]:
    with reading(books.engine) as session:
        return list(verification.verify(session, books.keys))


def test_the_december_run_books_every_asset_and_says_who_made_it_by_which_rulebook(offices: Books) -> None:
    closed = close(offices, actor=person(Role.ADMINISTRATOR))
    assert (closed.year, closed.closed_by, closed.assets, closed.tools) == (2026, "a-administrator", 2, 1)
    assert closed.rulebook == RULEBOOKS.wear_in(2026).version
    # PC: 14,000,000 − 8,400,000 by 2025, spread over four years, 1,400,000. R1: 30,000,000 × 20 % = 6,000,000.
    assert (closed.cost_vnd, closed.annual_vnd, closed.accumulated_vnd) == (44_000_000, 7_400_000, 15_800_000)
    got = {tag: (row.opening_vnd, row.annual_vnd, row.accumulated_vnd, row.fixed) for tag, row in rows(offices).items()}
    assert got == {
        "PC": (8_400_000, 1_400_000, 9_800_000, True),
        "R1": (0, 6_000_000, 6_000_000, True),
        "T1": (0, 0, 0, False),
    }


def test_closing_twice_gives_the_same_and_writes_nothing(offices: Books) -> None:
    first = close(offices)
    changes = count(offices, Change)
    assert close(offices) == first
    assert (count(offices, WearYear), count(offices, WearClosing), count(offices, Change)) == (3, 1, changes)


def test_a_cost_corrected_after_closing_changes_the_years_after_it_only(offices: Books) -> None:
    first = close(offices)
    with reading(offices.engine) as session:
        version = session.execute(select(column(Asset, "version")).where(column(Asset, "tag") == "R1")).scalar_one()
    change(offices, SYSTEM, NOUNS["assets"], "R1", version, {"cost_vnd": 35_000_000})
    assert close(offices) == first
    with time_machine.travel(datetime(2027, 12, 20, tzinfo=UTC)):
        close(offices, 2027)
    got = rows(offices, 2027)["R1"]
    assert (got.cost_vnd, got.opening_vnd, got.annual_vnd) == (35_000_000, 6_000_000, 7_000_000)


def test_two_who_close_at_once_close_once(offices: Books) -> None:
    first, second = together(lambda: close(offices), lambda: close(offices))
    assert first == second
    assert count(offices, WearYear) == 3


def test_a_closing_is_one_change_of_the_history_with_every_site(offices: Books) -> None:
    close(offices)
    with reading(offices.engine) as session:
        found = session.execute(select(Change).where(column(Change, "noun") == "wear_closing")).scalars().all()
    assert [(one.act, one.object_key, len(one.site_ids)) for one in found] == [("close", "2026", 2)]
    assert breaches(offices) == []


@pytest.mark.parametrize(
    ("closed", "year", "vi", "en"),
    [
        ((), 2027, "Chưa đến tháng 12 năm 2027", "December 2027 has not come"),
        ((2025,), 2024, "năm khóa gần nhất là 2025", "the last closed year is 2025"),
        ((2024,), 2026, "năm khóa gần nhất là 2024", "the last closed year is 2024"),
    ],
)
def test_a_year_out_of_its_turn_is_refused_in_both_languages(
    offices: Books, closed: tuple[int, ...], year: int, vi: str, en: str
) -> None:
    for earlier in closed:
        close(offices, earlier)
    with pytest.raises(Conflict) as caught:
        close(offices, year)
    assert vi in caught.value.reason.vi
    assert en in caught.value.reason.en
    assert count(offices, WearClosing) == len(closed)


def test_the_thirtieth_of_november_is_too_early_by_the_offices_clock(offices: Books) -> None:
    with time_machine.travel(datetime(2026, 11, 30, 16, 59, tzinfo=UTC)), pytest.raises(Conflict):
        close(offices)
    # 00:00 on 1 December at the office is 17:00 UTC the day before.
    with time_machine.travel(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)):
        assert close(offices).year == 2026


def test_a_document_of_a_closed_year_is_refused_in_both_languages(offices: Books) -> None:
    close(offices)
    with pytest.raises(Conflict) as caught:
        note_fact(offices, SYSTEM, {"asset": "PC", "kind": "broken", "day": "2026-12-10"}, RULEBOOKS)
    assert caught.value.reason.vi.startswith("Năm 2026 đã khóa sổ hao mòn")
    assert caught.value.reason.en.startswith("The wear of 2026 is closed")
    with reading(offices.engine) as session:
        require_open(session, date(2027, 1, 1))


@pytest.mark.parametrize("role", [Role.IT_STAFF, Role.AUDITOR, Role.COMMUNE_STAFF])
def test_only_an_administrator_closes(offices: Books, role: Role) -> None:
    with pytest.raises(Forbidden):
        close(offices, actor=person(role))


def test_nobody_of_a_single_place_closes_the_whole_book(offices: Books) -> None:
    staff = commune_staff(offices, "tan-lap")
    local = Actor(name="x", role=Role.ADMINISTRATOR, site_ids=staff.site_ids)
    with pytest.raises(Forbidden):
        close(offices, actor=local)


def test_closing_year_by_year_gives_what_one_computation_gives(offices: Books) -> None:
    pc = Thing(14_000_000, LifeClass.COMPUTER, date(2023, 5, 1))
    for year in range(2024, 2027):
        close(offices, year)
        assert rows(offices, year)["PC"].accumulated_vnd == wear_in(pc, RULES, year).accumulated_vnd
    with reading(offices.engine) as session:
        entries = {one.tag: one for one in read_book(session, RULES, offices.zone).entries}
    assert wear_in(entries["PC"].thing, RULES, 2029) == wear_in(pc, RULES, 2029)
    assert [year.year for year in _years(offices)] == [2024, 2025, 2026]


def _years(books: Books) -> tuple[ClosedYear, ...]:
    with reading(books.engine) as session:
        return closed_years(session)


def test_the_receiver_of_a_transfer_computes_the_year_and_the_total_stays(offices: Books) -> None:
    close(offices, 2025)
    act(offices, "transfer", "PC", to_site="hung-an", to_name="Vàng A Sình")
    closed = close(offices, 2026)
    assert rows(offices, 2025)["PC"].site_id != rows(offices, 2026)["PC"].site_id
    assert closed.annual_vnd == 7_400_000


def test_contradicting_facts_stop_the_run_and_name_the_asset(offices: Books) -> None:
    note_fact(
        offices, SYSTEM, {"asset": "R1", "kind": "cost", "day": "2026-06-01", "amount_vnd": 10_000_000}, RULEBOOKS
    )
    with reading(offices.engine) as session:
        version = session.execute(select(column(Asset, "version")).where(column(Asset, "tag") == "R1")).scalar_one()
    # The cost with the part is now less than the part alone.
    change(offices, SYSTEM, NOUNS["assets"], "R1", version, {"cost_vnd": 5_000_000})
    with pytest.raises(Conflict) as caught:
        close(offices)
    assert "R1" in caught.value.reason.vi
    assert "R1" in caught.value.reason.en
    assert count(offices, WearYear) == 0


def test_a_row_of_a_closed_year_edited_behind_the_program_is_found(offices: Books) -> None:
    close(offices, 2025)
    close(offices)
    with reading(offices.engine) as session:
        assert changed_closings(session) == []
    with writing(offices.engine) as session:
        session.execute(update(WearYear).where(column(WearYear, "year") == 2026).values(annual_vnd=1))
    with reading(offices.engine) as session:
        assert changed_closings(session) == [2026]


def test_an_edited_closing_is_found_by_the_history(offices: Books) -> None:
    close(offices)
    with writing(offices.engine) as session:
        session.execute(update(WearClosing).values(annual_vnd=1))
    assert len(breaches(offices)) == 1


def test_the_value_of_the_book_on_any_day_takes_one_statement(offices: Books) -> None:
    close(offices, 2025)
    with statements(offices) as seen, reading(offices.engine) as session:
        entries = read_book(session, RULES, offices.zone, closed_through=2025).entries
    assert len(seen) == 1
    value = book_value_on((one.thing for one in entries), RULES, date(2026, 6, 30))
    assert (value.cost_vnd, value.accumulated_vnd) == (44_900_000, 8_400_000)


def test_a_value_before_the_first_closed_year_is_computed_by_the_rules(offices: Books) -> None:
    close(offices, 2025)
    with reading(offices.engine) as session:
        entries = {one.tag: one for one in read_book(session, RULES, offices.zone, closed_through=2023).entries}
    assert booked_value_on(entries["PC"].thing, RULES, date(2024, 6, 1)).accumulated_vnd == 2_800_000


def test_the_books_are_read_for_some_sites_only(offices: Books) -> None:
    staff = commune_staff(offices, "hung-an")
    with reading(offices.engine) as session:
        entries = read_book(session, RULES, ZoneInfo("UTC"), sites=staff.site_ids).entries
    assert [one.tag for one in entries] == ["T1"]
    assert wear_table(entries, RULES, 2026, "hung-an").tools_total.cost_vnd == 900_000


def test_a_disposed_asset_leaves_the_books_on_the_day_they_were_told(offices: Books) -> None:
    for kind in ("retire", "dispose"):
        values = {"kind": kind, "day": offices.today(), "items": [{"asset": "PC"}], "reason": "Hỏng nguồn"}
        carry_out(offices, SYSTEM, values, RULEBOOKS)
    assert set(rows(offices)) == set()
    close(offices)
    assert set(rows(offices)) == {"R1", "T1"}


def test_no_act_of_custody_is_dated_in_a_closed_year(offices: Books) -> None:
    number = act(offices, "repair", "PC", day=date(2025, 8, 1))
    close(offices, 2025)
    for attempt in (
        lambda: act(offices, "retire", "R1", day=date(2025, 12, 31)),
        lambda: undo(offices, number),
    ):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.reason.vi.startswith("Năm 2025 đã khóa sổ hao mòn")
        assert caught.value.reason.en.startswith("The wear of 2025 is closed")
    act(offices, "repaired", "PC", day=date(2026, 1, 1))


def test_no_merger_is_dated_in_a_closed_year_or_undone_once_its_year_is_closed(offices: Books) -> None:
    pairs = [{"old": "hung-an", "new": "tan-lap"}]
    merger = {"day": date(2025, 7, 1), "decree": "NQ 1", "pairs": pairs}
    number = reorganise(offices, SYSTEM, merger).number
    close(offices, 2025)
    with pytest.raises(Conflict) as caught:
        take_apart(offices, SYSTEM, number, 1)
    assert caught.value.reason.vi.startswith("Năm 2025 đã khóa sổ hao mòn")
    add_site(offices, "moi")
    late = {"day": date(2025, 9, 1), "decree": "NQ 2", "pairs": [{"old": "tan-lap", "new": "moi"}]}
    for rehearse in (True, False):
        with pytest.raises(Conflict):
            reorganise(offices, SYSTEM, late, rehearse=rehearse)
    assert count(offices, Reorganisation) == 1


@pytest.mark.parametrize(
    ("tag", "values", "field"),
    [
        ("PC", {"put_to_use": "2024-05-01"}, "put_to_use"),
        ("PC", {"put_to_use": "2026-05-01"}, "put_to_use"),
        ("R1", {"put_to_use": "2025-05-01"}, "put_to_use"),
        ("PC", {"site": "hung-an"}, "site"),
    ],
)
def test_first_use_and_place_of_closed_years_stand(
    offices: Books, tag: str, values: dict[str, str], field: str
) -> None:
    correct(offices, "R1", {"put_to_use": None})
    close(offices, 2025)
    with pytest.raises(Invalid) as caught:
        correct(offices, tag, values)
    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == (field, "closed")
    assert "khóa sổ" in problem.message.vi
    assert "closed" in problem.message.en


def test_what_waited_in_the_store_through_a_closed_year_may_be_put_to_use_later(offices: Books) -> None:
    correct(offices, "R1", {"put_to_use": None})
    close(offices, 2025)
    correct(offices, "R1", {"put_to_use": "2026-02-01", "note": "x"})
    correct(offices, "PC", {"note": "x", "site": "tan-lap"})
    assert close(offices, 2026).annual_vnd == 7_400_000


def test_the_december_run_books_where_things_stood_in_december_though_it_is_made_later(offices: Books) -> None:
    with time_machine.travel(datetime(2027, 2, 10, 3, tzinfo=UTC), tick=True):
        act(offices, "transfer", "PC", day=date(2027, 1, 5), to_site="hung-an", to_name="Vàng A Sình")
        close(offices, 2026)
    found = rows(offices)
    assert found["PC"].site_id == found["R1"].site_id != found["T1"].site_id


def test_an_edited_row_of_a_closed_year_is_named(offices: Books) -> None:
    close(offices)
    number = rows(offices)["R1"].asset_id
    with writing(offices.engine) as session:
        mine = (column(WearYear, "year") == 2026) & (column(WearYear, "asset_id") == number)
        session.execute(update(WearYear).where(mine).values(accumulated_vnd=1))
    with reading(offices.engine) as session:
        assert (changed_closings(session), changed_rows(session, 2026)) == ([2026], [number])
        assert changed_rows(session, 2026, most=0) == []


def test_rows_closed_before_there_were_checksums_are_not_called_edited(offices: Books) -> None:
    close(offices)
    with writing(offices.engine) as session:
        session.execute(update(WearYear).values(checksum=0))
        session.execute(update(WearYear).where(column(WearYear, "year") == 2026).values(used_years=99))
    with reading(offices.engine) as session:
        assert (changed_closings(session), changed_rows(session, 2026)) == ([2026], [])


def correct(books: Books, tag: str, values: dict[str, str | None]) -> None:
    version = get(books, SYSTEM, NOUNS["assets"], tag).version
    change(books, SYSTEM, NOUNS["assets"], tag, version, values)
