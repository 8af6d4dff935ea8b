"""Fixtures of the collector's tests: one real router for all that speak SSH."""

from collections.abc import Iterator

import pytest

from tests.support.router import Router, router


@pytest.fixture(scope="session")
def running_router() -> Iterator[Router]:
    with router() as it:
        yield it


@pytest.fixture
def device(running_router: Router) -> Router:
    """Give the router as it was at the beginning, whatever the tests before made of its shell and configuration."""
    running_router.vtysh()
    running_router.set("interface lo", "description core loopback")
    return running_router
