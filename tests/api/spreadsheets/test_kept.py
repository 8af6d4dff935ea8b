"""Files that people brought: kept for a while, within bounds, worked on one at a time, seen by their owner only."""

from dataclasses import replace

import pytest

from api.spreadsheets.kept import LIFE_S, MOST_OCTETS, MOST_OF_ONE, Kept, Shelf, Step, new_ref
from inventory.access.accounts import Role
from inventory.access.rights import Actor
from inventory.import_report import Report
from inventory.mapping import Column
from inventory.nouns import ASSETS

HOA, PAO = (Actor(name=name, role=Role.IT_STAFF) for name in ("hoa", "pao"))


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(clock: Clock) -> Shelf:
    return Shelf(clock)


def brought(shelf: Shelf, owner: Actor = HOA, octets: bytes = b"x", columns: tuple[Column, ...] = ()) -> Kept:
    kept = Kept(new_ref(), owner, ASSETS, "a.csv", octets, columns)
    shelf.put(kept)
    return kept


def test_a_file_is_seen_by_its_owner_only_and_let_go_after_an_hour(shelf: Shelf, clock: Clock) -> None:
    kept = brought(shelf)
    assert shelf.get(PAO, kept.ref) is None
    assert shelf.get(HOA, "nosuch") is None
    clock.now += LIFE_S - 1
    assert shelf.get(HOA, kept.ref) is kept
    clock.now += LIFE_S - 1
    assert shelf.get(HOA, kept.ref) is kept
    clock.now += LIFE_S + 1
    assert shelf.get(HOA, kept.ref) is None


def test_the_oldest_of_too_many_makes_room(shelf: Shelf, clock: Clock) -> None:
    others = brought(shelf, PAO)
    mine = []
    for _ in range(MOST_OF_ONE + 2):
        clock.now += 1
        mine.append(brought(shelf))
    assert [shelf.get(HOA, one.ref) for one in mine] == [None, None, *mine[2:]]
    assert shelf.get(PAO, others.ref) is others


def test_all_files_together_stay_within_their_bound_but_the_newest_is_always_kept(shelf: Shelf, clock: Clock) -> None:
    large = b"x" * (MOST_OCTETS // 2)
    kept = []
    for owner in (HOA, PAO, HOA):
        clock.now += 1
        kept.append(brought(shelf, owner, large))
    assert [shelf.get(one.owner, one.ref) is one for one in kept] == [False, True, True]


def test_what_is_worked_on_is_never_let_go(shelf: Shelf, clock: Clock) -> None:
    kept = brought(shelf, octets=b"x" * MOST_OCTETS)
    assert shelf.ask(kept, dry_run=True, owner=HOA)
    for _ in range(MOST_OF_ONE + 1):
        clock.now += LIFE_S + 1
        brought(shelf, octets=b"x" * (MOST_OCTETS // 2))
    assert shelf.get(HOA, kept.ref) is kept
    assert shelf.take() is kept


def test_work_is_asked_for_once_and_taken_in_turn(shelf: Shelf) -> None:
    first, second = brought(shelf), brought(shelf, PAO)
    for one in (first, second):
        assert shelf.ask(one, dry_run=True, owner=one.owner)
        assert not shelf.ask(one, dry_run=False, owner=one.owner)
    assert first.dry_run
    assert shelf.take() is first
    assert not shelf.ask(first, dry_run=True, owner=HOA)
    assert (shelf.take(), shelf.take()) == (second, None)


def test_only_a_rehearsal_without_a_problem_is_clean() -> None:
    kept = Kept("r", HOA, ASSETS, "a.csv", b"x", ())
    assert not kept.is_clean
    kept.report, kept.step = Report("assets", dry_run=True), Step.REHEARSED
    assert kept.is_clean
    assert not replace(kept, step=Step.WRITTEN).is_clean


def test_of_equal_headings_the_one_that_fills_something_counts() -> None:
    columns = (Column(0, "Tên", None), Column(1, "Tên", "name"), Column(2, "Tên", None), Column(3, "Số", None))
    assert Kept("r", HOA, ASSETS, "a.csv", b"", columns).mapping == {"Tên": "name", "Số": ""}
