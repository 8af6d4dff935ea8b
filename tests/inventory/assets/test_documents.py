from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import text

from inventory.access.rights import SYSTEM
from inventory.assets.documents import MOST_ITEMS, DocumentCreate, changed_documents, number_of
from inventory.assets.lifecycle import ActKind
from inventory.audit.reorganisation import reorganise
from inventory.books import Books
from inventory.db import reading
from inventory.places.reorganisations import changed_reorganisations
from tests.support.custody import act
from tests.support.rows import add_asset, add_site


def test_an_item_or_a_move_edited_behind_the_programs_back_is_found(books: Books) -> None:
    for slug in ("a", "new"):
        add_site(books, slug)
    for n in (1, 2):
        add_asset(books, f"T{n}", "a", cost_vnd=10_000_000)
    first, second = (act(books, "assign", f"T{n}", to_name="Hoa") for n in (1, 2))
    values = {"day": books.today(), "decree": "Nghị quyết", "pairs": [{"old": "a", "new": "new"}]}
    merger = reorganise(books, SYSTEM, values).number
    with reading(books.engine) as session:
        assert (changed_documents(session), changed_reorganisations(session)) == ([], [])
    with books.engine.begin() as connection:
        connection.execute(text("UPDATE document_item SET cost_vnd = 1 WHERE tag = 'T2'"))
        connection.execute(text("UPDATE reorganisation_move SET object_id = 99 WHERE noun = 'asset'"))
    with reading(books.engine) as session:
        assert (changed_documents(session), changed_reorganisations(session)) == ([second], [merger])
    assert first != second


@given(st.sampled_from(ActKind), st.integers(1950, 2150), st.integers(1, 99_999))
def test_a_number_names_kind_year_and_count_and_fits_its_column(kind: ActKind, year: int, sequence: int) -> None:
    number = number_of(kind, year, sequence)
    _, told, count = number.split("-")
    assert (int(told), int(count), len(number) <= 32) == (year, sequence, True)


def test_a_document_has_a_bounded_number_of_items() -> None:
    items = [{"asset": f"T{n}"} for n in range(MOST_ITEMS + 1)]
    DocumentCreate.model_validate({"kind": "assign", "day": date(2026, 1, 2), "items": items[:-1]})
    with pytest.raises(ValidationError):
        DocumentCreate.model_validate({"kind": "assign", "day": date(2026, 1, 2), "items": items})
