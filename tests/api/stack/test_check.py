"""`quang check` finds what was changed behind the program's back, signed minutes too."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from api.stack import check as stack_check
from inventory.access.rights import SYSTEM
from inventory.audit.campaigns import review
from inventory.audit.signing import sign
from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.api import settings_for
from tests.support.counting import begun, book_assets, book_sites, count, current, sent, tag_of


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_signed_stocktake_that_was_edited_is_named(new_settings: Callable[[], InventorySettings]) -> None:
    settings = new_settings()
    books = open_books(settings)
    book_sites(books)
    book_assets(books, [1])
    campaign = begun(books)
    count(books, campaign, sent(tag_of(1)))
    review(books, SYSTEM, campaign.id or 0, campaign.version)
    sign(books, SYSTEM, campaign.id or 0, current(books, campaign).version)
    named = [one.en for one in stack_check.findings(settings_for(settings)) if "stocktake" in one.en]
    assert named == []
    with books.engine.begin() as connection:
        connection.execute(text("UPDATE expected_line SET cost_vnd = 1"))
    books.engine.dispose()
    named = [one.en for one in stack_check.findings(settings_for(settings)) if "stocktake" in one.en]
    assert named == ["The stocktake “Kiểm kê tháng 12” (number 1) was changed after its minutes were signed."]
