"""Progress: what is counted by site, in one statement; when the next count is due."""

from datetime import date

import pytest

from inventory.access.rights import SYSTEM
from inventory.audit.progress import lines_by_state, next_due, progress
from inventory.books import Books
from inventory.db import reading
from tests.support.books import statements
from tests.support.counting import begun, book_assets, book_sites, count, sent, tag_of
from tests.support.people import commune_staff


def test_progress_is_what_is_live_by_site(books: Books) -> None:
    book_sites(books)
    book_assets(books, range(1, 6))
    book_assets(books, [6], site="hung-an")
    campaign = begun(books, sites=("tan-lap", "hung-an"))
    wrong = sent(tag_of(2))
    count(books, campaign, sent(tag_of(1)), sent(tag_of(1)), wrong, sent(voids=wrong.uid), sent("LA-1"))
    with statements(books) as ran, reading(books.engine) as session:
        found = progress(session, SYSTEM, [campaign.id or 0])
        assert len(ran) == 1
        assert [(one.site, one.lines, one.counted, one.left) for one in found] == [
            ("hung-an", 1, 0, 1),
            ("tan-lap", 5, 1, 4),
        ]
        assert lines_by_state(session) == {
            ("hung-an", "counted"): 0, ("hung-an", "left"): 1, ("tan-lap", "counted"): 1, ("tan-lap", "left"): 4
        }  # fmt: skip
    mine = commune_staff(books, "tan-lap")
    with reading(books.engine) as session:
        assert [one.site for one in progress(session, mine, [campaign.id or 0])] == ["tan-lap"]


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 1, 2), date(2026, 5, 31)),
        (date(2026, 5, 31), date(2026, 5, 31)),
        (date(2026, 6, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_count_is_due_in_may_and_in_december(today: date, due: date) -> None:
    assert next_due(today) == due
