from typing import Any

import pytest

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.listing import Query, list_
from inventory.nouns import NOUNS
from tests.support.rows import add, add_asset, add_device, add_site

TRILLION = 1_000_000_000_000


def shown(row: Any, name: str) -> int:
    return int(getattr(row, name))


@pytest.mark.parametrize("most", [2**31 - 1, 2**31, TRILLION])
def test_both_databases_keep_sums_up_to_a_trillion(books: Books, most: int) -> None:
    add_site(books, "a")
    assert shown(add_asset(books, "A", "a", cost_vnd=most), "cost_vnd") == most
    product = add(
        books, "products", slug="p", manufacturer="M", model="X", category="router", list_price_vnd=most
    )  # fmt: skip
    assert shown(product, "list_price_vnd") == most
    add_device(books, "d1", "a")
    add_device(books, "d2", "a", address="10.0.0.2")
    link = add(
        books, "links", name="l", a_device="d1", a_interface="e1", b_device="d2", b_interface="e1",
        bandwidth_bps=most, monthly_cost_vnd=most,
    )  # fmt: skip
    assert (shown(link, "bandwidth_bps"), shown(link, "monthly_cost_vnd")) == (most, most)


def test_lists_are_narrowed_by_sums_past_32_bits(books: Books) -> None:
    add_site(books, "a")
    add_asset(books, "A", "a", cost_vnd=3_000_000_000)
    add_asset(books, "B", "a", cost_vnd=5_000_000_000)
    page = list_(books, SYSTEM, NOUNS["assets"], Query(filters={"cost_vnd_from": ["4000000000"]}))
    assert [item.key for item in page.items] == ["B"]
