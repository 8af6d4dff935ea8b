from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM, Actor
from inventory.assets.closing import close_year
from inventory.assets.custody import carry_out
from inventory.assets.lifecycle import MOVES, ActKind, AssetStatus
from inventory.assets.wear_noting import facts_of
from inventory.books import Books
from inventory.changes import list_changes
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid
from inventory.network.holdings import Holding
from inventory.network.standing import follow
from inventory.nouns import DOCUMENTS
from inventory.register import Query, get, list_
from tests.support.custody import RULEBOOKS, act, asset, document, items, require_order, state, undo
from tests.support.people import commune_staff, person
from tests.support.rows import add, add_asset, add_device, add_site
from tests.support.threads import together

TODAY = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def may() -> Iterator[None]:
    """Make it 20 May 2026."""
    with time_machine.travel(datetime(2026, 5, 20, 3, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def office(books: Books) -> Books:
    """Books of two communes; three computers in stock and one in use at the first."""
    add_site(books, "tan-lap")
    add_site(books, "hung-an")
    for n in (1, 2, 3):
        add_asset(books, f"S{n}", "tan-lap", category="desktop", cost_vnd=14_000_000)
    add_asset(
        books, "U1", "tan-lap", category="desktop", cost_vnd=14_000_000, status="in_use", put_to_use="2024-02-01",
        custodian="Lý Văn Páo", attributes={"memory_gb": 8, "disk_gb": 256},
    )  # fmt: skip
    return books


def refused(books: Books, actor: Actor = SYSTEM, **values: Any) -> set[tuple[str, str]]:
    base = {"kind": "assign", "day": TODAY, "items": [{"asset": "S1"}], "to_name": "Hoa"}
    with pytest.raises(Invalid) as caught:
        carry_out(books, actor, base | values, RULEBOOKS)
    require_order(books)
    return {(problem.field, problem.code) for problem in caught.value.problems}


def test_an_asset_goes_through_its_whole_life_each_step_with_its_paper(office: Books) -> None:
    add_asset(office, "N1", "tan-lap", category="desktop", status="planned", cost_vnd=15_000_000)
    steps = [
        ("receive", {}, "NK-2026-0001", ("in_stock", "")),
        ("assign", {"to_name": "Hoa", "to_title": "Kế toán"}, "CP-2026-0001", ("in_use", "Hoa, Kế toán")),
        ("hand_over", {"to_name": "Tám"}, "BG-2026-0001", ("in_use", "Tám")),
        ("repair", {}, "SC-2026-0001", ("repair", "Tám")),
        ("repaired", {}, "NS-2026-0001", ("in_use", "Tám")),
        ("transfer", {"to_site": "hung-an", "to_name": "Páo"}, "DC-2026-0001", ("in_use", "Páo")),
        ("return", {}, "TK-2026-0001", ("in_stock", "")),
        ("retire", {}, "ND-2026-0001", ("retired", "")),
        ("reinstate", {}, "DL-2026-0001", ("in_stock", "")),
        ("retire", {}, "ND-2026-0002", ("retired", "")),
        ("dispose", {}, "TL-2026-0001", ("disposed", "")),
    ]
    for kind, values, number, (status, holder) in steps:
        assert act(office, kind, "N1", **values) == number
        assert state(office, "N1") == (status, holder, document(office, number).id)
    assert asset(office, "N1").put_to_use == TODAY
    require_order(office)
    told = [change.act for change in list_changes(office, SYSTEM, table="asset", key="N1").items]
    assert told == [kind for kind, *_ in reversed(steps)] + ["create"]


def test_some_of_what_was_handed_out_comes_back_and_the_paper_governs_the_rest(office: Books) -> None:
    given = act(office, "assign", "S1", "S2", "S3", to_name="Hoa")
    back = act(office, "return", "S2")
    own, returned = document(office, given).id, document(office, back).id
    assert [state(office, tag) for tag in ("S1", "S2", "S3")] == [
        ("in_use", "Hoa", own),
        ("in_stock", "", returned),
        ("in_use", "Hoa", own),
    ]
    assert document(office, back).from_name == "Hoa"
    act(office, "return", "S1", "S3")
    assert {asset(office, tag).status for tag in ("S1", "S2", "S3")} == {"in_stock"}
    require_order(office)


def test_the_paper_shows_cost_and_wear_of_that_day_whatever_comes_later(office: Books) -> None:
    number = act(office, "hand_over", "U1", to_name="Hoa")
    (item,) = items(office, number)
    # 14,000,000 over 5 years: 2,800,000 in 2024; from 2026 the rest over the rest; 2025 was the last December.
    assert (item.cost_vnd, item.worn_vnd, item.residual_vnd) == (14_000_000, 5_600_000, 8_400_000)
    assert (item.used_since, item.capacity) == (2024, "8 GB / 256 GB")
    found = document(office, number)
    assert (found.items, found.cost_vnd, found.worn_vnd) == (1, 14_000_000, 5_600_000)


def test_what_was_disposed_of_leaves_the_books_on_the_day_of_the_paper(office: Books) -> None:
    act(office, "retire", "U1", day=date(2026, 3, 1))
    number = act(office, "dispose", "U1", day=date(2026, 4, 2))
    (fact,) = facts_of(office, SYSTEM, "U1")
    assert (fact.kind, fact.day, fact.document) == ("left", date(2026, 4, 2), number)
    undo(office, number)
    assert facts_of(office, SYSTEM, "U1") == ()
    assert items(office, number)[0].worn_vnd == 5_600_000
    require_order(office)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"kind": "give"}, ("kind", "not_a_choice")),
        ({"kind": "reverse", "reason": "x"}, ("kind", "not_a_choice")),
        ({"items": []}, ("items", "too_short")),
        ({"items": [{"asset": "S1"}] * 501}, ("items", "too_long")),
        ({"items": [{"asset": "S1"}, {"asset": "S1"}]}, ("items.1.asset", "twice")),
        ({"items": [{"asset": "none"}]}, ("items.0.asset", "no_such")),
        ({"items": [{"asset": "U1"}]}, ("items.0.asset", "state")),
        ({"day": TODAY + timedelta(days=1)}, ("day", "in_the_future")),
        ({"day": "soon"}, ("day", "date_from_datetime_parsing")),
        ({"to_name": ""}, ("to_name", "required")),
        ({"to_site": "hung-an"}, ("to_site", "unknown")),
        ({"kind": "repair"}, ("reason", "required")),
        ({"kind": "transfer", "to_site": None}, ("to_site", "required")),
        ({"kind": "transfer", "to_site": "nowhere"}, ("to_site", "no_such")),
        ({"kind": "transfer", "to_site": "tan-lap"}, ("to_site", "same")),
        ({"to_name": "x" * 121}, ("to_name", "too_long")),
        ({"reason": "a\x00b"}, ("reason", "control_character")),
        ({"colour": "red"}, ("colour", "unknown")),
        ({"accessories": [{"name": "Dây nguồn", "quantity": 0}]}, ("accessories.0.quantity", "out_of_range")),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(
    office: Books, values: dict[str, Any], problem: tuple[str, str]
) -> None:
    before = [state(office, tag) for tag in ("S1", "U1")]
    found = refused(office, **values)
    if values.get("day") == "soon":
        assert {field for field, _ in found} == {"day"}
    else:
        assert found == {problem}
    assert [state(office, tag) for tag in ("S1", "U1")] == before


def test_every_problem_of_a_document_is_told_at_once(office: Books) -> None:
    wrong = {"kind": "transfer", "items": [{"asset": "none"}, {"asset": "U1"}], "to_name": "", "day": "2027-01-01"}
    assert refused(office, **wrong) == {
        ("items.0.asset", "no_such"),
        ("to_site", "required"),
        ("day", "in_the_future"),
        ("to_name", "required"),
    }


def test_one_paper_is_of_one_site_and_of_one_holder(office: Books) -> None:
    add_asset(office, "H1", "hung-an", category="desktop", status="in_use", custodian="Tám")
    add_asset(office, "U2", "tan-lap", category="desktop", status="in_use", custodian="Hoa")
    both = [{"asset": "U1"}, {"asset": "H1"}]
    assert ("items", "several_sites") in refused(office, kind="hand_over", items=both)
    both = [{"asset": "U1"}, {"asset": "U2"}]
    assert refused(office, kind="hand_over", items=both) == {("items", "several_holders")}
    assert refused(office, kind="return", items=both) == {("items", "several_holders")}
    assert act(office, "transfer", "U1", "U2", to_site="hung-an", to_name="Páo") == "DC-2026-0001"


def test_an_act_applies_to_the_states_of_the_table_only(office: Books) -> None:
    kinds = [kind for kind in ActKind if kind is not ActKind.REVERSE]
    for kind, status in product(kinds, AssetStatus):
        tag, holder = f"{kind}-{status}", "Hoa" if status in {"in_use", "repair"} else ""
        add_asset(office, tag, "tan-lap", status=status, custodian=holder)
        more = {"to_site": "hung-an"} if MOVES[kind].elsewhere else {}
        if MOVES[kind].targets(status):
            act(office, kind, tag, to_name="Tám", **more)
            assert asset(office, tag).status in MOVES[kind].targets(status)
        else:
            with pytest.raises(Invalid) as caught:
                act(office, kind, tag, to_name="Tám", **more)
            assert [(one.field, one.code) for one in caught.value.problems] == [("items.0.asset", "state")]
    require_order(office)


@pytest.mark.parametrize(("status", "holder", "back"), [("in_use", "Hoa", "in_use"), ("in_stock", "", "in_stock")])
def test_what_comes_back_from_repair_goes_where_it_came_from(
    office: Books, status: str, holder: str, back: str
) -> None:
    add_asset(office, "R1", "tan-lap", status=status, custodian=holder)
    act(office, "repair", "R1")
    act(office, "repaired", "R1")
    assert state(office, "R1")[:2] == (back, holder)


def test_what_was_under_repair_when_it_was_loaded_goes_to_who_is_named(office: Books) -> None:
    add_asset(office, "R1", "tan-lap", status="repair", custodian="Hoa")
    add_asset(office, "R2", "tan-lap", status="repair")
    act(office, "repaired", "R1", "R2")
    assert [state(office, tag)[0] for tag in ("R1", "R2")] == ["in_use", "in_stock"]


def test_papers_of_one_asset_go_forward_in_time(office: Books) -> None:
    act(office, "assign", "S1", to_name="Hoa", day=date(2026, 4, 10))
    assert refused(office, kind="hand_over", day=date(2026, 4, 9)) == {("day", "order")}
    act(office, "hand_over", "S1", to_name="Tám", day=date(2026, 4, 10))


def test_each_year_counts_from_one(office: Books) -> None:
    assert act(office, "assign", "S1", to_name="Hoa", day=date(2025, 12, 30)) == "CP-2025-0001"
    assert act(office, "assign", "S2", to_name="Hoa") == "CP-2026-0001"
    assert act(office, "assign", "S3", to_name="Hoa", day=date(2025, 12, 31)) == "CP-2025-0002"
    require_order(office)


def test_nothing_is_dated_into_a_closed_year(office: Books) -> None:
    with time_machine.travel(datetime(2026, 12, 20, 3, tzinfo=UTC)):
        close_year(office, SYSTEM, 2026, RULEBOOKS)
        with pytest.raises(Conflict):
            act(office, "assign", "S1", to_name="Hoa", day=TODAY)
    require_order(office)


def test_numbers_have_no_gap_and_no_double_when_many_write_at_once(office: Books) -> None:
    for n in range(12):
        add_asset(office, f"P{n}", "tan-lap")
    with pytest.raises(Invalid):
        act(office, "assign", "U1", to_name="Hoa")
    numbers = together(*(lambda n=n: act(office, "assign", f"P{n}", to_name="Hoa") for n in range(12)))
    assert sorted(numbers) == [f"CP-2026-{n:04d}" for n in range(1, 13)]
    require_order(office)


def test_two_people_who_hand_out_the_same_asset_do_not_both_succeed(office: Books) -> None:
    def give(name: str) -> str:
        try:
            return act(office, "assign", "S1", to_name=name)
        except Invalid:
            return ""

    given = together(lambda: give("Hoa"), lambda: give("Tám"), lambda: give("Páo"))
    assert sorted(given) == ["", "", "CP-2026-0001"]
    require_order(office)


def test_an_asset_that_goes_away_stands_in_no_devices_place_any_more(office: Books) -> None:
    add_device(office, "core", "tan-lap")
    add(office, "holdings", device="core", asset="U1", held_from="2024-02-01T00:00:00Z", reason="Lắp mới")
    number = act(office, "repair", "U1")
    (period,) = periods(office)
    assert period.held_to is not None
    assert period.reason == f"Lắp mới [{number}]"
    undo(office, number)
    (period,) = periods(office)
    assert (period.held_to, period.reason) == (None, "Lắp mới")
    act(office, "hand_over", "U1", to_name="Hoa")
    assert periods(office)[0].held_to is None
    require_order(office)


def test_a_place_that_another_asset_took_stays_with_that_one(office: Books) -> None:
    add_device(office, "core", "tan-lap")
    add(office, "holdings", device="core", asset="U1", held_from="2024-02-01T00:00:00Z")
    number = act(office, "repair", "U1", day=TODAY - timedelta(days=3))
    add(office, "holdings", device="core", asset="S1", held_from="2026-05-18T00:00:00Z")
    undo(office, number)
    assert [one.held_to is None for one in periods(office)] == [False, True]


def periods(books: Books) -> list[Holding]:
    with reading(books.engine) as session:
        return list(session.execute(select(Holding).order_by(column(Holding, "id"))).scalars())


def test_auditors_and_programs_that_read_write_no_documents(office: Books) -> None:
    with pytest.raises(Forbidden):
        act(office, "assign", "S1", to_name="Hoa", actor=person(Role.AUDITOR))


def test_commune_staff_act_on_what_is_theirs_and_send_nothing_to_others(office: Books) -> None:
    add_asset(office, "H1", "hung-an", category="desktop")
    staff = commune_staff(office, "tan-lap")
    act(office, "assign", "S1", to_name="Hoa", actor=staff)
    assert refused(office, staff, items=[{"asset": "H1"}]) == {("items.0.asset", "no_such")}
    assert refused(office, staff, kind="transfer", items=[{"asset": "S2"}], to_site="hung-an") == {
        ("to_site", "no_such")
    }


def test_a_paper_is_seen_by_both_parties_wherever_the_assets_went_since(office: Books) -> None:
    add_site(office, "dong-yen")
    first = act(office, "transfer", "S1", to_site="hung-an")
    second = act(office, "transfer", "S1", to_site="dong-yen")
    seen = {slug: papers(office, commune_staff(office, slug)) for slug in ("tan-lap", "hung-an", "dong-yen")}
    assert seen == {"tan-lap": {first}, "hung-an": {first, second}, "dong-yen": {second}}


def papers(books: Books, actor: Actor) -> set[str]:
    return {item.key for item in list_(books, actor, DOCUMENTS, Query()).items}


def test_a_document_is_read_with_the_names_of_its_sites(office: Books) -> None:
    number = act(office, "transfer", "U1", to_site="hung-an", to_name="Hoa", papers="Hóa đơn 12")
    shown = get(office, SYSTEM, DOCUMENTS, number).model_dump()
    assert (shown["site"], shown["to_site"], shown["from_name"]) == ("tan-lap", "hung-an", "Lý Văn Páo")
    assert (shown["kind"], shown["items"], shown["papers"]) == ("transfer", 1, "Hóa đơn 12")


def test_a_failure_beside_the_act_leaves_nothing_behind(office: Books) -> None:
    def fails(*_: object) -> None:
        raise Conflict(MOVES[ActKind.ASSIGN].label, MOVES[ActKind.ASSIGN].label)

    values = {"kind": "assign", "day": TODAY, "items": [{"asset": "S1"}], "to_name": "Hoa"}
    with pytest.raises(Conflict):
        carry_out(office, SYSTEM, values, RULEBOOKS, fails)
    assert state(office, "S1") == ("in_stock", "", None)
    assert carry_out(office, SYSTEM, values, RULEBOOKS, follow) == "CP-2026-0001"
