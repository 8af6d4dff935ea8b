"""Fixtures for every folder of tests, and the order in which their files begin."""

import gc
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

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

LONG: Final = (
    "tests/journeys/test_real_network.py",
    "tests/journeys",
    "tests/api/stack",
    "tests/api/watch",
    "tests/api/test_matrix.py",
    "tests/api/pages/test_pages.py",
    "tests/alerts",
)
"""What takes minutes, mostly of waiting: it begins first, so that nobody waits for it at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes long before all else; files and the tests in them keep their order otherwise."""
    places = [config.rootpath / name for name in LONG]

    def rank(item: pytest.Item) -> int:
        return next((n for n, place in enumerate(places) if item.path.is_relative_to(place)), len(places))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Spare what searches for garbage all modules and tests, half a million objects that stay until the end.

    Each search among them took half a second, with every thread of the process standing still.
    """
    gc.collect()
    gc.freeze()


# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("quang", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Of the whole suite: the same examples each time, so that no chance decides whether a change is taken.
settings.register_profile("whole", settings.get_profile("quang"), derandomize=True)
settings.load_profile("quang")
