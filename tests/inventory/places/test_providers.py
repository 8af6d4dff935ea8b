from inventory.books import Books
from tests.support.refusals import change, refused, refused_change
from tests.support.rows import add


def test_a_provider_is_a_carrier_a_supplier_or_both(books: Books) -> None:
    assert refused(books, "providers", slug="p", name="P", is_carrier=False) == {("is_carrier", "neither")}
    add(books, "providers", slug="p", name="P", is_carrier=False, is_supplier=True)
    assert refused_change(books, "providers", "p", is_supplier=False) == {("is_carrier", "neither")}
    assert change(books, "providers", "p", is_carrier="true", is_supplier="false").model_dump()["is_carrier"] is True
