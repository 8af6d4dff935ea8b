"""Fixtures for whole ways through the system, as people and browsers go them."""

import pytest

from tests.support.wearing import worn


@pytest.fixture
def database() -> str:
    """Browsers ask pages, not databases: one kind is enough here."""
    return "sqlite"


__all__ = ["database", "worn"]
