from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets.categories import LifeClass
from inventory.assets.depreciation import (
    CostChange,
    Thing,
    Value,
    WearOfYear,
    booked_value_on,
    projected_value_on,
    wear_by_year,
    wear_in,
)
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_rules import Rules
from tests.support import wear

END = wear.LAST + 60
"""A year by which everything is worn out, whatever the rules and changes."""


def a_computer(cost_vnd: int, put_to_use: date | None, **facts: object) -> Thing:
    return Thing(cost_vnd, LifeClass.COMPUTER, put_to_use, **facts)  # type: ignore[arg-type]


def annual(thing: Thing, rules: Rules, through: int) -> dict[int, int]:
    return {one.year: one.annual_vnd for one in wear_by_year(thing, rules, through)}


# The circular's own rules, with the arithmetic in words.


def test_a_new_computer_wears_by_its_rate_and_the_last_year_takes_the_rest() -> None:
    # TT 141 Điều 14: 15,000,000 × 14.29 % = 2,143,500 a year. Six years take 12,861,000; the seventh and last takes
    # what is left, 15,000,000 − 12,861,000 = 2,139,000, not another 2,143,500.
    rules = read_rulebooks().rules()
    got = annual(a_computer(15_000_000, date(2026, 3, 15)), rules, 2034)
    assert got == {
        2026: 2_143_500, 2027: 2_143_500, 2028: 2_143_500, 2029: 2_143_500, 2030: 2_143_500, 2031: 2_143_500,
        2032: 2_139_000, 2033: 0, 2034: 0,
    }  # fmt: skip


def test_accumulated_is_last_years_accumulated_and_the_year_and_residual_is_cost_less_that() -> None:
    # Điều 14 and 16: after two years 2 × 2,143,500 = 4,287,000 are worn, 15,000,000 − 4,287,000 = 10,713,000 remain.
    rules = read_rulebooks().rules()
    one = wear_in(a_computer(15_000_000, date(2026, 3, 15)), rules, 2027)
    assert (one.opening_vnd, one.annual_vnd, one.accumulated_vnd) == (2_143_500, 2_143_500, 4_287_000)
    assert one.residual_vnd == 10_713_000


def test_a_longer_life_spreads_the_residual_over_the_years_that_are_left() -> None:
    # TT 141 Điều 18.1: bought 2023 for 14,000,000 with 5 years at 20 %: 2,800,000 a year, 8,400,000 by 31 December
    # 2025 after three years. From 2026 the life is 7 years: (14,000,000 − 8,400,000) ÷ (7 − 3) = 1,400,000 a year,
    # four years, 2026 to 2029.
    rules = read_rulebooks().rules()
    got = annual(a_computer(14_000_000, date(2023, 5, 1)), rules, 2030)
    assert got == {
        2023: 2_800_000, 2024: 2_800_000, 2025: 2_800_000,
        2026: 1_400_000, 2027: 1_400_000, 2028: 1_400_000, 2029: 1_400_000, 2030: 0,
    }  # fmt: skip


def test_what_a_division_leaves_over_falls_to_the_last_year() -> None:
    # 10,000,001 bought 2025: 20 % is 2,000,000.2, so 2,000,000. From 2026: 8,000,001 ÷ 6 = 1,333,333.5, so 1,333,334;
    # five years take 6,666,670, the sixth the rest: 8,000,001 − 6,666,670 = 1,333,331.
    rules = read_rulebooks().rules()
    got = annual(a_computer(10_000_001, date(2025, 12, 31)), rules, 2031)
    assert list(got.values()) == [2_000_000, 1_333_334, 1_333_334, 1_333_334, 1_333_334, 1_333_334, 1_333_331]


def test_a_new_life_that_is_over_already_takes_the_whole_residual_at_once() -> None:
    # Điều 18.1, second sentence: 8 years at 12.5 %, bought 2019 for 16,000,000: 2,000,000 a year, 14,000,000 by 2025
    # after seven years. From 2026 the life is 5 years, over for two: 2026 takes 16,000,000 − 14,000,000 = 2,000,000.
    # Bought 2020 for 16,000,000: 12,000,000 by 2025 after six years, so 2026 takes 4,000,000.
    rules = wear.rules_of((2018, 8, 1250), (2026, 5, 2000))
    assert annual(a_computer(16_000_000, date(2019, 1, 1)), rules, 2027) == {
        **dict.fromkeys(range(2019, 2026), 2_000_000), 2026: 2_000_000, 2027: 0,
    }  # fmt: skip
    assert annual(a_computer(16_000_000, date(2020, 1, 1)), rules, 2027)[2026] == 4_000_000


def test_what_was_worn_out_before_the_life_grew_stays_worn_out() -> None:
    rules = read_rulebooks().rules()
    got = annual(a_computer(14_000_000, date(2018, 2, 1)), rules, 2028)
    assert sum(got.values()) == 14_000_000
    assert all(got[year] == 0 for year in range(2023, 2029))


def test_a_machine_whose_life_stays_goes_on_by_its_rate() -> None:
    rules = read_rulebooks().rules()
    got = annual(Thing(30_000_000, LifeClass.MACHINE, date(2024, 8, 1)), rules, 2029)
    assert got == {2024: 6_000_000, 2025: 6_000_000, 2026: 6_000_000, 2027: 6_000_000, 2028: 6_000_000, 2029: 0}


def test_a_surplus_catches_up_in_its_first_year() -> None:
    # Điều 14.3: in use since 2026, found in 2028: 2028 is its third year, so 3 × 15,000,000 × 14.29 % = 6,430,500.
    rules = read_rulebooks().rules()
    got = annual(a_computer(15_000_000, date(2026, 6, 1), found_on=date(2028, 12, 20)), rules, 2033)
    assert got == {2028: 6_430_500, 2029: 2_143_500, 2030: 2_143_500, 2031: 2_143_500, 2032: 2_139_000, 2033: 0}


def test_a_surplus_past_its_life_is_worn_out_at_once() -> None:
    rules = read_rulebooks().rules()
    got = annual(a_computer(15_000_000, date(2015, 6, 1), found_on=date(2026, 12, 20)), rules, 2027)
    assert got == {2026: 15_000_000, 2027: 0}


def test_a_second_hand_thing_lives_for_the_norm_less_the_years_used() -> None:
    # Điều 13.1h: the norm is 7 years, others used it for 3, so 4 are left: 12,000,000 ÷ 4 = 3,000,000 a year.
    rules = read_rulebooks().rules()
    got = annual(a_computer(12_000_000, date(2027, 1, 5), used_before=3), rules, 2031)
    assert got == {2027: 3_000_000, 2028: 3_000_000, 2029: 3_000_000, 2030: 3_000_000, 2031: 0}


def test_a_second_hand_thing_past_its_life_is_worn_out_in_its_first_year() -> None:
    rules = read_rulebooks().rules()
    assert annual(a_computer(12_000_000, date(2027, 1, 5), used_before=7), rules, 2028) == {2027: 12_000_000, 2028: 0}


def test_what_is_broken_beyond_use_does_not_wear_and_keeps_its_residual() -> None:
    rules = read_rulebooks().rules()
    thing = a_computer(15_000_000, date(2026, 3, 15), broken_on=date(2028, 12, 31))
    assert annual(thing, rules, 2040) == {2026: 2_143_500, 2027: 2_143_500, **dict.fromkeys(range(2028, 2041), 0)}
    assert wear_in(thing, rules, 2040).residual_vnd == 10_713_000


def test_what_costs_less_than_the_threshold_is_a_tool_without_wear() -> None:
    rules = read_rulebooks().rules()
    below = wear_in(a_computer(9_999_999, date(2026, 3, 15)), rules, 2026)
    at = wear_in(a_computer(10_000_000, date(2026, 3, 15)), rules, 2026)
    assert (below.fixed, below.annual_vnd, below.cost_vnd) == (False, 0, 9_999_999)
    assert (at.fixed, at.annual_vnd) == (True, 1_429_000)


def test_a_part_that_lifts_a_tool_over_the_threshold_begins_its_life() -> None:
    rules = wear.rules_of((2018, 5, 2000))
    tool = a_computer(9_000_000, date(2019, 1, 1), changes=(CostChange(date(2021, 4, 1), 3_000_000),))
    assert annual(tool, rules, 2026) == {
        2019: 0, 2020: 0, **dict.fromkeys(range(2021, 2026), 2_400_000), 2026: 0,
    }  # fmt: skip


def test_a_part_added_raises_the_years_that_follow_and_the_last_takes_the_rest() -> None:
    # Điều 9: 20,000,000 at 20 % is 4,000,000 a year; a part of 5,000,000 in the third year makes it 5,000,000 a year:
    # 4 + 4 + 5 + 5 = 18 million, and the fifth and last year takes 25 − 18 = 7 million.
    rules = wear.rules_of((2018, 5, 2000))
    thing = a_computer(20_000_000, date(2019, 1, 1), changes=(CostChange(date(2021, 7, 1), 5_000_000),))
    assert list(annual(thing, rules, 2024).values()) == [4_000_000, 4_000_000, 5_000_000, 5_000_000, 7_000_000, 0]


def test_a_part_taken_away_takes_its_share_of_the_wear_with_it() -> None:
    # 20,000,000, after two years 8,000,000 worn; a part of a quarter leaves with a quarter of the wear: 15,000,000
    # and 6,000,000 stay, 3,000,000 a year follow, and after five years all is worn.
    rules = wear.rules_of((2018, 5, 2000))
    thing = a_computer(20_000_000, date(2019, 1, 1), changes=(CostChange(date(2021, 7, 1), -5_000_000),))
    third = wear_in(thing, rules, 2021)
    assert (third.cost_vnd, third.opening_vnd, third.written_off_vnd) == (15_000_000, 8_000_000, 2_000_000)
    assert (third.annual_vnd, third.accumulated_vnd) == (3_000_000, 9_000_000)
    assert wear_in(thing, rules, 2023).residual_vnd == 0


def test_a_part_added_to_what_is_worn_out_is_worn_in_that_year() -> None:
    rules = wear.rules_of((2018, 5, 2000))
    thing = a_computer(20_000_000, date(2018, 1, 1), changes=(CostChange(date(2025, 7, 1), 4_000_000),))
    assert [wear_in(thing, rules, year).annual_vnd for year in (2024, 2025, 2026)] == [0, 4_000_000, 0]


def test_a_thing_in_the_store_does_not_wear() -> None:
    rules = read_rulebooks().rules()
    thing = a_computer(15_000_000, None)
    assert list(wear_by_year(thing, rules, 2040)) == []
    assert wear_in(thing, rules, 2040) == WearOfYear(2040, 15_000_000, fixed=True)
    assert booked_value_on(thing, rules, date(2030, 1, 1)) == Value(15_000_000, 0)


def test_a_thing_closed_in_the_store_begins_to_wear_in_the_year_it_is_put_to_use() -> None:
    rules = wear.rules_of((2018, 5, 2000))
    stored = wear_in(a_computer(15_000_000, None, changes=(CostChange(date(2020, 5, 1), 1_000_000),)), rules, 2021)
    used = a_computer(stored.cost_vnd, date(2023, 5, 1), opening=stored)
    assert annual(used, rules, 2028) == {2022: 0, **dict.fromkeys(range(2023, 2028), 3_200_000), 2028: 0}


# As of any day.


def test_during_a_year_the_books_show_last_decembers_value_and_on_its_last_day_its_own() -> None:
    rules = read_rulebooks().rules()
    thing = a_computer(15_000_000, date(2026, 3, 15))
    assert booked_value_on(thing, rules, date(2026, 3, 14)) == Value(0, 0)
    assert booked_value_on(thing, rules, date(2026, 3, 15)) == Value(15_000_000, 0)
    assert booked_value_on(thing, rules, date(2026, 12, 30)) == Value(15_000_000, 0)
    assert booked_value_on(thing, rules, date(2026, 12, 31)) == Value(15_000_000, 2_143_500)
    assert booked_value_on(thing, rules, date(2027, 6, 30)) == Value(15_000_000, 2_143_500)
    assert booked_value_on(thing, rules, date(2099, 1, 1)) == Value(15_000_000, 15_000_000)


def test_a_projected_value_takes_the_share_of_the_year_that_has_gone_by() -> None:
    # 30 June 2027 is day 181 of 365: 2,143,500 × 181 ÷ 365 = 1,062,941.09, so 1,062,941 beside the 2,143,500 of 2026.
    rules = read_rulebooks().rules()
    thing = a_computer(15_000_000, date(2026, 3, 15))
    assert projected_value_on(thing, rules, date(2027, 6, 30)).accumulated_vnd == 2_143_500 + 1_062_941
    end = date(2027, 12, 31)
    assert projected_value_on(thing, rules, end) == booked_value_on(thing, rules, end)


def test_a_change_of_cost_counts_from_its_day() -> None:
    rules = wear.rules_of((2018, 5, 2000))
    thing = a_computer(20_000_000, date(2019, 1, 1), changes=(CostChange(date(2021, 7, 1), -5_000_000),))
    assert booked_value_on(thing, rules, date(2021, 6, 30)) == Value(20_000_000, 8_000_000)
    assert booked_value_on(thing, rules, date(2021, 7, 1)) == Value(15_000_000, 6_000_000)


def test_what_left_the_books_is_worth_nothing_from_that_day() -> None:
    rules = read_rulebooks().rules()
    thing = a_computer(15_000_000, date(2026, 3, 15), left_on=date(2028, 5, 5))
    assert booked_value_on(thing, rules, date(2028, 5, 4)) == Value(15_000_000, 4_287_000)
    assert booked_value_on(thing, rules, date(2028, 5, 5)) == Value(0, 0)
    assert projected_value_on(thing, rules, date(2028, 5, 5)) == Value(0, 0)
    assert wear_in(thing, rules, 2028).annual_vnd == 0


# Whatever the thing, the rules and the days.


@given(wear.things(changing=False), wear.rules())
def test_yearly_wear_sums_to_the_cost(thing: Thing, rules: Rules) -> None:
    years = list(wear_by_year(thing, rules, END))
    assert sum(one.annual_vnd for one in years) == (thing.cost_vnd if years[-1].fixed else 0)


@given(wear.things(), wear.rules())
def test_yearly_wear_less_what_left_with_parts_sums_to_the_cost_of_what_is_left(thing: Thing, rules: Rules) -> None:
    years = list(wear_by_year(thing, rules, END))
    summed = sum(one.annual_vnd - one.written_off_vnd for one in years)
    assert summed == years[-1].accumulated_vnd == (years[-1].cost_vnd if years[-1].fixed else 0)
    assert years[-1].cost_vnd == thing.cost_vnd + sum(change.amount_vnd for change in thing.changes)


@given(wear.things(), wear.rules())
def test_wear_is_never_negative_and_never_beyond_the_cost(thing: Thing, rules: Rules) -> None:
    for one in wear_by_year(thing, rules, END):
        assert one.annual_vnd >= 0
        assert 0 <= one.written_off_vnd <= one.opening_vnd
        assert one.accumulated_vnd == one.opening_vnd - one.written_off_vnd + one.annual_vnd
        assert 0 <= one.accumulated_vnd <= one.cost_vnd


@given(wear.things(), wear.rules())
def test_wear_only_grows_while_no_part_is_taken_away(thing: Thing, rules: Rules) -> None:
    for earlier, later in pairwise(wear_by_year(thing, rules, END)):
        assert later.opening_vnd == earlier.accumulated_vnd
        assert later.accumulated_vnd >= earlier.accumulated_vnd - later.written_off_vnd


def stopping(thing: Thing, broken: date | None, left: date | None) -> Thing:
    return replace(thing, broken_on=broken, left_on=left)


maybe_a_day = st.one_of(st.none(), wear.days)


@given(wear.things(), wear.rules(), maybe_a_day, maybe_a_day)
def test_a_year_computed_at_once_equals_the_year_reached_step_by_step(
    thing: Thing, rules: Rules, broken: date | None, left: date | None
) -> None:
    stopped = stopping(thing, broken, left)
    for one in wear_by_year(stopped, rules, END):
        assert wear_in(stopped, rules, one.year) == one


@given(wear.things(), wear.rules(), maybe_a_day, st.integers(wear.FIRST, END))
def test_going_on_from_a_closed_year_gives_what_an_unbroken_run_gives(
    thing: Thing, rules: Rules, broken: date | None, closed: int
) -> None:
    whole = stopping(thing, broken, None)
    if closed < whole.first_year:
        return
    opening = wear_in(whole, rules, closed)
    later = tuple(change for change in whole.changes if change.on.year > closed)
    reopened = replace(whole, cost_vnd=opening.cost_vnd, changes=later, opening=opening)
    expected = [one for one in wear_by_year(whole, rules, END) if one.year > closed]
    assert list(wear_by_year(reopened, rules, END)) == expected
    assert [wear_in(reopened, rules, one.year) for one in expected] == expected


@given(wear.things(), wear.rules(), maybe_a_day)
def test_what_is_broken_or_gone_wears_no_more(thing: Thing, rules: Rules, broken: date | None) -> None:
    stopped = stopping(thing, broken, None)
    for one in wear_by_year(stopped, rules, END):
        if broken is not None and one.year >= broken.year:
            assert one.annual_vnd == 0


@given(wear.things(), wear.rules(), wear.days)
def test_a_value_on_a_day_lies_between_nothing_and_the_cost(thing: Thing, rules: Rules, day: date) -> None:
    booked, projected = booked_value_on(thing, rules, day), projected_value_on(thing, rules, day)
    assert 0 <= booked.accumulated_vnd <= projected.accumulated_vnd <= booked.cost_vnd == projected.cost_vnd


@given(wear.things(changing=False), wear.rules(), wear.days, st.integers(0, 4_000))
def test_a_value_only_falls_with_time(thing: Thing, rules: Rules, day: date, later: int) -> None:
    since = thing.found_on or thing.put_to_use
    first = max(day, since) if since is not None else day
    second = first + timedelta(days=later)
    for value_on in (booked_value_on, projected_value_on):
        assert value_on(thing, rules, second).residual_vnd <= value_on(thing, rules, first).residual_vnd


# What cannot be.


@pytest.mark.parametrize(
    "facts",
    [
        {"cost_vnd": -1},
        {"used_before": -1},
        {"found_on": date(2019, 12, 31)},
        {"changes": (CostChange(date(2021, 1, 1), -15_000_001),)},
        {"changes": (CostChange(date(2021, 1, 1), -1, worn_vnd=-1),)},
        {"changes": (CostChange(date(2022, 1, 1), 1), CostChange(date(2021, 1, 1), 1))},
        {"opening": WearOfYear(2021, 14_000_000)},
        {"opening": WearOfYear(2021, 15_000_000, accumulated_vnd=15_000_001)},
        {"opening": WearOfYear(2021, 15_000_000, accumulated_vnd=-1)},
    ],
)
def test_facts_that_contradict_each_other_are_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"negative|found before|opening"):
        replace(a_computer(15_000_000, date(2020, 1, 1)), **facts)  # type: ignore[arg-type]
