"""Fixtures for every folder of tests."""

from tests.support.books import (
    books,
    cluster,
    database,
    empty_settings,
    new_books,
    new_database,
    new_settings,
    postgres_template,
    sqlite_template,
)

__all__ = [
    "books",
    "cluster",
    "database",
    "empty_settings",
    "new_books",
    "new_database",
    "new_settings",
    "postgres_template",
    "sqlite_template",
]
