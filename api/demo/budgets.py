"""Budget scenarios of the demonstration: the same needs under three caps, to be compared."""

from typing import Any, Final

from sqlalchemy import select

from inventory.access.rights import SYSTEM
from inventory.assets.rulebook_files import read_rulebooks
from inventory.audit.budget import BudgetPlan
from inventory.audit.drafting import draft
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading

SCENARIOS: Final[tuple[dict[str, Any], ...]] = (
    {"title": "Phương án 1: trần 250 triệu (minh hoạ)", "cap_vnd": 250_000_000},
    {"title": "Phương án 2: trần 250 triệu, chia đều theo xã (minh hoạ)", "cap_vnd": 250_000_000, "fair_share": True},
    {"title": "Phương án 3: trần 600 triệu (minh hoạ)", "cap_vnd": 600_000_000},
)


def is_written(books: Books) -> bool:
    """Return whether every scenario is there, put aside or not."""
    return {one["title"] for one in SCENARIOS} <= _titles(books)


def write(books: Books) -> None:
    """Draft the scenarios that are missing, for next year."""
    there, rulebooks = _titles(books), read_rulebooks()
    for one in SCENARIOS:
        if one["title"] not in there:
            draft(books, SYSTEM, one | {"year": books.today().year + 1, "funding": "Ngân sách huyện"}, rulebooks)


def _titles(books: Books) -> set[str]:
    with reading(books.engine) as session:
        return set(session.execute(select(column(BudgetPlan, "title"))).scalars())
