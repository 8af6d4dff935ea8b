"""`quang demo reorganise`: the communes of the demonstration become eight, and twenty-three again."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.demo import books as demo_books
from api.demo import reorganise
from api.demo.start import settings_of
from inventory import register
from inventory.access.rights import SYSTEM
from inventory.books import Books, open_books, prepare
from inventory.errors import Conflict, Unavailable
from inventory.listing import Query
from inventory.nouns import NOUNS
from tests.support.custody import act, require_order


@pytest.fixture
def database() -> str:
    """A demonstration keeps its books in SQLite."""
    return "sqlite"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[dict[str, str], Books]]:
    """A demonstration's home with its books, as `quang demo` makes it, and these books."""
    environ = {"QUANG_HOME": str(tmp_path / "demo")}
    (tmp_path / "demo").mkdir()
    books = open_books(settings_of(environ).inventory)
    prepare(books)
    demo_books.write(books)
    yield environ, books
    books.engine.dispose()


def standing(books: Books, noun: str = "assets") -> Counter[str]:
    found: Counter[str] = Counter()
    cursor = ""
    while True:
        page = register.list_(books, SYSTEM, NOUNS[noun], Query(limit=500, cursor=cursor))
        found.update(item.model_dump()["site"] for item in page.items)
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


def slugs(books: Books) -> set[str]:
    return {item.key for item in register.list_(books, SYSTEM, NOUNS["sites"], Query(limit=100)).items}


def test_twenty_three_communes_become_eight_and_twenty_three_again(demo: tuple[dict[str, str], Books]) -> None:
    environ, books = demo
    before, sites = {noun: standing(books, noun) for noun in ("assets", "devices", "services")}, slugs(books)
    lines = reorganise.run(environ, back=False)
    assert lines[0] == "✓ SN-2025-0001: 23 → 8"
    assert {len(standing(books, noun)) for noun in before} == {9}
    assert sum(standing(books).values()) == sum(before["assets"].values())
    require_order(books)
    with pytest.raises(Conflict, match="merged already"):
        reorganise.run(environ, back=False)
    assert reorganise.run(environ, back=True)[0] == "✓ SN-2025-0001: 8 → 23"
    assert {noun: standing(books, noun) for noun in before} == before
    assert slugs(books) == sites
    with pytest.raises(Conflict):
        reorganise.run(environ, back=True)
    # Once more: the eight come back into use.
    assert reorganise.run(environ, back=False)[0] == "✓ SN-2025-0002: 23 → 8"
    require_order(books)


def test_what_moved_on_since_keeps_everything_where_it_is(demo: tuple[dict[str, str], Books]) -> None:
    environ, books = demo
    reorganise.run(environ, back=False)
    act(books, "transfer", "BQ-03-PC01", to_site="dong-yen-2025", to_name="Lan")
    with pytest.raises(Conflict, match="BQ-03-PC01"):
        reorganise.run(environ, back=True)
    assert len(standing(books)) == 9


def test_without_a_demonstration_it_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no simulated district"):
        reorganise.run({"QUANG_HOME": str(tmp_path / "nowhere")}, back=False)
    assert not (tmp_path / "nowhere").exists()
