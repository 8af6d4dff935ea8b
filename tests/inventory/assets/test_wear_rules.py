import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets.categories import LifeClass
from inventory.assets.wear_rules import Era, Life, Rules, rounded
from tests.support import wear


@pytest.mark.parametrize(("numerator", "denominator", "expected"), [(0, 7, 0), (1, 2, 1), (3, 7, 0), (4, 7, 1)])
def test_halves_are_rounded_up(numerator: int, denominator: int, expected: int) -> None:
    assert rounded(numerator, denominator) == expected


@given(st.integers(0, 10**30), st.integers(1, 10**12))
def test_a_rounded_quotient_is_at_most_half_away(numerator: int, denominator: int) -> None:
    assert -denominator < 2 * (rounded(numerator, denominator) * denominator - numerator) <= denominator


@given(wear.rules(), st.sampled_from(list(LifeClass)), st.integers(wear.FIRST - 5, wear.LAST + 5), st.integers(0, 80))
def test_the_turns_of_a_course_are_exactly_the_years_in_which_it_changes(
    rules: Rules, kind: LifeClass, after: int, years: int
) -> None:
    course = rules.course(kind)
    through = after + years
    changed = tuple(
        year for year in range(after + 1, through + 1) if course.life_in(year) != course.life_in(year - 1)
    )  # fmt: skip
    assert course.turns(after, through) == changed


@given(wear.rules(), st.sampled_from(list(LifeClass)), st.integers(wear.FIRST, wear.LAST))
def test_the_last_era_that_has_begun_governs_a_year_and_before_all_the_first(
    rules: Rules, kind: LifeClass, year: int
) -> None:
    begun = [era for era in rules.eras if era.first_year <= year] or [rules.eras[0]]
    assert rules.course(kind).life_in(year) == begun[-1].lives[kind]


@pytest.mark.parametrize("figures", [(0, 1, 5, 0), (5, 0, 5, 0), (5, 6, 5, 0), (5, 1, 5, -1)])
def test_a_life_that_cannot_be_is_refused(figures: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="no life"):
        Life(*figures)


def test_rules_need_eras_of_different_years_with_every_class() -> None:
    life = Life(5, 1, 5, 0)
    era = Era(2018, dict.fromkeys(LifeClass, life))
    for eras in ((), (era, era), (Era(2018, {LifeClass.COMPUTER: life}),)):
        with pytest.raises(ValueError, match="era"):
            Rules(eras)
