import pytest

from inventory.books import Books
from tests.support.refusals import refused, refused_change
from tests.support.rows import add

BASE = {"slug": "p", "manufacturer": "MikroTik", "model": "RB4011", "category": "router"}


def test_a_model_stands_once_in_the_catalogue(books: Books) -> None:
    add(books, "products", **BASE)
    add(books, "products", **BASE | {"slug": "q", "model": "RB5009"})
    assert refused(books, "products", **BASE | {"slug": "r"}) == {("model", "taken")}
    assert refused_change(books, "products", "q", model="RB4011") == {("model", "taken")}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"category": "x"}, ("category", "no_such")),
        ({"manufacturer": ""}, ("manufacturer", "too_short")),
        ({"sys_object_ids": "iso.3.6"}, ("sys_object_ids", "oid")),
        ({"list_price_vnd": -5}, ("list_price_vnd", "out_of_range")),
        ({"platform": "Router OS"}, ("platform", "pattern")),
    ],
)
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problem: tuple[str, str]) -> None:
    assert refused(books, "products", **BASE | values) == {problem}


def test_object_identifiers_are_stored_without_leading_dots(books: Books) -> None:
    written = add(books, "products", **BASE, sys_object_ids=".1.3.6.1.4.1.14988.1, 1.3.6.1.4.1.9").model_dump()
    assert written["sys_object_ids"] == "1.3.6.1.4.1.14988.1,1.3.6.1.4.1.9"
