"""Long lists: narrowed by words and state, the worst first, a bounded part of them on each page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from api.views.overview import Overview
from api.views.states import State
from inventory.spelling import fold

ROWS: Final = 100
"""Rows of a page."""

_ORDER: Final = {state: rank for rank, state in enumerate(State)}

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Part(Generic[_Row]):
    """One page of a list.

    Attributes:
        rows: Those of this page.
        total: How many fit altogether.
        words: What was searched for.
        state: The state that was asked for; empty for all.
        earlier: Address of the page before; empty on the first.
        later: Address of the next page; empty on the last.
    """

    rows: list[_Row]
    total: int
    words: str
    state: str
    earlier: str
    later: str

    @property
    def narrowed(self) -> bool:
        """Return whether the list was narrowed at all."""
        return bool(self.words or self.state)


def narrowed(
    request: Request,
    rows: Iterable[_Row],
    seen: Overview,
    element: Callable[[_Row], str],
    words: Callable[[_Row], Iterable[Any]],
) -> Part[_Row]:
    """Return the part of a list that the address asks for by `?q=`, `?state=` and `?from=`.

    Args:
        request: The request.
        rows: All rows.
        seen: For their states.
        element: Gives the element of a row, `device:core`.
        words: Gives what of a row is searched.
    """
    query = request.query_params
    asked, state = query.get("q", "").strip()[:100], query.get("state", "")
    start = int(given) if (given := query.get("from", "0")).isascii() and given.isdigit() and len(given) < 9 else 0
    found = [row for row in rows if _fits(asked, words(row)) and state in {"", seen.state_of(element(row)).value}]
    found.sort(key=lambda row: _ORDER[seen.state_of(element(row))])
    return Part(
        rows=found[start : start + ROWS],
        total=len(found),
        words=asked,
        state=state,
        earlier=_address(request, max(0, start - ROWS)) if start else "",
        later=_address(request, start + ROWS) if start + ROWS < len(found) else "",
    )


def _fits(asked: str, words: Iterable[Any]) -> bool:
    text = fold(" ".join(str(word) for word in words if word))
    return all(part in text for part in fold(asked).split())


def _address(request: Request, start: int) -> str:
    query = {name: value for name, value in request.query_params.items() if name != "from"}
    return f"{request.url.path}?{urlencode(query | {'from': start})}"
