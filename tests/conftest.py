"""Fixtures for every folder of tests."""

from tests.support.books import (
    books,
    cluster,
    database,
    new_books,
    new_settings,
    postgres_template,
    sqlite_template,
)

__all__ = ["books", "cluster", "database", "new_books", "new_settings", "postgres_template", "sqlite_template"]
