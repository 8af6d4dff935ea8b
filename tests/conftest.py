"""Fixtures for every folder of tests."""

from hypothesis import settings

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

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("quang", deadline=None)
settings.load_profile("quang")
