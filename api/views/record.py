"""How an element did over the last month: the row "Availability" on its page."""

from datetime import UTC, datetime, timedelta
from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request

from api.house import House, house_of
from inventory.db import reading
from inventory.network.availability import Availability, availability, changes_of

SPAN: Final = timedelta(days=30)
"""Over how long; carriers count their promise by the month."""


async def record_of(request: Request, element: str) -> Availability:
    """Return how an element that the reader may see did over the last 30 days."""
    return await run_sync(_read, house_of(request), element)


def _read(house: House, element: str) -> Availability:
    end = datetime.now(UTC)
    with reading(house.books.engine) as session:
        return availability(changes_of(session, element, end - SPAN, end), end - SPAN, end)
