from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from inventory.books import Books, open_books, prepare
from inventory.db import migrate
from inventory.settings import Settings
from inventory.tables import TABLES
from tests.support.threads import together


def test_the_tables_of_the_code_are_those_of_the_migrations(books: Books) -> None:
    with books.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_table_is_named_in_the_list() -> None:
    assert {str(table.__tablename__) for table in TABLES} == set(SQLModel.metadata.tables)


def test_the_list_of_tables_is_in_order() -> None:
    assert [table.__name__ for table in TABLES] == sorted(table.__name__ for table in TABLES)


def test_migrating_again_changes_nothing(books: Books) -> None:
    before = sorted(inspect(books.engine).get_table_names())
    migrate(books.engine)
    assert sorted(inspect(books.engine).get_table_names()) == before


def test_two_first_starts_at_once_make_one_database(empty_settings: Callable[[], Settings]) -> None:
    settings = empty_settings()

    def start() -> None:
        books = open_books(settings)
        prepare(books)
        books.engine.dispose()

    together(start, start, start)
    books = open_books(settings)
    assert "site" in inspect(books.engine).get_table_names()
    books.engine.dispose()
