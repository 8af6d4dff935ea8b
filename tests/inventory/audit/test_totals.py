"""Sums of a scenario, and two scenarios beside each other."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.audit.budget import BudgetLine
from inventory.audit.totals import Sum, compare, totals_of

budgets = st.lists(
    st.builds(
        lambda site, funding, category, price, asset, left_out: BudgetLine(
            plan_id=1, number=1, site_id=site, site=f"s{site}", site_name=f"Xã {site}", category=category,
            name_vi="Máy", name_en="Thing", norm="" if asset else "official-computer", asset_id=asset or None, need=10,
            price_vnd=price, funding=funding, left_out=left_out,
        ),
        st.integers(1, 3), st.sampled_from(("", "Ngân sách xã")), st.sampled_from(("desktop", "printer")),
        st.integers(1, 10**9), st.integers(0, 20), st.sampled_from(("", "over_cap")),
    ),
    max_size=20,
    unique_by=lambda line: line.asset_id or object(),
)  # fmt: skip


@given(budgets)
def test_site_source_and_category_each_sum_to_the_whole(lines: list[BudgetLine]) -> None:
    found = totals_of(lines)
    for groups in (found.sites, found.sources, found.categories):
        assert sum(group.sum.vnd for group in groups) == found.whole.vnd
        assert sum(group.sum.lines for group in groups) == found.whole.lines
    assert found.whole.lines + found.left_out.lines == len(lines)


@given(budgets, budgets)
def test_every_line_is_in_both_or_in_one(first: list[BudgetLine], second: list[BudgetLine]) -> None:
    found = compare(first, second)
    assert found.both + len(found.only_first) == found.whole.first.lines
    assert found.both + len(found.only_second) == found.whole.second.lines


@given(budgets)
def test_a_scenario_does_not_differ_from_itself(lines: list[BudgetLine]) -> None:
    found = compare(lines, lines)
    assert (found.only_first, found.only_second) == ((), ())
    assert all(pair.first == pair.second for pair in (*found.sites, *found.sources, *found.categories))


def test_nothing_sums_to_nothing() -> None:
    assert totals_of([]).whole == Sum(0, 0, 0)
