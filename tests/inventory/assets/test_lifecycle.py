from itertools import product

import pytest

from inventory.assets.lifecycle import MOVES, ActKind, AssetStatus, acts_between, acts_from, refusal
from inventory.text import LANGUAGES

P, S, U, R, X, D = AssetStatus


def test_these_are_all_the_ways_from_one_state_to_another() -> None:
    ways = {(old, new) for old, new in product(AssetStatus, repeat=2) if acts_between(old, new)}
    assert ways == {
        (P, S), (P, U), (S, S), (S, U), (S, R), (S, X), (U, U), (U, S), (U, R), (U, X), (R, U), (R, S), (R, X),
        (X, S), (X, D),
    }  # fmt: skip


def test_what_was_disposed_of_stays_so() -> None:
    assert acts_from(AssetStatus.DISPOSED) == ()


def test_every_act_has_a_number_of_its_own_and_a_name_in_both_languages() -> None:
    assert set(MOVES) == set(ActKind)
    assert len({move.prefix for move in MOVES.values()}) == len(MOVES)
    assert all(move.prefix.isascii() and len(move.prefix) == 2 for move in MOVES.values())


@pytest.mark.parametrize(("old", "new"), [pair for pair in product(AssetStatus, repeat=2) if pair[0] != pair[1]])
def test_a_refusal_says_which_act_leads_there(old: AssetStatus, new: AssetStatus) -> None:
    text = refusal(old, new)
    for language in LANGUAGES:
        assert "{" not in text.to(language)
        assert all(MOVES[kind].label.to(language) in text.to(language) for kind in acts_between(old, new))
