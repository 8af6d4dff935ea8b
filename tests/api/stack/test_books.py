"""What a stack needs in the books: made once, tokens renewed in time, and nothing of it readable by others."""

from datetime import timedelta
from pathlib import Path

from api.stack import books as stack_books
from inventory.access.tokens import actor_of_token
from inventory.books import Books
from inventory.columns import now


def secrets(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="ascii").strip() for path in folder.iterdir()}


def test_the_first_start_makes_an_administrator_and_a_collector_once(books: Books) -> None:
    assert stack_books.first_start(books)
    assert stack_books.first_start(books) is None


def test_each_part_gets_a_token_that_can_do_its_work_and_nothing_else(books: Books, tmp_path: Path) -> None:
    stack_books.first_start(books)
    assert stack_books.keep_tokens(books, tmp_path) == ["scrape", "alertmanager", "collector"]
    actors = {name: actor_of_token(books, secret) for name, secret in secrets(tmp_path).items()}
    assert {name: sorted(actor.scopes or ()) if actor else None for name, actor in actors.items()} == {
        "scrape": ["scrape"],
        "alertmanager": ["alertmanager"],
        "collector": ["collector"],
    }
    assert actors["collector"]
    assert actors["collector"].collector == stack_books.COLLECTOR
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_good_tokens_stay_and_those_that_end_soon_are_renewed(books: Books, tmp_path: Path) -> None:
    stack_books.first_start(books)
    stack_books.keep_tokens(books, tmp_path)
    before = secrets(tmp_path)
    nearly = now() + stack_books.LIFE - stack_books.RENEW_BEFORE
    assert stack_books.keep_tokens(books, tmp_path, now=nearly - timedelta(hours=1)) == []
    assert secrets(tmp_path) == before
    assert len(stack_books.keep_tokens(books, tmp_path, now=nearly + timedelta(hours=1))) == 3
    assert not set(secrets(tmp_path).values()) & set(before.values())
    # A part that has read the old one goes on until it reads the new one.
    assert all(actor_of_token(books, secret) for secret in before.values())


def test_a_token_file_that_was_damaged_or_belongs_to_other_books_is_replaced(books: Books, tmp_path: Path) -> None:
    stack_books.first_start(books)
    stack_books.keep_tokens(books, tmp_path)
    (tmp_path / "scrape").write_bytes(b"\xff\xfe")
    (tmp_path / "collector").write_text("quang_of_other_books\n", encoding="ascii")
    assert stack_books.keep_tokens(books, tmp_path) == ["scrape", "collector"]
    assert stack_books.keep_tokens(books, tmp_path) == []
