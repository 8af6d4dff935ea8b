from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.db import reading, writing
from inventory.history import Breach, BreachKind, Change, ChangeSite
from inventory.nouns import NOUNS
from inventory.register import retire, update
from inventory.verification import verify
from tests.support.books import empty
from tests.support.rows import add, add_asset, add_device, add_site
from tests.support.threads import together


def breaches(books: Books) -> list[Breach]:
    with reading(books.engine) as session:
        return verify(session, books.keys)


def behind_the_back(books: Books, statement: str, **values: Any) -> None:
    with books.engine.begin() as connection:
        connection.execute(text(statement), values)


def a_few_acts(books: Books) -> None:
    add_site(books, "a", coverage={"fibre": 100, "coverage_4g": 71.5}, work_hours={"1": ["07:30", "17:00"]})
    add_site(books, "b", parent="a", lat=22.41917, lon=104.82444, valid_to="2025-06-30")
    add_device(books, "r1", "a")
    add_asset(books, "T1", "b", cost_vnd=6_500_000, put_to_use="2018-03-15", attributes={"ports": 5})
    add(books, "credentials", name="c", kind="snmp_v2c", community="s3cret-word")
    add(books, "holdings", device="r1", asset="T1", held_from="2018-03-15T08:00:00+07:00")
    update(books, SYSTEM, NOUNS["sites"], "a", 1, {"headcount": 12})
    retire(books, SYSTEM, NOUNS["credentials"], "c", 1)


def test_every_act_stands_in_the_history_with_before_and_after(books: Books) -> None:
    a_few_acts(books)
    with reading(books.engine) as session:
        changes = session.exec(select(Change).order_by(Change.id)).all()  # type: ignore[arg-type]
        parties = session.exec(select(ChangeSite)).all()
    assert [(c.noun, c.object_key, c.act) for c in changes] == [
        ("site", "a", "create"), ("site", "b", "create"), ("device", "r1", "create"), ("asset", "T1", "create"),
        ("credential", "c", "create"), ("holding", "1", "create"), ("site", "a", "update"),
        ("credential", "c", "retire"),
    ]  # fmt: skip
    assert changes[0].before is None
    assert changes[6].before is not None
    assert changes[6].after is not None
    assert (changes[6].before["headcount"], changes[6].after["headcount"]) == (None, 12)
    assert {(p.change_id, p.site_id) for p in parties} == {(1, 1), (2, 2), (3, 1), (4, 2), (6, 1), (6, 2), (7, 1)}
    assert breaches(books) == []


def test_no_secret_stands_in_the_history(books: Books) -> None:
    a_few_acts(books)
    with books.engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM change")).all())
        sealed = connection.execute(text("SELECT sealed FROM credential")).scalar_one()
    assert "s3cret-word" not in rows
    assert "s3cret-word" not in sealed
    assert sealed not in rows


def test_an_edited_object_is_found_by_name_and_field(books: Books) -> None:
    a_few_acts(books)
    behind_the_back(books, "UPDATE asset SET cost_vnd = 1 WHERE tag = 'T1'")
    (breach,) = breaches(books)
    assert (breach.kind, breach.noun, breach.key, breach.fields) == (BreachKind.ROW, "asset", "T1", ("cost_vnd",))
    assert "T1" in breach.text.vi
    assert "cost_vnd" in breach.text.vi


def test_an_exchanged_secret_is_found(books: Books) -> None:
    a_few_acts(books)
    behind_the_back(books, "UPDATE credential SET sealed = :other", other=books.keys.seal('{"community": "mine"}'))
    assert [(b.kind, b.fields) for b in breaches(books)] == [(BreachKind.ROW, ("sealed",))]


def test_a_deleted_and_a_smuggled_object_are_found(books: Books) -> None:
    a_few_acts(books)
    behind_the_back(books, "DELETE FROM holding")
    behind_the_back(
        books,
        "INSERT INTO provider (version, created_at, updated_at, search_text, order_text, slug, name, is_carrier,"
        " is_supplier, hotline, channel, support_hours, contract, note, fictional) SELECT version, created_at,"
        " updated_at, '', '', 'mine', 'Mine', true, true, '', '', '', '', '', false FROM site WHERE slug = 'a'",
    )
    assert {(b.kind, b.key) for b in breaches(books)} == {(BreachKind.GONE, "1"), (BreachKind.UNBOOKED, "mine")}


def test_hidden_parties_of_a_change_are_found(books: Books) -> None:
    a_few_acts(books)
    behind_the_back(books, "DELETE FROM change_site WHERE change_id = 6 AND site_id = 2")
    assert [(b.kind, b.change) for b in breaches(books)] == [(BreachKind.PARTIES, 6)]


def test_heartbeats_are_no_part_of_the_history(books: Books) -> None:
    add(books, "collectors", name="c1")
    behind_the_back(books, "UPDATE collector SET url = 'http://127.0.0.1:9', seen_at = updated_at")
    assert breaches(books) == []


COLUMNS = {
    "actor": "'mallory'",
    "noun": "'site2'",
    "object_id": "object_id + 1",
    "object_key": "'other'",
    "act": "'nothing'",
    "before": """'{"x": 1}'""",
    "after": """'{"x": 1}'""",
    "site_ids": "'[-7]'",
    "previous": "'11'",
    "chain": "'22'",
}


@pytest.mark.parametrize("column", COLUMNS)
@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 8))
def test_any_edit_of_the_history_is_found(books: Books, column: str, number: int) -> None:
    empty(books)
    a_few_acts(books)
    nth = f"(SELECT id FROM change ORDER BY id LIMIT 1 OFFSET {number - 1})"
    behind_the_back(books, f"UPDATE change SET {column} = {COLUMNS[column]} WHERE id = {nth}")
    assert breaches(books) != []


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(removed=st.sets(st.integers(0, 7), min_size=1))
def test_any_removal_from_the_history_is_found(books: Books, removed: set[int]) -> None:
    empty(books)
    a_few_acts(books)
    with books.engine.begin() as connection:
        numbers = connection.execute(text("SELECT id FROM change ORDER BY id")).scalars().all()
        for index in removed:
            connection.execute(text("DELETE FROM change_site WHERE change_id = :n"), {"n": numbers[index]})
            connection.execute(text("DELETE FROM change WHERE id = :n"), {"n": numbers[index]})
    assert breaches(books) != []


def test_cutting_off_the_end_together_with_its_effect_is_found(books: Books) -> None:
    add_site(books, "a")
    add_site(books, "b")
    for statement in (
        "DELETE FROM change_site WHERE change_id = 2",
        "DELETE FROM change WHERE id = 2",
        "DELETE FROM site WHERE slug = 'b'",
    ):
        behind_the_back(books, statement)
    assert [b.kind for b in breaches(books)] == [BreachKind.HEAD]


def test_many_writers_at_once_make_one_chain_and_lose_nothing(books: Books) -> None:
    add_site(books, "a", headcount=0)

    def write(number: int) -> None:
        for step in range(6):
            add_asset(books, f"T-{number}-{step}", "a")

    together(*(lambda n=n: write(n) for n in range(4)))  # type: ignore[misc]
    assert breaches(books) == []
    with reading(books.engine) as session:
        changes = session.exec(select(Change)).all()
    assert len(changes) == 25
    assert len({change.previous for change in changes}) == 25


def test_what_is_rolled_back_leaves_no_history(books: Books) -> None:
    add_site(books, "a")

    def fail() -> None:
        with writing(books.engine) as session:
            session.add(Change(at=session.exec(select(Change.at)).one(), actor="x", noun="site", object_id=1,
                               object_key="a", act="x", previous="x", chain="x"))  # fmt: skip
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert breaches(books) == []


@pytest.mark.parametrize("batch", [1, 2, 3, 8, 9])
def test_the_size_of_the_batches_changes_nothing(books: Books, batch: int) -> None:
    a_few_acts(books)
    with reading(books.engine) as session:
        assert verify(session, books.keys, batch=batch) == []
    behind_the_back(books, "UPDATE site SET name = 'x' WHERE slug = 'b'")
    with reading(books.engine) as session:
        assert [b.kind for b in verify(session, books.keys, batch=batch)] == [BreachKind.ROW]
