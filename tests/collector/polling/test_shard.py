from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from collector.polling.shard import fraction, worker_of


@given(st.text(max_size=64), st.integers(1, 64))
def test_every_site_has_one_worker_that_exists(site: str, workers: int) -> None:
    assert 0 <= worker_of(site, workers) < workers


def test_the_share_of_a_site_never_changes_between_versions() -> None:
    assert [worker_of(site, 4) for site in ("vinh-tuy", "hung-an", "quang-minh", "dong-tam")] == [2, 1, 0, 1]


def test_sites_are_spread_evenly() -> None:
    counts = Counter(worker_of(f"site-{number}", 4) for number in range(4000))
    assert min(counts.values()) > 850


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_a_fraction_is_below_one(words: list[str]) -> None:
    assert 0 <= fraction(*words) < 1
