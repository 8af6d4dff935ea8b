"""Fair shares: each unit first gets what its own money buys."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.audit.choosing import Offer, choose
from inventory.audit.sharing import choose_fairly, shares_of

offers = st.lists(
    st.tuples(st.builds(Offer, st.integers(1, 40), st.integers(1, 100)), st.sampled_from((None, 1, 2, 3))), max_size=25
)
people = st.dictionaries(st.sampled_from((1, 2, 3)), st.integers(1, 60))


@given(listed=offers, headcounts=people, cap=st.integers(0, 500))
def test_no_unit_gets_less_than_its_share_buys(
    listed: list[tuple[Offer, int | None]], headcounts: dict[int, int], cap: int
) -> None:
    of, units = [offer for offer, _ in listed], [unit for _, unit in listed]
    taken, gap = choose_fairly(of, units, headcounts, cap)
    assert gap == 0
    assert sum(of[at].price_vnd for at in taken) <= cap
    for unit, share in shares_of(cap, headcounts).items():
        own = [offer for offer, whose in listed if whose == unit]
        alone = sum(own[at].need for at in choose(own, share).taken)
        assert sum(of[at].need for at in taken if units[at] == unit) >= alone


@given(listed=offers, headcounts=people, cap=st.integers(0, 500))
def test_nothing_that_still_fits_is_left(
    listed: list[tuple[Offer, int | None]], headcounts: dict[int, int], cap: int
) -> None:
    of, units = [offer for offer, _ in listed], [unit for _, unit in listed]
    taken = set(choose_fairly(of, units, headcounts, cap).taken)
    left = cap - sum(of[at].price_vnd for at in taken)
    assert all(of[at].price_vnd > left for at in range(len(of)) if at not in taken)


@given(headcounts=people, cap=st.integers(0, 10**12))
def test_shares_are_whole_and_never_more_than_there_is(headcounts: dict[int, int], cap: int) -> None:
    shares = shares_of(cap, headcounts)
    assert 0 <= cap - sum(shares.values()) < len(headcounts) or not headcounts


def test_a_commune_with_little_need_leaves_its_money_to_the_others() -> None:
    of = [Offer(10, 5), Offer(10, 50), Offer(10, 40)]
    assert choose_fairly(of, [1, 2, 2], {1: 10, 2: 10}, 20).taken == (0, 1)
    assert choose_fairly(of, [1, 2, 2], {1: 1, 2: 10}, 20).taken == (1, 2)
