"""Candidates: what the rules point at, at what price, and what is barred."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets.lifecycle import AssetStatus
from inventory.assets.rulebook import NormBook
from inventory.assets.rulebook_files import read_rulebooks
from inventory.audit.candidates import Candidate, LeftOut, Piece, Rules, candidates
from inventory.audit.needs import Failure, Reason
from inventory.audit.norms import PriceSource, Unit, grants, price_of

OLD, NEW = date(2016, 5, 1), date(2025, 5, 1)
LIVES = {"desktop": 7, "laptop": 7, "printer": 7, "scanner": 7, "router": 5}


def norms() -> NormBook:
    book = read_rulebooks().norms_on(date(2026, 12, 31))
    assert book is not None
    return book


def rules(**more: Any) -> Rules:
    return replace(Rules(2027, date(2026, 5, 20), LIVES, norms()), **more)


def piece(number: int, category: str = "desktop", **more: Any) -> Piece:
    known: dict[str, Any] = {"unit_id": 1, "since": NEW, "status": AssetStatus.IN_USE} | more
    return Piece(number, f"TS/{number:03}", "Máy", category, site_id=1, **known)


def unit(people: int) -> Unit:
    return Unit(1, "Xã Tân Lập", people)


def reasons(found: list[Candidate]) -> list[set[Reason]]:
    return [{ground.reason for ground in one.grounds} for one in found]


@pytest.mark.parametrize(
    ("people", "printers", "scanners"), [(0, 0, 0), (1, 1, 1), (15, 5, 1), (16, 6, 2), (45, 15, 3)]
)
def test_the_norms_count_people_and_round_up(people: int, printers: int, scanners: int) -> None:
    granted = {grant.key: grant.pieces for grant in grants(norms(), people)}
    assert granted == {"official-computer": people, "shared-printer": printers, "shared-scanner": scanners}


def test_each_leader_may_have_a_laptop_and_a_printer_more() -> None:
    most = {grant.key: grant.most for grant in grants(norms(), 16, leaders=3)}
    assert most == {"official-computer": 19, "shared-printer": 9, "shared-scanner": 2}


@given(people=st.integers(0, 60), computers=st.integers(0, 60))
def test_what_is_lacking_is_the_norm_less_what_there_is(people: int, computers: int) -> None:
    found = candidates([piece(number) for number in range(computers)], [unit(people)], rules(categories=["desktop"]))
    assert len(found) == max(0, people - computers)
    assert all(one.price is not None and one.price.vnd == 20_000_000 for one in found)


def test_laptops_stock_and_planned_things_count_towards_the_norm() -> None:
    there = [piece(1, "laptop"), piece(2, status=AssetStatus.IN_STOCK), piece(3, status=AssetStatus.PLANNED)]
    assert len(candidates(there, [unit(4)], rules(categories=["desktop", "laptop"]))) == 1


def test_an_old_thing_is_replaced_and_not_bought_twice() -> None:
    found = candidates([piece(1, since=OLD), piece(2)], [unit(2)], rules(categories=["desktop"]))
    assert reasons(found) == [{Reason.BEYOND_LIFE}]


def test_several_reasons_add_up_the_strongest_first() -> None:
    old = piece(
        1, since=OLD, operating_system="Windows 7", failure=Failure(False, "Kiểm kê", NEW), incidents=(NEW,),
    )  # fmt: skip
    [one] = candidates([old], [], rules())
    assert [ground.reason for ground in one.grounds] == [
        Reason.FAILED_COUNT, Reason.BEYOND_LIFE, Reason.TROUBLED, Reason.UNSUPPORTED,
    ]  # fmt: skip
    assert one.need == 80 + 50 + 30 + 30


@pytest.mark.parametrize("status", [AssetStatus.IN_STOCK, AssetStatus.PLANNED])
def test_what_nobody_uses_needs_no_successor(status: AssetStatus) -> None:
    assert candidates([piece(1, since=OLD, status=status)], [], rules()) == []


def test_replacements_above_the_norm_are_barred_the_least_needed_first() -> None:
    there = [piece(1), piece(2, since=date(2019, 5, 1)), piece(3, since=OLD), piece(4, since=OLD)]
    found = candidates(there, [unit(3)], rules(categories=["desktop"]))
    assert {one.piece.tag: one.barred for one in found if one.piece} == {
        "TS/002": LeftOut.ABOVE_NORM, "TS/003": None, "TS/004": None,
    }  # fmt: skip
    kept = candidates(there, [unit(3)], rules(categories=["desktop"], within_norm=False))
    assert all(one.barred is None for one in kept)


def test_what_an_approved_budget_replaces_is_barred_and_counts_no_more() -> None:
    there = [piece(1, since=OLD, replaced_by=4), piece(2, status=AssetStatus.PLANNED)]
    [one] = candidates(there, [unit(1)], rules(categories=["desktop"]))
    assert one.barred == LeftOut.PLANNED


def test_only_the_rules_and_categories_that_are_asked_for_apply() -> None:
    there = [piece(1, since=OLD), piece(2, "printer", since=OLD)]
    assert len(candidates(there, [unit(9)], rules(reasons=[Reason.BEYOND_LIFE]))) == 2
    assert len(candidates(there, [unit(9)], rules(reasons=[Reason.BEYOND_LIFE], categories=["printer"]))) == 1


@pytest.mark.parametrize(
    ("category", "list_vnd", "cost_vnd", "vnd", "source"),
    [
        ("desktop", 0, 9_000_000, 20_000_000, PriceSource.NORM),
        ("desktop", 14_500_000, 0, 14_500_000, PriceSource.LIST),
        ("laptop", 31_000_000, 0, 20_000_000, PriceSource.CAPPED),
        ("printer", 0, 0, 13_000_000, PriceSource.NORM),
        ("video_terminal", 300_000_000, 0, 300_000_000, PriceSource.LIST),
        ("router", 0, 6_500_000, 6_500_000, PriceSource.COST),
    ],
)
def test_the_price_is_the_list_price_within_the_norm(
    category: str, list_vnd: int, cost_vnd: int, vnd: int, source: PriceSource
) -> None:
    price = price_of(category, norms(), list_vnd, cost_vnd)
    assert price is not None
    assert (price.vnd, price.source) == (vnd, source)


def test_what_has_no_price_is_barred_and_says_so() -> None:
    [one] = candidates([piece(1, "router", since=OLD)], [], rules())
    assert (one.price, one.barred) == (None, LeftOut.NO_PRICE)


def test_before_the_first_norms_nothing_is_below_them() -> None:
    found = candidates([piece(1, since=OLD, cost_vnd=9_000_000)], [unit(5)], rules(norms=None))
    assert [one.norm for one in found] == [""]
