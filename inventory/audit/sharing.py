"""Sharing money out: first each unit's fair share, then what is left, each step chosen exactly."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from inventory.audit.choosing import MOST_STATES, Choice, Offer, choose


def shares_of(cap_vnd: int, headcounts: Mapping[int, int]) -> dict[int, int]:
    """Return each unit's share of a cap by its people, whole đồng rounded down; nothing where nobody works.

    Args:
        cap_vnd: Whole đồng.
        headcounts: People by unit.
    """
    people = sum(headcounts.values())
    return {unit: cap_vnd * count // people if people else 0 for unit, count in headcounts.items()}


def picked(
    offers: Sequence[Offer], units: Sequence[int | None], headcounts: Mapping[int, int] | None, cap_vnd: int
) -> tuple[Choice, int]:
    """Return which offers to take, and what need the money would meet without fair shares.

    Args:
        offers: What can be bought.
        units: For each offer the unit that it is for.
        headcounts: People by unit, who share the money fairly; `None` if it goes wherever it is needed most.
        cap_vnd: Whole đồng.
    """
    choice = choose(offers, cap_vnd)
    free_need = sum(offers[at].need for at in choice.taken)
    return (choice if headcounts is None else choose_fairly(offers, units, headcounts, cap_vnd)), free_need


def choose_fairly(
    offers: Sequence[Offer], units: Sequence[int | None], headcounts: Mapping[int, int], cap_vnd: int
) -> Choice:
    """Return which offers to take within the cap.

    Each unit first gets the best choice that its own share buys. What the shares leave is then chosen among everything
    that is left, wherever it is. So no unit gets less than its share buys it, unless it needs less.

    Args:
        offers: What can be bought.
        units: For each offer the unit that it is for.
        headcounts: People by unit.
        cap_vnd: Whole đồng.
    """
    places: dict[int | None, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        places[unit].append(place)
    taken: set[int] = set()
    gap, effort = 0, MOST_STATES // (len(headcounts) + 1)
    for unit, share in sorted(shares_of(cap_vnd, headcounts).items()):
        own = places.get(unit, [])
        first = choose([offers[place] for place in own], share, effort)
        taken.update(own[at] for at in first.taken)
        gap += first.gap
    left = cap_vnd - sum(offers[place].price_vnd for place in taken)
    rest = [place for place in range(len(offers)) if place not in taken]
    last = choose([offers[place] for place in rest], left, effort)
    taken.update(rest[at] for at in last.taken)
    return Choice(tuple(sorted(taken)), gap + last.gap)
