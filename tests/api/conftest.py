"""Fixtures for the tests of the API."""

from tests.support.api import api
from tests.support.wearing import worn

__all__ = ["api", "worn"]
