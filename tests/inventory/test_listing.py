from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.access.rights import SYSTEM, Act, may
from inventory.assets.assets import Asset
from inventory.books import Books
from inventory.db import writing
from inventory.errors import Invalid
from inventory.listing import Query, list_
from inventory.noun import STANDARD_SORTS
from inventory.nouns import NOUNS
from inventory.register import retire
from inventory.spelling import vietnamese_order
from tests.support.books import empty, statements
from tests.support.people import commune_staff
from tests.support.rows import add, add_asset, add_device, add_site

ASSETS = NOUNS["assets"]
SORTS = ["", *(f"{sign}{name}" for name in (*ASSETS.sorts, *STANDARD_SORTS, "tag") for sign in ("", "-"))]


def keys(books: Books, noun: str = "assets", **query: Any) -> list[str]:
    return [item.key for item in list_(books, SYSTEM, NOUNS[noun], Query(**query)).items]


def problem(books: Books, noun: str = "assets", **query: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        list_(books, SYSTEM, NOUNS[noun], Query(**query))
    return caught.value.problems[0].field, caught.value.problems[0].code


rows = st.lists(
    st.tuples(
        st.sampled_from(["Ăn", "An", "Đá", "Da", "an", "Xã"]),
        st.sampled_from([None, "2018-01-01", "2018-01-02", "2020-05-05"]),
        st.integers(0, 2),
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, sort=st.sampled_from(SORTS), limit=st.integers(1, 6))
def test_pages_give_every_row_exactly_once_in_order(books: Books, rows: list[Any], sort: str, limit: int) -> None:
    empty(books)
    site = add_site(books, "a")
    with writing(books.engine) as session:
        session.add_all(
            Asset(tag=f"T{n}", name=name, category="router", site_id=site.id, cost_vnd=cost,
                  put_to_use=None if day is None else __import__("datetime").date.fromisoformat(day))
            for n, (name, day, cost) in enumerate(rows)
        )  # fmt: skip
    seen: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = list_(books, SYSTEM, ASSETS, Query(sort=sort, limit=limit, cursor=cursor, total=True))
        assert page.total == len(rows)
        assert len(page.items) == min(limit, len(rows) - len(seen))
        seen += page.items
        cursor = page.next_cursor
    assert sorted(item.key for item in seen) == sorted(f"T{n}" for n in range(len(rows)))
    whole = list_(books, SYSTEM, ASSETS, Query(sort=sort, limit=500)).items
    assert [item.key for item in seen] == [item.key for item in whole]
    if sort.lstrip("-") in {"cost_vnd", "put_to_use", "name"}:
        values = [getattr(item, sort.lstrip("-")) for item in seen]
        present = [value for value in values if value is not None]
        assert values == present + [None] * (len(values) - len(present))
        by = vietnamese_order if sort.endswith("name") else (lambda value: value)
        assert present == sorted(present, key=by, reverse=sort.startswith("-"))


def test_rows_written_between_two_pages_shift_nothing(books: Books) -> None:
    add_site(books, "a")
    for tag in ("B", "D", "F", "H"):
        add_asset(books, tag, "a")
    first = list_(books, SYSTEM, ASSETS, Query(limit=2))
    for tag in ("A", "C", "E"):
        add_asset(books, tag, "a")
    second = list_(books, SYSTEM, ASSETS, Query(limit=9, cursor=first.next_cursor or ""))
    assert [item.key for item in (*first.items, *second.items)] == ["B", "D", "E", "F", "H"]


def test_a_cursor_is_of_one_list_and_cannot_be_made_up(books: Books) -> None:
    add_site(books, "a")
    for tag in ("A", "B", "C"):
        add_asset(books, tag, "a")
    cursor = list_(books, SYSTEM, ASSETS, Query(limit=1)).next_cursor or ""
    assert keys(books, cursor=cursor) == ["B", "C"]
    flipped = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for forged in (flipped, cursor[:-2], cursor + "A", "x", "é", "=" * 50, "A" * 100_000):
        assert problem(books, cursor=forged) == ("cursor", "cursor")
    for other in ({"sort": "name"}, {"filters": {"site": "a"}}, {"search": "a"}, {"include_retired": True}):
        assert problem(books, cursor=cursor, **other) == ("cursor", "cursor")
    assert problem(books, "sites", cursor=cursor) == ("cursor", "cursor")


def test_lists_are_narrowed_by_fields_references_places_and_ranges(books: Books) -> None:
    add_site(books, "huyen", kind="district")
    add_site(books, "xa", parent="huyen")
    add_site(books, "thon", parent="xa", kind="office")
    add_site(books, "khac")
    add_asset(books, "T1", "xa", cost_vnd=10, put_to_use="2018-01-01", status="in_use")
    add_asset(books, "T2", "thon", cost_vnd=20, put_to_use="2019-01-01")
    add_asset(books, "T3", "khac", cost_vnd=30, category="printer")
    assert keys(books, filters={"site": "xa"}) == ["T1"]
    assert keys(books, filters={"site": ["xa", "khac"]}) == ["T1", "T3"]
    assert keys(books, filters={"within": "huyen"}) == ["T1", "T2"]
    assert keys(books, filters={"within": ["thon", "khac", ""]}) == ["T2", "T3"]
    assert keys(books, "sites", filters={"within": "xa"}) == ["thon", "xa"]
    assert keys(books, "sites", filters={"parent": ""}) == ["huyen", "khac"]
    assert keys(books, filters={"category": "printer"}) == ["T3"]
    assert keys(books, filters={"status": "in_use"}) == ["T1"]
    assert keys(books, filters={"cost_vnd_from": "20"}) == ["T2", "T3"]
    assert keys(books, filters={"put_to_use_from": "2018-06-01", "put_to_use_to": "2020-01-01"}) == ["T2"]
    assert keys(books, filters={"fictional": "false", "tag": "T1"}) == ["T1"]
    assert keys(books, filters={"site": "nowhere"}) == keys(books, filters={"site": []}) == []
    assert keys(books, filters={"within": []}) == keys(books, filters={"at": []}) == []


def test_a_link_is_listed_at_either_end(books: Books) -> None:
    for slug in ("a", "b", "c"):
        add_site(books, slug)
        add_device(books, f"r-{slug}", slug)
    add(books, "links", name="ab", a_device="r-a", b_device="r-b")
    add(books, "links", name="bc", a_device="r-b", b_device="r-c")
    assert keys(books, "links", filters={"at": "a"}) == ["ab"]
    assert keys(books, "links", filters={"at": "b"}) == keys(books, "links", filters={"within": "b"}) == ["ab", "bc"]


def test_search_minds_neither_case_nor_diacritics_and_wants_every_word(books: Books) -> None:
    add_site(books, "a", name="Thị trấn Việt Quang")
    add_asset(books, "BQ-1", "a", serial="HEX20A1", name="Máy in Đồng Tâm", mac="00-1A-2B-3C-4D-5E")
    add_device(books, "core", "a", address="10.20.0.1")
    assert keys(books, search="may  DONG tam") == ["BQ-1"]
    assert keys(books, search="hex20") == keys(books, search="1a:2b") == keys(books, search="bq-1") == ["BQ-1"]
    assert keys(books, search="máy khác") == []
    assert keys(books, search="100%") == keys(books, search="_____") == []
    assert keys(books, "sites", search="viet quang") == ["a"]
    assert keys(books, "devices", search="10.20.0") == ["core"]


def test_retired_rows_are_left_out_unless_asked_for(books: Books) -> None:
    add_site(books, "a")
    retire(books, SYSTEM, NOUNS["sites"], "a", 1)
    assert keys(books, "sites") == []
    assert keys(books, "sites", include_retired=True) == ["a"]


def test_what_cannot_be_asked_is_refused_by_name(books: Books) -> None:
    assert problem(books, sort="password_hash") == ("sort", "not_a_choice")
    assert problem(books, limit=0) == ("limit", "out_of_range")
    assert problem(books, limit=501) == ("limit", "out_of_range")
    assert problem(books, filters={"note": "x"}) == ("note", "unknown")
    assert problem(books, filters={"status": "sold"}) == ("status", "not_a_choice")
    assert problem(books, filters={"cost_vnd_from": "many"}) == ("cost_vnd_from", "int_parsing")
    assert problem(books, filters={"tag": ["x"] * 101}) == ("tag", "too_long")
    assert problem(books, search="a\x00b") == ("search", "control_character")
    assert problem(books, filters={"serial": "\ud83d"}) == ("serial", "control_character")
    assert problem(books, filters={"site": "a\x00b"}) == ("site", "control_character")
    assert problem(books, search="x" * 101) == ("search", "too_long")
    assert problem(books, "accounts", filters={"password_hash": "x"}) == ("password_hash", "unknown")
    assert problem(books, "credentials", filters={"sealed": "x"}) == ("sealed", "unknown")


@pytest.mark.parametrize("noun", NOUNS)
def test_a_page_takes_one_statement_however_many_rows(books: Books, noun: str) -> None:
    add_site(books, "huyen", kind="district")
    add_site(books, "xa", parent="huyen")
    staff = commune_staff(books, "huyen")
    for n in range(12):
        add_device(books, f"r{n}", "xa")
        add_asset(books, f"T{n}", "xa")
        add(books, "holdings", device=f"r{n}", asset=f"T{n}", held_from="2020-01-01T00:00:00Z")
        add(books, "services", name=f"s{n}", kind="website", site="xa", url="http://a.example/", host_device="r0")
    actor = staff if may(staff, Act.READ, noun) else SYSTEM
    for limit in (1, 10):
        with statements(books) as seen:
            list_(books, actor, NOUNS[noun], Query(limit=limit, search="a", total=True))
        assert len(seen) == 1, seen


def test_the_total_is_told_where_the_search_finds_nothing_and_beyond_the_last_row(books: Books) -> None:
    add_site(books, "xa")
    for n in range(3):
        add_asset(books, f"T{n}", "xa")
    assert list_(books, SYSTEM, ASSETS, Query(search="không có", total=True)).total == 0
    first = list_(books, SYSTEM, ASSETS, Query(limit=2, total=True))
    retire(books, SYSTEM, ASSETS, "T2", 1)
    last = list_(books, SYSTEM, ASSETS, Query(limit=2, total=True, cursor=first.next_cursor or ""))
    assert (last.items, last.total) == ([], 2)
