"""Fixtures for the tests of the API."""

from tests.support.api import api

__all__ = ["api"]
