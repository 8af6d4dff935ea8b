from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import Invalid
from inventory.nouns import NOUNS
from inventory.register import Query, create, list_, restore, retire, update
from tests.support.books import empty
from tests.support.rows import add_asset, add_device, add_site
from tests.support.threads import together

HOLDINGS = NOUNS["holdings"]
START = datetime(2020, 1, 1, tzinfo=UTC)


def hold(books: Books, device: str, asset: str, start: int, end: int | None) -> Any:
    period = {
        "held_from": START + timedelta(days=start),
        "held_to": None if end is None else START + timedelta(days=end),
    }
    return create(books, SYSTEM, HOLDINGS, {"device": device, "asset": asset, **period})


def prepare(books: Books) -> None:
    add_site(books, "a")
    for n in range(2):
        add_device(books, f"d{n}", "a")
        add_asset(books, f"t{n}", "a")


periods = st.lists(
    st.tuples(
        st.sampled_from(["d0", "d1"]), st.sampled_from(["t0", "t1"]), st.integers(0, 6), st.none() | st.integers(0, 7)
    ),
    max_size=10,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=periods)
def test_periods_never_overlap_on_either_side_and_every_free_one_is_taken(books: Books, wanted: list[Any]) -> None:
    empty(books)
    prepare(books)
    taken: list[tuple[str, str, int, float]] = []
    for device, asset, start, end in wanted:
        until = float("inf") if end is None else end
        clash = any((d == device or t == asset) and start < e and s < until for d, t, s, e in taken)
        if until <= start or clash:
            with pytest.raises(Invalid):
                hold(books, device, asset, start, end)
        else:
            hold(books, device, asset, start, end)
            taken.append((device, asset, start, until))
    assert list_(books, SYSTEM, HOLDINGS, Query(total=True)).total == len(taken)


def test_a_period_may_begin_in_the_moment_in_which_the_one_before_ends(books: Books) -> None:
    prepare(books)
    hold(books, "d0", "t0", 0, 5)
    hold(books, "d0", "t1", 5, None)


def test_both_sides_of_an_overlap_are_named(books: Books) -> None:
    prepare(books)
    hold(books, "d0", "t0", 0, None)
    with pytest.raises(Invalid) as caught:
        hold(books, "d0", "t0", 3, 4)
    assert [(p.field, p.code) for p in caught.value.problems] == [("device", "overlap"), ("asset", "overlap")]


def test_a_period_that_is_changed_or_restored_may_not_overlap_either(books: Books) -> None:
    prepare(books)
    first = hold(books, "d0", "t0", 0, 5)
    second = hold(books, "d0", "t1", 5, None)
    with pytest.raises(Invalid, match="Another asset stands here"):
        update(books, SYSTEM, HOLDINGS, first.key, 1, {"held_to": START + timedelta(days=6)})
    retire(books, SYSTEM, HOLDINGS, second.key, 1)
    update(books, SYSTEM, HOLDINGS, first.key, 1, {"held_to": None})
    with pytest.raises(Invalid, match="Another asset stands here"):
        restore(books, SYSTEM, HOLDINGS, second.key, 2)


def test_device_and_asset_of_a_period_never_change(books: Books) -> None:
    prepare(books)
    hold(books, "d0", "t0", 0, 5)
    with pytest.raises(Invalid, match="never changes"):
        update(books, SYSTEM, HOLDINGS, "1", 1, {"device": "d1"})


def test_of_many_who_take_the_same_place_at_once_one_gets_it(books: Books) -> None:
    add_site(books, "a")
    add_device(books, "d", "a")
    for n in range(6):
        add_asset(books, f"t{n}", "a")

    def take(number: int) -> bool:
        try:
            hold(books, "d", f"t{number}", 0, None)
        except Invalid:
            return False
        return True

    assert sum(together(*(lambda n=n: take(n) for n in range(6)))) == 1  # type: ignore[misc]


def test_a_time_without_a_zone_or_an_empty_period_is_refused(books: Books) -> None:
    prepare(books)
    for values, code in (
        ({"held_from": "2020-01-01T00:00:00"}, "timezone_aware"),
        ({"held_from": 1577836800}, "datetime_type"),
        ({"held_from": "2020-01-01T00:00:00Z", "held_to": "2020-01-01T00:00:00Z"}, "order"),
    ):
        with pytest.raises(Invalid) as caught:
            create(books, SYSTEM, HOLDINGS, {"device": "d0", "asset": "t0", **values})
        assert [p.code for p in caught.value.problems] == [code]
