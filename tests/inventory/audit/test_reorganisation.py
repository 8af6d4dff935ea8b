from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from inventory import verification
from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.assets.documents import Document
from inventory.audit.reorganisation import MOVING, reorganise, undo
from inventory.books import Books
from inventory.changes import list_changes
from inventory.columns import Booked, column
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from inventory.loading import load_units
from inventory.nouns import NOUNS
from inventory.places.reorganisations import Reorganisation
from inventory.places.sites import Site
from inventory.register import Query, list_
from tests.support.books import empty
from tests.support.custody import act, asset, require_order
from tests.support.custody import undo as reverse
from tests.support.people import commune_staff, person
from tests.support.rows import add, add_asset, add_device, add_site

DAY = date(2025, 7, 1)
MERGER = {"day": DAY, "decree": "Nghị quyết sắp xếp đơn vị hành chính năm 2025"}


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    """Make it 20 May 2026."""
    with time_machine.travel(datetime(2026, 5, 20, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def district(books: Books) -> Books:
    """The district of the shipped units, each commune with a router, a website, an asset and a member of staff."""
    load_units(books, SYSTEM)
    for slug in old_units(books):
        add_device(books, f"{slug}-rt", slug)
        add_asset(books, f"TS-{slug}", slug, status="in_use", custodian="Hoa")
        add(books, "services", name=f"web-{slug}", site=slug, kind="website", url="https://example.vn/")
        add(books, "accounts", username=f"cb-{slug}", role="commune_staff", site=slug)
    return books


def old_units(books: Books) -> list[str]:
    with reading(books.engine) as session:
        rows = select(column(Site, "slug")).where(column(Site, "successor_id").is_not(None))
        return list(session.execute(rows.order_by(column(Site, "slug"))).scalars())


def everything(books: Books) -> dict[tuple[str, str], dict[str, Any]]:
    """Every row that could move, but how often it was written."""
    with reading(books.engine) as session:
        return {
            (str(table.__tablename__), row.key): row.model_dump(exclude={"version", "updated_at"})
            for table in tables()
            for row in session.execute(select(table)).scalars()
        }


def tables() -> list[type[Booked]]:
    return [table for table, _ in MOVING]


def standing(books: Books, noun: str) -> Counter[str]:
    items = list_(books, SYSTEM, NOUNS[noun], Query(limit=500)).items
    return Counter(item.model_dump()["site"] for item in items)


def merged(books: Books) -> Reorganisation:
    with reading(books.engine) as session:
        return session.execute(select(Reorganisation)).scalar_one()


def whole(books: Books) -> bool:
    with reading(books.engine) as session:
        return verification.verify(session, books.keys) == []


def test_twenty_three_units_go_into_eight_and_back(district: Books) -> None:
    before = everything(district)
    outcome = reorganise(district, SYSTEM, MERGER)
    assert (outcome.number, len(outcome.pairs), len({new for _, new in outcome.pairs})) == ("SN-2025-0001", 23, 8)
    none = {"site": 0, "subnet": 0, "document": 0}
    assert outcome.counts == none | {"device": 23, "service": 23, "asset": 23, "account": 23}
    assert set(standing(district, "devices")) == {new for _, new in outcome.pairs}
    assert standing(district, "assets") == Counter(new for _, new in outcome.pairs)
    assert whole(district)
    undo(district, SYSTEM, outcome.number, merged(district).version)
    assert everything(district) == before
    assert whole(district)


def test_a_rehearsal_tells_the_numbers_of_the_act_and_leaves_nothing(district: Books) -> None:
    before = everything(district)
    changes = list_changes(district, SYSTEM).items[0].id
    rehearsed = reorganise(district, SYSTEM, MERGER, rehearse=True)
    assert rehearsed.number == ""
    assert everything(district) == before
    assert list_changes(district, SYSTEM).items[0].id == changes
    done = reorganise(district, SYSTEM, MERGER)
    assert (done.pairs, done.counts, done.by_unit) == (rehearsed.pairs, rehearsed.counts, rehearsed.by_unit)
    assert done.by_unit["tan-lap"] == {"device": 1, "service": 1, "asset": 1, "account": 1}


def test_holders_and_open_documents_move_and_finished_ones_stay(books: Books) -> None:
    for slug in ("a", "b", "new"):
        add_site(books, slug)
    for n in (1, 2):
        add_asset(books, f"T{n}", "a")
    finished = act(books, "assign", "T1", to_name="Hoa", day=date(2025, 1, 10))
    act(books, "return", "T1", day=date(2025, 1, 20))
    going_on = act(books, "assign", "T1", "T2", to_name="Páo", day=date(2025, 2, 1))
    pairs = [{"old": "a", "new": "new"}, {"old": "b", "new": "new"}]
    assert reorganise(books, SYSTEM, MERGER | {"pairs": pairs}).counts["document"] == 1
    with reading(books.engine) as session:
        stands = {
            row[0]: row[1]
            for row in session.execute(
                select(column(Document, "number"), column(Site, "slug")).join(
                    Site, column(Site, "id") == column(Document, "standing_site_id")
                )
            )
        }
    assert (stands[finished], stands[going_on]) == ("a", "new")
    assert (asset(books, "T1").custodian, asset(books, "T1").status) == ("Páo", "in_use")
    act(books, "return", "T1", day=date(2025, 8, 1))
    require_order(books)


def test_a_document_from_before_the_merger_is_still_reversed_and_the_asset_stays_with_the_new_unit(
    books: Books,
) -> None:
    for slug in ("a", "new"):
        add_site(books, slug)
    add_asset(books, "T1", "a")
    wrong = act(books, "assign", "T1", to_name="Hoa", day=date(2025, 2, 1))
    reorganise(books, SYSTEM, MERGER | {"pairs": [{"old": "a", "new": "new"}]})
    reverse(books, wrong)
    assert asset(books, "T1").status == "in_stock"
    assert standing(books, "assets") == {"new": 1}
    require_order(books)


def test_units_below_move_and_the_old_unit_ends_the_day_before(books: Books) -> None:
    for slug in ("a", "new"):
        add_site(books, slug)
    add_site(books, "school", parent="a", kind="office")
    reorganise(books, SYSTEM, MERGER | {"pairs": [{"old": "a", "new": "new"}]})
    shown = {item.key: item.model_dump() for item in list_(books, SYSTEM, NOUNS["sites"], Query()).items}
    assert shown["school"]["parent"] == "new"
    assert (shown["a"]["successor"], shown["a"]["valid_to"]) == ("new", date(2025, 6, 30))


def test_staff_of_the_new_unit_see_what_happened_at_the_old_ones(books: Books) -> None:
    for slug in ("a", "b", "new", "other"):
        add_site(books, slug)
    add_asset(books, "T1", "a")
    number = act(books, "assign", "T1", to_name="Hoa", day=date(2025, 2, 1))
    before = commune_staff(books, "new")
    assert list_(books, before, NOUNS["documents"], Query()).items == []
    reorganise(books, SYSTEM, MERGER | {"pairs": [{"old": "a", "new": "new"}, {"old": "b", "new": "new"}]})
    staff = commune_staff(books, "new")
    assert [item.key for item in list_(books, staff, NOUNS["documents"], Query()).items] == [number]
    assert [item.key for item in list_(books, staff, NOUNS["assets"], Query()).items] == ["T1"]
    assert {change.act for change in list_changes(books, staff, table="asset", key="T1").items} == {
        "create", "assign", "reorganise",
    }  # fmt: skip
    other = commune_staff(books, "other")
    assert list_(books, other, NOUNS["documents"], Query()).items == []
    assert list_changes(books, other, table="asset", key="T1").items == []


def test_what_moved_on_since_is_named_and_nothing_moves_back(books: Books) -> None:
    for slug in ("a", "new", "other"):
        add_site(books, slug)
    add_asset(books, "T1", "a")
    add_asset(books, "T2", "a")
    number = reorganise(books, SYSTEM, MERGER | {"pairs": [{"old": "a", "new": "new"}]}).number
    act(books, "transfer", "T1", to_site="other")
    with pytest.raises(Conflict, match="T1"):
        undo(books, SYSTEM, number, 1)
    assert standing(books, "assets") == {"new": 1, "other": 1}
    reverse(books, "DC-2026-0001")
    undo(books, SYSTEM, number, 1)
    assert standing(books, "assets") == {"a": 2}
    with pytest.raises(Conflict):
        undo(books, SYSTEM, number, 2)
    with pytest.raises(Stale):
        undo(books, SYSTEM, number, 1)
    with pytest.raises(NotFound):
        undo(books, SYSTEM, "SN-2025-0009", 1)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"pairs": [{"old": "a", "new": "nowhere"}]}, ("pairs.0.new", "no_such")),
        ({"pairs": [{"old": "a", "new": "b"}, {"old": "b", "new": "new"}]}, ("pairs.0.new", "chain")),
        ({"pairs": [{"old": "a", "new": "b"}, {"old": "a", "new": "new"}]}, ("pairs.0.old", "twice")),
        ({"pairs": [{"old": "a", "new": "a"}]}, ("pairs.0.new", "chain")),
        ({"pairs": [{"old": "a", "new": "below"}]}, ("pairs.0.new", "below")),
        ({"pairs": [{"old": "a", "new": "ended"}]}, ("pairs.0.new", "retired")),
        ({"pairs": [{"old": "a", "new": "unborn"}]}, ("pairs.0.new", "not_yet")),
        ({"pairs": [{"old": "a", "new": "b"}], "day": date(2027, 1, 1)}, ("day", "in_the_future")),
        ({"pairs": [{"old": "a", "new": "b"}], "decree": ""}, ("decree", "too_short")),
        ({"pairs": [{"old": "a", "new": "b"}] * 501}, ("pairs", "too_long")),
        ({"pairs": [{"old": "a"}]}, ("pairs.0.new", "required")),
    ],
)
def test_a_wrong_merger_is_refused_as_a_whole(books: Books, values: dict[str, Any], problem: tuple[str, str]) -> None:
    for slug in ("a", "b", "new"):
        add_site(books, slug)
    add_site(books, "below", parent="a")
    add_site(books, "ended", valid_to="2025-01-01")
    add_site(books, "unborn", valid_from="2026-01-01")
    with pytest.raises(Invalid) as caught:
        reorganise(books, SYSTEM, MERGER | values)
    assert problem in {(one.field, one.code) for one in caught.value.problems}


def test_without_pairs_the_successions_of_the_day_are_taken_or_there_is_nothing_to_do(books: Books) -> None:
    load_units(books, SYSTEM)
    with pytest.raises(Conflict):
        reorganise(books, SYSTEM, MERGER | {"day": date(2024, 1, 1)})
    assert len(reorganise(books, SYSTEM, MERGER, rehearse=True).pairs) == 23


def test_only_administrators_merge_units(books: Books) -> None:
    for role in (Role.IT_STAFF, Role.AUDITOR):
        with pytest.raises(Forbidden):
            reorganise(books, person(role), MERGER, rehearse=True)
        with pytest.raises(Forbidden):
            undo(books, person(role), "SN-2025-0001", 1)


SLUGS = ("a", "b", "c", "x", "y")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    into=st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"), min_size=1),
    assets=st.lists(st.sampled_from(SLUGS), max_size=6),
    devices=st.lists(st.sampled_from(SLUGS), max_size=4),
    given_out=st.sets(st.integers(0, 5)),
    below=st.lists(st.sampled_from("abc"), max_size=2),
)
def test_a_merger_undone_leaves_everything_as_it_was(  # noqa: PLR0917 - drawn by hypothesis
    books: Books, into: dict[str, str], assets: list[str], devices: list[str], given_out: set[int], below: list[str]
) -> None:
    empty(books)
    for slug in SLUGS:
        add_site(books, slug)
    for n, slug in enumerate(below):
        add_site(books, f"office-{n}", parent=slug)
    for n, slug in enumerate(assets):
        add_asset(books, f"T{n}", slug)
        if n in given_out:
            act(books, "assign", f"T{n}", to_name="Hoa", day=date(2025, 3, 1))
    for n, slug in enumerate(devices):
        add_device(books, f"d{n}", slug)
    before = everything(books)
    pairs = [{"old": old, "new": new} for old, new in into.items()]
    outcome = reorganise(books, SYSTEM, MERGER | {"pairs": pairs})
    assert not set(into) & (set(standing(books, "assets")) | set(standing(books, "devices")))
    moved = sum(slug in into for slug in assets)
    assert (outcome.counts["asset"], outcome.counts["device"]) == (moved, sum(slug in into for slug in devices))
    require_order(books)
    undo(books, SYSTEM, outcome.number, 1)
    assert everything(books) == before
    require_order(books)


def test_a_subnet_goes_on_being_swept_at_the_unit_that_takes_over(district: Books) -> None:
    old = "tan-lap"
    add(district, "subnets", name="lan", site=old, cidr="10.20.4.0/24", scan=True)
    outcome = reorganise(district, SYSTEM, MERGER)
    assert standing(district, "subnets") == Counter([dict(outcome.pairs)[old]])
    undo(district, SYSTEM, outcome.number, merged(district).version)
    assert standing(district, "subnets") == Counter([old])
