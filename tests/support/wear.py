"""Random rules and things for the arithmetic of wear, and short ways to build certain ones."""

from datetime import date

from hypothesis import strategies as st

from inventory.assets.categories import LifeClass
from inventory.assets.depreciation import CostChange, Thing
from inventory.assets.wear_rules import Era, Life, Rules

FIRST, LAST = 1990, 2060


def rules_of(*lives: tuple[int, int, int], threshold_vnd: int = 10_000_000) -> Rules:
    """Return rules of (first year, life in years, rate in basis points), the same for every class."""
    return Rules(
        Era(first, dict.fromkeys(LifeClass, Life(years, rate_bp, 10_000, threshold_vnd)))
        for first, years, rate_bp in lives
    )


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Draw a life with a rate that belongs to it within a fifth, as a province may move it."""
    years = draw(st.integers(1, 40))
    denominator = draw(st.sampled_from((100, 10_000, 1_000_000)))
    exact = denominator // years
    numerator = draw(st.integers(max(1, exact * 4 // 5), min(denominator, exact * 6 // 5 + 1)))
    return Life(years, numerator, denominator, draw(st.sampled_from((0, 1, 5_000_000, 10_000_000))))


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    """Draw one to four eras."""
    years = draw(st.lists(st.integers(FIRST, LAST), min_size=1, max_size=4, unique=True))
    return Rules(Era(year, {kind: draw(lives()) for kind in LifeClass}) for year in years)


costs = st.one_of(st.integers(0, 1_000), st.integers(0, 1_000_000_000_000))
days = st.dates(date(FIRST, 1, 1), date(LAST, 12, 31))


@st.composite
def things(draw: st.DrawFn, *, changing: bool = True) -> Thing:
    """Draw a thing: new, second-hand or found; with parts added and taken away where `changing`."""
    since = draw(days)
    found = draw(st.one_of(st.none(), st.dates(since, date(LAST, 12, 31))))
    cost = draw(costs)
    return Thing(
        cost,
        draw(st.sampled_from(list(LifeClass))),
        since,
        used_before=draw(st.integers(0, 12)),
        found_on=found,
        changes=draw(changes(cost, since)) if changing else (),
    )


@st.composite
def changes(draw: st.DrawFn, cost: int, since: date) -> tuple[CostChange, ...]:
    """Draw up to four changes of cost, by day, that never take more than there is."""
    made = []
    for day in sorted(draw(st.lists(st.dates(since, date(LAST, 12, 31)), max_size=4))):
        amount = draw(st.integers(-cost, 100_000_000))
        worn = draw(st.one_of(st.none(), st.integers(0, 100_000_000))) if amount < 0 else None
        made.append(CostChange(day, amount, worn))
        cost += amount
    return tuple(made)
