from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.loading import load_units
from inventory.nouns import SITES
from inventory.register import Query, get, list_, update


def test_units_are_loaded_once_and_corrections_stay(books: Books) -> None:
    assert load_units(books, SYSTEM) == 32
    update(books, SYSTEM, SITES, "tan-lap", 1, {"headcount": 31})
    assert load_units(books, SYSTEM) == 0
    assert get(books, SYSTEM, SITES, "tan-lap").model_dump()["headcount"] == 31


def test_the_same_code_stands_twice_with_another_first_day(books: Books) -> None:
    load_units(books, SYSTEM)
    page = list_(books, SYSTEM, SITES, Query(filters={"code": "01165"}, sort="valid_from"))
    assert [item.key for item in page.items] == ["dong-tam-2025", "dong-tien"]
