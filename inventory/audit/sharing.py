"""Sharing money out: first each unit's fair share, then what is left, each step chosen exactly."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from inventory.audit.choosing import Offer, choose


def shares_of(cap_vnd: int, headcounts: Mapping[int, int]) -> dict[int, int]:
    """Return each unit's share of a cap by its people, whole đồng rounded down; nothing where nobody works.

    Args:
        cap_vnd: Whole đồng.
        headcounts: People by unit.
    """
    people = sum(headcounts.values())
    return {unit: cap_vnd * count // people if people else 0 for unit, count in headcounts.items()}


def choose_fairly(
    offers: Sequence[Offer], units: Sequence[int | None], headcounts: Mapping[int, int], cap_vnd: int
) -> tuple[int, ...]:
    """Return the places of the offers to take, ascending; within the cap.

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
    for unit, share in sorted(shares_of(cap_vnd, headcounts).items()):
        own = places.get(unit, [])
        taken.update(own[at] for at in choose([offers[place] for place in own], share))
    left = cap_vnd - sum(offers[place].price_vnd for place in taken)
    rest = [place for place in range(len(offers)) if place not in taken]
    taken.update(rest[at] for at in choose([offers[place] for place in rest], left))
    return tuple(sorted(taken))
