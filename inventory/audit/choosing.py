"""Choosing what to buy under a cap: exactly the most need, and of several such choices the one that costs least.

The method is dynamic programming over the core of the knapsack (Pisinger 1997): everything is taken in order of need
per đồng until the money ends; then only exchanges near that break are tried, and a state is dropped as soon as even
fractions of what is left could not make it better than the best choice found. All of it is arithmetic on whole numbers,
so nothing is rounded and the cap holds to the đồng.

Prices can be made up with which no exact method ends in a lifetime. So the search looks at a bounded number of states;
where that does not do, it says how much need it may have missed at most. The bound counts states, not seconds: the
same offers give the same choice on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from math import gcd
from typing import Final, NamedTuple


class Offer(NamedTuple):
    """Something that can be bought.

    Attributes:
        price_vnd: Whole đồng, at least 1.
        need: How much it is needed, at least 1.
    """

    price_vnd: int
    need: int


class Choice(NamedTuple):
    """What to take.

    Attributes:
        taken: Places of the offers, ascending.
        gap: How much more need another choice could meet at most; 0 if none can meet more.
    """

    taken: tuple[int, ...]
    gap: int


MOST_STATES: Final = 3_000_000
"""States that one search looks at: some seconds of one core, some hundred megabytes at the worst."""


class _Step(NamedTuple):
    """A kind of offers that a state takes more or fewer of, and the step before it."""

    kind: int
    number: int
    before: "_Step | None"


class _State(NamedTuple):
    cost: int
    need: int
    steps: _Step | None


class _Change(NamedTuple):
    """So many offers of a kind may be added together (a positive number) or given up (negative)."""

    kind: int
    offer: Offer
    number: int


@dataclass(slots=True)
class _Search:
    """A search at work.

    Attributes:
        cap: Money there is.
        best: Best choice found within the cap.
        left: How many states it may still look at.
        states: Choices that may still lead to a better one; by cost, and each needs more than the ones before it.
    """

    cap: int
    best: _State
    left: int
    states: list[_State] = field(default_factory=list)


def choose(offers: Sequence[Offer], cap_vnd: int, most_states: int = MOST_STATES) -> Choice:
    """Return which offers to take.

    Unless the choice tells a gap, no other one within the cap has more need; and if the search came to its end, none
    with the same need costs less. Of offers with the same price and need the earlier ones are taken. The same offers in
    the same order always give the same choice.

    Args:
        offers: What can be bought, each at most once.
        cap_vnd: Whole đồng, not negative.
        most_states: How many states to look at, before the best choice found so far has to do.

    Raises:
        ValueError: A price or a need is less than 1, or the cap is negative.
    """
    if cap_vnd < 0 or any(offer.price_vnd < 1 or offer.need < 1 for offer in offers):
        raise ValueError("prices and needs are at least 1, and a cap is not negative")
    places: dict[Offer, list[int]] = {}
    for place, offer in enumerate(offers):
        places.setdefault(Offer(*offer), []).append(place)
    kinds = sorted(places, key=_BY_NEED_PER_DONG)
    counts, gap = _counts(kinds, [len(places[kind]) for kind in kinds], cap_vnd, most_states)
    taken = (place for kind, count in zip(kinds, counts, strict=True) for place in places[kind][:count])
    return Choice(tuple(sorted(taken)), gap)


def _compare(one: Offer, other: Offer) -> int:
    # need ÷ price, compared without dividing; of equals the cheaper first, so that it fills what is left.
    difference = other.need * one.price_vnd - one.need * other.price_vnd
    return difference or one.price_vnd - other.price_vnd


_BY_NEED_PER_DONG: Final = cmp_to_key(_compare)


def _counts(kinds: Sequence[Offer], most: Sequence[int], cap: int, most_states: int) -> tuple[list[int], int]:
    """Return how many to take of each kind, the kinds being ordered by need per đồng, and the gap."""
    # What no sum of prices can reach is no money: it would only make fractions look better than they are.
    cap -= cap % gcd(*(kind.price_vnd for kind in kinds)) if kinds else 0
    taken, broke = _until_the_money_ends(kinds, most, cap)
    if broke is None:
        return taken, 0
    cost = sum(kind.price_vnd * count for kind, count in zip(kinds, taken, strict=True))
    need = sum(kind.need * count for kind, count in zip(kinds, taken, strict=True))
    start = _State(cost, need, None)
    rest = [all_ - some for all_, some in zip(most, taken, strict=True)]
    search = _Search(cap, _filled_up(start, kinds, rest, cap), most_states)
    more = [change for at in range(broke + 1, len(kinds)) for change in _changes(at, kinds[at], most[at], 1)]
    fewer = [change for at in range(broke - 1, -1, -1) for change in _changes(at, kinds[at], taken[at], -1)]
    # The kind at the break may be added or given up; nobody does both.
    for count, sign in ((most[broke] - taken[broke], 1), (taken[broke], -1)):
        states = [start]
        for change in _changes(broke, kinds[broke], count, sign):
            states = _extended(search, states, change, kinds[broke], kinds[broke])
        search.states += states
    gap = _explore(search, more, fewer)
    step = search.best.steps
    while step is not None:
        taken[step.kind] += step.number
        step = step.before
    return taken, gap


def _changes(kind: int, offer: Offer, most: int, sign: int) -> list[_Change]:
    """Return bundles of 1, 2, 4, ... and a rest, of which some together make any number up to `most`."""
    bundles, size = [], 1
    while most > 0:
        bundles.append(_Change(kind, offer, sign * min(size, most)))
        most, size = most - size, size * 2
    return bundles


def _until_the_money_ends(kinds: Sequence[Offer], most: Sequence[int], cap: int) -> tuple[list[int], int | None]:
    """Take kinds in their order, and return how many of each and at which the money ended; `None` if it never did."""
    taken, left = [0] * len(kinds), cap
    for at, kind in enumerate(kinds):
        taken[at] = min(most[at], left // kind.price_vnd)
        left -= taken[at] * kind.price_vnd
        if taken[at] < most[at]:
            return taken, at
    return taken, None


def _filled_up(start: _State, kinds: Sequence[Offer], rest: Sequence[int], cap: int) -> _State:
    """Return the state with whatever still fits, in order: a first choice for others to be measured by."""
    cost, need, steps = start
    for at, kind in enumerate(kinds):
        count = min(rest[at], (cap - cost) // kind.price_vnd)
        if count:
            cost, need, steps = cost + count * kind.price_vnd, need + count * kind.need, _Step(at, count, steps)
    return _State(cost, need, steps)


def _explore(search: _Search, more: Sequence[_Change], fewer: Sequence[_Change]) -> int:
    """Try what is nearest to the break first, by turns: one bundle to add, one to give up; return the gap."""
    added = given_up = 0
    search.states = _undominated(search.states)
    while search.states and (added < len(more) or given_up < len(fewer)):
        if search.left <= 0:
            ahead = _ahead(more, added), _ahead(fewer, given_up)
            outlooks = (_outlook(search, state, *ahead) for state in search.states)
            return max((outlook - search.best.need for outlook in outlooks if outlook is not None), default=0)
        if given_up >= len(fewer) or (added <= given_up and added < len(more)):
            change, added = more[added], added + 1
        else:
            change, given_up = fewer[given_up], given_up + 1
        search.states = _extended(search, search.states, change, _ahead(more, added), _ahead(fewer, given_up))
    return 0


def _ahead(changes: Sequence[_Change], at: int) -> Offer | None:
    return changes[at].offer if at < len(changes) else None


def _extended(
    search: _Search, states: list[_State], change: _Change, next_more: Offer | None, next_fewer: Offer | None
) -> list[_State]:
    """Return the states with and without a change, of those that can still lead to something better."""
    cost, need = change.offer.price_vnd * change.number, change.offer.need * change.number
    search.left -= 2 * len(states)
    changed = [
        _State(state.cost + cost, state.need + need, _Step(change.kind, change.number, state.steps)) for state in states
    ]
    for state in changed:
        if state.cost <= search.cap and (state.need, -state.cost) > (search.best.need, -search.best.cost):
            search.best = state
    return _undominated(
        [state for state in (*states, *changed) if _may_be_better(search, state, next_more, next_fewer)]
    )


def _may_be_better(search: _Search, state: _State, next_more: Offer | None, next_fewer: Offer | None) -> bool:
    """Return whether the state could become better than the best, if what is left could be had in fractions."""
    best, outlook = search.best, _outlook(search, state, next_more, next_fewer)
    if outlook is None:
        return False
    if outlook != best.need:
        return outlook > best.need
    # As much need at best: then it has to come cheaper.
    missing = best.need - state.need
    if missing > 0:
        return next_more is not None and state.cost + -(-missing * next_more.price_vnd // next_more.need) < best.cost
    if missing < 0:
        return next_fewer is not None and state.cost - (-missing * next_fewer.price_vnd // next_fewer.need) < best.cost
    return state.cost < best.cost


def _outlook(search: _Search, state: _State, next_more: Offer | None, next_fewer: Offer | None) -> int | None:
    """Return the need that the state could come to at most; `None` if it cannot come within the cap."""
    left = search.cap - state.cost
    if left >= 0:
        return state.need + (left * next_more.need // next_more.price_vnd if next_more else 0)
    if next_fewer is None:
        return None
    return state.need - -(left * next_fewer.need // next_fewer.price_vnd)


def _undominated(states: list[_State]) -> list[_State]:
    """Keep the states for which no other has as much need for as little."""
    states.sort(key=lambda state: (state.cost, -state.need))
    kept: list[_State] = []
    for state in states:
        if not kept or state.need > kept[-1].need:
            kept.append(state)
    return kept
