"""Fixtures for whole ways through the system, as people and browsers go them."""

import pytest


@pytest.fixture
def database() -> str:
    """Browsers ask pages, not databases: one kind is enough here."""
    return "sqlite"
