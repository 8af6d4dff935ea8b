"""`quang check` finds what was changed behind the program's back, signed minutes too."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from api.stack import check as stack_check
from inventory.access.rights import SYSTEM
from inventory.assets.closing import close_year
from inventory.assets.rulebook_files import read_rulebooks
from inventory.audit.campaigns import review
from inventory.audit.signing import sign
from inventory.books import open_books
from inventory.settings import Settings as InventorySettings
from tests.support.api import settings_for
from tests.support.counting import begun, book_assets, book_sites, count, current, sent, tag_of
from tests.support.rows import add_asset, add_site


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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_closed_year_of_wear_that_was_edited_is_named_with_the_assets(
    new_settings: Callable[[], InventorySettings],
) -> None:
    settings = new_settings()
    books = open_books(settings)
    add_site(books, "tan-lap")
    for tag in ("PC1", "PC2"):
        add_asset(books, tag, "tan-lap", cost_vnd=14_000_000, put_to_use="2023-05-01", status="in_use")
    close_year(books, SYSTEM, 2024, read_rulebooks())
    assert [one.en for one in stack_check.findings(settings_for(settings)) if "wear" in one.en] == []
    with books.engine.begin() as connection:
        connection.execute(text("UPDATE wear_year SET annual_vnd = 1 WHERE asset_id = 2"))
    books.engine.dispose()
    found = [one for one in stack_check.findings(settings_for(settings)) if "wear" in one.en]
    assert [one.en for one in found] == [
        "The wear of 2024 was changed after it was closed.",
        "Rows of the wear of 2024 were changed, of the assets: PC2.",
    ]
    assert "bị sửa sau khi khóa" in found[0].vi


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_own_rulebook_that_cannot_be_used_is_named(new_settings: Callable[[], InventorySettings]) -> None:
    settings = settings_for(new_settings())
    folder = settings.rulebook_folder
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text("kind: wear\nkey: ours\ncolour: red\n", encoding="utf-8")
    (found,) = [one for one in stack_check.findings(settings) if "rulebook" in one.en]
    assert "own.yaml" in found.en
    assert "line 3, colour: " in found.en
    assert "dòng 3, colour: " in found.vi
