"""Sums of a budget by site, source and category, and what two scenarios have apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from inventory.assets.categories import CATEGORIES
from inventory.audit.budget import BudgetLine, BudgetPlan
from inventory.spelling import vietnamese_order
from inventory.text import Text, same


class Sum(NamedTuple):
    """Lines that are bought.

    Attributes:
        lines: How many.
        vnd: What they cost.
        need: What need they meet.
    """

    lines: int = 0
    vnd: int = 0
    need: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A sum with its name."""

    name: Text
    sum: Sum


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of what a scenario buys.

    Attributes:
        whole: Of all.
        left_out: Of what is left out.
        sites: By site, by name.
        sources: By source of the money, by name.
        categories: By category, in their order.
    """

    whole: Sum
    left_out: Sum
    sites: tuple[Group, ...]
    sources: tuple[Group, ...]
    categories: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What a unit with people gets.

    Attributes:
        fair_vnd: Its share of the cap by headcount.
        got: What is bought for it.
        wanted: What all its needs would cost that could be bought.
    """

    name: str
    headcount: int
    fair_vnd: int
    got: Sum
    wanted: Sum


class Pair(NamedTuple):
    """The same group in two scenarios."""

    name: Text
    first: Sum
    second: Sum


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scenarios beside each other.

    Attributes:
        whole: All that each buys.
        sites: By site.
        sources: By source of the money.
        categories: By category.
        only_first: Lines that only the first buys.
        only_second: Lines that only the second buys.
        both: How many lines both buy.
    """

    whole: Pair
    sites: tuple[Pair, ...]
    sources: tuple[Pair, ...]
    categories: tuple[Pair, ...]
    only_first: tuple[BudgetLine, ...]
    only_second: tuple[BudgetLine, ...]
    both: int


NO_SOURCE = Text(vi="chưa xác định nguồn", en="source not settled")


def sum_of(lines: Iterable[BudgetLine]) -> Sum:
    """Return the sum of lines."""
    listed = list(lines)
    return Sum(len(listed), sum(line.price_vnd for line in listed), sum(line.need for line in listed))


def totals_of(lines: Sequence[BudgetLine]) -> Totals:
    """Return the sums of a scenario's lines."""
    bought = [line for line in lines if not line.left_out]
    return Totals(
        sum_of(bought),
        sum_of(line for line in lines if line.left_out),
        _grouped(bought, lambda line: line.site, _site),
        _grouped(bought, lambda line: line.funding, _source),
        _grouped(bought, lambda line: line.category, _category),
    )


def shares_of(plan: BudgetPlan, lines: Sequence[BudgetLine]) -> list[Share]:
    """Return what each unit gets beside its fair share; only units of which there are lines or money, by name."""
    found = []
    for share in plan.shares:
        own = [line for line in lines if line.unit_id == share["unit_id"]]
        if own:
            bought = sum_of(line for line in own if not line.left_out)
            wanted = sum_of(line for line in own if line.left_out in {"", "over_cap"})
            found.append(Share(share["name"], share["headcount"], share["share_vnd"], bought, wanted))
    return found


def compare(first: Sequence[BudgetLine], second: Sequence[BudgetLine]) -> Comparison:
    """Return two scenarios beside each other; a line is the same where it replaces the same or fills the same norm."""
    one, other = totals_of(first), totals_of(second)
    ours, theirs = _known(first), _known(second)
    return Comparison(
        Pair(Text(vi="Tổng cộng", en="Total"), one.whole, other.whole),
        _paired(one.sites, other.sites),
        _paired(one.sources, other.sources),
        _paired(one.categories, other.categories),
        tuple(line for key, line in ours.items() if key not in theirs),
        tuple(line for key, line in theirs.items() if key not in ours),
        len(ours.keys() & theirs.keys()),
    )


def _grouped(
    lines: Iterable[BudgetLine], key: Callable[[BudgetLine], str], name: Callable[[BudgetLine], Text]
) -> tuple[Group, ...]:
    groups: dict[str, list[BudgetLine]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    found = [Group(name(some[0]), sum_of(some)) for some in groups.values()]
    return tuple(sorted(found, key=lambda group: vietnamese_order(group.name.vi)))


def _paired(first: Iterable[Group], second: Iterable[Group]) -> tuple[Pair, ...]:
    ours, theirs = ({group.name: group.sum for group in groups} for groups in (first, second))
    names = sorted({**ours, **theirs}, key=lambda name: vietnamese_order(name.vi))
    return tuple(Pair(name, ours.get(name, Sum()), theirs.get(name, Sum())) for name in names)


def _known(lines: Iterable[BudgetLine]) -> Mapping[tuple[Any, ...], BudgetLine]:
    """Return what is bought by what it is; of several that fill the same norm, the first, second, ..."""
    found: dict[tuple[Any, ...], BudgetLine] = {}
    for line in lines:
        if line.left_out:
            continue
        key: tuple[Any, ...] = ("asset", line.asset_id)
        if line.asset_id is None:
            nth = 1
            while ("norm", line.site_id, line.norm, nth) in found:
                nth += 1
            key = ("norm", line.site_id, line.norm, nth)
        found[key] = line
    return found


def _site(line: BudgetLine) -> Text:
    return same(line.site_name)


def _source(line: BudgetLine) -> Text:
    return same(line.funding) if line.funding else NO_SOURCE


def _category(line: BudgetLine) -> Text:
    known = CATEGORIES.get(line.category)
    return same(line.category) if known is None else known.label
